#include "tests/fuzz/values.h"

#include <array>

#include "driver/attribute_table.h"

namespace fuzz {
namespace {

using enum ValueKind;

constexpr std::array kEnvironmentAttributes{Identifier{SQL_ATTR_ODBC_VERSION},
                                            Identifier{SQL_ATTR_CONNECTION_POOLING},
                                            Identifier{SQL_ATTR_CP_MATCH},
                                            Identifier{SQL_ATTR_OUTPUT_NTS},
                                            Identifier{4711},
                                            Identifier{-1}};

constexpr std::array kConnectionAttributes{Identifier{SQL_ATTR_ACCESS_MODE},
                                           Identifier{SQL_ATTR_AUTOCOMMIT},
                                           Identifier{SQL_ATTR_AUTOCOMMIT},
                                           Identifier{SQL_ATTR_AUTO_IPD},
                                           Identifier{SQL_ATTR_CONNECTION_DEAD},
                                           Identifier{SQL_ATTR_CURRENT_CATALOG, kText},
                                           Identifier{SQL_ATTR_ENLIST_IN_DTC},
                                           Identifier{SQL_ATTR_METADATA_ID},
                                           Identifier{SQL_ATTR_ODBC_CURSORS},
                                           Identifier{SQL_ATTR_PACKET_SIZE},
                                           Identifier{SQL_ATTR_QUIET_MODE},
                                           Identifier{SQL_ATTR_TRACE},
                                           Identifier{SQL_ATTR_TRACEFILE, kText},
                                           Identifier{SQL_ATTR_TRANSLATE_LIB, kText},
                                           Identifier{SQL_ATTR_TRANSLATE_OPTION},
                                           Identifier{SQL_ATTR_TXN_ISOLATION},
                                           Identifier{SQL_ATTR_ASYNC_ENABLE},
                                           Identifier{SQL_ATTR_ANSI_APP},
                                           Identifier{SQL_ATTR_RESET_CONNECTION},
                                           Identifier{SQL_ATTR_MAX_ROWS},
                                           Identifier{SQL_ATTR_CURSOR_TYPE},
                                           Identifier{driver::kExecDirectOnServer},
                                           Identifier{driver::kPrepareOnClient},
                                           Identifier{4711},
                                           Identifier{-1}};

constexpr std::array kStatementAttributes{Identifier{SQL_ATTR_APP_PARAM_DESC, kDescriptor},
                                          Identifier{SQL_ATTR_APP_ROW_DESC, kDescriptor},
                                          Identifier{SQL_ATTR_IMP_PARAM_DESC, kDescriptor},
                                          Identifier{SQL_ATTR_IMP_ROW_DESC, kDescriptor},
                                          Identifier{SQL_ATTR_ASYNC_ENABLE},
                                          Identifier{SQL_ATTR_CONCURRENCY},
                                          Identifier{SQL_ATTR_CURSOR_SCROLLABLE},
                                          Identifier{SQL_ATTR_CURSOR_SENSITIVITY},
                                          Identifier{SQL_ATTR_CURSOR_TYPE},
                                          Identifier{SQL_ATTR_CURSOR_TYPE},
                                          Identifier{SQL_ATTR_ENABLE_AUTO_IPD},
                                          Identifier{SQL_ATTR_FETCH_BOOKMARK_PTR, kData},
                                          Identifier{SQL_ATTR_KEYSET_SIZE},
                                          Identifier{SQL_ATTR_MAX_LENGTH},
                                          Identifier{SQL_ATTR_MAX_ROWS},
                                          Identifier{SQL_ATTR_METADATA_ID},
                                          Identifier{SQL_ATTR_NOSCAN},
                                          Identifier{SQL_ATTR_PARAM_BIND_OFFSET_PTR, kOffset},
                                          Identifier{SQL_ATTR_PARAM_BIND_TYPE, kRowset},
                                          Identifier{SQL_ATTR_PARAM_OPERATION_PTR, kStatusArray},
                                          Identifier{SQL_ATTR_PARAM_STATUS_PTR, kStatusArray},
                                          Identifier{SQL_ATTR_PARAMS_PROCESSED_PTR, kRowCount},
                                          Identifier{SQL_ATTR_PARAMSET_SIZE, kRowset},
                                          Identifier{SQL_ATTR_QUERY_TIMEOUT},
                                          Identifier{SQL_ATTR_RETRIEVE_DATA},
                                          Identifier{SQL_ATTR_ROW_ARRAY_SIZE, kRowset},
                                          Identifier{SQL_ROWSET_SIZE, kRowset},
                                          Identifier{SQL_ATTR_ROW_BIND_OFFSET_PTR, kOffset},
                                          Identifier{SQL_ATTR_ROW_BIND_TYPE, kRowset},
                                          Identifier{SQL_ATTR_ROW_NUMBER},
                                          Identifier{SQL_ATTR_ROW_OPERATION_PTR, kStatusArray},
                                          Identifier{SQL_ATTR_ROW_STATUS_PTR, kStatusArray},
                                          Identifier{SQL_ATTR_ROWS_FETCHED_PTR, kRowCount},
                                          Identifier{SQL_ATTR_SIMULATE_CURSOR},
                                          Identifier{SQL_ATTR_USE_BOOKMARKS},
                                          Identifier{SQL_GET_BOOKMARK},
                                          Identifier{driver::kExecDirectOnServer},
                                          Identifier{driver::kPrepareOnClient},
                                          Identifier{4711},
                                          Identifier{-1}};

constexpr std::array kDescriptorFields{Identifier{SQL_DESC_ALLOC_TYPE},
                                       Identifier{SQL_DESC_ARRAY_SIZE, kRowset},
                                       Identifier{SQL_DESC_ARRAY_STATUS_PTR, kStatusArray},
                                       Identifier{SQL_DESC_BIND_OFFSET_PTR, kOffset},
                                       Identifier{SQL_DESC_BIND_TYPE, kRowset},
                                       Identifier{SQL_DESC_COUNT},
                                       Identifier{SQL_DESC_ROWS_PROCESSED_PTR, kRowCount},
                                       Identifier{SQL_DESC_AUTO_UNIQUE_VALUE},
                                       Identifier{SQL_DESC_BASE_COLUMN_NAME, kText},
                                       Identifier{SQL_DESC_BASE_TABLE_NAME, kText},
                                       Identifier{SQL_DESC_CASE_SENSITIVE},
                                       Identifier{SQL_DESC_CATALOG_NAME, kText},
                                       Identifier{SQL_DESC_CONCISE_TYPE},
                                       Identifier{SQL_DESC_CONCISE_TYPE},
                                       Identifier{SQL_DESC_DATA_PTR, kData},
                                       Identifier{SQL_DESC_DATA_PTR, kData},
                                       Identifier{SQL_DESC_DATETIME_INTERVAL_CODE},
                                       Identifier{SQL_DESC_DATETIME_INTERVAL_PRECISION},
                                       Identifier{SQL_DESC_DISPLAY_SIZE},
                                       Identifier{SQL_DESC_FIXED_PREC_SCALE},
                                       Identifier{SQL_DESC_INDICATOR_PTR, kLength},
                                       Identifier{SQL_DESC_LABEL, kText},
                                       Identifier{SQL_DESC_LENGTH},
                                       Identifier{SQL_DESC_LITERAL_PREFIX, kText},
                                       Identifier{SQL_DESC_LITERAL_SUFFIX, kText},
                                       Identifier{SQL_DESC_LOCAL_TYPE_NAME, kText},
                                       Identifier{SQL_DESC_NAME, kText},
                                       Identifier{SQL_DESC_NULLABLE},
                                       Identifier{SQL_DESC_NUM_PREC_RADIX},
                                       Identifier{SQL_DESC_OCTET_LENGTH, kRowset},
                                       Identifier{SQL_DESC_OCTET_LENGTH_PTR, kLength},
                                       Identifier{SQL_DESC_PARAMETER_TYPE},
                                       Identifier{SQL_DESC_PRECISION},
                                       Identifier{SQL_DESC_ROWVER},
                                       Identifier{SQL_DESC_SCALE},
                                       Identifier{SQL_DESC_SCHEMA_NAME, kText},
                                       Identifier{SQL_DESC_SEARCHABLE},
                                       Identifier{SQL_DESC_TABLE_NAME, kText},
                                       Identifier{SQL_DESC_TYPE},
                                       Identifier{SQL_DESC_TYPE_NAME, kText},
                                       Identifier{SQL_DESC_UNNAMED},
                                       Identifier{SQL_DESC_UNSIGNED},
                                       Identifier{SQL_DESC_UPDATABLE},
                                       Identifier{4711},
                                       Identifier{-1}};

constexpr std::array kDiagnosticFields{SQL_DIAG_CURSOR_ROW_COUNT,
                                       SQL_DIAG_DYNAMIC_FUNCTION,
                                       SQL_DIAG_DYNAMIC_FUNCTION_CODE,
                                       SQL_DIAG_NUMBER,
                                       SQL_DIAG_RETURNCODE,
                                       SQL_DIAG_ROW_COUNT,
                                       SQL_DIAG_CLASS_ORIGIN,
                                       SQL_DIAG_COLUMN_NUMBER,
                                       SQL_DIAG_CONNECTION_NAME,
                                       SQL_DIAG_MESSAGE_TEXT,
                                       SQL_DIAG_NATIVE,
                                       SQL_DIAG_ROW_NUMBER,
                                       SQL_DIAG_SERVER_NAME,
                                       SQL_DIAG_SQLSTATE,
                                       SQL_DIAG_SUBCLASS_ORIGIN,
                                       4711};

constexpr std::array<int, 38> kCTypes{SQL_C_CHAR,
                                      SQL_C_WCHAR,
                                      SQL_C_BINARY,
                                      SQL_C_BIT,
                                      SQL_C_TINYINT,
                                      SQL_C_STINYINT,
                                      SQL_C_UTINYINT,
                                      SQL_C_SHORT,
                                      SQL_C_SSHORT,
                                      SQL_C_USHORT,
                                      SQL_C_LONG,
                                      SQL_C_SLONG,
                                      SQL_C_ULONG,
                                      SQL_C_SBIGINT,
                                      SQL_C_UBIGINT,
                                      SQL_C_FLOAT,
                                      SQL_C_DOUBLE,
                                      SQL_C_NUMERIC,
                                      SQL_C_DATE,
                                      SQL_C_TIME,
                                      SQL_C_TIMESTAMP,
                                      SQL_C_TYPE_DATE,
                                      SQL_C_TYPE_TIME,
                                      SQL_C_TYPE_TIMESTAMP,
                                      SQL_C_INTERVAL_YEAR,
                                      SQL_C_INTERVAL_MONTH,
                                      SQL_C_INTERVAL_DAY,
                                      SQL_C_INTERVAL_HOUR,
                                      SQL_C_INTERVAL_YEAR_TO_MONTH,
                                      SQL_C_INTERVAL_DAY_TO_SECOND,
                                      SQL_C_INTERVAL_HOUR_TO_SECOND,
                                      SQL_C_INTERVAL_SECOND,
                                      SQL_C_GUID,
                                      SQL_C_DEFAULT,
                                      SQL_ARD_TYPE,
                                      SQL_C_CHAR,
                                      SQL_C_WCHAR,
                                      4711};

constexpr std::array kSqlTypes{SQL_CHAR,
                               SQL_VARCHAR,
                               SQL_LONGVARCHAR,
                               SQL_WCHAR,
                               SQL_WVARCHAR,
                               SQL_WLONGVARCHAR,
                               SQL_BINARY,
                               SQL_VARBINARY,
                               SQL_LONGVARBINARY,
                               SQL_BIT,
                               SQL_TINYINT,
                               SQL_SMALLINT,
                               SQL_INTEGER,
                               SQL_BIGINT,
                               SQL_REAL,
                               SQL_FLOAT,
                               SQL_DOUBLE,
                               SQL_DECIMAL,
                               SQL_NUMERIC,
                               SQL_TYPE_DATE,
                               SQL_TYPE_TIME,
                               SQL_TYPE_TIMESTAMP,
                               SQL_DATE,
                               SQL_TIME,
                               SQL_TIMESTAMP,
                               SQL_GUID,
                               SQL_INTERVAL_DAY_TO_SECOND,
                               SQL_INTERVAL_YEAR,
                               SQL_ALL_TYPES,
                               4711};

constexpr std::array<std::string_view, 20> kSetUp{
    "DROP TABLE IF EXISTS t1",
    "DROP TABLE IF EXISTS t2",
    "DROP TABLE IF EXISTS types",
    "CREATE TABLE t1 (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(60), n DECIMAL(10,3), "
    "u BIGINT UNSIGNED, blobs LONGBLOB, at DATETIME) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    "INSERT INTO t1 (name, n, u, blobs, at) VALUES ('one', 1.5, 1, 'abc', '2020-01-02 03:04:05'), "
    "('zw\xc3\xb6lf \xf0\x9f\x98\x80', -99.999, 18446744073709551615, REPEAT('x', 5000), NULL), "
    "(NULL, NULL, NULL, NULL, NULL)",
    "CREATE TABLE t2 (a INT NOT NULL, b INT NOT NULL, c CHAR(5), PRIMARY KEY (a, b)) ENGINE=InnoDB",
    "INSERT INTO t2 VALUES (1,1,'a'),(1,2,'b'),(2,1,'c'),(2,2,NULL)",
    "CREATE TABLE types (ti TINYINT, si SMALLINT, mi MEDIUMINT, i INT UNSIGNED, bi BIGINT, "
    "f FLOAT, d DOUBLE, de DECIMAL(38,10), b1 BIT(1), b40 BIT(40), y YEAR, da DATE, "
    "ti6 TIME(6), dt6 DATETIME(6), ts TIMESTAMP NULL, c CHAR(20), vb VARBINARY(300), "
    "tx MEDIUMTEXT, e ENUM('x','yy'), s SET('a','b'), g GEOMETRY) ENGINE=InnoDB DEFAULT "
    "CHARSET=utf8mb4",
    "INSERT INTO types VALUES (-128, -32768, -8388608, 4294967295, -9223372036854775808, "
    "1.5e30, -1e300, 1234567890123456789012345678.0123456789, b'1', b'1111', 2024, '2024-02-29', "
    "'-838:59:59.000001', '2024-12-31 23:59:59.999999', '2024-01-01 00:00:00', 'caf\xc3\xa9', "
    "x'00ff00', '123abc', 'yy', 'a,b', POINT(1,2))",
    "INSERT INTO types VALUES (1, 1, 1, 1, 1, 1, 1, 1, b'0', b'0', 0, '2000-01-01', '12:00:00', "
    "'2000-01-01 00:00:00', NULL, ' 42 ', '', '2000-01-01', NULL, '', NULL)",
    "INSERT INTO types (ti) VALUES (NULL)",
    "DROP PROCEDURE IF EXISTS two_results",
    "CREATE PROCEDURE two_results(IN a INT, INOUT b INT, OUT c VARCHAR(20)) BEGIN SELECT a, b; "
    "SELECT * FROM t2; SET b = a + b; SET c = 'done'; END",
    "DROP FUNCTION IF EXISTS twice",
    "CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN 2 * a",
    "DROP TABLE IF EXISTS many",
    "CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(200))",
    "INSERT INTO many SELECT a.a*1000 + a.b*100 + b.a*10 + b.b + 4*c.a + 16*c.b, REPEAT('m', 200) "
    "FROM t2 a, t2 b, t2 c ON DUPLICATE KEY UPDATE t = VALUES(t)",
    "DROP VIEW IF EXISTS v1",
    "CREATE VIEW v1 AS SELECT id, name FROM t1"};

constexpr std::array<std::string_view, 57> kStatements{
    "SELECT 1",
    "SELECT * FROM types",
    "SELECT * FROM types",
    "SELECT * FROM t1",
    "SELECT * FROM many",
    "SELECT id, name FROM t1 WHERE id > ?",
    "SELECT ?",
    "SELECT ?, ?, ?",
    "SELECT * FROM types WHERE ti = ? OR c = ? OR dt6 < ?",
    "SELECT NULL, '', 0, -1, 1e400",
    "SELECT REPEAT('\xf0\x9f\x98\x80', 300), REPEAT(x'00', 50)",
    "SELECT '12345678901234567890123456789012345678901234567890', '1e400', ' 7 ', 'nan', '0x10'",
    "SELECT '2024-01-01', '23:59:59.123456', '2024-01-01 00:00:00.5', '0000-00-00', '1:2:3'",
    "SELECT '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '-1-2', '1 2:3:4.5', '99999999999'",
    "SELECT MAKETIME(838,59,59), SEC_TO_TIME(-1), CAST('0000-00-00' AS DATE)",
    "SELECT a.id, b.id FROM many a, many b",
    "SELECT 1 WHERE 1 = 0",
    "SELECT id FROM t1 FOR UPDATE",
    "INSERT INTO t1 (name) VALUES ('x')",
    "INSERT INTO t1 (name) VALUES (?)",
    "INSERT INTO t1 (name, n, u, blobs, at) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO t2 VALUES (?, ?, ?)",
    "INSERT INTO t2 VALUES (1, 1, 'duplicate')",
    "UPDATE t1 SET name = ? WHERE id = ?",
    "UPDATE t1 SET name = 'y' WHERE id = 0",
    "DELETE FROM t2 WHERE a = ?",
    "DELETE FROM t1 WHERE id > 100",
    "UPDATE t1 SET n = 1 WHERE CURRENT OF SQL_CUR1",
    "DELETE FROM t2 WHERE CURRENT OF c1",
    "SELECT 1; SELECT 2; INSERT INTO t2 VALUES (9, 9, '9'); SELECT 3",
    "SELECT ?; SELECT ?",
    "CALL two_results(1, @b, @c)",
    "{call two_results(?, ?, ?)}",
    "{?= call twice(?)}",
    "{call two_results(1, 2)}",
    "{call nothing}",
    "SELECT {fn UCASE('a')}, {d '2024-01-01'}, {ts '2024-01-01 00:00:00'}, {t '01:02:03'}",
    "SELECT {fn CONVERT({fn CONCAT('1', '2')}, SQL_INTEGER)}",
    "SELECT * FROM {oj t1 LEFT OUTER JOIN t2 ON t1.id = t2.a}",
    "SELECT * FROM t1 WHERE name LIKE 'x\\_%' {escape '\\'}",
    "SELECT {fn ",
    "{{{{",
    "SELECT '",
    "/* SELECT",
    "SELECT `",
    "",
    ";",
    " -- nothing",
    "SELECT * FROM no_such_table",
    "SELECT nonsense(",
    "SET @a = 1",
    "SET SESSION sql_mode = ''",
    "START TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "CREATE TEMPORARY TABLE IF NOT EXISTS tmp (a INT)",
    "SHOW TABLES"};

constexpr std::array<std::string_view, 16> kNames{
    "test", "t1",         "t2",      "types",    "%",  "_",           "",        "t%",
    "name", "TABLE,VIEW", "'TABLE'", "SQL_CUR1", "c1", "two_results", "no_such", "a`b\"c'd"};

constexpr std::array<int, 16> kMoreColumnFields{
    SQL_COLUMN_COUNT,          SQL_COLUMN_NAME,       SQL_COLUMN_TYPE,       SQL_COLUMN_LENGTH,
    SQL_COLUMN_PRECISION,      SQL_COLUMN_SCALE,      SQL_COLUMN_NULLABLE,   SQL_COLUMN_UNSIGNED,
    SQL_COLUMN_MONEY,          SQL_COLUMN_UPDATABLE,  SQL_COLUMN_LABEL,      SQL_COLUMN_TYPE_NAME,
    SQL_COLUMN_CASE_SENSITIVE, SQL_COLUMN_SEARCHABLE, SQL_DESC_OCTET_LENGTH, 4711};

}  // namespace

std::span<const Identifier> environment_attributes() { return kEnvironmentAttributes; }
std::span<const Identifier> connection_attributes() { return kConnectionAttributes; }
std::span<const Identifier> statement_attributes() { return kStatementAttributes; }
std::span<const Identifier> descriptor_fields() { return kDescriptorFields; }
std::span<const int> diagnostic_fields() { return kDiagnosticFields; }
std::span<const int> c_types() { return kCTypes; }
std::span<const int> sql_types() { return kSqlTypes; }
std::span<const std::string_view> statements() { return kStatements; }
std::span<const std::string_view> names() { return kNames; }
std::span<const std::string_view> set_up() { return kSetUp; }

std::span<const int> column_fields() {
  static const std::vector<int> all = [] {
    std::vector<int> fields(kMoreColumnFields.begin(), kMoreColumnFields.end());
    for (const Identifier& field : kDescriptorFields) fields.push_back(field.id);
    return fields;
  }();
  return all;
}

std::uint64_t odd_number(Chooser& choose) {
  static constexpr std::array<std::int64_t, 26> kNumbers{
      0,   1,   2,    3,     4,     5,          7,  8,  10, 16,  17,     64,        100,
      255, 256, 1000, 32767, 65535, 2147483647, -1, -2, -3, -99, -32768, INT32_MIN, INT64_MIN};
  return static_cast<std::uint64_t>(choose.of(kNumbers));
}

std::string odd_text(Chooser& choose) {
  static constexpr std::array<std::string_view, 12> kPieces{
      "a",    "0",    "12", "-", "\xc3\xa9", "\xf0\x9f\x98\x80",
      "\xff", "\xc3", " ",  "'", ":",        "2024-01-01"};
  std::string made;
  for (std::uint64_t left = choose.below(choose.one_in(8) ? 60 : 6); left > 0; --left) {
    made += choose.of(kPieces);
    if (choose.one_in(40)) made += '\0';
  }
  return made;
}

}  // namespace fuzz
