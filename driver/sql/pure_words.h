// The words the classifier of pure reads knows, in sorted tables. Constant data.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace driver::sql {

template <std::size_t Size>
constexpr bool sorted_and_unique(const std::array<std::string_view, Size>& words) {
  return std::ranges::adjacent_find(words, std::ranges::greater_equal{}) == words.end();
}

// clang-format off

/// Built-in functions without an effect that read no state of the session but its time zone, locale
/// and the like (a session that has set such a variable is known to have done so). All of them are
/// built into MySQL 5.6 and into MariaDB alike: where a name is not built in (the JSON functions in
/// 5.6, say), it may be a stored function. Left out although they look harmless: DEFAULT (the column's
/// may be NEXTVAL), RAND (leaves a
/// seed), UUID, PASSWORD (old_passwords), EXTRACTVALUE and UPDATEXML (XPath reads user variables).
inline constexpr std::array<std::string_view, 200> kPureFunctions{
    "ABS", "ACOS", "ADDDATE", "ADDTIME", "AES_DECRYPT", "AES_ENCRYPT", "ASCII", "ASIN", "ATAN",
    "ATAN2", "AVG", "BIN", "BIT_AND", "BIT_COUNT", "BIT_LENGTH", "BIT_OR", "BIT_XOR", "CAST",
    "CEIL", "CEILING", "CHAR", "CHARACTER_LENGTH", "CHAR_LENGTH", "COALESCE", "COMPRESS",
    "CONCAT", "CONCAT_WS", "CONV", "CONVERT", "CONVERT_TZ", "COS", "COT", "COUNT", "CRC32",
    "CURDATE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURTIME", "DATE",
    "DATEDIFF", "DATE_ADD", "DATE_FORMAT", "DATE_SUB", "DAY", "DAYNAME", "DAYOFMONTH",
    "DAYOFWEEK", "DAYOFYEAR", "DEGREES", "ELT", "EXP", "EXPORT_SET", "EXTRACT",
    "FIELD", "FIND_IN_SET", "FLOOR", "FORMAT", "FROM_BASE64", "FROM_DAYS", "FROM_UNIXTIME",
    "GET_FORMAT", "GREATEST", "GROUP_CONCAT", "HEX", "HOUR", "IF", "IFNULL", "INET6_ATON",
    "INET6_NTOA", "INET_ATON", "INET_NTOA", "INSERT", "INSTR", "INTERVAL", "ISNULL", "IS_IPV4",
    "IS_IPV4_COMPAT", "IS_IPV4_MAPPED", "IS_IPV6", "LAST_DAY", "LCASE", "LEAST", "LEFT",
    "LENGTH", "LN", "LOCALTIME", "LOCALTIMESTAMP", "LOCATE", "LOG", "LOG10", "LOG2", "LOWER",
    "LPAD", "LTRIM", "MAKEDATE", "MAKETIME", "MAKE_SET", "MAX", "MD5", "MICROSECOND", "MID",
    "MIN", "MINUTE", "MOD", "MONTH", "MONTHNAME", "NOW", "NULLIF", "OCT", "OCTET_LENGTH", "ORD",
    "PERIOD_ADD", "PERIOD_DIFF", "PI", "POSITION", "POW", "POWER", "QUARTER", "QUOTE",
    "RADIANS", "REPEAT", "REPLACE", "REVERSE", "RIGHT", "ROUND", "RPAD", "RTRIM", "SECOND",
    "SEC_TO_TIME", "SHA", "SHA1", "SHA2", "SIGN", "SIN", "SOUNDEX", "SPACE", "SQRT", "STD",
    "STDDEV", "STDDEV_POP", "STDDEV_SAMP", "STRCMP", "STR_TO_DATE", "ST_AREA", "ST_ASBINARY",
    "ST_ASTEXT", "ST_CENTROID", "ST_CONTAINS", "ST_CROSSES", "ST_DISJOINT", "ST_DISTANCE",
    "ST_EQUALS", "ST_GEOMFROMTEXT", "ST_INTERSECTS", "ST_OVERLAPS", "ST_SRID", "ST_TOUCHES",
    "ST_WITHIN", "ST_X", "ST_Y", "SUBDATE", "SUBSTR", "SUBSTRING", "SUBSTRING_INDEX", "SUBTIME",
    "SUM", "SYSDATE", "TAN", "TIME", "TIMEDIFF", "TIMESTAMP", "TIMESTAMPADD", "TIMESTAMPDIFF",
    "TIME_FORMAT", "TIME_TO_SEC", "TO_BASE64", "TO_DAYS", "TO_SECONDS", "TRIM", "TRUNCATE",
    "UCASE", "UNCOMPRESS", "UNCOMPRESSED_LENGTH", "UNHEX", "UNIX_TIMESTAMP", "UPPER",
    "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP", "VARIANCE", "VAR_POP", "VAR_SAMP", "VERSION",
    "WEEK", "WEEKDAY", "WEEKOFYEAR", "WEIGHT_STRING", "YEAR", "YEARWEEK"};
static_assert(sorted_and_unique(kPureFunctions));

/// Pure when OVER follows their arguments; without it the name may be a stored function.
inline constexpr std::array<std::string_view, 11> kWindowFunctions{
    "CUME_DIST", "DENSE_RANK", "FIRST_VALUE", "LAG", "LAST_VALUE", "LEAD", "NTH_VALUE", "NTILE",
    "PERCENT_RANK", "RANK", "ROW_NUMBER"};
static_assert(sorted_and_unique(kWindowFunctions));

/// Reserved words of both servers after which a parenthesis opens no function call.
inline constexpr std::array<std::string_view, 44> kWordsBeforeParenthesis{
    "ALL", "AND", "AS", "BETWEEN", "BINARY", "BOTH", "BY", "CASE", "DECIMAL", "DISTINCT",
    "DISTINCTROW", "DIV", "ELSE", "EXISTS", "FROM", "HAVING", "IN", "INDEX", "INTERVAL", "IS",
    "JOIN", "KEY", "LEADING", "LIKE", "MATCH", "MOD", "NOT", "NUMERIC", "ON", "OR", "PARTITION",
    "REGEXP", "RLIKE", "SELECT", "STRAIGHT_JOIN", "THEN", "TRAILING", "UNION", "USING",
    "VARBINARY", "VARCHAR", "WHEN", "WHERE", "XOR"};
static_assert(sorted_and_unique(kWordsBeforeParenthesis));

/// Unquoted, none of these stands in a pure read.
inline constexpr std::array<std::string_view, 13> kImpureWords{
    "CALL", "CURRENT_ROLE", "CURRVAL", "DELETE", "INTO", "LASTVAL", "LOCK",
    "NEXTVAL", "PROCEDURE", "RETURNING", "SET", "SQL_CALC_FOUND_ROWS", "UPDATE"};
static_assert(sorted_and_unique(kImpureWords));

/// Without arguments they tell what is alike on every server that a session goes to.
inline constexpr std::array<std::string_view, 6> kServerFunctions{
    "CURRENT_USER", "DATABASE", "SCHEMA", "SESSION_USER", "SYSTEM_USER", "USER"};
static_assert(sorted_and_unique(kServerFunctions));

/// Without arguments they tell of the link or of the statement before.
inline constexpr std::array<std::string_view, 4> kLinkFunctions{
    "CONNECTION_ID", "FOUND_ROWS", "LAST_INSERT_ID", "ROW_COUNT"};
static_assert(sorted_and_unique(kLinkFunctions));

/// The same as variables.
inline constexpr std::array<std::string_view, 11> kLinkVariables{
    "ERROR_COUNT", "IDENTITY", "INSERT_ID", "IN_TRANSACTION", "LAST_GTID", "LAST_INSERT_ID",
    "PSEUDO_THREAD_ID", "RAND_SEED1", "RAND_SEED2", "TIMESTAMP", "WARNING_COUNT"};
static_assert(sorted_and_unique(kLinkVariables));

/// Tables and schemas whose rows depend on the session that reads them.
inline constexpr std::array<std::string_view, 10> kSessionTables{
    "APPLICABLE_ROLES", "ENABLED_ROLES", "OPTIMIZER_TRACE", "PERFORMANCE_SCHEMA", "PROFILING",
    "SESSION_ACCOUNT_CONNECT_ATTRS", "SESSION_STATUS", "SESSION_VARIABLES", "SYSTEM_VARIABLES",
    "USER_VARIABLES"};
static_assert(sorted_and_unique(kSessionTables));

// clang-format on
}  // namespace driver::sql
