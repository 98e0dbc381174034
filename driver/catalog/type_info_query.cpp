#include "driver/catalog/type_info_query.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "driver/catalog/results.h"
#include "fabric/base/error.h"

namespace driver::catalog {

using rows::integer_column;
using rows::not_null;
using rows::smallint_column;
using rows::varchar_column;

namespace {

std::vector<fabric::mysql::Column> type_info_result() {
  return {not_null(varchar_column("TYPE_NAME", kTypeNameLength)),
          not_null(smallint_column("DATA_TYPE")),
          integer_column("COLUMN_SIZE"),
          varchar_column("LITERAL_PREFIX", 16),
          varchar_column("LITERAL_SUFFIX", 16),
          varchar_column("CREATE_PARAMS", 64),
          not_null(smallint_column("NULLABLE")),
          not_null(smallint_column("CASE_SENSITIVE")),
          not_null(smallint_column("SEARCHABLE")),
          smallint_column("UNSIGNED_ATTRIBUTE"),
          not_null(smallint_column("FIXED_PREC_SCALE")),
          smallint_column("AUTO_UNIQUE_VALUE"),
          varchar_column("LOCAL_TYPE_NAME", kTypeNameLength),
          smallint_column("MINIMUM_SCALE"),
          smallint_column("MAXIMUM_SCALE"),
          not_null(smallint_column("SQL_DATA_TYPE")),
          smallint_column("SQL_DATETIME_SUB"),
          integer_column("NUM_PREC_RADIX"),
          smallint_column("INTERVAL_PRECISION")};
}

using Value = std::optional<std::string>;

Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value(std::string(text));
}

Value number_if(bool given, int value) { return given ? number(value) : Value(); }

rows::Record row_of(const TypeInfo& type, SQLSMALLINT sql_type) {
  const SQLSMALLINT subcode = datetime_subcode(type.sql_type);
  return {std::string(type.name),
          number(sql_type),
          number(type.column_size),
          text_or_null(type.quote),
          text_or_null(type.closing_quote()),
          text_or_null(type.create),
          number(SQL_NULLABLE),
          number(type.case_sensitive ? SQL_TRUE : SQL_FALSE),
          number(type.searchable),
          number_if(type.numeric, type.is_unsigned ? SQL_TRUE : SQL_FALSE),
          number(SQL_FALSE),
          number_if(type.numeric, type.auto_unique ? SQL_TRUE : SQL_FALSE),
          std::string(type.name),
          number_if(type.minimum_scale >= 0, type.minimum_scale),
          number_if(type.maximum_scale >= 0, type.maximum_scale),
          number(verbose_type(sql_type)),
          number_if(subcode != 0, subcode),
          number_if(type.radix != 0, type.radix),
          {}};
}

}  // namespace

CatalogReply type_info_rows(SQLSMALLINT type, const TypeRules& rules, bool has_json) {
  if (type != SQL_ALL_TYPES && !known_sql_type(type)) {
    throw fabric::base::Error(fabric::base::SqlState::kHY004,
                              "Data type " + std::to_string(type) + " is not known");
  }
  const SQLSMALLINT wanted = odbc3_sql_type(type);
  TypeRules kinds = rules;
  // An application whose columns are of the narrow kinds may bind parameters of the wide ones.
  kinds.ansi =
      rules.ansi && wanted != SQL_WCHAR && wanted != SQL_WVARCHAR && wanted != SQL_WLONGVARCHAR;
  std::vector<std::pair<SQLSMALLINT, rows::Record>> found;
  for (const TypeInfo& info : all_types()) {
    if (info.type == MysqlType::kJson && !has_json) continue;
    const SQLSMALLINT sql_type = sql_type_under(info.sql_type, kinds);
    const bool asked = wanted == SQL_ALL_TYPES || odbc3_sql_type(sql_type) == wanted;
    // With `ansi` the wide rows fall together with the narrow ones.
    const bool shown = std::any_of(found.begin(), found.end(), [&](const auto& other) {
      return other.first == sql_type && other.second.front() == info.name;
    });
    if (asked && !shown) found.emplace_back(sql_type, row_of(info, sql_type));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<rows::Record> rows;
  for (auto& [sql_type, record] : found) rows.push_back(std::move(record));
  return catalog_reply(type_info_result(), std::move(rows), {.metadata_id = false, .rules = rules});
}

}  // namespace driver::catalog
