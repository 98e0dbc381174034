// SQLTables.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "driver/catalog/filter.h"
#include "driver/catalog/results.h"

namespace driver::catalog {

using rows::varchar_column;

namespace {

constexpr std::string_view kTable = "TABLE";
constexpr std::string_view kView = "VIEW";
constexpr std::string_view kSystemTable = "SYSTEM TABLE";
constexpr std::string_view kSystemView = "SYSTEM VIEW";
constexpr std::string_view kSequence = "SEQUENCE";
constexpr std::string_view kSystemDatabases =
    "('information_schema', 'mysql', 'performance_schema', 'sys')";
constexpr std::array<std::string_view, 4> kSystemNames{"information_schema", "mysql",
                                                       "performance_schema", "sys"};

struct TableType {
  std::string_view odbc;
  std::string_view plain;  ///< what it would be in a database of the application's
};

/// Of a TABLE_TYPE of information_schema.
TableType table_type(std::string_view database, std::string_view type) {
  const bool view = type == "VIEW" || type == "SYSTEM VIEW";
  const bool system =
      std::any_of(kSystemNames.begin(), kSystemNames.end(),
                  [&](std::string_view name) { return equal_ignoring_case(name, database); });
  if (view) return {system ? kSystemView : kView, kView};
  if (system) return {kSystemTable, kTable};
  return type == "SEQUENCE" ? TableType{kSequence, kSequence} : TableType{kTable, kTable};
}

/// The list of wanted types: comma-separated, each in quotes or not; empty is every type.
class TypeList {
 public:
  explicit TypeList(const CatalogText& text) {
    if (!text || *text == "%") return;
    for (std::size_t start = 0; start <= text->size();) {
      const std::size_t end = std::min(text->find(',', start), text->size());
      add(std::string_view(*text).substr(start, end - start));
      start = end + 1;
    }
  }

  [[nodiscard]] bool wants(std::string_view type) const {
    return types_.empty() || std::any_of(types_.begin(), types_.end(), [&](const auto& wanted) {
             return equal_ignoring_case(wanted, type);
           });
  }

 private:
  void add(std::string_view item) {
    constexpr std::string_view kAround = " '\"";
    const auto first = item.find_first_not_of(kAround);
    if (first == std::string_view::npos) return;
    types_.emplace_back(item.substr(first, item.find_last_not_of(kAround) - first + 1));
  }

  std::vector<std::string> types_;
};

CatalogReply reply(std::vector<rows::Record> rows, const TablesRequest& request) {
  // TABLE_TYPE, TABLE_CAT, TABLE_SCHEM, TABLE_NAME
  std::sort(rows.begin(), rows.end(), [](const rows::Record& a, const rows::Record& b) {
    return std::tie(a[3], a[0], a[2]) < std::tie(b[3], b[0], b[2]);
  });
  return catalog_reply(
      {varchar_column("TABLE_CAT", kNameLength), varchar_column("TABLE_SCHEM", kNameLength),
       varchar_column("TABLE_NAME", kNameLength), varchar_column("TABLE_TYPE", kNameLength),
       varchar_column("REMARKS", kRemarksLength)},
      std::move(rows), request.options);
}

CatalogReply all_catalogs(CatalogSource& source, const TablesRequest& request) {
  if (request.options.no_catalog && request.options.no_schema) return reply({}, request);
  std::vector<rows::Record> rows;
  for (auto& record : source.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA")) {
    rows.push_back({std::move(record.at(0)), {}, {}, {}, {}});
  }
  return reply(std::move(rows), request);
}

/// The one that tables without a schema have: programs take a list without any for a failure.
CatalogReply all_schemas(const TablesRequest& request) {
  return reply({{{}, "", {}, {}, {}}}, request);
}

CatalogReply table_types(CatalogSource& source, const TablesRequest& request) {
  std::vector<rows::Record> rows;
  for (const auto type : {kTable, kView, kSystemTable, kSystemView}) {
    rows.push_back({{}, {}, {}, std::string(type), {}});
  }
  if (source.is_mariadb() && source.version_number() >= 100300) {
    rows.push_back({{}, {}, {}, std::string(kSequence), {}});
  }
  return reply(std::move(rows), request);
}

bool given_empty(const CatalogText& text) { return text && text->empty(); }

CatalogReply matching_tables(CatalogSource& source, const TablesRequest& request) {
  const TypeList types(request.types);
  // Under ODBC 2 the catalog is not a pattern.
  const auto catalog =
      NameFilter::catalog(source, request.catalog, request.options, !request.options.rules.odbc2);
  const auto table = NameFilter::pattern(request.table, request.options);
  if (!schema_matches(request.schema, request.options)) return reply({}, request);
  std::string sql =
      "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_COMMENT "
      "FROM information_schema.TABLES WHERE TRUE";
  sql += catalog.condition("TABLE_SCHEMA") + table.condition("TABLE_NAME");
  const bool named = catalog.exact_name().has_value();
  if (!named && !types.wants(kSystemTable) && !types.wants(kSystemView)) {
    sql += " AND TABLE_SCHEMA NOT IN " + std::string(kSystemDatabases);
  }
  std::vector<rows::Record> rows;
  for (auto& record : source.rows(sql)) {
    const std::string server_type = to_text(record.at(2));
    const TableType type = table_type(to_text(record.at(0)), server_type);
    // Who names a system database and asks for tables wants those in it.
    if (!types.wants(type.odbc) && !(named && types.wants(type.plain))) continue;
    // The comment of a view is the word VIEW, or why it is invalid.
    std::optional<std::string> remarks = server_type == "VIEW" ? "" : record.at(3);
    rows.push_back({std::move(record.at(0)),
                    {},
                    std::move(record.at(1)),
                    std::string(type.odbc),
                    std::move(remarks)});
  }
  return reply(std::move(rows), request);
}

}  // namespace

CatalogReply tables(CatalogSource& source, const TablesRequest& request) {
  const bool no_table = given_empty(request.table);
  // Programs for any database (DBD::ODBC) give no schema where SQL_SCHEMA_USAGE has none.
  const bool no_schema =
      given_empty(request.schema) || (!request.schema && !request.options.metadata_id);
  if (no_table && request.catalog == "%" && no_schema) {
    return all_catalogs(source, request);
  }
  if (no_table && given_empty(request.catalog) && request.schema == "%") {
    return all_schemas(request);
  }
  if (no_table && given_empty(request.catalog) && no_schema && request.types == "%") {
    return table_types(source, request);
  }
  return matching_tables(source, request);
}

}  // namespace driver::catalog
