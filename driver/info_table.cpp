#include "driver/info_table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "driver/sql/reserved_words.h"
#include "fabric/base/error.h"

namespace driver {

namespace {

constexpr SQLUINTEGER kChangesThroughCursor =
    SQL_CA1_LOCK_NO_CHANGE | SQL_CA1_POS_POSITION | SQL_CA1_POS_UPDATE | SQL_CA1_POS_DELETE |
    SQL_CA1_POS_REFRESH | SQL_CA1_POSITIONED_UPDATE | SQL_CA1_POSITIONED_DELETE | SQL_CA1_BULK_ADD;
constexpr SQLUINTEGER kCursorTraits = SQL_CA2_READ_ONLY_CONCURRENCY |
                                      SQL_CA2_OPT_VALUES_CONCURRENCY | SQL_CA2_MAX_ROWS_SELECT |
                                      SQL_CA2_MAX_ROWS_CATALOG | SQL_CA2_SIMULATE_NON_UNIQUE |
                                      SQL_CA2_SIMULATE_TRY_UNIQUE | SQL_CA2_SIMULATE_UNIQUE;

constexpr SQLUINTEGER kStaticMoves =
    SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE | SQL_CA1_BOOKMARK | kChangesThroughCursor |
    SQL_CA1_BULK_UPDATE_BY_BOOKMARK | SQL_CA1_BULK_DELETE_BY_BOOKMARK |
    SQL_CA1_BULK_FETCH_BY_BOOKMARK;
constexpr SQLUINTEGER kStaticTraits =
    kCursorTraits | SQL_CA2_SENSITIVITY_UPDATES | SQL_CA2_CRC_EXACT;

constexpr SQLUINTEGER kDynamicMoves =
    SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE | kChangesThroughCursor;
constexpr SQLUINTEGER kDynamicTraits = kCursorTraits | SQL_CA2_SENSITIVITY_ADDITIONS |
                                       SQL_CA2_SENSITIVITY_DELETIONS | SQL_CA2_SENSITIVITY_UPDATES |
                                       SQL_CA2_CRC_EXACT;

using Computed = InfoValue (*)(const InfoContext&);
using Constant = std::variant<std::string_view, SQLUSMALLINT, SQLUINTEGER, Computed>;

struct InfoRow {
  SQLUSMALLINT type;
  Constant value;
};

constexpr InfoRow text(SQLUSMALLINT type, std::string_view value) { return {type, value}; }
constexpr InfoRow small(SQLUSMALLINT type, SQLUSMALLINT value) { return {type, value}; }
constexpr InfoRow mask(SQLUSMALLINT type, std::uint64_t value) {
  return {type, static_cast<SQLUINTEGER>(value)};
}
constexpr InfoRow computed(SQLUSMALLINT type, Computed value) { return {type, value}; }

std::string padded(unsigned number, std::size_t digits) {
  std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

/// "##.##.####", as SQL_DRIVER_VER and SQL_DBMS_VER want their first part.
std::string odbc_version(unsigned number) {
  return padded(number / 10000, 2) + '.' + padded(number / 100 % 100, 2) + '.' +
         padded(number % 100, 4);
}

InfoValue dbms_name(const InfoContext& context) {
  return std::string(context.named_mariadb ? "MariaDB" : "MySQL");
}

InfoValue dbms_version(const InfoContext& context) {
  return odbc_version(context.version_number) + ' ' + context.server_version;
}

InfoValue identifier_case(const InfoContext& context) {
  switch (context.lower_case_table_names) {
    case 0:
      return SQLUSMALLINT{SQL_IC_SENSITIVE};
    case 1:
      return SQLUSMALLINT{SQL_IC_LOWER};
    default:
      return SQLUSMALLINT{SQL_IC_MIXED};
  }
}

/// The longest user name: 16 characters before MySQL 5.7, 32 since; MariaDB 80, 128 since 10.6.
InfoValue user_name_length(const InfoContext& context) {
  const unsigned version = context.version_number;
  if (context.is_mariadb) return static_cast<SQLUSMALLINT>(version >= 100600 ? 128 : 80);
  return static_cast<SQLUSMALLINT>(version >= 50700 ? 32 : 16);
}

InfoValue index_columns(const InfoContext& context) {
  return static_cast<SQLUSMALLINT>(context.is_mariadb ? 32 : 16);
}

InfoValue yes_or_no(bool value) { return std::string(value ? "Y" : "N"); }

// NO_CATALOG and NO_SCHEMA: whether a database is called a catalog, a schema or neither.
constexpr SQLUSMALLINT kNameLength = 64;

InfoValue catalog_text(const InfoContext& context, const char* value) {
  return std::string(context.no_catalog ? "" : value);
}

InfoValue name_length(bool none) { return none ? SQLUSMALLINT{0} : kNameLength; }

InfoValue usage(bool none, SQLUINTEGER value) { return none ? SQLUINTEGER{0} : value; }

/// What only a static cursor has: FORWARD_CURSOR leaves none.
InfoValue of_static(const InfoContext& context, SQLUINTEGER value) {
  return context.forward_only ? SQLUINTEGER{0} : value;
}

InfoValue of_dynamic(const InfoContext& context, SQLUINTEGER value) {
  return context.dynamic_cursor ? value : SQLUINTEGER{0};
}

InfoValue batch_support(const InfoContext& context) {
  SQLUINTEGER value = SQL_BS_SELECT_PROC;
  if (context.multi_statements) value |= SQL_BS_SELECT_EXPLICIT | SQL_BS_ROW_COUNT_EXPLICIT;
  return value;
}

InfoValue batch_row_count(const InfoContext& context) {
  return static_cast<SQLUINTEGER>(context.multi_statements ? SQL_BRC_EXPLICIT : 0);
}

constexpr SQLUINTEGER kSchemaUsage = SQL_SU_DML_STATEMENTS | SQL_SU_PROCEDURE_INVOCATION |
                                     SQL_SU_TABLE_DEFINITION | SQL_SU_INDEX_DEFINITION |
                                     SQL_SU_PRIVILEGE_DEFINITION;
constexpr SQLUINTEGER kCatalogUsage = SQL_CU_DML_STATEMENTS | SQL_CU_PROCEDURE_INVOCATION |
                                      SQL_CU_TABLE_DEFINITION | SQL_CU_INDEX_DEFINITION |
                                      SQL_CU_PRIVILEGE_DEFINITION;
// What {fn CONVERT(value, type)} can make of a value (driver/sql/escape_functions.cpp).
constexpr std::uint64_t kToText = SQL_CVT_CHAR | SQL_CVT_VARCHAR | SQL_CVT_LONGVARCHAR |
                                  SQL_CVT_WCHAR | SQL_CVT_WVARCHAR | SQL_CVT_WLONGVARCHAR;
constexpr std::uint64_t kToNumber =
    SQL_CVT_BIGINT | SQL_CVT_BIT | SQL_CVT_DECIMAL | SQL_CVT_DOUBLE | SQL_CVT_FLOAT |
    SQL_CVT_INTEGER | SQL_CVT_NUMERIC | SQL_CVT_REAL | SQL_CVT_SMALLINT | SQL_CVT_TINYINT;
constexpr std::uint64_t kToBinary = SQL_CVT_BINARY | SQL_CVT_VARBINARY | SQL_CVT_LONGVARBINARY;
constexpr std::uint64_t kToMoment = SQL_CVT_DATE | SQL_CVT_TIME | SQL_CVT_TIMESTAMP;
constexpr std::uint64_t kFromText = kToText | kToNumber | kToBinary | kToMoment;
constexpr std::uint64_t kFromNumber = kToText | kToNumber | kToBinary;
constexpr std::uint64_t kFromMoment = kToText | kToBinary | kToMoment;
constexpr std::uint64_t kNumericFunctions =
    SQL_FN_NUM_ABS | SQL_FN_NUM_ACOS | SQL_FN_NUM_ASIN | SQL_FN_NUM_ATAN | SQL_FN_NUM_ATAN2 |
    SQL_FN_NUM_CEILING | SQL_FN_NUM_COS | SQL_FN_NUM_COT | SQL_FN_NUM_EXP | SQL_FN_NUM_FLOOR |
    SQL_FN_NUM_LOG | SQL_FN_NUM_MOD | SQL_FN_NUM_SIGN | SQL_FN_NUM_SIN | SQL_FN_NUM_SQRT |
    SQL_FN_NUM_TAN | SQL_FN_NUM_PI | SQL_FN_NUM_RAND | SQL_FN_NUM_DEGREES | SQL_FN_NUM_LOG10 |
    SQL_FN_NUM_POWER | SQL_FN_NUM_RADIANS | SQL_FN_NUM_ROUND | SQL_FN_NUM_TRUNCATE;
constexpr std::uint64_t kStringFunctions =
    SQL_FN_STR_CONCAT | SQL_FN_STR_INSERT | SQL_FN_STR_LEFT | SQL_FN_STR_LTRIM | SQL_FN_STR_LENGTH |
    SQL_FN_STR_LOCATE | SQL_FN_STR_LCASE | SQL_FN_STR_REPEAT | SQL_FN_STR_REPLACE |
    SQL_FN_STR_RIGHT | SQL_FN_STR_RTRIM | SQL_FN_STR_SUBSTRING | SQL_FN_STR_UCASE |
    SQL_FN_STR_ASCII | SQL_FN_STR_CHAR | SQL_FN_STR_DIFFERENCE | SQL_FN_STR_LOCATE_2 |
    SQL_FN_STR_SOUNDEX | SQL_FN_STR_SPACE | SQL_FN_STR_BIT_LENGTH | SQL_FN_STR_CHAR_LENGTH |
    SQL_FN_STR_CHARACTER_LENGTH | SQL_FN_STR_OCTET_LENGTH | SQL_FN_STR_POSITION;
constexpr std::uint64_t kTimeFunctions =
    SQL_FN_TD_NOW | SQL_FN_TD_CURDATE | SQL_FN_TD_DAYOFMONTH | SQL_FN_TD_DAYOFWEEK |
    SQL_FN_TD_DAYOFYEAR | SQL_FN_TD_MONTH | SQL_FN_TD_QUARTER | SQL_FN_TD_WEEK | SQL_FN_TD_YEAR |
    SQL_FN_TD_CURTIME | SQL_FN_TD_HOUR | SQL_FN_TD_MINUTE | SQL_FN_TD_SECOND |
    SQL_FN_TD_TIMESTAMPADD | SQL_FN_TD_TIMESTAMPDIFF | SQL_FN_TD_DAYNAME | SQL_FN_TD_MONTHNAME |
    SQL_FN_TD_CURRENT_DATE | SQL_FN_TD_CURRENT_TIME | SQL_FN_TD_CURRENT_TIMESTAMP |
    SQL_FN_TD_EXTRACT;
constexpr std::uint64_t kTimeIntervals =
    SQL_FN_TSI_FRAC_SECOND | SQL_FN_TSI_SECOND | SQL_FN_TSI_MINUTE | SQL_FN_TSI_HOUR |
    SQL_FN_TSI_DAY | SQL_FN_TSI_WEEK | SQL_FN_TSI_MONTH | SQL_FN_TSI_QUARTER | SQL_FN_TSI_YEAR;
constexpr std::uint64_t kAlterTable =
    SQL_AT_ADD_COLUMN | SQL_AT_DROP_COLUMN | SQL_AT_ADD_COLUMN_SINGLE | SQL_AT_ADD_COLUMN_DEFAULT |
    SQL_AT_ADD_COLUMN_COLLATION | SQL_AT_SET_COLUMN_DEFAULT | SQL_AT_DROP_COLUMN_DEFAULT |
    SQL_AT_DROP_COLUMN_CASCADE | SQL_AT_DROP_COLUMN_RESTRICT | SQL_AT_ADD_TABLE_CONSTRAINT |
    SQL_AT_CONSTRAINT_NAME_DEFINITION;
constexpr std::uint64_t kSubqueries = SQL_SQ_COMPARISON | SQL_SQ_EXISTS | SQL_SQ_IN |
                                      SQL_SQ_QUANTIFIED | SQL_SQ_CORRELATED_SUBQUERIES;
constexpr std::uint64_t kOuterJoins = SQL_OJ_LEFT | SQL_OJ_RIGHT | SQL_OJ_NESTED |
                                      SQL_OJ_NOT_ORDERED | SQL_OJ_INNER | SQL_OJ_ALL_COMPARISON_OPS;
constexpr std::uint64_t kCreateTable = SQL_CT_CREATE_TABLE | SQL_CT_LOCAL_TEMPORARY |
                                       SQL_CT_COLUMN_CONSTRAINT | SQL_CT_COLUMN_DEFAULT |
                                       SQL_CT_COLUMN_COLLATION | SQL_CT_TABLE_CONSTRAINT |
                                       SQL_CT_CONSTRAINT_NAME_DEFINITION;
constexpr std::uint64_t kSchemaViews =
    SQL_ISV_CHARACTER_SETS | SQL_ISV_COLLATIONS | SQL_ISV_COLUMN_PRIVILEGES | SQL_ISV_COLUMNS |
    SQL_ISV_KEY_COLUMN_USAGE | SQL_ISV_REFERENTIAL_CONSTRAINTS | SQL_ISV_SCHEMATA |
    SQL_ISV_TABLE_CONSTRAINTS | SQL_ISV_TABLE_PRIVILEGES | SQL_ISV_TABLES | SQL_ISV_VIEWS;
constexpr std::uint64_t kGrant = SQL_SG_DELETE_TABLE | SQL_SG_INSERT_COLUMN | SQL_SG_INSERT_TABLE |
                                 SQL_SG_REFERENCES_TABLE | SQL_SG_REFERENCES_COLUMN |
                                 SQL_SG_SELECT_TABLE | SQL_SG_UPDATE_COLUMN | SQL_SG_UPDATE_TABLE |
                                 SQL_SG_WITH_GRANT_OPTION;
constexpr std::uint64_t kRevoke = SQL_SR_DELETE_TABLE | SQL_SR_INSERT_COLUMN | SQL_SR_INSERT_TABLE |
                                  SQL_SR_REFERENCES_TABLE | SQL_SR_REFERENCES_COLUMN |
                                  SQL_SR_SELECT_TABLE | SQL_SR_UPDATE_COLUMN | SQL_SR_UPDATE_TABLE |
                                  SQL_SR_GRANT_OPTION_FOR;
constexpr std::uint64_t kPredicates = SQL_SP_EXISTS | SQL_SP_ISNOTNULL | SQL_SP_ISNULL |
                                      SQL_SP_LIKE | SQL_SP_IN | SQL_SP_BETWEEN | SQL_SP_COMPARISON |
                                      SQL_SP_QUANTIFIED_COMPARISON;
constexpr std::uint64_t kJoins = SQL_SRJO_CROSS_JOIN | SQL_SRJO_INNER_JOIN |
                                 SQL_SRJO_LEFT_OUTER_JOIN | SQL_SRJO_NATURAL_JOIN |
                                 SQL_SRJO_RIGHT_OUTER_JOIN;
constexpr std::uint64_t kRowValues =
    SQL_SRVC_VALUE_EXPRESSION | SQL_SRVC_NULL | SQL_SRVC_DEFAULT | SQL_SRVC_ROW_SUBQUERY;
constexpr std::uint64_t kSql92Strings = SQL_SSF_CONVERT | SQL_SSF_LOWER | SQL_SSF_UPPER |
                                        SQL_SSF_SUBSTRING | SQL_SSF_TRIM_BOTH |
                                        SQL_SSF_TRIM_LEADING | SQL_SSF_TRIM_TRAILING;
constexpr std::uint64_t kSql92Numbers = SQL_SNVF_BIT_LENGTH | SQL_SNVF_CHAR_LENGTH |
                                        SQL_SNVF_CHARACTER_LENGTH | SQL_SNVF_EXTRACT |
                                        SQL_SNVF_OCTET_LENGTH | SQL_SNVF_POSITION;
constexpr std::uint64_t kAggregates =
    SQL_AF_AVG | SQL_AF_COUNT | SQL_AF_MAX | SQL_AF_MIN | SQL_AF_SUM | SQL_AF_DISTINCT | SQL_AF_ALL;

// ODBC 4.0's, which newer programs ask any driver for: none of these features is had.
constexpr SQLUSMALLINT kSchemaInference = 174;
constexpr SQLUSMALLINT kBinaryFunctions = 175;
constexpr SQLUSMALLINT kIsoStringFunctions = 176;
constexpr SQLUSMALLINT kIsoBinaryFunctions = 177;
constexpr SQLUSMALLINT kLimitEscapeClause = 178;
constexpr SQLUSMALLINT kNativeEscapeClause = 179;
constexpr SQLUSMALLINT kReturnEscapeClause = 180;
constexpr SQLUSMALLINT kFormatEscapeClause = 181;

// Everything an identifier in backticks may hold beyond letters, digits and underscore.
constexpr std::string_view kSpecialCharacters = " !\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~";

// By information type. Sources: ODBC 3.8, SQLGetInfo; the servers' manuals. What only the driver
// manager can answer (its own version, handles) is not here.
constexpr std::array kInfo{
    small(SQL_MAX_DRIVER_CONNECTIONS, 0),
    small(SQL_MAX_CONCURRENT_ACTIVITIES, 0),
    computed(SQL_DATA_SOURCE_NAME,
             [](const InfoContext& c) -> InfoValue { return c.data_source_name; }),
    text(SQL_DRIVER_NAME, "libfabricodbc.so"),
    computed(SQL_DRIVER_VER,
             [](const InfoContext&) -> InfoValue { return odbc_version(FABRIC_ODBC_VERSION); }),
    mask(SQL_FETCH_DIRECTION, SQL_FD_FETCH_NEXT | SQL_FD_FETCH_FIRST | SQL_FD_FETCH_LAST |
                                  SQL_FD_FETCH_PRIOR | SQL_FD_FETCH_ABSOLUTE |
                                  SQL_FD_FETCH_RELATIVE | SQL_FD_FETCH_BOOKMARK),
    small(SQL_ODBC_API_CONFORMANCE, SQL_OAC_LEVEL1),
    text(SQL_ROW_UPDATES, "Y"),
    small(SQL_ODBC_SAG_CLI_CONFORMANCE, SQL_OSCC_COMPLIANT),
    computed(SQL_SERVER_NAME, [](const InfoContext& c) -> InfoValue { return c.server_name; }),
    text(SQL_SEARCH_PATTERN_ESCAPE, "\\"),
    small(SQL_ODBC_SQL_CONFORMANCE, SQL_OSC_CORE),
    computed(SQL_DATABASE_NAME,
             [](const InfoContext& c) -> InfoValue {
               return c.database_name.empty() ? std::string(kNoDatabase) : c.database_name;
             }),
    computed(SQL_DBMS_NAME, dbms_name),
    computed(SQL_DBMS_VER, dbms_version),
    text(SQL_ACCESSIBLE_TABLES, "N"),
    text(SQL_ACCESSIBLE_PROCEDURES, "N"),
    text(SQL_PROCEDURES, "Y"),
    small(SQL_CONCAT_NULL_BEHAVIOR, SQL_CB_NULL),
    small(SQL_CURSOR_COMMIT_BEHAVIOR, SQL_CB_PRESERVE),
    small(SQL_CURSOR_ROLLBACK_BEHAVIOR, SQL_CB_PRESERVE),
    computed(SQL_DATA_SOURCE_READ_ONLY,
             [](const InfoContext& c) -> InfoValue { return yes_or_no(c.read_only); }),
    computed(SQL_DEFAULT_TXN_ISOLATION,
             [](const InfoContext& c) -> InfoValue { return c.default_isolation; }),
    text(SQL_EXPRESSIONS_IN_ORDERBY, "Y"),
    computed(SQL_IDENTIFIER_CASE, identifier_case),
    computed(SQL_IDENTIFIER_QUOTE_CHAR,
             [](const InfoContext& c) -> InfoValue { return c.ansi_quotes ? "\"" : "`"; }),
    small(SQL_MAX_COLUMN_NAME_LEN, 64),
    small(SQL_MAX_CURSOR_NAME_LEN, 64),
    computed(SQL_MAX_SCHEMA_NAME_LEN,
             [](const InfoContext& c) -> InfoValue { return name_length(c.no_schema); }),
    small(SQL_MAX_PROCEDURE_NAME_LEN, 64),
    computed(SQL_MAX_CATALOG_NAME_LEN,
             [](const InfoContext& c) -> InfoValue { return name_length(c.no_catalog); }),
    small(SQL_MAX_TABLE_NAME_LEN, 64),
    text(SQL_MULT_RESULT_SETS, "Y"),
    text(SQL_MULTIPLE_ACTIVE_TXN, "Y"),
    text(SQL_OUTER_JOINS, "Y"),
    computed(
        SQL_SCHEMA_TERM,
        [](const InfoContext& c) -> InfoValue { return std::string(c.no_schema ? "" : "schema"); }),
    text(SQL_PROCEDURE_TERM, "stored procedure"),
    computed(SQL_CATALOG_NAME_SEPARATOR,
             [](const InfoContext& c) -> InfoValue { return catalog_text(c, "."); }),
    computed(SQL_CATALOG_TERM,
             [](const InfoContext& c) -> InfoValue { return catalog_text(c, "database"); }),
    mask(SQL_SCROLL_CONCURRENCY, SQL_SCCO_READ_ONLY | SQL_SCCO_OPT_VALUES),
    computed(SQL_SCROLL_OPTIONS,
             [](const InfoContext& c) -> InfoValue {
               return SQLUINTEGER{SQL_SO_FORWARD_ONLY} |
                      std::get<SQLUINTEGER>(of_static(c, SQL_SO_STATIC)) |
                      std::get<SQLUINTEGER>(of_dynamic(c, SQL_SO_DYNAMIC));
             }),
    text(SQL_TABLE_TERM, "table"),
    computed(SQL_TXN_CAPABLE,
             [](const InfoContext& c) -> InfoValue {
               return static_cast<SQLUSMALLINT>(c.no_transactions ? SQL_TC_NONE
                                                                  : SQL_TC_DDL_COMMIT);
             }),
    computed(SQL_USER_NAME, [](const InfoContext& c) -> InfoValue { return c.user_name; }),
    mask(SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CONVERT | SQL_FN_CVT_CAST),
    mask(SQL_NUMERIC_FUNCTIONS, kNumericFunctions),
    mask(SQL_STRING_FUNCTIONS, kStringFunctions),
    mask(SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_USERNAME | SQL_FN_SYS_DBNAME | SQL_FN_SYS_IFNULL),
    mask(SQL_TIMEDATE_FUNCTIONS, kTimeFunctions),
    mask(SQL_CONVERT_BIGINT, kFromNumber),
    mask(SQL_CONVERT_BINARY, kToText | kToBinary),
    mask(SQL_CONVERT_BIT, kFromNumber),
    mask(SQL_CONVERT_CHAR, kFromText),
    mask(SQL_CONVERT_DATE, kFromMoment),
    mask(SQL_CONVERT_DECIMAL, kFromNumber),
    mask(SQL_CONVERT_DOUBLE, kFromNumber),
    mask(SQL_CONVERT_FLOAT, kFromNumber),
    mask(SQL_CONVERT_INTEGER, kFromNumber),
    mask(SQL_CONVERT_LONGVARCHAR, kFromText),
    mask(SQL_CONVERT_NUMERIC, kFromNumber),
    mask(SQL_CONVERT_REAL, kFromNumber),
    mask(SQL_CONVERT_SMALLINT, kFromNumber),
    mask(SQL_CONVERT_TIME, kFromMoment),
    mask(SQL_CONVERT_TIMESTAMP, kFromMoment),
    mask(SQL_CONVERT_TINYINT, kFromNumber),
    mask(SQL_CONVERT_VARBINARY, kToText | kToBinary),
    mask(SQL_CONVERT_VARCHAR, kFromText),
    mask(SQL_CONVERT_LONGVARBINARY, kToText | kToBinary),
    mask(SQL_TXN_ISOLATION_OPTION, SQL_TXN_READ_UNCOMMITTED | SQL_TXN_READ_COMMITTED |
                                       SQL_TXN_REPEATABLE_READ | SQL_TXN_SERIALIZABLE),
    text(SQL_INTEGRITY, "N"),
    small(SQL_CORRELATION_NAME, SQL_CN_ANY),
    small(SQL_NON_NULLABLE_COLUMNS, SQL_NNC_NON_NULL),
    text(SQL_DRIVER_ODBC_VER, "03.80"),
    mask(SQL_LOCK_TYPES, SQL_LCK_NO_CHANGE),
    mask(SQL_POS_OPERATIONS,
         SQL_POS_POSITION | SQL_POS_REFRESH | SQL_POS_UPDATE | SQL_POS_DELETE | SQL_POS_ADD),
    mask(SQL_POSITIONED_STATEMENTS, SQL_PS_POSITIONED_DELETE | SQL_PS_POSITIONED_UPDATE),
    mask(SQL_GETDATA_EXTENSIONS,
         SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BLOCK | SQL_GD_BOUND | SQL_GD_OUTPUT_PARAMS),
    mask(SQL_BOOKMARK_PERSISTENCE,
         SQL_BP_DELETE | SQL_BP_TRANSACTION | SQL_BP_UPDATE | SQL_BP_SCROLL),
    mask(SQL_STATIC_SENSITIVITY, SQL_SS_UPDATES),
    small(SQL_FILE_USAGE, SQL_FILE_NOT_SUPPORTED),
    small(SQL_NULL_COLLATION, SQL_NC_LOW),
    mask(SQL_ALTER_TABLE, kAlterTable),
    text(SQL_COLUMN_ALIAS, "Y"),
    small(SQL_GROUP_BY, SQL_GB_NO_RELATION),
    text(SQL_KEYWORDS, sql::kReservedWords),
    text(SQL_ORDER_BY_COLUMNS_IN_SELECT, "N"),
    computed(SQL_SCHEMA_USAGE,
             [](const InfoContext& c) -> InfoValue { return usage(c.no_schema, kSchemaUsage); }),
    computed(SQL_CATALOG_USAGE,
             [](const InfoContext& c) -> InfoValue { return usage(c.no_catalog, kCatalogUsage); }),
    computed(SQL_QUOTED_IDENTIFIER_CASE, identifier_case),
    text(SQL_SPECIAL_CHARACTERS, kSpecialCharacters),
    mask(SQL_SUBQUERIES, kSubqueries),
    mask(SQL_UNION, SQL_U_UNION | SQL_U_UNION_ALL),
    small(SQL_MAX_COLUMNS_IN_GROUP_BY, 0),
    computed(SQL_MAX_COLUMNS_IN_INDEX, index_columns),
    small(SQL_MAX_COLUMNS_IN_ORDER_BY, 0),
    small(SQL_MAX_COLUMNS_IN_SELECT, 4096),
    small(SQL_MAX_COLUMNS_IN_TABLE, 4096),
    mask(SQL_MAX_INDEX_SIZE, 3072),
    text(SQL_MAX_ROW_SIZE_INCLUDES_LONG, "N"),
    mask(SQL_MAX_ROW_SIZE, 65535),
    mask(SQL_MAX_STATEMENT_LEN, 0),
    small(SQL_MAX_TABLES_IN_SELECT, 61),
    computed(SQL_MAX_USER_NAME_LEN, user_name_length),
    mask(SQL_MAX_CHAR_LITERAL_LEN, 0),
    mask(SQL_TIMEDATE_ADD_INTERVALS, kTimeIntervals),
    mask(SQL_TIMEDATE_DIFF_INTERVALS, kTimeIntervals),
    text(SQL_NEED_LONG_DATA_LEN, "N"),
    mask(SQL_MAX_BINARY_LITERAL_LEN, 0),
    text(SQL_LIKE_ESCAPE_CLAUSE, "Y"),
    computed(SQL_CATALOG_LOCATION,
             [](const InfoContext& c) -> InfoValue {
               return static_cast<SQLUSMALLINT>(c.no_catalog ? 0 : SQL_CL_START);
             }),
    mask(SQL_OJ_CAPABILITIES, kOuterJoins),
    small(SQL_ACTIVE_ENVIRONMENTS, 0),
    mask(SQL_ALTER_DOMAIN, 0),
    mask(SQL_SQL_CONFORMANCE, SQL_SC_SQL92_ENTRY),
    mask(SQL_DATETIME_LITERALS, SQL_DL_SQL92_DATE | SQL_DL_SQL92_TIME | SQL_DL_SQL92_TIMESTAMP),
    computed(SQL_BATCH_ROW_COUNT, batch_row_count),
    computed(SQL_BATCH_SUPPORT, batch_support),
    mask(SQL_CONVERT_WCHAR, kFromText),
    mask(SQL_CONVERT_INTERVAL_DAY_TIME, 0),
    mask(SQL_CONVERT_INTERVAL_YEAR_MONTH, 0),
    mask(SQL_CONVERT_WLONGVARCHAR, kFromText),
    mask(SQL_CONVERT_WVARCHAR, kFromText),
    mask(SQL_CREATE_ASSERTION, 0),
    mask(SQL_CREATE_CHARACTER_SET, 0),
    mask(SQL_CREATE_COLLATION, 0),
    mask(SQL_CREATE_DOMAIN, 0),
    mask(SQL_CREATE_SCHEMA, 0),
    mask(SQL_CREATE_TABLE, kCreateTable),
    mask(SQL_CREATE_TRANSLATION, 0),
    mask(SQL_CREATE_VIEW,
         SQL_CV_CREATE_VIEW | SQL_CV_CHECK_OPTION | SQL_CV_CASCADED | SQL_CV_LOCAL),
    mask(SQL_DROP_ASSERTION, 0),
    mask(SQL_DROP_CHARACTER_SET, 0),
    mask(SQL_DROP_COLLATION, 0),
    mask(SQL_DROP_DOMAIN, 0),
    mask(SQL_DROP_SCHEMA, 0),
    mask(SQL_DROP_TABLE, SQL_DT_DROP_TABLE | SQL_DT_CASCADE | SQL_DT_RESTRICT),
    mask(SQL_DROP_TRANSLATION, 0),
    mask(SQL_DROP_VIEW, SQL_DV_DROP_VIEW | SQL_DV_CASCADE | SQL_DV_RESTRICT),
    computed(SQL_DYNAMIC_CURSOR_ATTRIBUTES1,
             [](const InfoContext& c) -> InfoValue { return of_dynamic(c, kDynamicMoves); }),
    computed(SQL_DYNAMIC_CURSOR_ATTRIBUTES2,
             [](const InfoContext& c) -> InfoValue { return of_dynamic(c, kDynamicTraits); }),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, SQL_CA1_NEXT | kChangesThroughCursor),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, kCursorTraits),
    mask(SQL_INDEX_KEYWORDS, SQL_IK_ASC | SQL_IK_DESC),
    mask(SQL_INFO_SCHEMA_VIEWS, kSchemaViews),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES1, 0),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES2, 0),
    mask(SQL_ODBC_INTERFACE_CONFORMANCE, SQL_OIC_LEVEL1),
    mask(SQL_PARAM_ARRAY_ROW_COUNTS, SQL_PARC_NO_BATCH),
    mask(SQL_PARAM_ARRAY_SELECTS, SQL_PAS_NO_BATCH),
    mask(SQL_SQL92_DATETIME_FUNCTIONS,
         SQL_SDF_CURRENT_DATE | SQL_SDF_CURRENT_TIME | SQL_SDF_CURRENT_TIMESTAMP),
    mask(SQL_SQL92_FOREIGN_KEY_DELETE_RULE,
         SQL_SFKD_CASCADE | SQL_SFKD_NO_ACTION | SQL_SFKD_SET_NULL),
    mask(SQL_SQL92_FOREIGN_KEY_UPDATE_RULE,
         SQL_SFKU_CASCADE | SQL_SFKU_NO_ACTION | SQL_SFKU_SET_NULL),
    mask(SQL_SQL92_GRANT, kGrant),
    mask(SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, kSql92Numbers),
    mask(SQL_SQL92_PREDICATES, kPredicates),
    mask(SQL_SQL92_RELATIONAL_JOIN_OPERATORS, kJoins),
    mask(SQL_SQL92_REVOKE, kRevoke),
    mask(SQL_SQL92_ROW_VALUE_CONSTRUCTOR, kRowValues),
    mask(SQL_SQL92_STRING_FUNCTIONS, kSql92Strings),
    mask(SQL_SQL92_VALUE_EXPRESSIONS,
         SQL_SVE_CASE | SQL_SVE_CAST | SQL_SVE_COALESCE | SQL_SVE_NULLIF),
    mask(SQL_STANDARD_CLI_CONFORMANCE, SQL_SCC_ISO92_CLI),
    computed(SQL_STATIC_CURSOR_ATTRIBUTES1,
             [](const InfoContext& c) -> InfoValue { return of_static(c, kStaticMoves); }),
    computed(SQL_STATIC_CURSOR_ATTRIBUTES2,
             [](const InfoContext& c) -> InfoValue { return of_static(c, kStaticTraits); }),
    mask(SQL_AGGREGATE_FUNCTIONS, kAggregates),
    mask(SQL_DDL_INDEX, SQL_DI_CREATE_INDEX | SQL_DI_DROP_INDEX),
    mask(SQL_INSERT_STATEMENT,
         SQL_IS_INSERT_LITERALS | SQL_IS_INSERT_SEARCHED | SQL_IS_SELECT_INTO),
    mask(SQL_CONVERT_GUID, 0),
    mask(kSchemaInference, 0),
    mask(kBinaryFunctions, 0),
    mask(kIsoStringFunctions, 0),
    mask(kIsoBinaryFunctions, 0),
    mask(kLimitEscapeClause, 0),
    mask(kNativeEscapeClause, 0),
    mask(kReturnEscapeClause, 0),
    mask(kFormatEscapeClause, 0),
    mask(SQL_DTC_TRANSITION_COST, 0),
    text(SQL_XOPEN_CLI_YEAR, "1995"),
    mask(SQL_CURSOR_SENSITIVITY, SQL_UNSPECIFIED),
    text(SQL_DESCRIBE_PARAMETER, "N"),
    computed(SQL_CATALOG_NAME,
             [](const InfoContext& c) -> InfoValue { return yes_or_no(!c.no_catalog); }),
    computed(SQL_COLLATION_SEQ, [](const InfoContext& c) -> InfoValue { return c.collation; }),
    small(SQL_MAX_IDENTIFIER_LEN, 64),
    mask(SQL_ASYNC_MODE, SQL_AM_NONE),
    mask(SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, 0),
    mask(SQL_ASYNC_DBC_FUNCTIONS, 0),
    mask(SQL_DRIVER_AWARE_POOLING_SUPPORTED, 0),
    mask(SQL_ASYNC_NOTIFICATION, SQL_ASYNC_NOTIFICATION_NOT_CAPABLE),
};

constexpr auto kInfoTypes = [] {
  std::array<SQLUSMALLINT, kInfo.size()> types{};
  std::transform(kInfo.begin(), kInfo.end(), types.begin(),
                 [](const InfoRow& row) { return row.type; });
  return types;
}();
static_assert(std::adjacent_find(kInfoTypes.begin(), kInfoTypes.end(), std::greater_equal<>()) ==
              kInfoTypes.end());

}  // namespace

std::span<const SQLUSMALLINT> info_types() { return kInfoTypes; }

InfoValue info_value(SQLUSMALLINT type, const InfoContext& context) {
  const auto* const found = std::lower_bound(kInfoTypes.begin(), kInfoTypes.end(), type);
  if (found == kInfoTypes.end() || *found != type) {
    throw fabric::base::Error(fabric::base::SqlState::kHY096,
                              "Information type " + std::to_string(type) + " is not known");
  }
  const Constant& value = kInfo[static_cast<std::size_t>(found - kInfoTypes.begin())].value;
  if (const auto* const compute = std::get_if<Computed>(&value)) return (*compute)(context);
  if (const auto* const constant = std::get_if<std::string_view>(&value)) {
    return std::string(*constant);
  }
  if (const auto* const number = std::get_if<SQLUSMALLINT>(&value)) return *number;
  return std::get<SQLUINTEGER>(value);
}

}  // namespace driver
