// A row of output values into what an application has bound for them. Pure but for the buffers.
#pragma once

#include <span>

#include "driver/convert/wire_value.h"
#include "driver/diagnostics.h"
#include "driver/parameter_sets.h"
#include "fabric/mysql/reply.h"

namespace driver {

/// An output value as the application sees it that has bound a parameter of that SQL type for it.
/// Points at the row's cell or into itself.
class OutputValue {
 public:
  OutputValue(fabric::mysql::Column column, const fabric::mysql::Cell& cell, SQLSMALLINT sql_type);
  OutputValue(const OutputValue&) = delete;
  OutputValue& operator=(const OutputValue&) = delete;
  [[nodiscard]] const fabric::mysql::Column& column() const { return column_; }
  [[nodiscard]] const fabric::mysql::Cell& cell() const { return cell_; }

 private:
  fabric::mysql::Column column_;
  fabric::mysql::Cell cell_;
  convert::BitBytes bits_{};
};

/// `numbers`: the parameters that the row's values are for, in order. Conversions are those of
/// columns; what is streamed is left out. SQL_SUCCESS, SQL_SUCCESS_WITH_INFO or SQL_ERROR, records
/// in `diagnostics`.
SQLRETURN store_outputs(const fabric::mysql::Reply& reply, const fabric::mysql::Row& row,
                        std::span<const SQLSMALLINT> numbers, const ParameterSets& sets,
                        std::size_t set, Diagnostics& diagnostics);

}  // namespace driver
