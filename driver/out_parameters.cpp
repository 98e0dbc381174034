#include "driver/out_parameters.h"

#include <algorithm>
#include <utility>

#include "driver/convert/target.h"

namespace driver {

namespace {

bool takes_bytes(SQLSMALLINT sql_type) {
  return sql_type == SQL_BINARY || sql_type == SQL_VARBINARY || sql_type == SQL_LONGVARBINARY;
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
  if (column_.type != fabric::mysql::WireType::kBit) return;
  cell_ = convert::bits_of_digits(column_, cell_, bits_);
  column_.flags &= static_cast<std::uint16_t>(~convert::kExpressionFlag);
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
