// SQLPrimaryKeys, SQLStatistics and SQLForeignKeys.
#include <algorithm>
#include <climits>
#include <tuple>
#include <utility>

#include "driver/catalog_filter.h"
#include "driver/catalog_results.h"
#include "fabric/base/error.h"

namespace driver {

namespace {

/// Compares as the numbers they are; NULL comes first.
bool less_number(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return std::pair(a.has_value(), to_number(a)) < std::pair(b.has_value(), to_number(b));
}

std::vector<fabric::mysql::Column> primary_keys_result() {
  return {varchar_column("TABLE_CAT", kNameLength),
          varchar_column("TABLE_SCHEM", kNameLength),
          not_null(varchar_column("TABLE_NAME", kNameLength)),
          not_null(varchar_column("COLUMN_NAME", kNameLength)),
          not_null(smallint_column("KEY_SEQ")),
          varchar_column("PK_NAME", kNameLength)};
}

std::vector<fabric::mysql::Column> statistics_result(bool odbc2) {
  return {varchar_column("TABLE_CAT", kNameLength),
          varchar_column("TABLE_SCHEM", kNameLength),
          not_null(varchar_column("TABLE_NAME", kNameLength)),
          smallint_column("NON_UNIQUE"),
          varchar_column("INDEX_QUALIFIER", kNameLength),
          varchar_column("INDEX_NAME", kNameLength),
          not_null(smallint_column("TYPE")),
          smallint_column(odbc2 ? "SEQ_IN_INDEX" : "ORDINAL_POSITION"),
          varchar_column("COLUMN_NAME", kNameLength),
          varchar_column(odbc2 ? "COLLATION" : "ASC_OR_DESC", 1),
          integer_column("CARDINALITY"),
          integer_column("PAGES"),
          varchar_column("FILTER_CONDITION", 254)};
}

std::optional<std::string> count(const std::optional<std::string>& text) {
  return text ? number(to_number(text, INT_MAX)) : std::nullopt;
}

/// InnoDB stores its rows in the primary key.
int index_type(std::string_view engine, std::string_view name, std::string_view type) {
  if (type == "HASH") return SQL_INDEX_HASHED;
  if (engine == "InnoDB" && name == "PRIMARY") return SQL_INDEX_CLUSTERED;
  return SQL_INDEX_OTHER;
}

/// One row for each table with its number of rows; the last value is the engine.
std::vector<Record> table_statistics(CatalogSource& source, const std::string& conditions) {
  std::vector<Record> rows;
  for (Record& record : source.rows(
           "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, ENGINE FROM information_schema.TABLES "
           "WHERE TABLE_TYPE <> 'VIEW'" +
           conditions)) {
    rows.push_back({std::move(record.at(0)),
                    {},
                    std::move(record.at(1)),
                    {},
                    {},
                    {},
                    number(SQL_TABLE_STAT),
                    {},
                    {},
                    {},
                    count(record.at(2)),
                    {},
                    {},
                    std::move(record.at(3))});
  }
  return rows;
}

Record index_row(Record record, std::string_view engine) {
  const int type = index_type(engine, to_text(record.at(3)), to_text(record.at(8)));
  // An index over an expression has no column name.
  if (!record.at(5)) record.at(5) = "";
  return {std::move(record.at(0)),
          {},
          std::move(record.at(1)),
          std::move(record.at(2)),
          {},
          std::move(record.at(3)),
          number(type),
          std::move(record.at(4)),
          std::move(record.at(5)),
          std::move(record.at(6)),
          count(record.at(7)),
          {},
          {}};
}

bool before_in_statistics(const Record& a, const Record& b) {
  for (const std::size_t numeric : {std::size_t{3}, std::size_t{6}}) {
    if (a[numeric] != b[numeric]) return less_number(a[numeric], b[numeric]);
  }
  if (a[5] != b[5]) return a[5] < b[5];
  if (a[7] != b[7]) return less_number(a[7], b[7]);
  return std::tie(a[0], a[2]) < std::tie(b[0], b[2]);
}

std::optional<std::string> foreign_key_rule(const std::optional<std::string>& rule, bool odbc2) {
  if (rule == "CASCADE") return number(SQL_CASCADE);
  if (rule == "SET NULL") return number(SQL_SET_NULL);
  if (rule == "SET DEFAULT") return number(SQL_SET_DEFAULT);
  return number(odbc2 ? SQL_RESTRICT : SQL_NO_ACTION);  // InnoDB: RESTRICT and NO ACTION are one
}

std::vector<fabric::mysql::Column> foreign_keys_result() {
  return {varchar_column("PKTABLE_CAT", kNameLength),
          varchar_column("PKTABLE_SCHEM", kNameLength),
          not_null(varchar_column("PKTABLE_NAME", kNameLength)),
          not_null(varchar_column("PKCOLUMN_NAME", kNameLength)),
          varchar_column("FKTABLE_CAT", kNameLength),
          varchar_column("FKTABLE_SCHEM", kNameLength),
          not_null(varchar_column("FKTABLE_NAME", kNameLength)),
          not_null(varchar_column("FKCOLUMN_NAME", kNameLength)),
          not_null(smallint_column("KEY_SEQ")),
          smallint_column("UPDATE_RULE"),
          smallint_column("DELETE_RULE"),
          varchar_column("FK_NAME", kNameLength),
          varchar_column("PK_NAME", kNameLength),
          smallint_column("DEFERRABILITY")};
}

std::string foreign_keys_sql(CatalogSource& source, const ForeignKeysRequest& request) {
  std::string sql =
      "SELECT k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, "
      "k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME, k.ORDINAL_POSITION, r.UPDATE_RULE, "
      "r.DELETE_RULE, k.CONSTRAINT_NAME, r.UNIQUE_CONSTRAINT_NAME "
      "FROM information_schema.KEY_COLUMN_USAGE k "
      "JOIN information_schema.REFERENTIAL_CONSTRAINTS r "
      "ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME "
      "AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE k.REFERENCED_TABLE_NAME IS NOT NULL";
  if (request.primary_table) {
    sql += NameFilter::catalog(source, request.primary_catalog, request.options)
               .condition(source, "k.REFERENCED_TABLE_SCHEMA");
    sql += NameFilter::name(request.primary_table, request.options)
               .condition(source, "k.REFERENCED_TABLE_NAME");
  }
  if (request.foreign_table) {
    const auto catalog = NameFilter::catalog(source, request.foreign_catalog, request.options);
    const auto table = NameFilter::name(request.foreign_table, request.options);
    sql += catalog.condition(source, "k.TABLE_SCHEMA") + table.condition(source, "k.TABLE_NAME");
    // Said twice, so that each side of the join looks up one table.
    sql +=
        catalog.condition(source, "r.CONSTRAINT_SCHEMA") + table.condition(source, "r.TABLE_NAME");
  }
  return sql;
}

}  // namespace

CatalogReply primary_keys(CatalogSource& source, const PrimaryKeysRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto table = NameFilter::name(request.table, request.options);
  std::vector<Record> rows;
  if (schema_matches(request.schema, request.options)) {
    rows = source.rows(
        "SELECT TABLE_SCHEMA, NULL, TABLE_NAME, COLUMN_NAME, SEQ_IN_INDEX, INDEX_NAME "
        "FROM information_schema.STATISTICS WHERE INDEX_NAME = 'PRIMARY'" +
        catalog.condition(source, "TABLE_SCHEMA") + table.condition(source, "TABLE_NAME"));
    require_width(rows, primary_keys_result().size());
  }
  std::sort(rows.begin(), rows.end(), [](const Record& a, const Record& b) {
    return std::tie(a[0], a[2]) == std::tie(b[0], b[2])
               ? less_number(a[4], b[4])
               : std::tie(a[0], a[2]) < std::tie(b[0], b[2]);
  });
  return catalog_reply(primary_keys_result(), std::move(rows), request.options);
}

CatalogReply statistics(CatalogSource& source, const StatisticsRequest& request) {
  const auto catalog = NameFilter::catalog(source, request.catalog, request.options);
  const auto table = NameFilter::name(request.table, request.options);
  std::vector<Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const std::string conditions =
        catalog.condition(source, "TABLE_SCHEMA") + table.condition(source, "TABLE_NAME");
    rows = table_statistics(source, conditions);
    const std::vector<Record> tables = rows;
    for (Record& record : rows) record.pop_back();
    for (Record& record : source.rows(
             "SELECT TABLE_SCHEMA, TABLE_NAME, NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, "
             "COLLATION, CARDINALITY, INDEX_TYPE FROM information_schema.STATISTICS WHERE TRUE" +
             conditions + (request.unique_only ? " AND NON_UNIQUE = 0" : ""))) {
      const auto owner = std::find_if(tables.begin(), tables.end(), [&](const Record& t) {
        return t[0] == record.at(0) && t[2] == record.at(1);
      });
      rows.push_back(
          index_row(std::move(record), owner == tables.end() ? "" : to_text(owner->back())));
    }
  }
  std::sort(rows.begin(), rows.end(), before_in_statistics);
  return catalog_reply(statistics_result(request.options.rules.odbc2), std::move(rows),
                       request.options);
}

CatalogReply foreign_keys(CatalogSource& source, const ForeignKeysRequest& request) {
  if (!request.primary_table && !request.foreign_table) {
    throw fabric::base::Error(fabric::base::SqlState::kHY009,
                              "Neither a primary nor a foreign key table was given");
  }
  std::vector<Record> rows;
  if (schema_matches(request.primary_table ? request.primary_schema : "", request.options) &&
      schema_matches(request.foreign_table ? request.foreign_schema : "", request.options)) {
    const bool odbc2 = request.options.rules.odbc2;
    for (Record& record : source.rows(foreign_keys_sql(source, request))) {
      rows.push_back({std::move(record.at(0)),
                      {},
                      std::move(record.at(1)),
                      std::move(record.at(2)),
                      std::move(record.at(3)),
                      {},
                      std::move(record.at(4)),
                      std::move(record.at(5)),
                      std::move(record.at(6)),
                      foreign_key_rule(record.at(7), odbc2),
                      foreign_key_rule(record.at(8), odbc2),
                      std::move(record.at(9)),
                      std::move(record.at(10)),
                      number(SQL_NOT_DEFERRABLE)});
    }
  }
  // By the other table: the primary one when foreign keys of a table were asked for.
  const std::size_t by = request.foreign_table ? 0 : 4;
  std::sort(rows.begin(), rows.end(), [by](const Record& a, const Record& b) {
    const auto names_a = std::tie(a[by], a[by + 2]);
    const auto names_b = std::tie(b[by], b[by + 2]);
    if (names_a != names_b) return names_a < names_b;
    return a[8] != b[8] ? less_number(a[8], b[8]) : a[11] < b[11];
  });
  return catalog_reply(foreign_keys_result(), std::move(rows), request.options);
}

}  // namespace driver
