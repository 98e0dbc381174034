// Parameters that are bound by their names in the procedure (ODBC 3.8, "Binding Parameters by
// Name"): CALL p(?, ?, ...) whose records of the IPD all have a SQL_DESC_NAME. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/catalog/source.h"
#include "driver/odbc.h"
#include "driver/sql/scan.h"

namespace driver {

/// A CALL with nothing but markers for arguments.
struct MarkerCall {
  std::string schema;  ///< empty: the session's
  std::string procedure;
};
std::optional<MarkerCall> marker_call(std::string_view sql, sql::ScanOptions options);

/// Asks for the names of its parameters, in their order.
std::string parameter_names_query(const MarkerCall& call);

/// For each parameter of the procedure, of which there are some, the number of the record that has
/// its name. Throws HY000 for a name that the procedure does not have, or that is given twice.
std::vector<SQLSMALLINT> order_by_names(const MarkerCall& call,
                                        const std::vector<std::string>& given,
                                        const std::vector<rows::Record>& of_procedure);

}  // namespace driver
