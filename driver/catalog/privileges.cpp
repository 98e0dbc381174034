// SQLTablePrivileges and SQLColumnPrivileges: what is granted on the table or the column itself, as
// information_schema and the other drivers have it.
// A server shows other users' grants only to those who may read the database `mysql`.
#include <map>
#include <tuple>
#include <utility>

#include "driver/catalog/filter.h"
#include "driver/catalog/results.h"

namespace driver::catalog {

using rows::not_null;
using rows::varchar_column;

namespace {

constexpr std::string_view kTablePrivileges =
    "('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'CREATE', 'DROP', 'ALTER', 'INDEX', "
    "'TRIGGER', 'CREATE VIEW', 'SHOW VIEW', 'DELETE HISTORY', 'DELETE VERSIONING ROWS')";
constexpr std::string_view kColumnPrivileges = "('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')";

/// Rows of database, table, column, privilege, grantee, YES or NO.
std::string grants_sql(std::string_view view, std::string_view column, std::string_view privileges,
                       const std::string& conditions) {
  std::string sql = "SELECT TABLE_SCHEMA, TABLE_NAME, ";
  sql += column;
  sql += ", PRIVILEGE_TYPE, GRANTEE, IS_GRANTABLE FROM information_schema.";
  sql += view;
  sql += " WHERE PRIVILEGE_TYPE IN ";
  sql += privileges;
  return sql += conditions;
}

/// One row for each privilege of each grantee, in the standard's order; TABLE_SCHEM and GRANTOR are
/// NULL.
std::vector<rows::Record> sorted(const std::vector<rows::Record>& grants, bool by_column) {
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string>;
  std::map<Key, bool> found;
  for (const rows::Record& g : grants) {
    found[{to_text(g.at(0)), to_text(g.at(1)), to_text(g.at(2)), to_text(g.at(3)),
           to_text(g.at(4))}] = g.at(5) == "YES";
  }
  std::vector<rows::Record> rows;
  for (const auto& [key, grantable] : found) {
    const auto& [database, table, column, privilege, grantee] = key;
    rows::Record row{database, {}, table};
    if (by_column) row.emplace_back(column);
    row.insert(row.end(), {std::nullopt, grantee, privilege, grantable ? "YES" : "NO"});
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<fabric::mysql::Column> privileges_result(bool by_column) {
  std::vector<fabric::mysql::Column> columns{varchar_column("TABLE_CAT", kNameLength),
                                             varchar_column("TABLE_SCHEM", kNameLength),
                                             not_null(varchar_column("TABLE_NAME", kNameLength))};
  if (by_column) columns.push_back(not_null(varchar_column("COLUMN_NAME", kNameLength)));
  constexpr std::uint32_t kGranteeLength = 400;
  columns.push_back(varchar_column("GRANTOR", kGranteeLength));
  columns.push_back(not_null(varchar_column("GRANTEE", kGranteeLength)));
  columns.push_back(not_null(varchar_column("PRIVILEGE", kNameLength)));
  columns.push_back(varchar_column("IS_GRANTABLE", 3));
  return columns;
}

}  // namespace

CatalogReply table_privileges(CatalogSource& source, const TablePrivilegesRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto table = NameFilter::pattern(request.table, request.options);
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const std::string conditions =
        catalog.condition("TABLE_SCHEMA") + table.condition("TABLE_NAME");
    rows = sorted(source.rows(grants_sql("TABLE_PRIVILEGES", "''", kTablePrivileges, conditions)),
                  false);
  }
  return catalog_reply(privileges_result(false), std::move(rows), request.options);
}

CatalogReply column_privileges(CatalogSource& source, const ColumnPrivilegesRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto table = NameFilter::name(request.table, request.options);
  const auto column = NameFilter::column(request.column, request.options);
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const std::string conditions = catalog.condition("TABLE_SCHEMA") +
                                   table.condition("TABLE_NAME") +
                                   column.condition("COLUMN_NAME", NameFilter::Case::kIgnored);
    rows = sorted(
        source.rows(grants_sql("COLUMN_PRIVILEGES", "COLUMN_NAME", kColumnPrivileges, conditions)),
        true);
  }
  return catalog_reply(privileges_result(true), std::move(rows), request.options);
}

}  // namespace driver::catalog
