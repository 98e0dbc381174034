#include "driver/out_parameters.h"

#include "driver/convert/target.h"
#include "driver/convert/wire_value.h"

namespace driver {

/// MySQL 5.6 calls text in output parameters binary. What the application says of it counts.
fabric::mysql::Column output_column(fabric::mysql::Column column, SQLSMALLINT sql_type) {
  const bool bytes = convert::wire_kind(column) == convert::WireKind::kBytes;
  if (bytes && ParameterSets::is_text(sql_type)) column.charset = convert::text_column().charset;
  return column;
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
    const SqlState state =
        convert::to_c(output_column(reply.columns()[i], sets.sql_type(numbers[i])), reply.format(),
                      row[i], target, nullptr);
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
