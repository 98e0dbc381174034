// SQLTablePrivileges and SQLColumnPrivileges. What is granted on everything or on a database holds
// for each of its tables, and what is granted on a table for each of its columns.
// A server shows other users' grants only to those who may read the database `mysql`.
#include <map>
#include <tuple>
#include <utility>

#include "driver/catalog_filter.h"
#include "driver/catalog_results.h"
#include "driver/literals.h"

namespace driver {

namespace {

constexpr std::string_view kTablePrivileges =
    "('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'CREATE', 'DROP', 'ALTER', 'INDEX', "
    "'TRIGGER', 'CREATE VIEW', 'SHOW VIEW', 'DELETE HISTORY', 'DELETE VERSIONING ROWS')";
constexpr std::string_view kColumnPrivileges = "('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')";

/// What a query of grants is about.
struct Granted {
  std::string_view objects;     ///< view of information_schema that lists them
  std::string_view column;      ///< the column's name in it, or ''
  std::string_view privileges;  ///< those that make sense for them
  std::string conditions;       ///< on `o`, the objects
};

/// Rows of database, table, column, privilege, grantee, YES or NO.
std::string granted_in(const Granted& granted, std::string_view grants, std::string_view join) {
  std::string sql = "SELECT o.TABLE_SCHEMA, o.TABLE_NAME, ";
  sql += granted.column;
  sql += ", p.PRIVILEGE_TYPE, p.GRANTEE, p.IS_GRANTABLE FROM information_schema.";
  sql += granted.objects;
  sql += " o JOIN information_schema.";
  sql += grants;
  sql += " p ON ";
  sql += join;
  sql += " WHERE p.PRIVILEGE_TYPE IN ";
  sql += granted.privileges;
  return sql += granted.conditions;
}

constexpr std::string_view kSameTable =
    "p.TABLE_SCHEMA = o.TABLE_SCHEMA AND p.TABLE_NAME = o.TABLE_NAME";

std::string grants_sql(const Granted& granted) {
  // The database of a grant is a pattern.
  const std::string in_schema = "o.TABLE_SCHEMA LIKE p.TABLE_SCHEMA ESCAPE " + sql_text("\\");
  return granted_in(granted, "USER_PRIVILEGES", "TRUE") + " UNION " +
         granted_in(granted, "SCHEMA_PRIVILEGES", in_schema) + " UNION " +
         granted_in(granted, "TABLE_PRIVILEGES", kSameTable);
}

/// One row for each privilege of each grantee, in the standard's order; TABLE_SCHEM and GRANTOR are
/// NULL. Grantable by one way is grantable.
std::vector<Record> merged(const std::vector<Record>& grants, bool by_column) {
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string>;
  std::map<Key, bool> found;
  for (const Record& g : grants) {
    bool& grantable = found[{to_text(g.at(0)), to_text(g.at(1)), to_text(g.at(2)), to_text(g.at(3)),
                             to_text(g.at(4))}];
    grantable = grantable || g.at(5) == "YES";
  }
  std::vector<Record> rows;
  for (const auto& [key, grantable] : found) {
    const auto& [database, table, column, privilege, grantee] = key;
    Record row{database, {}, table};
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
  std::vector<Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const Granted granted{
        .objects = "TABLES",
        .column = "''",
        .privileges = kTablePrivileges,
        .conditions = catalog.condition("o.TABLE_SCHEMA") + table.condition("o.TABLE_NAME")};
    rows = merged(source.rows(grants_sql(granted)), false);
  }
  return catalog_reply(privileges_result(false), std::move(rows), request.options);
}

CatalogReply column_privileges(CatalogSource& source, const ColumnPrivilegesRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto table = NameFilter::name(request.table, request.options);
  const auto column = NameFilter::column(request.column, request.options);
  std::vector<Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const Granted granted{
        .objects = "COLUMNS",
        .column = "o.COLUMN_NAME",
        .privileges = kColumnPrivileges,
        .conditions = catalog.condition("o.TABLE_SCHEMA") + table.condition("o.TABLE_NAME") +
                      column.condition("o.COLUMN_NAME", NameFilter::Case::kIgnored)};
    const std::string on_column = std::string(kSameTable) + " AND p.COLUMN_NAME = o.COLUMN_NAME";
    rows = merged(source.rows(grants_sql(granted) + " UNION " +
                              granted_in(granted, "COLUMN_PRIVILEGES", on_column)),
                  true);
  }
  return catalog_reply(privileges_result(true), std::move(rows), request.options);
}

}  // namespace driver
