#include "driver/out_parameters.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "driver/convert/target.h"
#include "driver/convert/wire_value.h"

namespace driver {

namespace {

bool takes_bytes(SQLSMALLINT sql_type) {
  return sql_type == SQL_BINARY || sql_type == SQL_VARBINARY || sql_type == SQL_LONGVARBINARY;
}

/// Of digits alone; MySQL 5.6 writes the highest bit of a BIT(64) as a sign.
std::optional<std::uint64_t> whole_number(std::string_view digits) {
  const auto read = [&](auto number) -> std::optional<std::uint64_t> {
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  };
  return digits.starts_with('-') ? read(std::int64_t{}) : read(std::uint64_t{});
}

}  // namespace

/// MySQL 5.6 calls text in output parameters binary: what the application says of it counts. All
/// servers send a BIT(n) as decimal digits, unlike the BIT(n) of a column.
OutputValue::OutputValue(fabric::mysql::Column column, const fabric::mysql::Cell& cell,
                         SQLSMALLINT sql_type)
    : column_(std::move(column)), cell_(cell) {
  if (convert::wire_kind(column_) == convert::WireKind::kBytes && !takes_bytes(sql_type)) {
    column_.charset = convert::text_column().charset;
  }
  if (column_.type != fabric::mysql::WireType::kBit || cell.null()) return;
  const std::optional<std::uint64_t> value = whole_number(convert::bytes_of(cell));
  if (!value) return;
  const std::size_t width = std::clamp<std::size_t>((column_.length + 7) / 8, 1, bits_.size());
  for (std::size_t i = 0; i < width; ++i) {
    bits_[i] = static_cast<std::uint8_t>(*value >> (8 * (width - 1 - i)));
  }
  cell_ = {bits_.data(), width};
}

SQLRETURN store_outputs(const fabric::mysql::Reply& reply, const fabric::mysql::Row& row,
                        std::span<const SQLSMALLINT> numbers, const ParameterSets& sets,
                        std::size_t set, Diagnostics& diagnostics) {
  if (numbers.empty()) return SQL_SUCCESS;
  if (numbers.size() != row.size()) {
    diagnostics.warn(SqlState::k01000, "The procedure gave back " + std::to_string(row.size()) +
                                           " values and " + std::to_string(numbers.size()) +
                                           " parameters are bound as output, so none was stored: "
                                           "bind each OUT and INOUT parameter, and no other, as "
                                           "output");
    return SQL_SUCCESS_WITH_INFO;
  }
  SQLRETURN result = SQL_SUCCESS;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (sets.streams(numbers[i])) continue;
    const convert::CTarget target = sets.target(numbers[i], set);
    const OutputValue value(reply.columns()[i], row[i], sets.sql_type(numbers[i]));
    const SqlState state =
        convert::to_c(value.column(), reply.format(), value.cell(), target, nullptr);
    if (state == SqlState::k00000) continue;
    diagnostics.add({.state = state,
                     .text = "Output parameter " + std::to_string(numbers[i]) + ": " +
                             std::string(fabric::base::text_of(state)),
                     .row_number = static_cast<SQLLEN>(set + 1),
                     .column_number = numbers[i]});
    if (!convert::stored(state)) {
      result = SQL_ERROR;
    } else if (result == SQL_SUCCESS) {
      result = SQL_SUCCESS_WITH_INFO;
    }
  }
  return result;
}

}  // namespace driver
