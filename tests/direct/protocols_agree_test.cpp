// A property: a value read as any C type, into a buffer of any size, is the same whether the server
// sent it as text (SQLExecDirect) or in binary (a statement with a parameter). Every MySQL type,
// every C type.
#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

struct Column {
  const char* type;
  std::vector<const char*> values;  ///< literals of SQL
};

const std::vector<Column>& columns() {
  static const std::vector<Column> all{
      {"TINYINT", {"-128", "0", "127"}},
      {"TINYINT UNSIGNED", {"255", "1"}},
      {"SMALLINT", {"-32768", "32767"}},
      {"SMALLINT UNSIGNED", {"65535"}},
      {"MEDIUMINT", {"-8388608", "8388607"}},
      {"MEDIUMINT UNSIGNED", {"16777215"}},
      {"INT", {"-2147483648", "2147483647", "0"}},
      {"INT UNSIGNED", {"4294967295"}},
      {"BIGINT", {"-9223372036854775808", "9223372036854775807"}},
      {"BIGINT UNSIGNED", {"18446744073709551615", "9223372036854775808"}},
      // Servers send a FLOAT as text with six digits, so only values that these give exactly.
      {"FLOAT", {"0", "-0.0", "1.5", "-0.25", "123456", "0.015625"}},
      {"DOUBLE", {"0", "-0.0", "0.1", "1e308", "-1e-300", "123456789.125", "1e15", "2.5"}},
      {"DECIMAL(65,30)", {"0", "-0.5", "12345678901234567890123456789012345.123456789", "1.10"}},
      {"DECIMAL(10,0)", {"9999999999", "-1"}},
      {"DECIMAL(5,2) ZEROFILL", {"1.5"}},
      {"INT(6) ZEROFILL", {"42"}},
      {"BIT(1)", {"b'0'", "b'1'"}},
      {"BIT(8)", {"b'11111111'", "b'0'"}},
      {"BIT(64)", {"b'1'", "18446744073709551615"}},
      {"YEAR", {"2024", "0", "1901"}},
      {"DATE", {"'2024-02-29'", "'1000-01-01'", "'9999-12-31'", "'0000-00-00'"}},
      {"TIME", {"'12:34:56'", "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'24:00:00'"}},
      {"TIME(3)", {"'12:34:56.789'", "'-00:00:00.001'"}},
      {"TIME(6)", {"'23:59:59.999999'", "'00:00:00.000001'"}},
      {"DATETIME", {"'2024-12-31 23:59:59'", "'2024-01-01 00:00:00'", "'0000-00-00 00:00:00'"}},
      {"DATETIME(1)", {"'2024-12-31 23:59:59.5'"}},
      {"DATETIME(6)", {"'2024-12-31 23:59:59.123456'", "'1000-01-01 00:00:00.000001'"}},
      {"TIMESTAMP NULL", {"'2024-06-01 01:02:03'"}},
      {"CHAR(40)",
       {"''", "'caf\xc3\xa9'", "' 42 '", "'1e400'", "'nan'", "'-0.0'", "'12abc'", "'2024-01-02'",
        "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "'1'", "'2024-01-02 03:04:05.678'", "'03:04:05'",
        "'5 04:03:02.1'", "'7-3'"}},
      {"VARCHAR(200)", {"'\xf0\x9f\x98\x80\xf0\x9f\x98\x80'", "REPEAT('x', 200)", "'0x1F'"}},
      {"TEXT", {"REPEAT('\xc3\xa9', 400)", "''"}},
      {"LONGTEXT", {"'long'"}},
      {"BINARY(4)", {"x'00FF0001'"}},
      {"VARBINARY(20)", {"x''", "x'C3A9'", "'123'"}},
      {"BLOB", {"REPEAT(x'00', 300)", "'2024-01-01'"}},
      {"ENUM('a','b,c')", {"'a'", "'b,c'"}},
      {"SET('a','b')", {"''", "'a,b'"}},
      {"GEOMETRY", {"POINT(1, 2)"}},
  };
  return all;
}

constexpr std::array kCTypes{SQL_C_CHAR,
                             SQL_C_WCHAR,
                             SQL_C_BINARY,
                             SQL_C_BIT,
                             SQL_C_STINYINT,
                             SQL_C_UTINYINT,
                             SQL_C_SSHORT,
                             SQL_C_USHORT,
                             SQL_C_SLONG,
                             SQL_C_ULONG,
                             SQL_C_SBIGINT,
                             SQL_C_UBIGINT,
                             SQL_C_FLOAT,
                             SQL_C_DOUBLE,
                             SQL_C_NUMERIC,
                             SQL_C_TYPE_DATE,
                             SQL_C_TYPE_TIME,
                             SQL_C_TYPE_TIMESTAMP,
                             SQL_C_INTERVAL_YEAR,
                             SQL_C_INTERVAL_MONTH,
                             SQL_C_INTERVAL_DAY,
                             SQL_C_INTERVAL_HOUR,
                             SQL_C_INTERVAL_MINUTE,
                             SQL_C_INTERVAL_SECOND,
                             SQL_C_INTERVAL_YEAR_TO_MONTH,
                             SQL_C_INTERVAL_DAY_TO_HOUR,
                             SQL_C_INTERVAL_DAY_TO_MINUTE,
                             SQL_C_INTERVAL_DAY_TO_SECOND,
                             SQL_C_INTERVAL_HOUR_TO_MINUTE,
                             SQL_C_INTERVAL_HOUR_TO_SECOND,
                             SQL_C_INTERVAL_MINUTE_TO_SECOND,
                             SQL_C_GUID,
                             SQL_C_DEFAULT};

constexpr std::array kCapacities{100, 0, 1, 2, 3, 5, 7};

class ProtocolsAgree : public testing::TestWithParam<ServerKind> {
 protected:
  ProtocolsAgree() : rig_(Through::kNothing) {
    rig_.connect({}, GetParam());
    rig_.make_statement();
    run("SET sql_mode = 'ALLOW_INVALID_DATES'");
  }

  void run(const std::string& sql) {
    const SQLRETURN result = rig_("SQLExecDirect", rig_.statement, sql.c_str(), SQL_NTS);
    ASSERT_TRUE(SQL_SUCCEEDED(result)) << sql << rig_.state_of(SQL_HANDLE_STMT, rig_.statement);
  }

  /// Every answer of SQLGetData about the first column of the current row, in words.
  std::string read_as(int c_type, int capacity) {
    std::ostringstream told;
    for (int piece = 0; piece < 3; ++piece) {
      std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::max(capacity, 64)) + 8, 0xA5);
      SQLLEN length = -99;
      const SQLRETURN result =
          rig_("SQLGetData", rig_.statement, 1, c_type, buffer.data(), capacity, &length);
      told << result << ' ' << (result == SQL_NO_DATA ? 0 : length) << ' ';
      if (result == SQL_ERROR || result == SQL_SUCCESS_WITH_INFO) {
        told << rig_.state_of(SQL_HANDLE_STMT, rig_.statement) << ' ';
      }
      for (const std::uint8_t byte : buffer) told << std::hex << int{byte} << std::dec << ',';
      if (result != SQL_SUCCESS_WITH_INFO) break;
      told << " | ";
    }
    return told.str();
  }

  std::string fetch_as(bool binary, int c_type, int capacity) {
    SQLINTEGER zero = 0;
    rig_("SQLFreeStmt", rig_.statement, SQL_CLOSE);
    if (binary) {
      rig_("SQLBindParameter", rig_.statement, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
           &zero, 0, nullptr);
    }
    const std::string sql =
        std::string("SELECT v FROM agree WHERE id >= ") + (binary ? "?" : "0") + " ORDER BY id";
    run(sql);
    std::string all;
    while (SQL_SUCCEEDED(rig_("SQLFetch", rig_.statement))) all += read_as(c_type, capacity) + "\n";
    rig_("SQLFreeStmt", rig_.statement, SQL_CLOSE);
    rig_("SQLFreeStmt", rig_.statement, SQL_RESET_PARAMS);
    return all;
  }

  OdbcRig rig_;
};

TEST_P(ProtocolsAgree, OnEveryTypeReadAsEveryCType) {
  for (const Column& column : columns()) {
    run("DROP TABLE IF EXISTS agree");
    run(std::string("CREATE TABLE agree (id INT, v ") + column.type +
        ") ENGINE=MyISAM DEFAULT CHARSET=utf8mb4");
    int id = 0;
    for (const char* value : column.values) {
      run("INSERT INTO agree VALUES (" + std::to_string(++id) + ", " + value + ")");
    }
    run("INSERT INTO agree VALUES (99, NULL)");
    for (const int c_type : kCTypes) {
      for (const int capacity : kCapacities) {
        const bool sized = c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY;
        if (!sized && capacity != kCapacities.front()) continue;
        EXPECT_EQ(fetch_as(true, c_type, capacity), fetch_as(false, c_type, capacity))
            << column.type << " as " << c_type << " into " << capacity << " bytes";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, ProtocolsAgree, testing::ValuesIn(server_kinds()),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
}  // namespace test_support
