// docs/conformance.md holds a row for every function, attribute and information type, as the code
// has it: none is missing, none is too many, and each test file it names exists.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "driver/attribute_table.h"
#include "driver/function_table.h"
#include "driver/info_table.h"
#include "tests/support/source_tree.h"

namespace driver {
namespace {

struct Named {
  SQLUSMALLINT id;
  std::string_view name;
};

// As info_types() has them.
constexpr std::array kInfoNames{
    Named{SQL_MAX_DRIVER_CONNECTIONS, "SQL_MAX_DRIVER_CONNECTIONS"},
    Named{SQL_MAX_CONCURRENT_ACTIVITIES, "SQL_MAX_CONCURRENT_ACTIVITIES"},
    Named{SQL_DATA_SOURCE_NAME, "SQL_DATA_SOURCE_NAME"},
    Named{SQL_DRIVER_NAME, "SQL_DRIVER_NAME"},
    Named{SQL_DRIVER_VER, "SQL_DRIVER_VER"},
    Named{SQL_FETCH_DIRECTION, "SQL_FETCH_DIRECTION"},
    Named{SQL_ODBC_API_CONFORMANCE, "SQL_ODBC_API_CONFORMANCE"},
    Named{SQL_ROW_UPDATES, "SQL_ROW_UPDATES"},
    Named{SQL_ODBC_SAG_CLI_CONFORMANCE, "SQL_ODBC_SAG_CLI_CONFORMANCE"},
    Named{SQL_SERVER_NAME, "SQL_SERVER_NAME"},
    Named{SQL_SEARCH_PATTERN_ESCAPE, "SQL_SEARCH_PATTERN_ESCAPE"},
    Named{SQL_ODBC_SQL_CONFORMANCE, "SQL_ODBC_SQL_CONFORMANCE"},
    Named{SQL_DATABASE_NAME, "SQL_DATABASE_NAME"},
    Named{SQL_DBMS_NAME, "SQL_DBMS_NAME"},
    Named{SQL_DBMS_VER, "SQL_DBMS_VER"},
    Named{SQL_ACCESSIBLE_TABLES, "SQL_ACCESSIBLE_TABLES"},
    Named{SQL_ACCESSIBLE_PROCEDURES, "SQL_ACCESSIBLE_PROCEDURES"},
    Named{SQL_PROCEDURES, "SQL_PROCEDURES"},
    Named{SQL_CONCAT_NULL_BEHAVIOR, "SQL_CONCAT_NULL_BEHAVIOR"},
    Named{SQL_CURSOR_COMMIT_BEHAVIOR, "SQL_CURSOR_COMMIT_BEHAVIOR"},
    Named{SQL_CURSOR_ROLLBACK_BEHAVIOR, "SQL_CURSOR_ROLLBACK_BEHAVIOR"},
    Named{SQL_DATA_SOURCE_READ_ONLY, "SQL_DATA_SOURCE_READ_ONLY"},
    Named{SQL_DEFAULT_TXN_ISOLATION, "SQL_DEFAULT_TXN_ISOLATION"},
    Named{SQL_EXPRESSIONS_IN_ORDERBY, "SQL_EXPRESSIONS_IN_ORDERBY"},
    Named{SQL_IDENTIFIER_CASE, "SQL_IDENTIFIER_CASE"},
    Named{SQL_IDENTIFIER_QUOTE_CHAR, "SQL_IDENTIFIER_QUOTE_CHAR"},
    Named{SQL_MAX_COLUMN_NAME_LEN, "SQL_MAX_COLUMN_NAME_LEN"},
    Named{SQL_MAX_CURSOR_NAME_LEN, "SQL_MAX_CURSOR_NAME_LEN"},
    Named{SQL_MAX_SCHEMA_NAME_LEN, "SQL_MAX_SCHEMA_NAME_LEN"},
    Named{SQL_MAX_PROCEDURE_NAME_LEN, "SQL_MAX_PROCEDURE_NAME_LEN"},
    Named{SQL_MAX_CATALOG_NAME_LEN, "SQL_MAX_CATALOG_NAME_LEN"},
    Named{SQL_MAX_TABLE_NAME_LEN, "SQL_MAX_TABLE_NAME_LEN"},
    Named{SQL_MULT_RESULT_SETS, "SQL_MULT_RESULT_SETS"},
    Named{SQL_MULTIPLE_ACTIVE_TXN, "SQL_MULTIPLE_ACTIVE_TXN"},
    Named{SQL_OUTER_JOINS, "SQL_OUTER_JOINS"},
    Named{SQL_SCHEMA_TERM, "SQL_SCHEMA_TERM"},
    Named{SQL_PROCEDURE_TERM, "SQL_PROCEDURE_TERM"},
    Named{SQL_CATALOG_NAME_SEPARATOR, "SQL_CATALOG_NAME_SEPARATOR"},
    Named{SQL_CATALOG_TERM, "SQL_CATALOG_TERM"},
    Named{SQL_SCROLL_CONCURRENCY, "SQL_SCROLL_CONCURRENCY"},
    Named{SQL_SCROLL_OPTIONS, "SQL_SCROLL_OPTIONS"},
    Named{SQL_TABLE_TERM, "SQL_TABLE_TERM"},
    Named{SQL_TXN_CAPABLE, "SQL_TXN_CAPABLE"},
    Named{SQL_USER_NAME, "SQL_USER_NAME"},
    Named{SQL_CONVERT_FUNCTIONS, "SQL_CONVERT_FUNCTIONS"},
    Named{SQL_NUMERIC_FUNCTIONS, "SQL_NUMERIC_FUNCTIONS"},
    Named{SQL_STRING_FUNCTIONS, "SQL_STRING_FUNCTIONS"},
    Named{SQL_SYSTEM_FUNCTIONS, "SQL_SYSTEM_FUNCTIONS"},
    Named{SQL_TIMEDATE_FUNCTIONS, "SQL_TIMEDATE_FUNCTIONS"},
    Named{SQL_CONVERT_BIGINT, "SQL_CONVERT_BIGINT"},
    Named{SQL_CONVERT_BINARY, "SQL_CONVERT_BINARY"},
    Named{SQL_CONVERT_BIT, "SQL_CONVERT_BIT"},
    Named{SQL_CONVERT_CHAR, "SQL_CONVERT_CHAR"},
    Named{SQL_CONVERT_DATE, "SQL_CONVERT_DATE"},
    Named{SQL_CONVERT_DECIMAL, "SQL_CONVERT_DECIMAL"},
    Named{SQL_CONVERT_DOUBLE, "SQL_CONVERT_DOUBLE"},
    Named{SQL_CONVERT_FLOAT, "SQL_CONVERT_FLOAT"},
    Named{SQL_CONVERT_INTEGER, "SQL_CONVERT_INTEGER"},
    Named{SQL_CONVERT_LONGVARCHAR, "SQL_CONVERT_LONGVARCHAR"},
    Named{SQL_CONVERT_NUMERIC, "SQL_CONVERT_NUMERIC"},
    Named{SQL_CONVERT_REAL, "SQL_CONVERT_REAL"},
    Named{SQL_CONVERT_SMALLINT, "SQL_CONVERT_SMALLINT"},
    Named{SQL_CONVERT_TIME, "SQL_CONVERT_TIME"},
    Named{SQL_CONVERT_TIMESTAMP, "SQL_CONVERT_TIMESTAMP"},
    Named{SQL_CONVERT_TINYINT, "SQL_CONVERT_TINYINT"},
    Named{SQL_CONVERT_VARBINARY, "SQL_CONVERT_VARBINARY"},
    Named{SQL_CONVERT_VARCHAR, "SQL_CONVERT_VARCHAR"},
    Named{SQL_CONVERT_LONGVARBINARY, "SQL_CONVERT_LONGVARBINARY"},
    Named{SQL_TXN_ISOLATION_OPTION, "SQL_TXN_ISOLATION_OPTION"},
    Named{SQL_INTEGRITY, "SQL_INTEGRITY"},
    Named{SQL_CORRELATION_NAME, "SQL_CORRELATION_NAME"},
    Named{SQL_NON_NULLABLE_COLUMNS, "SQL_NON_NULLABLE_COLUMNS"},
    Named{SQL_DRIVER_ODBC_VER, "SQL_DRIVER_ODBC_VER"},
    Named{SQL_LOCK_TYPES, "SQL_LOCK_TYPES"},
    Named{SQL_POS_OPERATIONS, "SQL_POS_OPERATIONS"},
    Named{SQL_POSITIONED_STATEMENTS, "SQL_POSITIONED_STATEMENTS"},
    Named{SQL_GETDATA_EXTENSIONS, "SQL_GETDATA_EXTENSIONS"},
    Named{SQL_BOOKMARK_PERSISTENCE, "SQL_BOOKMARK_PERSISTENCE"},
    Named{SQL_STATIC_SENSITIVITY, "SQL_STATIC_SENSITIVITY"},
    Named{SQL_FILE_USAGE, "SQL_FILE_USAGE"},
    Named{SQL_NULL_COLLATION, "SQL_NULL_COLLATION"},
    Named{SQL_ALTER_TABLE, "SQL_ALTER_TABLE"},
    Named{SQL_COLUMN_ALIAS, "SQL_COLUMN_ALIAS"},
    Named{SQL_GROUP_BY, "SQL_GROUP_BY"},
    Named{SQL_KEYWORDS, "SQL_KEYWORDS"},
    Named{SQL_ORDER_BY_COLUMNS_IN_SELECT, "SQL_ORDER_BY_COLUMNS_IN_SELECT"},
    Named{SQL_SCHEMA_USAGE, "SQL_SCHEMA_USAGE"},
    Named{SQL_CATALOG_USAGE, "SQL_CATALOG_USAGE"},
    Named{SQL_QUOTED_IDENTIFIER_CASE, "SQL_QUOTED_IDENTIFIER_CASE"},
    Named{SQL_SPECIAL_CHARACTERS, "SQL_SPECIAL_CHARACTERS"},
    Named{SQL_SUBQUERIES, "SQL_SUBQUERIES"},
    Named{SQL_UNION, "SQL_UNION"},
    Named{SQL_MAX_COLUMNS_IN_GROUP_BY, "SQL_MAX_COLUMNS_IN_GROUP_BY"},
    Named{SQL_MAX_COLUMNS_IN_INDEX, "SQL_MAX_COLUMNS_IN_INDEX"},
    Named{SQL_MAX_COLUMNS_IN_ORDER_BY, "SQL_MAX_COLUMNS_IN_ORDER_BY"},
    Named{SQL_MAX_COLUMNS_IN_SELECT, "SQL_MAX_COLUMNS_IN_SELECT"},
    Named{SQL_MAX_COLUMNS_IN_TABLE, "SQL_MAX_COLUMNS_IN_TABLE"},
    Named{SQL_MAX_INDEX_SIZE, "SQL_MAX_INDEX_SIZE"},
    Named{SQL_MAX_ROW_SIZE_INCLUDES_LONG, "SQL_MAX_ROW_SIZE_INCLUDES_LONG"},
    Named{SQL_MAX_ROW_SIZE, "SQL_MAX_ROW_SIZE"},
    Named{SQL_MAX_STATEMENT_LEN, "SQL_MAX_STATEMENT_LEN"},
    Named{SQL_MAX_TABLES_IN_SELECT, "SQL_MAX_TABLES_IN_SELECT"},
    Named{SQL_MAX_USER_NAME_LEN, "SQL_MAX_USER_NAME_LEN"},
    Named{SQL_MAX_CHAR_LITERAL_LEN, "SQL_MAX_CHAR_LITERAL_LEN"},
    Named{SQL_TIMEDATE_ADD_INTERVALS, "SQL_TIMEDATE_ADD_INTERVALS"},
    Named{SQL_TIMEDATE_DIFF_INTERVALS, "SQL_TIMEDATE_DIFF_INTERVALS"},
    Named{SQL_NEED_LONG_DATA_LEN, "SQL_NEED_LONG_DATA_LEN"},
    Named{SQL_MAX_BINARY_LITERAL_LEN, "SQL_MAX_BINARY_LITERAL_LEN"},
    Named{SQL_LIKE_ESCAPE_CLAUSE, "SQL_LIKE_ESCAPE_CLAUSE"},
    Named{SQL_CATALOG_LOCATION, "SQL_CATALOG_LOCATION"},
    Named{SQL_OJ_CAPABILITIES, "SQL_OJ_CAPABILITIES"},
    Named{SQL_ACTIVE_ENVIRONMENTS, "SQL_ACTIVE_ENVIRONMENTS"},
    Named{SQL_ALTER_DOMAIN, "SQL_ALTER_DOMAIN"},
    Named{SQL_SQL_CONFORMANCE, "SQL_SQL_CONFORMANCE"},
    Named{SQL_DATETIME_LITERALS, "SQL_DATETIME_LITERALS"},
    Named{SQL_BATCH_ROW_COUNT, "SQL_BATCH_ROW_COUNT"},
    Named{SQL_BATCH_SUPPORT, "SQL_BATCH_SUPPORT"},
    Named{SQL_CONVERT_WCHAR, "SQL_CONVERT_WCHAR"},
    Named{SQL_CONVERT_INTERVAL_DAY_TIME, "SQL_CONVERT_INTERVAL_DAY_TIME"},
    Named{SQL_CONVERT_INTERVAL_YEAR_MONTH, "SQL_CONVERT_INTERVAL_YEAR_MONTH"},
    Named{SQL_CONVERT_WLONGVARCHAR, "SQL_CONVERT_WLONGVARCHAR"},
    Named{SQL_CONVERT_WVARCHAR, "SQL_CONVERT_WVARCHAR"},
    Named{SQL_CREATE_ASSERTION, "SQL_CREATE_ASSERTION"},
    Named{SQL_CREATE_CHARACTER_SET, "SQL_CREATE_CHARACTER_SET"},
    Named{SQL_CREATE_COLLATION, "SQL_CREATE_COLLATION"},
    Named{SQL_CREATE_DOMAIN, "SQL_CREATE_DOMAIN"},
    Named{SQL_CREATE_SCHEMA, "SQL_CREATE_SCHEMA"},
    Named{SQL_CREATE_TABLE, "SQL_CREATE_TABLE"},
    Named{SQL_CREATE_TRANSLATION, "SQL_CREATE_TRANSLATION"},
    Named{SQL_CREATE_VIEW, "SQL_CREATE_VIEW"},
    Named{SQL_DROP_ASSERTION, "SQL_DROP_ASSERTION"},
    Named{SQL_DROP_CHARACTER_SET, "SQL_DROP_CHARACTER_SET"},
    Named{SQL_DROP_COLLATION, "SQL_DROP_COLLATION"},
    Named{SQL_DROP_DOMAIN, "SQL_DROP_DOMAIN"},
    Named{SQL_DROP_SCHEMA, "SQL_DROP_SCHEMA"},
    Named{SQL_DROP_TABLE, "SQL_DROP_TABLE"},
    Named{SQL_DROP_TRANSLATION, "SQL_DROP_TRANSLATION"},
    Named{SQL_DROP_VIEW, "SQL_DROP_VIEW"},
    Named{SQL_DYNAMIC_CURSOR_ATTRIBUTES1, "SQL_DYNAMIC_CURSOR_ATTRIBUTES1"},
    Named{SQL_DYNAMIC_CURSOR_ATTRIBUTES2, "SQL_DYNAMIC_CURSOR_ATTRIBUTES2"},
    Named{SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, "SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1"},
    Named{SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, "SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2"},
    Named{SQL_INDEX_KEYWORDS, "SQL_INDEX_KEYWORDS"},
    Named{SQL_INFO_SCHEMA_VIEWS, "SQL_INFO_SCHEMA_VIEWS"},
    Named{SQL_KEYSET_CURSOR_ATTRIBUTES1, "SQL_KEYSET_CURSOR_ATTRIBUTES1"},
    Named{SQL_KEYSET_CURSOR_ATTRIBUTES2, "SQL_KEYSET_CURSOR_ATTRIBUTES2"},
    Named{SQL_ODBC_INTERFACE_CONFORMANCE, "SQL_ODBC_INTERFACE_CONFORMANCE"},
    Named{SQL_PARAM_ARRAY_ROW_COUNTS, "SQL_PARAM_ARRAY_ROW_COUNTS"},
    Named{SQL_PARAM_ARRAY_SELECTS, "SQL_PARAM_ARRAY_SELECTS"},
    Named{SQL_SQL92_DATETIME_FUNCTIONS, "SQL_SQL92_DATETIME_FUNCTIONS"},
    Named{SQL_SQL92_FOREIGN_KEY_DELETE_RULE, "SQL_SQL92_FOREIGN_KEY_DELETE_RULE"},
    Named{SQL_SQL92_FOREIGN_KEY_UPDATE_RULE, "SQL_SQL92_FOREIGN_KEY_UPDATE_RULE"},
    Named{SQL_SQL92_GRANT, "SQL_SQL92_GRANT"},
    Named{SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, "SQL_SQL92_NUMERIC_VALUE_FUNCTIONS"},
    Named{SQL_SQL92_PREDICATES, "SQL_SQL92_PREDICATES"},
    Named{SQL_SQL92_RELATIONAL_JOIN_OPERATORS, "SQL_SQL92_RELATIONAL_JOIN_OPERATORS"},
    Named{SQL_SQL92_REVOKE, "SQL_SQL92_REVOKE"},
    Named{SQL_SQL92_ROW_VALUE_CONSTRUCTOR, "SQL_SQL92_ROW_VALUE_CONSTRUCTOR"},
    Named{SQL_SQL92_STRING_FUNCTIONS, "SQL_SQL92_STRING_FUNCTIONS"},
    Named{SQL_SQL92_VALUE_EXPRESSIONS, "SQL_SQL92_VALUE_EXPRESSIONS"},
    Named{SQL_STANDARD_CLI_CONFORMANCE, "SQL_STANDARD_CLI_CONFORMANCE"},
    Named{SQL_STATIC_CURSOR_ATTRIBUTES1, "SQL_STATIC_CURSOR_ATTRIBUTES1"},
    Named{SQL_STATIC_CURSOR_ATTRIBUTES2, "SQL_STATIC_CURSOR_ATTRIBUTES2"},
    Named{SQL_AGGREGATE_FUNCTIONS, "SQL_AGGREGATE_FUNCTIONS"},
    Named{SQL_DDL_INDEX, "SQL_DDL_INDEX"},
    Named{SQL_INSERT_STATEMENT, "SQL_INSERT_STATEMENT"},
    Named{SQL_CONVERT_GUID, "SQL_CONVERT_GUID"},
    Named{174, "SQL_SCHEMA_INFERENCE"},      // ODBC 4.0
    Named{175, "SQL_BINARY_FUNCTIONS"},      // ODBC 4.0
    Named{176, "SQL_ISO_STRING_FUNCTIONS"},  // ODBC 4.0
    Named{177, "SQL_ISO_BINARY_FUNCTIONS"},  // ODBC 4.0
    Named{178, "SQL_LIMIT_ESCAPE_CLAUSE"},   // ODBC 4.0
    Named{179, "SQL_NATIVE_ESCAPE_CLAUSE"},  // ODBC 4.0
    Named{180, "SQL_RETURN_ESCAPE_CLAUSE"},  // ODBC 4.0
    Named{181, "SQL_FORMAT_ESCAPE_CLAUSE"},  // ODBC 4.0
    Named{SQL_DTC_TRANSITION_COST, "SQL_DTC_TRANSITION_COST"},
    Named{SQL_XOPEN_CLI_YEAR, "SQL_XOPEN_CLI_YEAR"},
    Named{SQL_CURSOR_SENSITIVITY, "SQL_CURSOR_SENSITIVITY"},
    Named{SQL_DESCRIBE_PARAMETER, "SQL_DESCRIBE_PARAMETER"},
    Named{SQL_CATALOG_NAME, "SQL_CATALOG_NAME"},
    Named{SQL_COLLATION_SEQ, "SQL_COLLATION_SEQ"},
    Named{SQL_MAX_IDENTIFIER_LEN, "SQL_MAX_IDENTIFIER_LEN"},
    Named{SQL_ASYNC_MODE, "SQL_ASYNC_MODE"},
    Named{SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, "SQL_MAX_ASYNC_CONCURRENT_STATEMENTS"},
    Named{SQL_ASYNC_DBC_FUNCTIONS, "SQL_ASYNC_DBC_FUNCTIONS"},
    Named{SQL_DRIVER_AWARE_POOLING_SUPPORTED, "SQL_DRIVER_AWARE_POOLING_SUPPORTED"},
    Named{SQL_ASYNC_NOTIFICATION, "SQL_ASYNC_NOTIFICATION"},
};

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string row_start(const FunctionRow& row) {
  constexpr std::array kUses{"driver", "driver, for ODBC 2", "driver manager", "missing"};
  return "| " + code(row.name) + " | " + kUses[static_cast<std::size_t>(row.use)] + " |";
}

std::string values_of(const AttributeRow& row) {
  if (row.shape == AttributeShape::kText || row.shape == AttributeShape::kPointer) return "";
  const std::string least = std::to_string(row.least);
  if (row.most == AttributeRow::kAny) return row.least == 0 ? "any" : "from " + least;
  return row.least == row.most ? least : least + " to " + std::to_string(row.most);
}

std::string row_start(const AttributeRow& row) {
  constexpr std::array kShapes{"32 bits", "64 bits", "pointer", "text"};
  constexpr std::array kTimes{"any time",       "before connecting", "when connected",
                              "no cursor open", "read-only (HY092)", "refused (HYC00)",
                              "driver manager"};
  return "| " + code(row.name) + " | " + kShapes[static_cast<std::size_t>(row.shape)] + " | " +
         kTimes[static_cast<std::size_t>(row.time)] + " | " + values_of(row) + " |";
}

std::string shown(const InfoValue& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) {
    constexpr std::size_t kLongest = 24;
    return text->size() > kLongest ? "a list" : code(text->empty() ? "(empty)" : *text);
  }
  if (const auto* const small = std::get_if<SQLUSMALLINT>(&value)) return std::to_string(*small);
  std::ostringstream hex;
  hex << "0x" << std::hex << std::get<SQLUINTEGER>(value);
  return hex.str();
}

std::string row_start(const Named& named) {
  InfoContext one;
  InfoContext other{.data_source_name = "a",
                    .server_name = "a",
                    .user_name = "a",
                    .database_name = "a",
                    .server_version = "a",
                    .is_mariadb = true,
                    .version_number = 101100,
                    .read_only = true,
                    .multi_statements = true,
                    .no_catalog = true,
                    .no_schema = false,
                    .forward_only = true,
                    .dynamic_cursor = true,
                    .collation = "utf8mb4_general_ci",
                    .lower_case_table_names = 1,
                    .default_isolation = SQL_TXN_SERIALIZABLE};
  const InfoValue value = info_value(named.id, one);
  const bool fixed = value == info_value(named.id, other) && named.id != SQL_DRIVER_VER;
  return "| " + std::to_string(named.id) + " | " + code(named.name) + " | " +
         (fixed ? shown(value) : "by the connection") + " |";
}

class ConformanceDoc : public testing::Test {
 protected:
  static std::vector<std::string> lines() {
    std::ifstream file(test_support::source_file("docs/conformance.md"));
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  /// The section's rows begin with these, in this order and with no other between them.
  template <class Rows>
  static void expect_rows(const std::string& section, const Rows& rows) {
    const std::vector<std::string> all = lines();
    auto line = std::ranges::find(all, "## " + section);
    ASSERT_NE(line, all.end()) << "no section '" << section << "'";
    while (line != all.end() && !line->starts_with("|---")) ++line;
    for (const auto& row : rows) {
      const std::string start = row_start(row);
      ASSERT_NE(++line, all.end());
      EXPECT_TRUE(line->starts_with(start)) << "should start with:\n"
                                            << start << "\nbut is:\n"
                                            << *line;
    }
    EXPECT_FALSE((++line)->starts_with("|")) << "one row too many: " << *line;
  }
};

TEST_F(ConformanceDoc, HasEveryFunction) { expect_rows("Functions", functions()); }

TEST_F(ConformanceDoc, HasEveryEnvironmentAttribute) {
  expect_rows("Environment attributes", attributes(AttributeOwner::kEnvironment));
}

TEST_F(ConformanceDoc, HasEveryConnectionAttribute) {
  expect_rows("Connection attributes", attributes(AttributeOwner::kConnection));
}

TEST_F(ConformanceDoc, HasEveryStatementAttribute) {
  expect_rows("Statement attributes", attributes(AttributeOwner::kStatement));
}

TEST_F(ConformanceDoc, HasEveryInformationType) {
  ASSERT_TRUE(std::ranges::equal(kInfoNames, info_types(), {}, &Named::id));
  expect_rows("Information types", kInfoNames);
}

TEST_F(ConformanceDoc, NamesTestsThatExist) {
  const std::regex path("tests/[A-Za-z0-9_/]+\\.(cpp|py|txt)");
  for (const std::string& line : lines()) {
    for (std::sregex_iterator found(line.begin(), line.end(), path), end; found != end; ++found) {
      EXPECT_TRUE(std::filesystem::exists(test_support::source_file(found->str()))) << line;
    }
  }
}

}  // namespace
}  // namespace driver
