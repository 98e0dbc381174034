#include "fabric/mysql/row_parameters.h"

#include <bit>
#include <type_traits>

#include "fabric/mysql/statement_parameters.h"

namespace fabric::mysql {
namespace {

template <class Given>
inline constexpr bool kText = std::is_same_v<Given, TextValue> || std::is_same_v<Given, BytesValue>;
template <class Given>
inline constexpr bool kNumber = std::is_arithmetic_v<Given>;

template <class Given>
constexpr enum_field_types wire_type() {
  if constexpr (std::is_same_v<Given, double>) return MYSQL_TYPE_DOUBLE;
  if constexpr (std::is_same_v<Given, TextValue>) return MYSQL_TYPE_VAR_STRING;
  if constexpr (std::is_same_v<Given, BytesValue>) return MYSQL_TYPE_BLOB;
  if constexpr (std::is_same_v<Given, DateValue>) return MYSQL_TYPE_DATE;
  if constexpr (std::is_same_v<Given, TimeValue>) return MYSQL_TYPE_TIME;
  if constexpr (std::is_same_v<Given, DateTimeValue>) return MYSQL_TYPE_DATETIME;
  return MYSQL_TYPE_LONGLONG;
}

std::string_view bytes_of(const TextValue& value) { return value.utf8; }
std::string_view bytes_of(const BytesValue& value) { return value.bytes; }

}  // namespace

RowParameters::RowParameters(std::span<const Parameter> values, std::size_t rows)
    : rows_(rows), columns_(values.size() / rows), binds_(columns_.size()) {
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    std::size_t first = index;  // that is not NULL
    while (first + columns_.size() < values.size() && values[first].index() == 0) {
      first += columns_.size();
    }
    const auto visitor = [&](const auto& given) {
      using Given = std::decay_t<decltype(given)>;
      constexpr bool kNoValue =
          std::is_same_v<Given, std::monostate> || std::is_same_v<Given, SentValue>;
      fill<std::conditional_t<kNoValue, std::int64_t, Given>>(values, index);
    };
    std::visit(visitor, values[first]);
  }
}

template <class Given>
void RowParameters::fill(std::span<const Parameter> values, std::size_t index) {
  Column& column = columns_[index];
  column.indicators.assign(rows_, STMT_INDICATOR_NULL);
  if constexpr (kNumber<Given>) {
    column.numbers.resize(rows_);
  } else {
    column.pointers.resize(rows_);
    if constexpr (kText<Given>) {
      column.lengths.resize(rows_);
    } else {
      column.times.resize(rows_);
    }
  }
  for (std::size_t row = 0; row < rows_; ++row) {
    const auto* given = std::get_if<Given>(&values[row * columns_.size() + index]);
    if (given == nullptr) continue;
    column.indicators[row] = STMT_INDICATOR_NONE;
    put(column, row, *given);
  }
  MYSQL_BIND& bind = binds_[index];
  bind.buffer_type = wire_type<Given>();
  bind.is_unsigned = std::is_same_v<Given, std::uint64_t>;
  bind.u.indicator = column.indicators.data();
  bind.length = column.lengths.data();
  bind.buffer = kNumber<Given> ? static_cast<void*>(column.numbers.data())
                               : static_cast<void*>(column.pointers.data());
}

template <class Given>
void RowParameters::put(Column& column, std::size_t row, const Given& given) {
  if constexpr (kNumber<Given>) {
    column.numbers[row] = std::bit_cast<std::int64_t>(given);
  } else if constexpr (kText<Given>) {
    const std::string_view bytes = bytes_of(given);
    column.pointers[row] = bytes.empty() ? "" : bytes.data();
    column.lengths[row] = bytes.size();
  } else {
    column.times[row] = wire_time(given);
    column.pointers[row] = &column.times[row];
  }
}

}  // namespace fabric::mysql
