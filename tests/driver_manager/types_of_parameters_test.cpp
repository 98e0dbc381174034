// Parameters of every C type, what can be known of a marker, binding and rebinding, and statements
// whose values the driver writes into the text itself.
#include <array>
#include <cstring>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class TypesOfParameters : public ServerCase {
 protected:
  void bind(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, void* data,
            SQLLEN capacity = 0, SQLLEN* length = nullptr, SQLULEN size = 0,
            SQLSMALLINT digits = 0) {
    statement_.check(SQLBindParameter(statement_.raw(), number, SQL_PARAM_INPUT, c_type, sql_type,
                                      size, digits, data, capacity, length));
  }
  std::string answer(const std::string& sql) { return statement_.value(sql); }
  static std::string state_of_result(const OdbcStatement& statement, SQLRETURN result) {
    return state_of([&] { statement.check(result); });
  }

  OdbcStatement statement_{connection_};
};

TEST_P(TypesOfParameters, AreThoseOfC) {
  SQL_INTERVAL_STRUCT interval{};
  interval.interval_type = SQL_IS_DAY_TO_SECOND;
  interval.interval_sign = SQL_TRUE;
  interval.intval.day_second = {1, 2, 3, 4, 500000};
  bind(1, SQL_C_INTERVAL_DAY_TO_SECOND, SQL_INTERVAL_DAY_TO_SECOND, &interval);
  EXPECT_EQ(answer("SELECT TIME_FORMAT(?, '%H:%i:%s.%f')"), "-26:03:04.500000");
  SQLGUID guid{0x01234567, 0x89AB, 0xCDEF, {1, 2, 3, 4, 5, 6, 7, 8}};
  bind(1, SQL_C_GUID, SQL_GUID, &guid);
  EXPECT_EQ(answer("SELECT CONVERT(LOWER(?) USING utf8mb4)"),
            "01234567-89ab-cdef-0102-030405060708");
  SQLCHAR bit = 1;
  bind(1, SQL_C_BIT, SQL_BIT, &bit);
  EXPECT_EQ(answer("SELECT ? + 1"), "2");
  SQLUBIGINT big = 18446744073709551615U;
  bind(1, SQL_C_UBIGINT, SQL_BIGINT, &big);
  EXPECT_EQ(answer("SELECT ?"), "18446744073709551615");
  SQL_TIMESTAMP_STRUCT stamp{2026, 11, 26, 4, 5, 6, 123456000};
  bind(1, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &stamp, 0, nullptr, 26, 6);
  EXPECT_EQ(answer("SELECT DATE_FORMAT(?, '%Y/%m/%d %H:%i:%s.%f')"), "2026/11/26 04:05:06.123456");
}

TEST_P(TypesOfParameters, HaveTheCTypeOfTheirSqlTypeByDefault) {
  SQLINTEGER number = -12;
  bind(1, SQL_C_DEFAULT, SQL_INTEGER, &number);
  EXPECT_EQ(answer("SELECT ? * 2"), "-24");
  SQLDOUBLE real = 1.25;
  bind(1, SQL_C_DEFAULT, SQL_DOUBLE, &real);
  EXPECT_EQ(answer("SELECT ? * 2"), "2.5");
  SQL_DATE_STRUCT date{2026, 2, 3};
  bind(1, SQL_C_DEFAULT, SQL_TYPE_DATE, &date);
  EXPECT_EQ(answer("SELECT YEAR(?)"), "2026");
  // Arrays of them lie side by side.
  make_table("defaults", "i INT");
  std::array<SQLINTEGER, 3> numbers{1, 20, 300};
  bind(1, SQL_C_DEFAULT, SQL_INTEGER, numbers.data());
  statement_.check(SQLSetStmtAttr(statement_.raw(), SQL_ATTR_PARAMSET_SIZE, attribute_value(3), 0));
  statement_.execute("INSERT INTO defaults VALUES (?)");
  EXPECT_EQ(ask("SELECT SUM(i) FROM defaults"), "321");
}

TEST_P(TypesOfParameters, TakeTheScaleOfANumericFromItsDescriptor) {
  SQL_NUMERIC_STRUCT number{};
  number.precision = 5;
  number.scale = 2;
  number.sign = 1;
  const SQLUINTEGER digits = 12345;
  std::memcpy(number.val, &digits, sizeof digits);
  bind(1, SQL_C_NUMERIC, SQL_DECIMAL, &number, sizeof number, nullptr, 20, 4);
  EXPECT_EQ(answer("SELECT ? + 0"), "123.45");
  SQLHDESC apd = nullptr;
  statement_.check(
      SQLGetStmtAttr(statement_.raw(), SQL_ATTR_APP_PARAM_DESC, &apd, SQL_IS_POINTER, nullptr));
  ASSERT_EQ(SQLSetDescField(apd, 1, SQL_DESC_SCALE, attribute_value(4), 0), SQL_SUCCESS);
  ASSERT_EQ(SQLSetDescField(apd, 1, SQL_DESC_DATA_PTR, &number, 0), SQL_SUCCESS);
  EXPECT_EQ(answer("SELECT ? + 0"), "1.2345");
}

TEST_P(TypesOfParameters, AreNullWithoutAnyBuffer) {
  SQLLEN null = SQL_NULL_DATA;
  bind(1, SQL_C_CHAR, SQL_VARCHAR, nullptr, 0, &null, 10);
  bind(2, SQL_C_SLONG, SQL_INTEGER, nullptr, 0, &null);
  EXPECT_EQ(answer("SELECT CONCAT(? IS NULL, ? IS NULL)"), "11");
}

TEST_P(TypesOfParameters, MayBeBoundAnewAndTooMany) {
  SQLINTEGER number = 1;
  std::array<char, 8> text{"text"};
  bind(1, SQL_C_SLONG, SQL_INTEGER, &number);
  bind(2, SQL_C_SLONG, SQL_INTEGER, &number);  // one too many
  statement_.prepare("SELECT CONVERT(CONCAT('<', ?, '>') USING utf8mb4)");
  statement_.execute_prepared();
  ASSERT_TRUE(statement_.fetch());
  EXPECT_EQ(statement_.text(1), "<1>");
  statement_.close();
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text.data(), 8, nullptr, 8);
  statement_.execute_prepared();
  ASSERT_TRUE(statement_.fetch());
  EXPECT_EQ(statement_.text(1), "<text>");
  statement_.close();
  statement_.check(SQLFreeStmt(statement_.raw(), SQL_RESET_PARAMS));
  EXPECT_EQ(state_of([&] { statement_.execute_prepared(); }), "07002");
}

TEST_P(TypesOfParameters, AreDescribedAsFarAsIsKnown) {
  SQLSMALLINT count = -1;
  EXPECT_EQ(state_of_result(statement_, SQLNumParams(statement_.raw(), &count)), "HY010");
  statement_.prepare("SELECT ?, 'a?', ? /* ? */");
  statement_.check(SQLNumParams(statement_.raw(), &count));
  EXPECT_EQ(count, 2);
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = -1;
  SQLSMALLINT nullable = -1;
  statement_.check(SQLDescribeParam(statement_.raw(), 2, &type, &size, &digits, &nullable));
  EXPECT_EQ(type, SQL_VARCHAR);
  EXPECT_EQ(size, 255U);
  EXPECT_EQ(digits, 0);
  EXPECT_EQ(nullable, SQL_NULLABLE_UNKNOWN);
  statement_.check(SQLDescribeParam(statement_.raw(), 1, nullptr, nullptr, nullptr, nullptr));
  EXPECT_EQ(state_of_result(statement_, SQLDescribeParam(statement_.raw(), 3, &type, &size, &digits,
                                                         &nullable)),
            "07009");
  statement_.execute("SELECT 1");
  statement_.check(SQLNumParams(statement_.raw(), &count));
  EXPECT_EQ(count, 0);
}

/// Programs make their buffers as long as that (pyodbc's fast_executemany does).
TEST_P(TypesOfParameters, OfLongTextColumnsAreDescribedAsLong) {
  make_table("sized", "i INT, c CHAR(10), v VARCHAR(600), t TEXT, b BLOB, m MEDIUMTEXT");
  const auto described = [this](const std::string& sql) {
    statement_.prepare(sql);
    SQLSMALLINT count = 0;
    statement_.check(SQLNumParams(statement_.raw(), &count));
    std::string all;
    for (SQLUSMALLINT number = 1; number <= count; ++number) {
      SQLSMALLINT type = 0;
      SQLULEN size = 99;
      statement_.check(SQLDescribeParam(statement_.raw(), number, &type, &size, nullptr, nullptr));
      all += (number > 1 ? " " : "") + std::to_string(type) + "(" + std::to_string(size) + ")";
    }
    return all;
  };
  EXPECT_EQ(described("INSERT INTO sized VALUES (?, ?, ?, ?, ?, ?)"),
            "12(255) 12(255) 12(600) -1(0) 12(255) -1(0)");
  EXPECT_EQ(described("INSERT INTO test.sized (v, i) VALUES (?, ?), (?, ?)"),
            "12(600) 12(255) 12(600) 12(255)");
  EXPECT_EQ(described("UPDATE sized SET v = ?, c = ? WHERE v = ?"), "12(600) 12(255) 12(255)");
  EXPECT_EQ(described("INSERT INTO sized (v) VALUES (CONCAT(?, 'x'))"), "12(255)");
}

/// Programs bind what SQLDescribeParam says (PHP does), which can only be a guess.
TEST_P(TypesOfParameters, MayBeLongerThanTheirDescription) {
  std::string text(300, 'x');
  SQLLEN length = 300;
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text.data(), length, &length, 255);
  EXPECT_EQ(answer("SELECT CHAR_LENGTH(?)"), "300");
  bind(1, SQL_C_BINARY, SQL_VARBINARY, text.data(), length, &length, 255);
  EXPECT_EQ(answer("SELECT OCTET_LENGTH(?)"), "300");
  statement_.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
  make_table("short_texts", "t VARCHAR(5)");
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text.data(), length, &length, 255);
  EXPECT_EQ(state_of([&] { statement_.execute("INSERT INTO short_texts VALUES (?)"); }), "22001");
}

TEST_P(TypesOfParameters, MayBeIntervalsAsText) {
  SQL_INTERVAL_STRUCT interval{};
  interval.intval.day_second = {2, 3, 4, 5, 0};
  bind(1, SQL_C_INTERVAL_DAY_TO_SECOND, SQL_VARCHAR, &interval);
  EXPECT_EQ(answer("SELECT TIMESTAMP'2020-01-01 00:00:00' + INTERVAL ? DAY_SECOND").substr(0, 19),
            "2020-01-03 03:04:05");
  interval.intval.year_month = {5, 6};
  bind(1, SQL_C_INTERVAL_YEAR_TO_MONTH, SQL_VARCHAR, &interval);
  EXPECT_EQ(answer("SELECT DATE'2020-01-01' + INTERVAL ? YEAR_MONTH"), "2025-07-01");
}

TEST_P(TypesOfParameters, LeaveMetadataToBeAskedForBeforeExecution) {
  make_table("described", "i INT NOT NULL, t VARCHAR(30)");
  for (const char* sql : {"SELECT i, t FROM described WHERE i = ?", "SELECT i, t FROM described"}) {
    statement_.prepare(sql);
    SQLSMALLINT columns = 0;
    statement_.check(SQLNumResultCols(statement_.raw(), &columns));
    EXPECT_EQ(columns, 2);
    SQLULEN size = 0;
    SQLSMALLINT type = 0;
    statement_.check(
        SQLDescribeCol(statement_.raw(), 2, nullptr, 0, nullptr, &type, &size, nullptr, nullptr));
    EXPECT_EQ(size, 30U);
  }
  statement_.prepare("INSERT INTO described VALUES (?, 'x')");
  SQLSMALLINT columns = -1;
  statement_.check(SQLNumResultCols(statement_.raw(), &columns));
  EXPECT_EQ(columns, 0);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM described"), "0");
}

TEST_P(TypesOfParameters, BecomeLiteralsWhereTheServerCannotPrepare) {
  make_table("unprepared", "i INT, v INT");
  SQLINTEGER number = 4;
  bind(1, SQL_C_SLONG, SQL_INTEGER, &number);
  try {
    statement_.prepare("LOAD DATA INFILE '/no/such/file' INTO TABLE unprepared (i) SET v = ?");
    statement_.execute_prepared();
    ADD_FAILURE() << "a file that does not exist was loaded";
  } catch (const OdbcError& error) {
    EXPECT_NE(error.native(), 1295) << error.what();  // cannot be prepared
  }
}

TEST_P(TypesOfParameters, BecomeLiteralsWhenTheServerHoldsNoMoreStatements) {
  const auto limit = [&](const std::string& value) {
    OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = " + value);
  };
  limit("0");
  SQLINTEGER number = 4;
  std::array<char, 16> text{"a'b\\c"};
  bind(1, SQL_C_SLONG, SQL_INTEGER, &number);
  bind(2, SQL_C_CHAR, SQL_VARCHAR, text.data(), 16, nullptr, 16);
  EXPECT_EQ(answer("SELECT CONVERT(CONCAT(?, ?) USING utf8mb4)"), "4a'b\\c");
  limit("16382");
  EXPECT_EQ(answer("SELECT CONVERT(CONCAT(?, ?) USING utf8mb4)"), "4a'b\\c");
}

FOR_EVERY_SERVER(TypesOfParameters);

}  // namespace
}  // namespace test_support
