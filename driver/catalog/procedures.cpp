// SQLProcedures and SQLProcedureColumns.
#include <algorithm>
#include <tuple>
#include <utility>

#include "driver/catalog/filter.h"
#include "driver/catalog/results.h"

namespace driver::catalog {

using rows::integer_column;
using rows::not_null;
using rows::smallint_column;
using rows::varchar_column;

namespace {

constexpr auto kIgnoreCase = NameFilter::Case::kIgnored;

std::vector<fabric::mysql::Column> procedures_result() {
  return {varchar_column("PROCEDURE_CAT", kNameLength),
          varchar_column("PROCEDURE_SCHEM", kNameLength),
          not_null(varchar_column("PROCEDURE_NAME", kNameLength)),
          integer_column("NUM_INPUT_PARAMS"),
          integer_column("NUM_OUTPUT_PARAMS"),
          integer_column("NUM_RESULT_SETS"),
          varchar_column("REMARKS", kRemarksLength),
          smallint_column("PROCEDURE_TYPE")};
}

std::vector<fabric::mysql::Column> procedure_columns_result(bool odbc2) {
  return {varchar_column("PROCEDURE_CAT", kNameLength),
          varchar_column("PROCEDURE_SCHEM", kNameLength),
          not_null(varchar_column("PROCEDURE_NAME", kNameLength)),
          not_null(varchar_column("COLUMN_NAME", kNameLength)),
          not_null(smallint_column("COLUMN_TYPE")),
          not_null(smallint_column("DATA_TYPE")),
          not_null(varchar_column("TYPE_NAME", kTypeNameLength)),
          integer_column("COLUMN_SIZE"),
          integer_column("BUFFER_LENGTH"),
          smallint_column("DECIMAL_DIGITS"),
          smallint_column(odbc2 ? "RADIX" : "NUM_PREC_RADIX"),
          not_null(smallint_column("NULLABLE")),
          varchar_column("REMARKS", kRemarksLength),
          varchar_column("COLUMN_DEF", kDefaultLength),
          not_null(smallint_column("SQL_DATA_TYPE")),
          smallint_column("SQL_DATETIME_SUB"),
          integer_column("CHAR_OCTET_LENGTH"),
          not_null(integer_column("ORDINAL_POSITION")),
          varchar_column("IS_NULLABLE", 254)};
}

int parameter_kind(const rows::Record& parameter) {
  const std::string mode = to_text(parameter.at(4));
  if (mode == "IN") return SQL_PARAM_INPUT;
  if (mode == "OUT") return SQL_PARAM_OUTPUT;
  return mode == "INOUT" ? SQL_PARAM_INPUT_OUTPUT : SQL_RETURN_VALUE;
}

/// `parameter`: schema, routine, routine type, position, mode, name, type's text, its characters.
rows::Record procedure_columns_row(const rows::Record& parameter, const TypeRules& rules) {
  const TypeValues type =
      type_values(describe_type(to_text(parameter.at(6)), parameter.at(7), true, false, rules));
  return rows::record(parameter.at(0), std::nullopt, parameter.at(1), to_text(parameter.at(5)),
                      parameter_kind(parameter), type.data_type, type.type_name, type.column_size,
                      type.buffer_length, type.decimal_digits, type.radix, SQL_NULLABLE, "",
                      std::nullopt, type.sql_data_type, type.datetime_sub, type.char_octet_length,
                      parameter.at(3), "YES");
}

}  // namespace

CatalogReply procedures(CatalogSource& source, const ProceduresRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto procedure = NameFilter::pattern(request.procedure, request.options);
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    for (rows::Record& record : source.rows(
             "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_COMMENT, ROUTINE_TYPE "
             "FROM information_schema.ROUTINES WHERE ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')" +
             catalog.condition("ROUTINE_SCHEMA") +
             procedure.condition("ROUTINE_NAME", kIgnoreCase))) {
      const int type = record.at(3) == "FUNCTION" ? SQL_PT_FUNCTION : SQL_PT_PROCEDURE;
      rows.push_back({std::move(record.at(0)),
                      {},
                      std::move(record.at(1)),
                      {},
                      {},
                      {},
                      std::move(record.at(2)),
                      number(type)});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const rows::Record& a, const rows::Record& b) {
    return std::tie(a[0], a[2], a[7]) < std::tie(b[0], b[2], b[7]);
  });
  return catalog_reply(procedures_result(), std::move(rows), request.options);
}

CatalogReply procedure_columns(CatalogSource& source, const ProcedureColumnsRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto procedure = NameFilter::pattern(request.procedure, request.options);
  const auto column = NameFilter::pattern(request.column, request.options);
  std::vector<rows::Record> parameters;
  if (schema_matches(request.schema, request.options)) {
    parameters = source.rows(
        "SELECT SPECIFIC_SCHEMA, SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION, PARAMETER_MODE, "
        "PARAMETER_NAME, DTD_IDENTIFIER, CHARACTER_MAXIMUM_LENGTH "
        "FROM information_schema.PARAMETERS WHERE ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')" +
        catalog.condition("SPECIFIC_SCHEMA") + procedure.condition("SPECIFIC_NAME", kIgnoreCase) +
        column.condition("IFNULL(PARAMETER_NAME, '')", kIgnoreCase));
    require_width(parameters, 8);
  }
  std::sort(parameters.begin(), parameters.end(), [](const rows::Record& a, const rows::Record& b) {
    const auto names_a = std::tie(a[0], a[1], a[2]);
    const auto names_b = std::tie(b[0], b[1], b[2]);
    return names_a == names_b ? to_number(a[3]) < to_number(b[3]) : names_a < names_b;
  });
  std::vector<rows::Record> rows;
  for (const rows::Record& parameter : parameters) {
    rows.push_back(procedure_columns_row(parameter, request.options.rules));
  }
  return catalog_reply(procedure_columns_result(request.options.rules.odbc2), std::move(rows),
                       request.options);
}

}  // namespace driver::catalog
