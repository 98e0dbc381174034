// Every type of MySQL and MariaDB through the driver manager: written by a literal and by a bound
// parameter, read by the text and the binary protocol, as text, wide text, bytes and native values.
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

struct TypeCase {
  const char* declared;
  const char* literal;  ///< as SQL
  const char* text;     ///< as SQL_C_CHAR
  SQLSMALLINT sql_type;
  SQLULEN column_size;
  SQLSMALLINT digits = 0;
};

void PrintTo(const TypeCase& row, std::ostream* out) { *out << row.declared << " " << row.literal; }

constexpr char kEmoji[] = "h\xC3\xA9llo \xF0\x9F\x98\x80";

const TypeCase kCases[] = {
    {"TINYINT", "-128", "-128", SQL_TINYINT, 3},
    {"TINYINT UNSIGNED", "255", "255", SQL_TINYINT, 3},
    {"SMALLINT", "-32768", "-32768", SQL_SMALLINT, 5},
    {"SMALLINT UNSIGNED", "65535", "65535", SQL_SMALLINT, 5},
    {"MEDIUMINT", "-8388608", "-8388608", SQL_INTEGER, 7},
    {"MEDIUMINT UNSIGNED", "16777215", "16777215", SQL_INTEGER, 8},
    {"INT", "-2147483648", "-2147483648", SQL_INTEGER, 10},
    {"INT UNSIGNED", "4294967295", "4294967295", SQL_INTEGER, 10},
    {"BIGINT", "-9223372036854775808", "-9223372036854775808", SQL_BIGINT, 19},
    {"BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615", SQL_BIGINT, 20},
    {"FLOAT", "-1.5", "-1.5", SQL_REAL, 7},
    {"DOUBLE", "-1.7976931348623157e308", "-1.7976931348623157e308", SQL_DOUBLE, 15},
    {"DOUBLE", "0.1", "0.1", SQL_DOUBLE, 15},
    {"DECIMAL(65,30)", "-99999999999999999999999999999999999.999999999999999999999999999999",
     "-99999999999999999999999999999999999.999999999999999999999999999999", SQL_DECIMAL, 65, 30},
    {"DECIMAL(10,0)", "0", "0", SQL_DECIMAL, 10},
    {"DECIMAL(5,2) UNSIGNED", "999.99", "999.99", SQL_DECIMAL, 5, 2},
    {"YEAR", "2155", "2155", SQL_SMALLINT, 4},
    {"YEAR", "0000", "0000", SQL_SMALLINT, 4},
    {"DATE", "'9999-12-31'", "9999-12-31", SQL_TYPE_DATE, 10},
    {"TIME", "'23:59:59'", "23:59:59", SQL_TYPE_TIME, 8},
    {"TIME", "'838:59:59'", "838:59:59", SQL_TYPE_TIME, 8},
    {"TIME", "'-838:59:59'", "-838:59:59", SQL_TYPE_TIME, 8},
    {"TIME(6)", "'01:02:03.000004'", "01:02:03.000004", SQL_TYPE_TIME, 15, 6},
    {"DATETIME", "'1000-01-01 00:00:00'", "1000-01-01 00:00:00", SQL_TYPE_TIMESTAMP, 19},
    {"DATETIME(3)", "'2024-02-29 23:59:59.125'", "2024-02-29 23:59:59.125", SQL_TYPE_TIMESTAMP, 23,
     3},
    {"TIMESTAMP(6) NULL", "'2038-01-19 00:14:07.999999'", "2038-01-19 00:14:07.999999",
     SQL_TYPE_TIMESTAMP, 26, 6},
    {"CHAR(8)", "'h\xC3\xA9llo \xF0\x9F\x98\x80'", kEmoji, SQL_CHAR, 8},
    {"VARCHAR(200)", "'h\xC3\xA9llo \xF0\x9F\x98\x80'", kEmoji, SQL_VARCHAR, 200},
    {"VARCHAR(1)", "''", "", SQL_VARCHAR, 1},
    {"TINYTEXT", "'a''b'", "a'b", SQL_LONGVARCHAR, 255},
    {"TEXT", "'\xF0\x9F\x98\x80'", "\xF0\x9F\x98\x80", SQL_LONGVARCHAR, 65535},
    {"MEDIUMTEXT", "''", "", SQL_LONGVARCHAR, 16777215},
    {"LONGTEXT", "'x'", "x", SQL_LONGVARCHAR, 2147483647},
    {"ENUM('small','gr\xC3\xB6\xC3\x9F"
     "e')",
     "'gr\xC3\xB6\xC3\x9F"
     "e'",
     "gr\xC3\xB6\xC3\x9F"
     "e",
     SQL_CHAR, 5},
    {"SET('a','bc')", "'a,bc'", "a,bc", SQL_CHAR, 4},
    {"BINARY(3)", "0x00FF10", "00FF10", SQL_BINARY, 3},
    {"VARBINARY(10)", "0x00", "00", SQL_VARBINARY, 10},
    {"BLOB", "0x0001FE", "0001FE", SQL_LONGVARBINARY, 65535},
    {"BIT(1)", "1", "1", SQL_BIT, 1},
    {"BIT(12)", "0xABC", "0ABC", SQL_BINARY, 2},
};

class Types : public ServerCase {
 protected:
  void make(const TypeCase& row) {
    make_table("one_type", std::string("id INT PRIMARY KEY, v ") + row.declared);
    OdbcStatement(connection_)
        .execute(std::string("INSERT INTO one_type VALUES (1, ") + row.literal + "), (2, NULL)");
  }

  /// The rows of one_type by the binary protocol.
  static void select_prepared(OdbcStatement& statement, SQLINTEGER& from) {
    statement.prepare("SELECT v FROM one_type WHERE id >= ? ORDER BY id");
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER,
                                     0, 0, &from, 0, nullptr));
    statement.execute_prepared();
  }
};

TEST_P(Types, ComeBackAsTextFromBothProtocols) {
  for (const TypeCase& row : kCases) {
    SCOPED_TRACE(testing::PrintToString(row));
    make(row);
    OdbcStatement text(connection_);
    text.execute("SELECT v FROM one_type ORDER BY id");
    ASSERT_TRUE(text.fetch());
    EXPECT_EQ(text.text(1), row.text);
    ASSERT_TRUE(text.fetch());
    EXPECT_EQ(text.text(1), std::nullopt);
    EXPECT_FALSE(text.fetch());

    OdbcStatement prepared(connection_);
    SQLINTEGER from = 1;
    select_prepared(prepared, from);
    ASSERT_TRUE(prepared.fetch());
    EXPECT_EQ(prepared.text(1), row.text);
    ASSERT_TRUE(prepared.fetch());
    EXPECT_EQ(prepared.text(1), std::nullopt);
    EXPECT_FALSE(prepared.fetch());
  }
}

TEST_P(Types, ComeBackAsWideTextIntoBoundColumns) {
  for (const TypeCase& row : kCases) {
    SCOPED_TRACE(testing::PrintToString(row));
    make(row);
    for (const bool prepare : {false, true}) {
      OdbcStatement statement(connection_);
      SQLINTEGER from = 1;
      if (prepare) {
        select_prepared(statement, from);
      } else {
        statement.execute("SELECT v FROM one_type ORDER BY id");
      }
      std::array<char16_t, 512> wide{};
      SQLLEN length = 0;
      statement.check(
          SQLBindCol(statement.raw(), 1, SQL_C_WCHAR, wide.data(), sizeof wide, &length));
      ASSERT_TRUE(statement.fetch());
      EXPECT_EQ(utf8_of(wide.data()), row.text);
      EXPECT_EQ(length % 2, 0);
      ASSERT_TRUE(statement.fetch());
      EXPECT_EQ(length, SQL_NULL_DATA);
    }
  }
}

TEST_P(Types, ComeBackInTheirDefaultCType) {
  for (const TypeCase& row : kCases) {
    SCOPED_TRACE(testing::PrintToString(row));
    make(row);
    OdbcStatement text(connection_);
    OdbcStatement binary(connection_);
    SQLINTEGER from = 1;
    text.execute("SELECT v FROM one_type ORDER BY id");
    select_prepared(binary, from);
    std::array<char, 512> of_text{};
    std::array<char, 512> of_binary{};
    SQLLEN text_length = 0;
    SQLLEN binary_length = 0;
    ASSERT_TRUE(text.fetch());
    ASSERT_TRUE(binary.fetch());
    const std::string time = row.text;
    if (row.sql_type == SQL_TYPE_TIME && (time.front() == '-' || time.front() == '8')) {
      // SQL_TIME_STRUCT holds a time of day; the text above holds the rest.
      EXPECT_EQ(SQLGetData(text.raw(), 1, SQL_C_DEFAULT, of_text.data(), 512, &text_length),
                SQL_ERROR);
      EXPECT_EQ(text.diagnostics().front().state, "22007");
      continue;
    }
    text.check(SQLGetData(text.raw(), 1, SQL_C_DEFAULT, of_text.data(), 512, &text_length));
    binary.check(SQLGetData(binary.raw(), 1, SQL_C_DEFAULT, of_binary.data(), 512, &binary_length));
    EXPECT_EQ(text_length, binary_length);
    EXPECT_EQ(of_text, of_binary);
    EXPECT_GE(text_length, 0);
  }
}

TEST_P(Types, AreDescribedAlikeBeforeAndAfterExecution) {
  for (const TypeCase& row : kCases) {
    SCOPED_TRACE(testing::PrintToString(row));
    make(row);
    for (const bool execute : {true, false}) {
      OdbcStatement statement(connection_);
      if (execute) {
        statement.execute("SELECT v AS a_label FROM one_type");
      } else {
        statement.prepare("SELECT v AS a_label FROM one_type");
      }
      std::array<SQLCHAR, 64> name{};
      SQLSMALLINT name_length = 0, type = 0, digits = -1, nullable = -1;
      SQLULEN size = 0;
      statement.check(SQLDescribeCol(statement.raw(), 1, name.data(), 64, &name_length, &type,
                                     &size, &digits, &nullable));
      EXPECT_STREQ(reinterpret_cast<const char*>(name.data()), "a_label");
      EXPECT_EQ(type, row.sql_type);
      EXPECT_EQ(size, row.column_size);
      EXPECT_EQ(digits, row.digits);
      EXPECT_EQ(nullable, SQL_NULLABLE);
    }
  }
}

TEST_P(Types, AreWrittenByTextAndWideParameters) {
  for (const TypeCase& row : kCases) {
    SCOPED_TRACE(testing::PrintToString(row));
    make(row);
    const std::string as_text = row.text;
    const std::u16string as_wide = utf16_of(as_text);
    OdbcStatement insert(connection_);
    insert.prepare("INSERT INTO one_type VALUES (?, ?)");
    SQLINTEGER id = 3;
    SQLLEN length = static_cast<SQLLEN>(as_text.size());
    insert.check(SQLBindParameter(insert.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                  &id, 0, nullptr));
    const auto bind = [&](SQLSMALLINT c_type, const void* data) {
      insert.check(SQLBindParameter(insert.raw(), 2, SQL_PARAM_INPUT, c_type, row.sql_type,
                                    row.column_size, row.digits, const_cast<void*>(data), length,
                                    &length));
    };
    bind(SQL_C_CHAR, as_text.data());
    insert.execute_prepared();
    id = 4;
    length = static_cast<SQLLEN>(as_wide.size() * sizeof(char16_t));
    bind(SQL_C_WCHAR, as_wide.data());
    insert.execute_prepared();
    id = 5;
    length = SQL_NULL_DATA;
    insert.execute_prepared();

    OdbcStatement select(connection_);
    select.execute("SELECT v FROM one_type WHERE id >= 3 ORDER BY id");
    EXPECT_EQ(select.rows(), (std::vector<OdbcRow>{{as_text}, {as_text}, {std::nullopt}}));
  }
}

TEST_P(Types, OfNumbersFillNativeVariables) {
  OdbcStatement statement(connection_);
  for (const bool prepare : {false, true}) {
    const char* sql = prepare
                          ? "SELECT 18446744073709551615, -9223372036854775808, 1.25e0, 255 FROM "
                            "DUAL WHERE ? = 1"
                          : "SELECT 18446744073709551615, -9223372036854775808, 1.25e0, 255";
    SQLINTEGER one = 1;
    if (prepare) {
      statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &one, 0, nullptr));
    }
    statement.execute(sql);
    ASSERT_TRUE(statement.fetch());
    SQLUBIGINT largest = 0;
    SQLBIGINT smallest = 0;
    SQLDOUBLE real = 0;
    SQLSCHAR tiny = 0;
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.raw(), 1, SQL_C_UBIGINT, &largest, 0, &length));
    EXPECT_EQ(largest, 18446744073709551615ULL);
    EXPECT_EQ(length, 8);
    statement.check(SQLGetData(statement.raw(), 2, SQL_C_SBIGINT, &smallest, 0, nullptr));
    EXPECT_EQ(smallest, INT64_MIN);
    statement.check(SQLGetData(statement.raw(), 3, SQL_C_DOUBLE, &real, 0, nullptr));
    EXPECT_EQ(real, 1.25);
    EXPECT_EQ(SQLGetData(statement.raw(), 4, SQL_C_STINYINT, &tiny, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(statement.diagnostics().front().state, "22003");
    statement.close();
    statement.check(SQLFreeStmt(statement.raw(), SQL_RESET_PARAMS));
  }
}

TEST_P(Types, OfMomentsFillTheirStructures) {
  OdbcStatement statement(connection_);
  statement.execute(
      "SELECT CAST('2024-02-29 23:59:58.123456' AS DATETIME(6)), "
      "CAST('2024-02-29 23:59:58' AS DATETIME), CAST('23:59:58' AS TIME)");
  ASSERT_TRUE(statement.fetch());
  SQL_TIMESTAMP_STRUCT moment{};
  SQL_DATE_STRUCT date{};
  SQL_TIME_STRUCT time{};
  statement.check(SQLGetData(statement.raw(), 1, SQL_C_TYPE_TIMESTAMP, &moment, 0, nullptr));
  EXPECT_EQ(moment.year, 2024);
  EXPECT_EQ(moment.fraction, 123456000U);
  // The time of day would be lost: a truncation, and said so.
  ASSERT_EQ(SQLGetData(statement.raw(), 2, SQL_C_TYPE_DATE, &date, 0, nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(statement.diagnostics().front().state, "01S07");
  EXPECT_EQ(date.day, 29);
  statement.check(SQLGetData(statement.raw(), 3, SQL_C_TYPE_TIME, &time, 0, nullptr));
  EXPECT_EQ(time.second, 58);
}

TEST_P(Types, OfBytesComeUnchanged) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT 0x00FF0A, BINARY '\xF0\x9F\x98\x80', 'abc'");
  ASSERT_TRUE(statement.fetch());
  std::array<unsigned char, 8> bytes{};
  SQLLEN length = 0;
  statement.check(SQLGetData(statement.raw(), 1, SQL_C_BINARY, bytes.data(), 8, &length));
  EXPECT_EQ(length, 3);
  EXPECT_EQ((std::array<unsigned char, 3>{bytes[0], bytes[1], bytes[2]}),
            (std::array<unsigned char, 3>{0x00, 0xFF, 0x0A}));
  statement.check(SQLGetData(statement.raw(), 2, SQL_C_BINARY, bytes.data(), 8, &length));
  EXPECT_EQ(length, 4);
  statement.check(SQLGetData(statement.raw(), 3, SQL_C_BINARY, bytes.data(), 8, &length));
  EXPECT_EQ(length, 3);
  EXPECT_EQ(bytes[2], 'c');
}

TEST_P(Types, OfBitsInExpressionsAreThoseOfTheColumn) {
  for (const char* declared : {"BIT(1)", "BIT(8)", "BIT(9)"}) {
    make({declared, "1", "", SQL_BIT, 1});
    for (const bool prepared : {false, true}) {
      OdbcStatement statement(connection_);
      const char* text =
          "SELECT v, (SELECT v FROM one_type WHERE id = 1), MAX(v), IFNULL(MAX(v), 0) + 0 "
          "FROM one_type WHERE id = 1 GROUP BY v";
      if (prepared) {
        statement.prepare(text);
        statement.execute_prepared();
      } else {
        statement.execute(text);
      }
      const std::vector<OdbcRow> rows = statement.rows();
      ASSERT_EQ(rows.size(), 1U);
      EXPECT_EQ(rows[0][1], rows[0][0]) << declared;
      EXPECT_EQ(rows[0][2], rows[0][0]) << declared;
      EXPECT_EQ(rows[0][3], "1") << declared;
    }
  }
}

TEST_P(Types, OfJsonAreText) {
  if (GetParam() == ServerKind::kMySql56) {  // has no JSON; the word must be an error, not a crash
    OdbcStatement statement(connection_);
    EXPECT_THROW(statement.execute("CREATE TABLE j (v JSON)"), OdbcError);
    return;
  }
  make({"JSON", R"('{"a": "h\u00e9"}')", "", SQL_LONGVARCHAR, 0});
  OdbcStatement statement(connection_);
  EXPECT_EQ(statement.value("SELECT v FROM one_type WHERE id = 1"), R"({"a": "hu00e9"})");
}

TEST_P(Types, OfTextAreWarnedOfWhereTheSessionSpeaksAnotherCharacterSet) {
  make_table("texts", "t VARCHAR(9)");
  OdbcStatement(connection_).execute("INSERT INTO texts VALUES ('h\xC3\xA9')");
  const auto state_after = [this](std::string sql) {
    OdbcStatement statement(connection_);
    statement.execute(sql);
    const auto told = statement.diagnostics();
    return told.empty() ? std::string("00000") : told.front().state;
  };
  EXPECT_EQ(state_after("SET NAMES latin1"), "01000");
  OdbcStatement statement(connection_);
  statement.execute("SELECT t FROM texts");
  ASSERT_TRUE(statement.fetch());
  std::array<char, 16> bytes{};
  SQLLEN length = 0;
  statement.check(SQLGetData(statement.raw(), 1, SQL_C_CHAR, bytes.data(), sizeof bytes, &length));
  EXPECT_STREQ(bytes.data(), "h\xE9");  // the server's, as they came
  statement.close();
  for (const char* utf8 : {"SET NAMES utf8", "SET NAMES 'UTF8MB4'", "SET NAMES DEFAULT"}) {
    EXPECT_EQ(state_after(utf8), "00000") << utf8;
  }
}

TEST_P(Types, OfTextFollowSqlAttrAnsiAppBetweenRuns) {
  OdbcStatement statement(connection_);
  statement.prepare("SELECT 'a' AS t");
  const auto described = [&statement] {
    SQLSMALLINT type = 0;
    statement.check(
        SQLDescribeCol(statement.raw(), 1, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr));
    return type;
  };
  const auto set_ansi = [this](std::size_t value) {
    connection_.check(
        SQLSetConnectAttr(connection_.raw(), SQL_ATTR_ANSI_APP, attribute_value(value), 0));
  };
  EXPECT_EQ(described(), SQL_VARCHAR);
  set_ansi(SQL_AA_FALSE);
  EXPECT_EQ(described(), SQL_WVARCHAR);
  statement.execute_prepared();
  EXPECT_EQ(described(), SQL_WVARCHAR);
  set_ansi(SQL_AA_TRUE);
  EXPECT_EQ(described(), SQL_VARCHAR);
  statement.close();
  statement.execute_prepared();
  EXPECT_EQ(described(), SQL_VARCHAR);

  OdbcStatement catalog(connection_);
  catalog.check(SQLGetTypeInfo(catalog.raw(), SQL_INTEGER));
  set_ansi(SQL_AA_FALSE);
  SQLLEN length = 0;
  catalog.check(SQLColAttribute(catalog.raw(), 1, SQL_DESC_LENGTH, nullptr, 0, nullptr, &length));
  SQLINTEGER type = 0;
  catalog.check(SQLBindCol(catalog.raw(), 2, SQL_C_DEFAULT, &type, sizeof type, nullptr));
  EXPECT_TRUE(catalog.fetch());
}

TEST_P(Types, OfTextAreWideForAWideApplication) {
  make_table("texts", "c CHAR(3), v VARCHAR(3), t TEXT, e ENUM('a')");
  OdbcStatement(connection_).execute("INSERT INTO texts VALUES ('\xC3\xA9', 'v', 't', 'a')");
  OdbcConnection wide(environment_);
  std::u16string text = utf16_of(connection_string(server_.endpoint()));
  wide.check(SQLDriverConnectW(wide.raw(), nullptr, reinterpret_cast<SQLWCHAR*>(text.data()),
                               SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT));
  const auto types = [](const OdbcConnection& connection) {
    OdbcStatement statement(connection);
    statement.execute("SELECT c, v, t, e FROM texts");
    std::vector<int> found;
    for (SQLUSMALLINT column = 1; column <= 4; ++column) {
      SQLLEN type = 0;
      statement.check(SQLColAttribute(statement.raw(), column, SQL_DESC_CONCISE_TYPE, nullptr, 0,
                                      nullptr, &type));
      found.push_back(static_cast<int>(type));
    }
    return found;
  };
  EXPECT_EQ(types(connection_),
            (std::vector<int>{SQL_CHAR, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_CHAR}));
  EXPECT_EQ(types(wide), (std::vector<int>{SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR, SQL_WCHAR}));
  for (const OdbcConnection* connection : {&connection_, &wide}) {
    OdbcStatement statement(*connection);
    statement.execute("SELECT c FROM texts");
    ASSERT_TRUE(statement.fetch());
    std::array<char, 16> buffer{};
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.raw(), 1, SQL_C_DEFAULT, buffer.data(), 16, &length));
    const std::string found(buffer.data(), static_cast<std::size_t>(length));
    EXPECT_EQ(found, connection == &wide ? std::string("\xE9\0", 2) : "\xC3\xA9");
  }
}

FOR_EVERY_SERVER(Types);

}  // namespace
}  // namespace test_support
