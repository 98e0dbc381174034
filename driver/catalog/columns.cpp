// SQLColumns and SQLSpecialColumns.
#include <algorithm>
#include <climits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "driver/catalog/records.h"

namespace driver::catalog {

using rows::integer_column;
using rows::not_null;
using rows::smallint_column;
using rows::varchar_column;

namespace {

/// A row of information_schema.COLUMNS.
struct TableColumn {
  rows::Record record;
  ColumnDescription description;
  std::uint64_t position = 0;
  bool nullable = false;
  bool temporary = false;

  [[nodiscard]] std::string_view database() const { return view(0); }
  [[nodiscard]] std::string_view table() const { return view(1); }
  [[nodiscard]] std::string_view name() const { return view(2); }
  [[nodiscard]] std::string_view type() const { return view(5); }
  [[nodiscard]] std::string_view extra() const { return view(6); }
  [[nodiscard]] const std::optional<std::string>& default_value() const { return record[7]; }
  [[nodiscard]] std::string_view data_type() const { return type_word(type()); }

 private:
  [[nodiscard]] std::string_view view(std::size_t i) const {
    return record[i] ? std::string_view(*record[i]) : std::string_view();
  }
};

bool before(const TableColumn& a, const TableColumn& b) {
  return std::tuple(a.database(), a.table(), a.position) <
         std::tuple(b.database(), b.table(), b.position);
}

std::vector<TableColumn> table_columns(CatalogSource& source, const WantedTables& wanted,
                                       const TypeRules& rules) {
  std::vector<TableColumn> columns;
  ColumnRecords records = column_records(source, wanted);
  columns.reserve(records.rows.size());
  for (rows::Record& record : records.rows) {
    TableColumn& column = columns.emplace_back();
    column.record = std::move(record);
    column.position = to_number(column.record[3]);
    column.nullable = column.record[4] == "YES";
    column.temporary = records.temporary;
    column.description =
        describe_type(column.type(), column.record[9], column.nullable,
                      contains_ignoring_case(column.extra(), "auto_increment"), rules);
  }
  if (!std::ranges::is_sorted(columns, before)) std::ranges::sort(columns, before);
  return columns;
}

bool is_generated(const TableColumn& column) {
  return (contains_ignoring_case(column.extra(), "GENERATED") &&
          !contains_ignoring_case(column.extra(), "DEFAULT_GENERATED")) ||
         equal_ignoring_case(column.extra(), "VIRTUAL") ||
         equal_ignoring_case(column.extra(), "PERSISTENT");
}

/// CURRENT_TIMESTAMP and CURRENT_TIMESTAMP(3), as MySQL writes them; MariaDB has small letters and
/// always parentheses.
std::optional<std::string> current_timestamp(std::string_view text) {
  constexpr std::string_view kName = "CURRENT_TIMESTAMP";
  if (!equal_ignoring_case(text.substr(0, kName.size()), kName)) return std::nullopt;
  const std::string_view rest = text.substr(kName.size());
  if (rest.empty() || rest == "()") return std::string(kName);
  const bool precision = rest.size() == 3 && rest.front() == '(' && rest.back() == ')';
  return precision ? std::optional(std::string(kName) + std::string(rest)) : std::nullopt;
}

/// Whether a plain literal of the type stands without quotes.
bool is_numeric(const TableColumn& column) {
  return column.description.type->numeric || column.data_type() == "bit";
}

/// For people and tools to read, so never in hexadecimal digits as sql_text() may have it.
std::string quoted_default(std::string_view text, bool escape_backslash) {
  std::string out(1, '\'');
  for (const char c : text) {
    if (c == '\'' || (c == '\\' && escape_backslash)) out += c;
    out += c;
  }
  return out + "'";
}

/// How a server tells defaults.
struct DefaultRules {
  bool tells_sql = false;  ///< a text has its quotes, an expression has not
  bool escape_backslash = true;

  static DefaultRules of(CatalogSource& source) {
    return {source.is_mariadb() && source.version_number() >= 100207,
            !source.no_backslash_escapes()};
  }
};

/// COLUMN_DEF: a literal of SQL, an expression, or the word NULL; SQL NULL for no default.
/// MariaDB >= 10.2.7 tells an expression of SQL; MySQL tells a string's bare text and marks
/// expressions; SHOW, for temporary tables, is like MySQL.
std::optional<std::string> column_default(const TableColumn& column, const DefaultRules& rules) {
  if (is_generated(column)) return std::nullopt;
  const bool tells_sql = rules.tells_sql && !column.temporary;
  if (!column.default_value()) {
    return column.nullable && !tells_sql ? std::optional<std::string>("NULL") : std::nullopt;
  }
  const std::string& text = *column.default_value();
  const bool moment = column.data_type() == "timestamp" || column.data_type() == "datetime";
  if (moment) {
    if (auto now = current_timestamp(text)) return now;
  }
  const bool expression = tells_sql || contains_ignoring_case(column.extra(), "DEFAULT_GENERATED");
  if (expression || is_numeric(column)) return text;
  return quoted_default(text, rules.escape_backslash);
}

rows::Record columns_row(TableColumn column, const DefaultRules& rules) {
  const TypeValues type = type_values(column.description);
  auto default_text = column_default(column, rules);
  rows::Record& facts = column.record;
  return rows::record(std::move(facts[0]), std::nullopt, std::move(facts[1]), std::move(facts[2]),
                      type.data_type, type.type_name, type.column_size, type.buffer_length,
                      type.decimal_digits, type.radix, column.description.nullable,
                      std::move(facts[8]), std::move(default_text), type.sql_data_type,
                      type.datetime_sub, type.char_octet_length, column.position,
                      column.description.nullable == SQL_NULLABLE ? "YES" : "NO");
}

std::vector<fabric::mysql::Column> columns_result(bool odbc2) {
  return rows::column_list(
      varchar_column("TABLE_CAT", kNameLength), varchar_column("TABLE_SCHEM", kNameLength),
      not_null(varchar_column("TABLE_NAME", kNameLength)),
      not_null(varchar_column("COLUMN_NAME", kNameLength)), not_null(smallint_column("DATA_TYPE")),
      not_null(varchar_column("TYPE_NAME", kTypeNameLength)), integer_column("COLUMN_SIZE"),
      integer_column("BUFFER_LENGTH"), smallint_column("DECIMAL_DIGITS"),
      smallint_column(odbc2 ? "RADIX" : "NUM_PREC_RADIX"), not_null(smallint_column("NULLABLE")),
      varchar_column("REMARKS", kRemarksLength), varchar_column("COLUMN_DEF", kDefaultLength),
      not_null(smallint_column("SQL_DATA_TYPE")), smallint_column("SQL_DATETIME_SUB"),
      integer_column("CHAR_OCTET_LENGTH"), not_null(integer_column("ORDINAL_POSITION")),
      varchar_column("IS_NULLABLE", 254));
}

std::vector<fabric::mysql::Column> special_result() {
  return rows::column_list(smallint_column("SCOPE"),
                           not_null(varchar_column("COLUMN_NAME", kNameLength)),
                           not_null(smallint_column("DATA_TYPE")),
                           not_null(varchar_column("TYPE_NAME", kTypeNameLength)),
                           integer_column("COLUMN_SIZE"), integer_column("BUFFER_LENGTH"),
                           smallint_column("DECIMAL_DIGITS"), smallint_column("PSEUDO_COLUMN"));
}

rows::Record special_row(const TableColumn& column, std::optional<int> scope) {
  const TypeValues type = type_values(column.description);
  return rows::record(scope, column.name(), type.data_type, type.type_name, type.column_size,
                      type.buffer_length, type.decimal_digits, SQL_PC_NOT_PSEUDO);
}

/// The names of the columns that identify a row: the primary key, else the unique key without
/// nullable columns that has the fewest.
std::vector<std::string> best_key(CatalogSource& source, const WantedTables& wanted) {
  struct Key {
    std::map<std::uint64_t, std::string> columns;
    bool nullable = false;
  };
  std::map<std::string, Key> keys;
  for (const rows::Record& record : key_records(source, wanted)) {
    if (record.at(0) != "0") continue;
    Key& key = keys[to_text(record.at(1))];
    key.columns.emplace(to_number(record.at(2)), to_text(record.at(3)));
    key.nullable = key.nullable || record.at(4) == "YES";
  }
  const Key* best = nullptr;
  for (const auto& [name, key] : keys) {
    if (key.nullable) continue;
    if (name == "PRIMARY") {
      best = &key;
      break;
    }
    if (best == nullptr || key.columns.size() < best->columns.size()) best = &key;
  }
  std::vector<std::string> names;
  if (best != nullptr) {
    for (const auto& [position, name] : best->columns) names.push_back(name);
  }
  return names;
}

}  // namespace

CatalogReply columns(CatalogSource& source, const ColumnsRequest& request) {
  const WantedTables wanted{NameFilter::catalog(source, request.catalog, request.options),
                            NameFilter::pattern(request.table, request.options),
                            NameFilter::column(request.column, request.options)};
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    auto found = table_columns(source, wanted, request.options.rules);
    const DefaultRules rules = found.empty() ? DefaultRules() : DefaultRules::of(source);
    rows.reserve(found.size());
    for (TableColumn& column : found) rows.push_back(columns_row(std::move(column), rules));
  }
  return catalog_reply(columns_result(request.options.rules.odbc2), std::move(rows),
                       request.options);
}

CatalogReply special_columns(CatalogSource& source, const SpecialColumnsRequest& request) {
  const WantedTables wanted{NameFilter::catalog(source, request.catalog, request.options),
                            NameFilter::name(request.table, request.options)};
  std::vector<rows::Record> rows;
  if (schema_matches(request.schema, request.options)) {
    const auto all = table_columns(source, wanted, request.options.rules);
    if (request.row_version) {
      for (const TableColumn& column : all) {
        if (contains_ignoring_case(column.extra(), "on update current_timestamp")) {
          if (!request.no_nulls || !column.nullable) rows.push_back(special_row(column, {}));
        }
      }
    } else {
      for (const std::string& name : best_key(source, wanted)) {
        const auto column = std::find_if(all.begin(), all.end(),
                                         [&](const TableColumn& c) { return c.name() == name; });
        if (column != all.end()) rows.push_back(special_row(*column, SQL_SCOPE_SESSION));
      }
    }
  }
  return catalog_reply(special_result(), std::move(rows), request.options);
}

}  // namespace driver::catalog
