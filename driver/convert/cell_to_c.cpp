#include "driver/convert/cell_to_c.h"

#include <algorithm>
#include <array>

#include "driver/convert/datetime.h"
#include "driver/convert/guid.h"
#include "driver/convert/interval.h"
#include "driver/convert/number.h"
#include "driver/convert/target.h"
#include "driver/convert/text.h"
#include "driver/convert/wire_value.h"
#include "driver/type_info.h"

namespace driver::convert {
namespace {

constexpr std::uint16_t kUtf8mb4 = 45;

/// One call's arguments together; each method is one column of the table "SQL to C".
class Conversion {
 public:
  Conversion(const Column& column, RowFormat format, const Cell& cell, const CTarget& target,
             Piece* piece)
      : column_(column),
        format_(format),
        cell_(may_come_as_digits(column) ? bits_of_digits(column, cell, bits_) : cell),
        target_(target),
        piece_(piece),
        kind_(wire_kind(column)) {}

  SqlState run() {
    if (cell_.null()) return whole(set_null(target_));
    switch (target_.c_type) {
      case SQL_C_CHAR:
      case SQL_C_WCHAR:
        return to_text();
      case SQL_C_BINARY:
        return to_binary();
      default:
        return to_fixed();
    }
  }

 private:
  SqlState to_text() {
    const bool wide = target_.c_type == SQL_C_WCHAR;
    if (kind_ == WireKind::kBytes || kind_ == WireKind::kBits) {
      return wide ? hex_to_wchar(bytes_of(cell_), target_, piece_)
                  : hex_to_char(bytes_of(cell_), target_, piece_);
    }
    std::string_view text = bytes_of(cell_);
    std::array<char, kWireText> scratch;
    if (kind_ != WireKind::kText) {
      text = wire_text(column_, format_, cell_, scratch.data());
      if (text.empty()) return SqlState::kHY000;
    }
    const Cut cut = kind_ == WireKind::kText ? Cut::kAnywhere : Cut::kInFraction;
    return wide ? text_to_wchar(text, cut, target_, piece_)
                : text_to_char(text, cut, target_, piece_);
  }

  SqlState to_binary() {
    const bool bytes =
        kind_ == WireKind::kText || kind_ == WireKind::kBytes || kind_ == WireKind::kBits;
    if (bytes) return bytes_to_binary(bytes_of(cell_), target_, piece_);
    if (kind_ == WireKind::kDecimal) return whole_into_binary(bytes_of(cell_));
    const ColumnDescription description = describe(column_, {});
    CTarget native = target_;
    native.c_type = default_c_type(description.sql_type, description.is_unsigned);
    std::array<char, sizeof(SQL_TIMESTAMP_STRUCT)> value;
    const auto size = static_cast<std::size_t>(fixed_c_size(native.c_type));
    SQLLEN length = 0;
    native.buffer = value.data();
    native.length = native.indicator = &length;
    const SqlState state = into_fixed(native);
    if (!stored(state)) return state;
    if (length == SQL_NULL_DATA) return whole(set_null(target_));
    return whole_into_binary({value.data(), size});
  }

  /// A value of which no part alone makes sense: it fits or it is 22003.
  SqlState whole_into_binary(std::string_view value) {
    const bool fits =
        target_.buffer == nullptr ||
        (target_.capacity >= 0 && static_cast<std::size_t>(target_.capacity) >= value.size());
    return fits ? bytes_to_binary(value, target_, piece_) : SqlState::k22003;
  }

  SqlState to_fixed() { return whole(into_fixed(target_)); }

  /// What is given at once leaves nothing for another SQLGetData.
  SqlState whole(SqlState state) {
    if (piece_ != nullptr && stored(state)) piece_->exhausted = piece_->begun = true;
    return state;
  }

  SqlState into_fixed(const CTarget& target) {
    switch (kind_) {
      case WireKind::kBytes:
        return SqlState::k07006;
      case WireKind::kText:
        return from_text(target);
      case WireKind::kMoment:
        return from_moment(target);
      default:
        return from_number(target);
    }
  }

  SqlState from_number(const CTarget& target) {
    const std::optional<Number> number = wire_number(column_, format_, cell_);
    if (!number) return SqlState::kHY000;
    if (!is_interval_type(target.c_type)) return number_to_c(*number, target);
    const bool exact = kind_ != WireKind::kReal && column_.type != fabric::mysql::WireType::kBit;
    return exact ? number_to_interval(*number, target) : SqlState::k07006;
  }

  SqlState from_moment(const CTarget& target) {
    const std::optional<Moment> moment = wire_moment(column_, format_, cell_);
    if (!moment) return SqlState::kHY000;
    if (!is_interval_type(target.c_type)) {
      return moment_to_c(*moment, MomentSource::kTyped, target);
    }
    return moment->has_date ? SqlState::k07006 : duration_to_c(duration_of(*moment), target);
  }

  SqlState from_text(const CTarget& target) {
    const std::string_view text = bytes_of(cell_);
    switch (target.c_type) {
      case SQL_C_TYPE_DATE:
      case SQL_C_TYPE_TIME:
      case SQL_C_TYPE_TIMESTAMP: {
        const std::optional<Moment> moment = parse_moment(text);
        return moment ? moment_to_c(*moment, MomentSource::kText, target) : SqlState::k22018;
      }
      case SQL_C_GUID: {
        const std::optional<SQLGUID> guid = parse_guid(text);
        return guid ? put(target, *guid) : SqlState::k22018;
      }
      default:
        break;
    }
    if (!is_interval_type(target.c_type)) return number_to_c(Number::of(text), target);
    const std::optional<Duration> duration = parse_interval(text, target.c_type);
    return duration ? duration_to_c(*duration, target) : SqlState::k22018;
  }

  const Column& column_;
  RowFormat format_;
  BitBytes bits_{};
  Cell cell_;
  const CTarget& target_;
  Piece* piece_;
  WireKind kind_;
};

SQLSMALLINT resolved(const Column& column, SQLSMALLINT c_type, const TypeRules& rules) {
  if (c_type != SQL_C_DEFAULT) {
    const bool odbc2_date = c_type >= SQL_C_DATE && c_type <= SQL_C_TIMESTAMP;
    return odbc2_date ? odbc3_sql_type(c_type) : c_type;
  }
  const ColumnDescription description = describe(column, rules);
  return default_c_type(description.sql_type, description.is_unsigned, rules);
}

}  // namespace

SqlState to_c(const Column& column, RowFormat format, const Cell& cell, const CTarget& target,
              Piece* piece) noexcept {
  CTarget concrete = target;
  concrete.c_type = resolved(column, target.c_type, target.rules);
  if (piece != nullptr && piece->c_type != concrete.c_type) {
    *piece = {};
    piece->c_type = concrete.c_type;
  }
  static const Column kText = text_column();
  const Column& source = taken_for_text(column, target.rules) ? kText : column;
  return Conversion(source, format, cell, concrete, piece).run();
}

Column text_column() noexcept {
  Column column;
  column.type = fabric::mysql::WireType::kVarString;
  column.charset = kUtf8mb4;
  return column;
}

}  // namespace driver::convert
