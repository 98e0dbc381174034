#include "driver/convert/parameter_target.h"

#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "driver/convert/guid.h"
#include "driver/convert/target.h"
#include "driver/text/utf.h"
#include "driver/type_info.h"

namespace driver::convert {
namespace {

using fabric::mysql::BytesValue;
using fabric::mysql::TextValue;

template <class Signed, class Unsigned>
bool within(const Whole& whole) {
  Signed lower{};
  Unsigned upper{};
  return narrow(whole.negative, whole.magnitude, lower) ||
         narrow(whole.negative, whole.magnitude, upper);
}

/// A parameter's type says nothing of UNSIGNED, so either form of the type will do.
bool fits(const Whole& whole, SQLSMALLINT sql_type) {
  switch (sql_type) {
    case SQL_TINYINT:
      return within<SQLSCHAR, SQLCHAR>(whole);
    case SQL_SMALLINT:
      return within<SQLSMALLINT, SQLUSMALLINT>(whole);
    case SQL_INTEGER:
      return within<SQLINTEGER, SQLUINTEGER>(whole);
    default:
      return within<SQLBIGINT, SQLUBIGINT>(whole);
  }
}

void put_whole(const Whole& whole, Parameter& out) {
  std::int64_t value = 0;
  if (narrow(whole.negative, whole.magnitude, value)) {
    out = value;
  } else {
    out = whole.magnitude;
  }
}

SqlState to_integer(const Number& number, const ParameterTarget& target, bool may_cut,
                    Parameter& out) {
  const Whole whole = whole_of(number);
  if (!stored(whole.state)) return whole.state;
  if (!fits(whole, target.sql_type)) return SqlState::k22003;
  if (whole.state == SqlState::k01S07 && !may_cut) return SqlState::k22001;
  put_whole(whole, out);
  return SqlState::k00000;
}

SqlState to_bit(const Number& number, Parameter& out) {
  std::uint8_t bit = 0;
  const SqlState state = bit_of(number, bit);
  if (state == SqlState::k00000) out = std::int64_t{bit};
  return state == SqlState::k01S07 ? SqlState::k22001 : state;
}

SqlState to_real(const Number& number, const ParameterTarget& target, Parameter& out) {
  double value = 0;
  const SqlState state = real_of(number, value);
  if (state != SqlState::k00000) return state;
  float single = 0;
  const bool infinite = !std::isfinite(value);
  if (infinite || (target.sql_type == SQL_REAL && real_of(number, single) != SqlState::k00000)) {
    return SqlState::k22003;
  }
  out = value;
  return SqlState::k00000;
}

/// Whether the number has more whole digits, or a longer fraction, than the type allows.
SqlState judge_decimal(const DecimalText& number, const ParameterTarget& target, bool may_cut) {
  if (target.column_size == 0 || target.column_size > 38) return SqlState::k00000;
  const int scale = target.decimal_digits > 0 ? target.decimal_digits : 0;
  const Scaled value = scaled(number, scale);
  if (value.overflow) return SqlState::k22003;
  Unsigned128 limit = 1;
  for (SQLULEN digit = 0; digit < target.column_size; ++digit) limit *= 10;
  if (value.magnitude >= limit) return SqlState::k22003;
  return value.cut && !may_cut ? SqlState::k22001 : SqlState::k00000;
}

SqlState to_decimal(const Number& number, const ParameterTarget& target, bool may_cut,
                    Parameter& out) {
  if (number.kind == Number::Kind::kReal && !std::isfinite(number.real)) return SqlState::k22003;
  std::array<char, kRealText> scratch;
  const std::string_view text = trim_blanks(format_number(number, scratch.data()));
  const std::optional<DecimalText> decimal = parse_decimal(text);
  if (!decimal) return SqlState::k22018;
  const SqlState state = judge_decimal(*decimal, target, may_cut);
  if (state != SqlState::k00000) return state;
  if (number.kind == Number::Kind::kText) {
    out = TextValue{text};
    return state;
  }
  char* kept = target.storage.take(text.size());
  std::memcpy(kept, text.data(), text.size());
  out = TextValue{{kept, text.size()}};
  return state;
}

SqlState natural_number(const Number& number, Parameter& out) {
  switch (number.kind) {
    case Number::Kind::kInteger:
      put_whole(whole_of(number), out);
      break;
    case Number::Kind::kReal:
      if (!std::isfinite(number.real)) return SqlState::k22003;
      out = number.real;
      break;
    case Number::Kind::kText:
      out = TextValue{number.text};
      break;
  }
  return SqlState::k00000;
}

SqlState number_as(const Number& number, const ParameterTarget& target, bool may_cut,
                   Parameter& out) {
  switch (target.target_class()) {
    case TargetClass::kInteger:
      return to_integer(number, target, may_cut, out);
    case TargetClass::kDecimal:
      return to_decimal(number, target, may_cut, out);
    case TargetClass::kReal:
      return to_real(number, target, out);
    case TargetClass::kBit:
      return to_bit(number, out);
    default:
      return SqlState::k07006;
  }
}

bool numeric(TargetClass target) {
  return target == TargetClass::kInteger || target == TargetClass::kDecimal ||
         target == TargetClass::kReal || target == TargetClass::kBit;
}

SqlState hex_to_bytes(std::string_view digits, const ParameterTarget& target, Parameter& out) {
  const std::size_t size = digits.size() / 2;  // a last odd digit counts for nothing
  char* bytes = target.storage.take(size);
  for (std::size_t index = 0; index < size; ++index) {
    const int high = hex_digit(digits[index * 2]);
    const int low = hex_digit(digits[index * 2 + 1]);
    if (high < 0 || low < 0) return SqlState::k22018;
    bytes[index] = static_cast<char>(static_cast<std::uint8_t>(high * 16 + low));
  }
  if (target.column_size != 0 && size > target.column_size) return SqlState::k22001;
  out = BytesValue{{bytes, size}};
  return SqlState::k00000;
}

template <class Value>
Value loaded(std::string_view bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// Bytes that are a C value of the SQL type's own size (ODBC, "C to SQL: Binary").
SqlState native_integer(std::string_view bytes, const ParameterTarget& target, Parameter& out) {
  const SQLSMALLINT own = default_c_type(target.sql_type, false);
  if (static_cast<SQLLEN>(bytes.size()) != fixed_c_size(own)) return SqlState::k22003;
  switch (bytes.size()) {
    case sizeof(SQLSCHAR):
      return number_as(Number::of(std::int64_t{loaded<SQLSCHAR>(bytes)}), target, false, out);
    case sizeof(SQLSMALLINT):
      return number_as(Number::of(std::int64_t{loaded<SQLSMALLINT>(bytes)}), target, false, out);
    case sizeof(SQLINTEGER):
      return number_as(Number::of(std::int64_t{loaded<SQLINTEGER>(bytes)}), target, false, out);
    default:
      return number_as(Number::of(std::int64_t{loaded<SQLBIGINT>(bytes)}), target, false, out);
  }
}

SqlState native_real(std::string_view bytes, const ParameterTarget& target, Parameter& out) {
  if (target.sql_type == SQL_REAL && bytes.size() == sizeof(float)) {
    return number_as(Number::of(loaded<float>(bytes)), target, false, out);
  }
  if (target.sql_type != SQL_REAL && bytes.size() == sizeof(double)) {
    return number_as(Number::of(loaded<double>(bytes)), target, false, out);
  }
  return SqlState::k22003;
}

SqlState interval_text_to_parameter(std::string_view utf8, const ParameterTarget& target,
                                    Parameter& out) {
  const std::optional<Duration> duration = parse_interval(utf8, target.sql_type);
  return duration ? duration_to_interval_parameter(*duration, target, out) : SqlState::k22018;
}

}  // namespace

TargetClass ParameterTarget::target_class() const noexcept {
  switch (sql_type) {
    case SQL_UNKNOWN_TYPE:
      return TargetClass::kNatural;
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      return TargetClass::kText;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return TargetClass::kBytes;
    case SQL_TINYINT:
    case SQL_SMALLINT:
    case SQL_INTEGER:
    case SQL_BIGINT:
      return TargetClass::kInteger;
    case SQL_DECIMAL:
    case SQL_NUMERIC:
      return TargetClass::kDecimal;
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
      return TargetClass::kReal;
    case SQL_BIT:
      return TargetClass::kBit;
    case SQL_TYPE_DATE:
      return TargetClass::kDate;
    case SQL_TYPE_TIME:
      return TargetClass::kTime;
    case SQL_TYPE_TIMESTAMP:
      return TargetClass::kTimestamp;
    case SQL_GUID:
      return TargetClass::kGuid;
    default:
      break;
  }
  const bool year_month = sql_type == SQL_INTERVAL_YEAR || sql_type == SQL_INTERVAL_MONTH ||
                          sql_type == SQL_INTERVAL_YEAR_TO_MONTH;
  return interval() && !year_month ? TargetClass::kTime : TargetClass::kUnsupported;
}

SqlState number_to_parameter(const Number& number, const ParameterTarget& target, Parameter& out) {
  switch (target.target_class()) {
    case TargetClass::kNatural:
      return natural_number(number, out);
    case TargetClass::kText: {
      if (number.kind == Number::Kind::kReal && !std::isfinite(number.real)) {
        return SqlState::k22003;
      }
      std::array<char, kRealText> scratch;
      return short_text_to_parameter(format_number(number, scratch.data()), target, out);
    }
    case TargetClass::kTime: {
      if (!target.interval()) return SqlState::k07006;
      Duration duration;
      const SqlState state = number_to_duration(number, target.sql_type, duration);
      return state == SqlState::k00000 ? duration_to_interval_parameter(duration, target, out)
                                       : state;
    }
    default:
      return number_as(number, target, true, out);
  }
}

SqlState text_to_parameter(std::string_view utf8, const ParameterTarget& target, Parameter& out) {
  if (utf8.empty() && numeric(target.target_class())) {  // as other drivers: the server judges
    out = TextValue{utf8};
    return SqlState::k00000;
  }
  switch (target.target_class()) {
    case TargetClass::kText:
    case TargetClass::kNatural:
      out = TextValue{utf8};
      return SqlState::k00000;
    case TargetClass::kGuid:
      if (!parse_guid(utf8)) return SqlState::k22018;
      out = TextValue{utf8};
      return SqlState::k00000;
    case TargetClass::kBytes:
      return hex_to_bytes(utf8, target, out);
    case TargetClass::kDate:
    case TargetClass::kTime:
    case TargetClass::kTimestamp: {
      if (target.interval()) return interval_text_to_parameter(utf8, target, out);
      const std::optional<Moment> moment = parse_moment(utf8);
      if (!moment) return SqlState::k22018;
      return moment_to_parameter(*moment, MomentSource::kText, target, out);
    }
    case TargetClass::kDecimal:
      // Programs that do not know the scale (DBD::ODBC) say 0: then all digits go to the server.
      return to_decimal(Number::of(utf8), target, target.decimal_digits == 0, out);
    default:
      return number_as(Number::of(utf8), target, false, out);
  }
}

SqlState bytes_to_parameter(std::string_view bytes, const ParameterTarget& target, Parameter& out) {
  switch (target.target_class()) {
    case TargetClass::kNatural:
    case TargetClass::kBytes:
      out = BytesValue{bytes};
      return SqlState::k00000;
    case TargetClass::kText:
      out = TextValue{bytes};
      return SqlState::k00000;
    case TargetClass::kInteger:
      return native_integer(bytes, target, out);
    case TargetClass::kReal:
      return native_real(bytes, target, out);
    case TargetClass::kDecimal:
      return number_as(Number::of(bytes), target, false, out);
    case TargetClass::kBit:
      if (bytes.size() != 1) return SqlState::k22003;
      return to_bit(Number::of(std::uint64_t{loaded<SQLCHAR>(bytes)}), out);
    default:
      return SqlState::k07006;
  }
}

SqlState short_text_to_parameter(std::string_view text, const ParameterTarget& target,
                                 Parameter& out) {
  if (target.column_size != 0 && text.size() > target.column_size) return SqlState::k22001;
  char* kept = target.storage.take(text.size());
  std::memcpy(kept, text.data(), text.size());
  out = TextValue{{kept, text.size()}};
  return SqlState::k00000;
}

}  // namespace driver::convert
