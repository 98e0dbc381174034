// Every information type with its value on MariaDB 10.11 and on MySQL 5.6, judged against ODBC 3.8,
// SQLGetInfo, the servers' manuals and what the driver does. Bitmasks are sums; what a DSN changes
// is in info_table_test.cpp, what functions and conversions there are is tried on the servers in
// tests/driver_manager/info_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

#include "driver/info_table.h"

namespace driver {
namespace {

struct InfoValues {
  SQLUSMALLINT type;
  const char* mariadb;
  const char* mysql56;
};

constexpr std::array kValues{
    InfoValues{SQL_MAX_DRIVER_CONNECTIONS, "0", "0"},
    InfoValues{SQL_MAX_CONCURRENT_ACTIVITIES, "0", "0"},
    InfoValues{SQL_DATA_SOURCE_NAME, "farm", "farm"},
    InfoValues{SQL_DRIVER_NAME, "libfabricodbc.so", "libfabricodbc.so"},
    InfoValues{SQL_DRIVER_VER, "00.01.0000", "00.01.0000"},
    InfoValues{SQL_FETCH_DIRECTION, "191", "191"},
    InfoValues{SQL_ODBC_API_CONFORMANCE, "1", "1"},
    InfoValues{SQL_ROW_UPDATES, "Y", "Y"},
    InfoValues{SQL_ODBC_SAG_CLI_CONFORMANCE, "1", "1"},
    InfoValues{SQL_SERVER_NAME, "db1.example", "db1.example"},
    InfoValues{SQL_SEARCH_PATTERN_ESCAPE, "\\", "\\"},
    InfoValues{SQL_ODBC_SQL_CONFORMANCE, "1", "1"},
    InfoValues{SQL_DATABASE_NAME, "shop", "shop"},
    InfoValues{SQL_DBMS_NAME, "MariaDB", "MySQL"},
    InfoValues{SQL_DBMS_VER, "10.11.0019 10.11.19-MariaDB", "05.06.0024 5.6.24"},
    InfoValues{SQL_ACCESSIBLE_TABLES, "N", "N"},
    InfoValues{SQL_ACCESSIBLE_PROCEDURES, "N", "N"},
    InfoValues{SQL_PROCEDURES, "Y", "Y"},
    InfoValues{SQL_CONCAT_NULL_BEHAVIOR, "0", "0"},
    InfoValues{SQL_CURSOR_COMMIT_BEHAVIOR, "2", "2"},
    InfoValues{SQL_CURSOR_ROLLBACK_BEHAVIOR, "2", "2"},
    InfoValues{SQL_DATA_SOURCE_READ_ONLY, "N", "N"},
    InfoValues{SQL_DEFAULT_TXN_ISOLATION, "4", "4"},
    InfoValues{SQL_EXPRESSIONS_IN_ORDERBY, "Y", "Y"},
    InfoValues{SQL_IDENTIFIER_CASE, "3", "3"},
    InfoValues{SQL_IDENTIFIER_QUOTE_CHAR, "`", "`"},
    InfoValues{SQL_MAX_COLUMN_NAME_LEN, "64", "64"},
    InfoValues{SQL_MAX_CURSOR_NAME_LEN, "64", "64"},
    InfoValues{SQL_MAX_SCHEMA_NAME_LEN, "0", "0"},
    InfoValues{SQL_MAX_PROCEDURE_NAME_LEN, "64", "64"},
    InfoValues{SQL_MAX_CATALOG_NAME_LEN, "64", "64"},
    InfoValues{SQL_MAX_TABLE_NAME_LEN, "64", "64"},
    InfoValues{SQL_MULT_RESULT_SETS, "Y", "Y"},
    InfoValues{SQL_MULTIPLE_ACTIVE_TXN, "Y", "Y"},
    InfoValues{SQL_OUTER_JOINS, "Y", "Y"},
    InfoValues{SQL_SCHEMA_TERM, "", ""},
    InfoValues{SQL_PROCEDURE_TERM, "stored procedure", "stored procedure"},
    InfoValues{SQL_CATALOG_NAME_SEPARATOR, ".", "."},
    InfoValues{SQL_CATALOG_TERM, "database", "database"},
    InfoValues{SQL_SCROLL_CONCURRENCY, "9", "9"},
    InfoValues{SQL_SCROLL_OPTIONS, "17", "17"},
    InfoValues{SQL_TABLE_TERM, "table", "table"},
    InfoValues{SQL_TXN_CAPABLE, "3", "3"},
    InfoValues{SQL_USER_NAME, "app", "app"},
    InfoValues{SQL_CONVERT_FUNCTIONS, "3", "3"},
    InfoValues{SQL_NUMERIC_FUNCTIONS, "16777215", "16777215"},
    InfoValues{SQL_STRING_FUNCTIONS, "16777215", "16777215"},
    InfoValues{SQL_SYSTEM_FUNCTIONS, "7", "7"},
    InfoValues{SQL_TIMEDATE_FUNCTIONS, "2097151", "2097151"},
    InfoValues{SQL_CONVERT_BIGINT, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_BINARY, "14946049", "14946049"},
    InfoValues{SQL_CONVERT_BIT, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_CHAR, "15204351", "15204351"},
    InfoValues{SQL_CONVERT_DATE, "15175425", "15175425"},
    InfoValues{SQL_CONVERT_DECIMAL, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_DOUBLE, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_FLOAT, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_INTEGER, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_LONGVARCHAR, "15204351", "15204351"},
    InfoValues{SQL_CONVERT_NUMERIC, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_REAL, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_SMALLINT, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_TIME, "15175425", "15175425"},
    InfoValues{SQL_CONVERT_TIMESTAMP, "15175425", "15175425"},
    InfoValues{SQL_CONVERT_TINYINT, "14974975", "14974975"},
    InfoValues{SQL_CONVERT_VARBINARY, "14946049", "14946049"},
    InfoValues{SQL_CONVERT_VARCHAR, "15204351", "15204351"},
    InfoValues{SQL_CONVERT_LONGVARBINARY, "14946049", "14946049"},
    InfoValues{SQL_TXN_ISOLATION_OPTION, "15", "15"},
    InfoValues{SQL_INTEGRITY, "N", "N"},
    InfoValues{SQL_CORRELATION_NAME, "2", "2"},
    InfoValues{SQL_NON_NULLABLE_COLUMNS, "1", "1"},
    InfoValues{SQL_DRIVER_ODBC_VER, "03.80", "03.80"},
    InfoValues{SQL_LOCK_TYPES, "1", "1"},
    InfoValues{SQL_POS_OPERATIONS, "31", "31"},
    InfoValues{SQL_POSITIONED_STATEMENTS, "3", "3"},
    InfoValues{SQL_GETDATA_EXTENSIONS, "31", "31"},
    InfoValues{SQL_BOOKMARK_PERSISTENCE, "90", "90"},
    InfoValues{SQL_STATIC_SENSITIVITY, "4", "4"},
    InfoValues{SQL_FILE_USAGE, "0", "0"},
    InfoValues{SQL_NULL_COLLATION, "1", "1"},
    InfoValues{SQL_ALTER_TABLE, "40931", "40931"},
    InfoValues{SQL_COLUMN_ALIAS, "Y", "Y"},
    InfoValues{SQL_GROUP_BY, "3", "3"},
    InfoValues{SQL_ORDER_BY_COLUMNS_IN_SELECT, "N", "N"},
    InfoValues{SQL_SCHEMA_USAGE, "0", "0"},
    InfoValues{SQL_CATALOG_USAGE, "31", "31"},
    InfoValues{SQL_QUOTED_IDENTIFIER_CASE, "3", "3"},
    InfoValues{SQL_SUBQUERIES, "31", "31"},
    InfoValues{SQL_UNION, "3", "3"},
    InfoValues{SQL_MAX_COLUMNS_IN_GROUP_BY, "0", "0"},
    InfoValues{SQL_MAX_COLUMNS_IN_INDEX, "32", "16"},
    InfoValues{SQL_MAX_COLUMNS_IN_ORDER_BY, "0", "0"},
    InfoValues{SQL_MAX_COLUMNS_IN_SELECT, "4096", "4096"},
    InfoValues{SQL_MAX_COLUMNS_IN_TABLE, "4096", "4096"},
    InfoValues{SQL_MAX_INDEX_SIZE, "3072", "3072"},
    InfoValues{SQL_MAX_ROW_SIZE_INCLUDES_LONG, "N", "N"},
    InfoValues{SQL_MAX_ROW_SIZE, "65535", "65535"},
    InfoValues{SQL_MAX_STATEMENT_LEN, "0", "0"},
    InfoValues{SQL_MAX_TABLES_IN_SELECT, "61", "61"},
    InfoValues{SQL_MAX_USER_NAME_LEN, "128", "16"},
    InfoValues{SQL_MAX_CHAR_LITERAL_LEN, "0", "0"},
    InfoValues{SQL_TIMEDATE_ADD_INTERVALS, "511", "511"},
    InfoValues{SQL_TIMEDATE_DIFF_INTERVALS, "511", "511"},
    InfoValues{SQL_NEED_LONG_DATA_LEN, "N", "N"},
    InfoValues{SQL_MAX_BINARY_LITERAL_LEN, "0", "0"},
    InfoValues{SQL_LIKE_ESCAPE_CLAUSE, "Y", "Y"},
    InfoValues{SQL_CATALOG_LOCATION, "1", "1"},
    InfoValues{SQL_OJ_CAPABILITIES, "123", "123"},
    InfoValues{SQL_ACTIVE_ENVIRONMENTS, "0", "0"},
    InfoValues{SQL_ALTER_DOMAIN, "0", "0"},
    InfoValues{SQL_SQL_CONFORMANCE, "1", "1"},
    InfoValues{SQL_DATETIME_LITERALS, "7", "7"},
    InfoValues{SQL_BATCH_ROW_COUNT, "0", "0"},
    InfoValues{SQL_BATCH_SUPPORT, "4", "4"},
    InfoValues{SQL_CONVERT_WCHAR, "15204351", "15204351"},
    InfoValues{SQL_CONVERT_INTERVAL_DAY_TIME, "0", "0"},
    InfoValues{SQL_CONVERT_INTERVAL_YEAR_MONTH, "0", "0"},
    InfoValues{SQL_CONVERT_WLONGVARCHAR, "15204351", "15204351"},
    InfoValues{SQL_CONVERT_WVARCHAR, "15204351", "15204351"},
    InfoValues{SQL_CREATE_ASSERTION, "0", "0"},
    InfoValues{SQL_CREATE_CHARACTER_SET, "0", "0"},
    InfoValues{SQL_CREATE_COLLATION, "0", "0"},
    InfoValues{SQL_CREATE_DOMAIN, "0", "0"},
    InfoValues{SQL_CREATE_SCHEMA, "0", "0"},
    InfoValues{SQL_CREATE_TABLE, "15889", "15889"},
    InfoValues{SQL_CREATE_TRANSLATION, "0", "0"},
    InfoValues{SQL_CREATE_VIEW, "15", "15"},
    InfoValues{SQL_DROP_ASSERTION, "0", "0"},
    InfoValues{SQL_DROP_CHARACTER_SET, "0", "0"},
    InfoValues{SQL_DROP_COLLATION, "0", "0"},
    InfoValues{SQL_DROP_DOMAIN, "0", "0"},
    InfoValues{SQL_DROP_SCHEMA, "0", "0"},
    InfoValues{SQL_DROP_TABLE, "7", "7"},
    InfoValues{SQL_DROP_TRANSLATION, "0", "0"},
    InfoValues{SQL_DROP_VIEW, "7", "7"},
    InfoValues{SQL_DYNAMIC_CURSOR_ATTRIBUTES1, "0", "0"},
    InfoValues{SQL_DYNAMIC_CURSOR_ATTRIBUTES2, "0", "0"},
    InfoValues{SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, "97857", "97857"},
    InfoValues{SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, "116873", "116873"},
    InfoValues{SQL_INDEX_KEYWORDS, "3", "3"},
    InfoValues{SQL_INFO_SCHEMA_VIEWS, "4438122", "4438122"},
    InfoValues{SQL_KEYSET_CURSOR_ATTRIBUTES1, "0", "0"},
    InfoValues{SQL_KEYSET_CURSOR_ATTRIBUTES2, "0", "0"},
    InfoValues{SQL_ODBC_INTERFACE_CONFORMANCE, "2", "2"},
    InfoValues{SQL_PARAM_ARRAY_ROW_COUNTS, "2", "2"},
    InfoValues{SQL_PARAM_ARRAY_SELECTS, "2", "2"},
    InfoValues{SQL_SQL92_DATETIME_FUNCTIONS, "7", "7"},
    InfoValues{SQL_SQL92_FOREIGN_KEY_DELETE_RULE, "11", "11"},
    InfoValues{SQL_SQL92_FOREIGN_KEY_UPDATE_RULE, "11", "11"},
    InfoValues{SQL_SQL92_GRANT, "8176", "8176"},
    InfoValues{SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, "63", "63"},
    InfoValues{SQL_SQL92_PREDICATES, "15879", "15879"},
    InfoValues{SQL_SQL92_RELATIONAL_JOIN_OPERATORS, "466", "466"},
    InfoValues{SQL_SQL92_REVOKE, "32656", "32656"},
    InfoValues{SQL_SQL92_ROW_VALUE_CONSTRUCTOR, "15", "15"},
    InfoValues{SQL_SQL92_STRING_FUNCTIONS, "239", "239"},
    InfoValues{SQL_SQL92_VALUE_EXPRESSIONS, "15", "15"},
    InfoValues{SQL_STANDARD_CLI_CONFORMANCE, "2", "2"},
    InfoValues{SQL_STATIC_CURSOR_ATTRIBUTES1, "1015375", "1015375"},
    InfoValues{SQL_STATIC_CURSOR_ATTRIBUTES2, "121033", "121033"},
    InfoValues{SQL_AGGREGATE_FUNCTIONS, "127", "127"},
    InfoValues{SQL_DDL_INDEX, "3", "3"},
    InfoValues{SQL_INSERT_STATEMENT, "7", "7"},
    InfoValues{SQL_CONVERT_GUID, "0", "0"},
    InfoValues{174, "0", "0"},
    InfoValues{175, "0", "0"},
    InfoValues{176, "0", "0"},
    InfoValues{177, "0", "0"},
    InfoValues{178, "0", "0"},
    InfoValues{179, "0", "0"},
    InfoValues{180, "0", "0"},
    InfoValues{181, "0", "0"},
    InfoValues{SQL_DTC_TRANSITION_COST, "0", "0"},
    InfoValues{SQL_XOPEN_CLI_YEAR, "1995", "1995"},
    InfoValues{SQL_CURSOR_SENSITIVITY, "0", "0"},
    InfoValues{SQL_DESCRIBE_PARAMETER, "N", "N"},
    InfoValues{SQL_CATALOG_NAME, "Y", "Y"},
    InfoValues{SQL_COLLATION_SEQ, "utf8mb4_general_ci", "latin1_swedish_ci"},
    InfoValues{SQL_MAX_IDENTIFIER_LEN, "64", "64"},
    InfoValues{SQL_ASYNC_MODE, "0", "0"},
    InfoValues{SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, "0", "0"},
    InfoValues{SQL_ASYNC_DBC_FUNCTIONS, "0", "0"},
    InfoValues{SQL_DRIVER_AWARE_POOLING_SUPPORTED, "0", "0"},
    InfoValues{SQL_ASYNC_NOTIFICATION, "0", "0"}};

InfoContext server(bool mariadb) {
  return {.data_source_name = "farm",
          .server_name = "db1.example",
          .user_name = "app",
          .database_name = "shop",
          .server_version = mariadb ? "10.11.19-MariaDB" : "5.6.24",
          .is_mariadb = mariadb,
          .version_number = mariadb ? 101119U : 50624U,
          .collation = mariadb ? "utf8mb4_general_ci" : "latin1_swedish_ci"};
}

std::string shown(SQLUSMALLINT type, const InfoContext& context) {
  const InfoValue value = info_value(type, context);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* small = std::get_if<SQLUSMALLINT>(&value)) return std::to_string(*small);
  return std::to_string(std::get<SQLUINTEGER>(value));
}

TEST(InfoValues, AreAsJudged) {
  for (const InfoValues& row : kValues) {
    EXPECT_EQ(shown(row.type, server(true)), row.mariadb) << row.type;
    EXPECT_EQ(shown(row.type, server(false)), row.mysql56) << row.type;
  }
}

TEST(InfoValues, AreJudgedForEveryType) {
  std::set<SQLUSMALLINT> judged{SQL_KEYWORDS,
                                SQL_SPECIAL_CHARACTERS};  // lists: info_table_test.cpp
  for (const InfoValues& row : kValues) judged.insert(row.type);
  for (const SQLUSMALLINT type : info_types()) EXPECT_TRUE(judged.contains(type)) << type;
}

}  // namespace
}  // namespace driver
