// A row of output values into what an application has bound for them. Pure but for the buffers.
#pragma once

#include <span>

#include "driver/diagnostics.h"
#include "driver/parameter_sets.h"
#include "fabric/mysql/reply.h"

namespace driver {

/// As an application sees the column that holds its output of that SQL type.
fabric::mysql::Column output_column(fabric::mysql::Column column, SQLSMALLINT sql_type);

/// `numbers`: the parameters that the row's values are for, in order. Conversions are those of
/// columns; what is streamed is left out. SQL_SUCCESS, SQL_SUCCESS_WITH_INFO or SQL_ERROR, records
/// in `diagnostics`.
SQLRETURN store_outputs(const fabric::mysql::Reply& reply, const fabric::mysql::Row& row,
                        std::span<const SQLSMALLINT> numbers, const ParameterSets& sets,
                        std::size_t set, Diagnostics& diagnostics);

}  // namespace driver
