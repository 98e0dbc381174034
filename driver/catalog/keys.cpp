// SQLPrimaryKeys, SQLStatistics and SQLForeignKeys.
#include <algorithm>
#include <climits>
#include <iterator>
#include <tuple>
#include <utility>

#include "driver/catalog/records.h"
#include "fabric/base/error.h"

namespace driver::catalog {

using rows::integer_column;
using rows::not_null;
using rows::smallint_column;
using rows::varchar_column;

namespace {

/// Compares as the numbers they are; NULL comes first.
bool less_number(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return std::pair(a.has_value(), to_number(a)) < std::pair(b.has_value(), to_number(b));
}

std::vector<fabric::mysql::Column> primary_keys_result() {
  return rows::column_list(
      varchar_column("TABLE_CAT", kNameLength), varchar_column("TABLE_SCHEM", kNameLength),
      not_null(varchar_column("TABLE_NAME", kNameLength)),
      not_null(varchar_column("COLUMN_NAME", kNameLength)), not_null(smallint_column("KEY_SEQ")),
      varchar_column("PK_NAME", kNameLength));
}

std::vector<fabric::mysql::Column> statistics_result(bool odbc2) {
  return rows::column_list(
      varchar_column("TABLE_CAT", kNameLength), varchar_column("TABLE_SCHEM", kNameLength),
      not_null(varchar_column("TABLE_NAME", kNameLength)), smallint_column("NON_UNIQUE"),
      varchar_column("INDEX_QUALIFIER", kNameLength), varchar_column("INDEX_NAME", kNameLength),
      not_null(smallint_column("TYPE")),
      smallint_column(odbc2 ? "SEQ_IN_INDEX" : "ORDINAL_POSITION"),
      varchar_column("COLUMN_NAME", kNameLength),
      varchar_column(odbc2 ? "COLLATION" : "ASC_OR_DESC", 1), integer_column("CARDINALITY"),
      integer_column("PAGES"), varchar_column("FILTER_CONDITION", 254));
}

std::optional<std::uint64_t> count(const std::optional<std::string>& text) {
  return text ? std::optional(to_number(text, INT_MAX)) : std::nullopt;
}

rows::Record index_row(rows::Record record) {
  const int type = record.at(8) == "HASH" ? SQL_INDEX_HASHED : SQL_INDEX_OTHER;
  // An index over an expression has no column name.
  if (!record.at(5)) record.at(5) = "";
  return rows::record(std::move(record.at(0)), std::nullopt, std::move(record.at(1)),
                      std::move(record.at(2)), std::nullopt, std::move(record.at(3)), type,
                      std::move(record.at(4)), std::move(record.at(5)), std::move(record.at(6)),
                      count(record.at(7)), std::nullopt, std::nullopt);
}

bool before_in_statistics(const rows::Record& a, const rows::Record& b) {
  for (const std::size_t numeric : {std::size_t{3}, std::size_t{6}}) {
    if (a[numeric] != b[numeric]) return less_number(a[numeric], b[numeric]);
  }
  if (a[5] != b[5]) return a[5] < b[5];
  if (a[7] != b[7]) return less_number(a[7], b[7]);
  return std::tie(a[0], a[2]) < std::tie(b[0], b[2]);
}

int foreign_key_rule(const std::optional<std::string>& rule, bool odbc2) {
  if (rule == "CASCADE") return SQL_CASCADE;
  if (rule == "SET NULL") return SQL_SET_NULL;
  if (rule == "SET DEFAULT") return SQL_SET_DEFAULT;
  return odbc2 ? SQL_RESTRICT : SQL_NO_ACTION;  // InnoDB: RESTRICT and NO ACTION are one
}

std::vector<fabric::mysql::Column> foreign_keys_result() {
  return rows::column_list(
      varchar_column("PKTABLE_CAT", kNameLength), varchar_column("PKTABLE_SCHEM", kNameLength),
      not_null(varchar_column("PKTABLE_NAME", kNameLength)),
      not_null(varchar_column("PKCOLUMN_NAME", kNameLength)),
      varchar_column("FKTABLE_CAT", kNameLength), varchar_column("FKTABLE_SCHEM", kNameLength),
      not_null(varchar_column("FKTABLE_NAME", kNameLength)),
      not_null(varchar_column("FKCOLUMN_NAME", kNameLength)), not_null(smallint_column("KEY_SEQ")),
      smallint_column("UPDATE_RULE"), smallint_column("DELETE_RULE"),
      varchar_column("FK_NAME", kNameLength), varchar_column("PK_NAME", kNameLength),
      smallint_column("DEFERRABILITY"));
}

/// The tables of the one key's two ends; any where none was asked for.
struct KeyEnds {
  WantedTables primary{NameFilter::any(), NameFilter::any()};
  WantedTables foreign = primary;
};

/// No table is without a name: beside a name that was given, an empty one is none.
ForeignKeysRequest with_names_alone(ForeignKeysRequest request) {
  if (request.primary_table && request.foreign_table) {
    if (request.foreign_table->empty()) {
      request.foreign_table.reset();
    } else if (request.primary_table->empty()) {
      request.primary_table.reset();
    }
  }
  return request;
}

KeyEnds key_ends(CatalogSource& source, const ForeignKeysRequest& request) {
  KeyEnds ends;
  if (request.primary_table) {
    ends.primary = {NameFilter::catalog(source, request.primary_catalog, request.options),
                    NameFilter::name(request.primary_table, request.options)};
  }
  if (request.foreign_table) {
    ends.foreign = {NameFilter::catalog(source, request.foreign_catalog, request.options),
                    NameFilter::name(request.foreign_table, request.options)};
  }
  return ends;
}

std::vector<rows::Record> foreign_key_records(CatalogSource& source, const KeyEnds& ends) {
  const WantedTables& primary = ends.primary;
  const WantedTables& foreign = ends.foreign;
  return source.rows(
      "SELECT k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, "
      "k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME, k.ORDINAL_POSITION, r.UPDATE_RULE, "
      "r.DELETE_RULE, k.CONSTRAINT_NAME, r.UNIQUE_CONSTRAINT_NAME "
      "FROM information_schema.KEY_COLUMN_USAGE k "
      "JOIN information_schema.REFERENTIAL_CONSTRAINTS r "
      "ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME "
      "AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE k.REFERENCED_TABLE_NAME IS NOT NULL" +
      primary.catalog.condition("k.REFERENCED_TABLE_SCHEMA") +
      primary.table.condition("k.REFERENCED_TABLE_NAME") +
      foreign.catalog.condition("k.TABLE_SCHEMA") + foreign.table.condition("k.TABLE_NAME") +
      // Said twice, so that each side of the join looks up one table.
      foreign.catalog.condition("r.CONSTRAINT_SCHEMA") + foreign.table.condition("r.TABLE_NAME"));
}

/// A server opens every table to see which ones refer to another, so it is asked for that only
/// once; the columns are then those of few tables.
std::vector<rows::Record> referring_records(CatalogSource& source, KeyEnds ends) {
  std::vector<rows::Record> all;
  const auto tables = source.rows(
      "SELECT DISTINCT CONSTRAINT_SCHEMA, TABLE_NAME FROM "
      "information_schema.REFERENTIAL_CONSTRAINTS WHERE TRUE" +
      ends.primary.catalog.condition("UNIQUE_CONSTRAINT_SCHEMA") +
      ends.primary.table.condition("REFERENCED_TABLE_NAME"));
  for (const rows::Record& table : require_width(tables, 2)) {
    ends.foreign = {NameFilter::exactly(to_text(table.at(0))),
                    NameFilter::exactly(to_text(table.at(1)))};
    auto keys = foreign_key_records(source, ends);
    std::move(keys.begin(), keys.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

CatalogReply primary_keys(CatalogSource& source, const PrimaryKeysRequest& request) {
  const WantedTables wanted{NameFilter::catalog(source, request.catalog, request.options),
                            NameFilter::name(request.table, request.options)};
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    for (rows::Record& key : primary_key_records(source, wanted)) {
      rows.push_back(rows::record(std::move(key.at(0)), std::nullopt, std::move(key.at(1)),
                                  std::move(key.at(2)), std::move(key.at(3)), "PRIMARY"));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const rows::Record& a, const rows::Record& b) {
    return std::tie(a[0], a[2]) == std::tie(b[0], b[2])
               ? less_number(a[4], b[4])
               : std::tie(a[0], a[2]) < std::tie(b[0], b[2]);
  });
  return catalog_reply(primary_keys_result(), std::move(rows), request.options);
}

CatalogReply statistics(CatalogSource& source, const StatisticsRequest& request) {
  const WantedTables wanted{NameFilter::catalog(source, request.catalog, request.options),
                            NameFilter::name(request.table, request.options)};
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    for (rows::Record& record : index_records(source, wanted)) {
      if (!request.unique_only || record.at(2) == "0") rows.push_back(index_row(std::move(record)));
    }
  }
  std::sort(rows.begin(), rows.end(), before_in_statistics);
  return catalog_reply(statistics_result(request.options.rules.odbc2), std::move(rows),
                       request.options);
}

CatalogReply foreign_keys(CatalogSource& source, const ForeignKeysRequest& given) {
  const ForeignKeysRequest request = with_names_alone(given);
  if (!request.primary_table && !request.foreign_table) {
    throw fabric::base::Error(fabric::base::SqlState::kHY009,
                              "Neither a primary nor a foreign key table was given");
  }
  std::vector<rows::Record> rows;
  if (schema_matches(request.primary_table ? request.primary_schema : "", request.options) &&
      schema_matches(request.foreign_table ? request.foreign_schema : "", request.options)) {
    const bool odbc2 = request.options.rules.odbc2;
    const KeyEnds ends = key_ends(source, request);
    auto records =
        request.foreign_table ? foreign_key_records(source, ends) : referring_records(source, ends);
    require_width(records, 11);
    // Of a table alone the standard asks for the primary keys that it refers to.
    if (!request.primary_table) {
      std::erase_if(records, [](const rows::Record& record) { return record.at(10) != "PRIMARY"; });
    }
    for (rows::Record& record : records) {
      rows.push_back(rows::record(std::move(record.at(0)), std::nullopt, std::move(record.at(1)),
                                  std::move(record.at(2)), std::move(record.at(3)), std::nullopt,
                                  std::move(record.at(4)), std::move(record.at(5)),
                                  std::move(record.at(6)), foreign_key_rule(record.at(7), odbc2),
                                  foreign_key_rule(record.at(8), odbc2), std::move(record.at(9)),
                                  std::move(record.at(10)), SQL_NOT_DEFERRABLE));
    }
  }
  // By the other table: the primary one when foreign keys of a table were asked for.
  const std::size_t by = request.foreign_table ? 0 : 4;
  std::sort(rows.begin(), rows.end(), [by](const rows::Record& a, const rows::Record& b) {
    const auto names_a = std::tie(a[by], a[by + 2]);
    const auto names_b = std::tie(b[by], b[by + 2]);
    if (names_a != names_b) return names_a < names_b;
    return a[8] != b[8] ? less_number(a[8], b[8]) : a[11] < b[11];
  });
  return catalog_reply(foreign_keys_result(), std::move(rows), request.options);
}

}  // namespace driver::catalog
