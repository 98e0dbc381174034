// Rows: rowsets by column and by row, pieces, long values, several cursors, describe.
#include <array>
#include <cstddef>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Fetch : public ServerCase {
 protected:
  /// n rows: i, and i times the letter x.
  void make_numbers(int n) {
    make_table("numbers", "i INT PRIMARY KEY, t VARCHAR(100)");
    std::string sql = "INSERT INTO numbers VALUES ";
    for (int i = 1; i <= n; ++i) {
      sql += (i > 1 ? ",(" : "(") + std::to_string(i) + ",REPEAT('x'," + std::to_string(i % 100) +
             "))";
    }
    OdbcStatement(connection_).execute(sql);
  }

  static void set(OdbcStatement& statement, SQLINTEGER attribute, SQLPOINTER value) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, value, 0));
  }
};

TEST_P(Fetch, FillsRowsetsByColumn) {
  make_numbers(25);
  OdbcStatement statement(connection_);
  std::array<SQLINTEGER, 10> numbers{};
  std::array<std::array<char, 8>, 10> texts{};
  std::array<SQLLEN, 10> lengths{};
  std::array<SQLUSMALLINT, 10> status{};
  SQLULEN fetched = 0;
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, attribute_value(10));
  set(statement, SQL_ATTR_ROW_STATUS_PTR, status.data());
  set(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
  statement.execute("SELECT i, IF(i = 3, NULL, t) FROM numbers ORDER BY i");
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, numbers.data(), 0, nullptr));
  statement.check(SQLBindCol(statement.raw(), 2, SQL_C_CHAR, texts.data(), 8, lengths.data()));

  EXPECT_EQ(SQLFetch(statement.raw()), SQL_SUCCESS_WITH_INFO);  // texts of rows 8 to 10 are cut
  EXPECT_EQ(fetched, 10U);
  EXPECT_EQ(numbers[9], 10);
  EXPECT_STREQ(texts[4].data(), "xxxxx");
  EXPECT_EQ(lengths[2], SQL_NULL_DATA);
  EXPECT_EQ(lengths[9], 10);
  EXPECT_STREQ(texts[9].data(), "xxxxxxx");
  EXPECT_EQ(status[0], SQL_ROW_SUCCESS);
  EXPECT_EQ(status[9], SQL_ROW_SUCCESS_WITH_INFO);
  const auto records = statement.diagnostics();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records.front().state, "01004");

  EXPECT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_NEXT, 0), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(numbers[0], 11);
  EXPECT_EQ(SQLFetch(statement.raw()), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(fetched, 5U);
  EXPECT_EQ(numbers[4], 25);
  EXPECT_EQ(status[5], SQL_ROW_NOROW);
  EXPECT_EQ(SQLFetch(statement.raw()), SQL_NO_DATA);
  EXPECT_EQ(fetched, 0U);
}

TEST_P(Fetch, StepsByTheSizeOfTheTypeThatTheDefaultStandsFor) {
  OdbcStatement statement(connection_);
  std::array<SQLINTEGER, 4> numbers{-1, -1, -1, -1};
  std::array<SQLLEN, 3> lengths{};
  statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_ROW_ARRAY_SIZE, attribute_value(3), 0));
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_DEFAULT, numbers.data(), 0, lengths.data()));
  make_table("defaults", "i INT");
  OdbcStatement(connection_).execute("INSERT INTO defaults VALUES (11), (22), (33)");
  statement.execute("SELECT i FROM defaults ORDER BY i");
  statement.check(SQLFetch(statement.raw()));
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{11, 22, 33, -1}));
}

TEST_P(Fetch, FillsRowsetsByRowAtAnOffset) {
  struct Row {
    SQLINTEGER number;
    SQLLEN number_length;
    std::array<char16_t, 64> text;
    SQLLEN text_length;
  };
  make_numbers(7);
  OdbcStatement statement(connection_);
  std::array<Row, 9> rows{};
  SQLULEN fetched = 0;
  SQLLEN offset = 2 * sizeof(Row);
  set(statement, SQL_ATTR_ROW_BIND_TYPE, attribute_value(sizeof(Row)));
  set(statement, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset);
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, attribute_value(7));
  set(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
  statement.check(
      SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &rows[0].number, 0, &rows[0].number_length));
  statement.check(SQLBindCol(statement.raw(), 2, SQL_C_WCHAR, rows[0].text.data(),
                             sizeof rows[0].text, &rows[0].text_length));
  statement.execute("SELECT i, t FROM numbers ORDER BY i");
  EXPECT_EQ(SQLFetch(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(fetched, 7U);
  EXPECT_EQ(rows[0].number, 0);
  EXPECT_EQ(rows[2].number, 1);
  EXPECT_EQ(rows[8].number, 7);
  EXPECT_EQ(rows[8].text_length, 14);
  EXPECT_EQ(std::u16string(rows[8].text.data()), u"xxxxxxx");
}

/// Whatever changes between two fetches of a result counts for the next.
TEST_P(Fetch, GoesByTheBuffersThatAreBoundNow) {
  make_numbers(8);
  OdbcStatement statement(connection_);
  std::array<SQLINTEGER, 4> numbers{};
  const auto fetch = [&] { statement.check(SQLFetch(statement.raw())); };
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &numbers[0], 0, nullptr));
  statement.execute("SELECT i FROM numbers ORDER BY i");
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{1, 0, 0, 0}));
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &numbers[1], 0, nullptr));
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{1, 2, 0, 0}));

  SQLLEN offset = sizeof(SQLINTEGER);
  set(statement, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset);
  fetch();
  offset *= 2;
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{1, 2, 3, 4}));
  set(statement, SQL_ATTR_ROW_BIND_OFFSET_PTR, nullptr);

  SQLHDESC own = SQL_NULL_HDESC;
  statement.check(SQLGetStmtAttr(statement.raw(), SQL_ATTR_APP_ROW_DESC, &own, 0, nullptr));
  ASSERT_EQ(SQLSetDescField(own, 1, SQL_DESC_DATA_PTR, &numbers[0], 0), SQL_SUCCESS);
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{5, 2, 3, 4}));

  SQLHDESC other = SQL_NULL_HDESC;
  ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DESC, connection_.raw(), &other), SQL_SUCCESS);
  ASSERT_EQ(SQLCopyDesc(own, other), SQL_SUCCESS);
  ASSERT_EQ(SQLSetDescField(other, 1, SQL_DESC_DATA_PTR, &numbers[3], 0), SQL_SUCCESS);
  set(statement, SQL_ATTR_APP_ROW_DESC, other);
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{5, 2, 3, 6}));
  ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, other), SQL_SUCCESS);
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{7, 2, 3, 6}));
  statement.check(SQLFreeStmt(statement.raw(), SQL_UNBIND));
  fetch();
  EXPECT_EQ(numbers, (std::array<SQLINTEGER, 4>{7, 2, 3, 6}));
}

TEST_P(Fetch, GoesByTheColumnsOfTheResultAtHand) {
  OdbcStatement statement(connection_);
  std::array<char, 16> text{};
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_CHAR, text.data(), text.size(), nullptr));
  const auto give = [&](const char* sql) {
    statement.execute(sql);
    statement.check(SQLFetch(statement.raw()));
    statement.check(SQLFreeStmt(statement.raw(), SQL_CLOSE));
    return std::string(text.data());
  };
  EXPECT_EQ(give("SELECT 12"), "12");
  EXPECT_EQ(give("SELECT 'some text'"), "some text");
  EXPECT_EQ(give("SELECT CAST('2020-01-02' AS DATE)"), "2020-01-02");
  EXPECT_EQ(give("SELECT X'4142'"), "4142");
  EXPECT_EQ(give("SELECT 1.5"), "1.5");
}

TEST_P(Fetch, MarksARowWhoseValueDoesNotFit) {
  OdbcStatement statement(connection_);
  std::array<SQLSCHAR, 3> small{};
  std::array<SQLUSMALLINT, 3> status{};
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, attribute_value(3));
  set(statement, SQL_ATTR_ROW_STATUS_PTR, status.data());
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_STINYINT, small.data(), 0, nullptr));
  statement.execute("SELECT 1 UNION ALL SELECT 1000 UNION ALL SELECT 3");
  EXPECT_EQ(SQLFetch(statement.raw()), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status[1], SQL_ROW_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "22003");
  EXPECT_EQ(small[2], 3);
}

TEST_P(Fetch, GivesLongTextsInPieces) {
  OdbcStatement statement(connection_);
  // 100,000 characters of two and four bytes, so that pieces end inside characters.
  for (const bool prepare : {false, true}) {
    SQLINTEGER count = 50000;
    const std::string sql = "SELECT CAST(REPEAT('\xC3\xA9\xF0\x9F\x98\x80', " +
                            std::string(prepare ? "?" : "50000") + ") AS CHAR)";
    if (prepare) {
      statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &count, 0, nullptr));
    }
    statement.execute(sql);
    ASSERT_TRUE(statement.fetch());
    const std::string whole = statement.text(1).value_or("");
    EXPECT_EQ(whole.size(), 300000U);
    EXPECT_EQ(whole.substr(0, 6), "\xC3\xA9\xF0\x9F\x98\x80");
    EXPECT_EQ(whole.substr(whole.size() - 6), "\xC3\xA9\xF0\x9F\x98\x80");
    statement.close();
    statement.check(SQLFreeStmt(statement.raw(), SQL_RESET_PARAMS));
  }
}

TEST_P(Fetch, GivesLongWideTextsInPiecesOfOddSizes) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT REPEAT('\xF0\x9F\x98\x80z', 30000)");
  ASSERT_TRUE(statement.fetch());
  std::u16string whole;
  std::array<char16_t, 1001> piece{};
  SQLLEN length = 0;
  for (;;) {
    const SQLRETURN result =
        SQLGetData(statement.raw(), 1, SQL_C_WCHAR, piece.data(), sizeof piece - 1, &length);
    if (result == SQL_NO_DATA) break;
    statement.check(result);
    whole += piece.data();
    if (result == SQL_SUCCESS) break;
  }
  EXPECT_EQ(whole.size(), 90000U);
  EXPECT_EQ(utf8_of(whole).size(), 150000U);
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_WCHAR, piece.data(), sizeof piece, &length),
            SQL_NO_DATA);
}

TEST_P(Fetch, TellsTheLengthThatIsLeft) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT 'abcdefghij', '', NULL");
  ASSERT_TRUE(statement.fetch());
  std::array<char, 5> piece{};
  SQLLEN length = 0;
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, piece.data(), 5, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 10);
  EXPECT_EQ(statement.diagnostics().front().state, "01004");
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, piece.data(), 5, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 6);
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, piece.data(), 5, &length), SQL_SUCCESS);
  EXPECT_EQ(length, 2);
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, piece.data(), 5, &length), SQL_NO_DATA);
  EXPECT_EQ(SQLGetData(statement.raw(), 2, SQL_C_CHAR, piece.data(), 5, &length), SQL_SUCCESS);
  EXPECT_EQ(length, 0);
  EXPECT_STREQ(piece.data(), "");
  EXPECT_EQ(SQLGetData(statement.raw(), 3, SQL_C_CHAR, piece.data(), 5, &length), SQL_SUCCESS);
  EXPECT_EQ(length, SQL_NULL_DATA);
  // A NULL needs somewhere to be told.
  statement.close();
  statement.execute("SELECT NULL");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, piece.data(), 5, nullptr), SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "22002");
}

TEST_P(Fetch, ServesTwoStatementsAtATime) {
  for (const char* spool : {"", "SPOOL_MEMORY=4096;"}) {  // the second spills into a file
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server_.endpoint(), spool));
    make_numbers(5000);
    OdbcStatement outer(connection);
    OdbcStatement inner(connection);
    outer.execute("SELECT i, t FROM numbers ORDER BY i");
    int rows = 0;
    while (outer.fetch()) {
      ++rows;
      EXPECT_EQ(outer.text(1), std::to_string(rows));
      if (rows % 1000 == 1) {
        EXPECT_EQ(inner.value("SELECT COUNT(*) FROM numbers"), "5000");
        EXPECT_EQ(outer.text(2), std::string(static_cast<std::size_t>(rows % 100), 'x'));
      }
    }
    EXPECT_EQ(rows, 5000);
    outer.close();
    // A prepared (binary) result as well.
    SQLINTEGER from = 1;
    outer.prepare("SELECT i FROM numbers WHERE i >= ? ORDER BY i");
    outer.check(SQLBindParameter(outer.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                 &from, 0, nullptr));
    outer.execute_prepared();
    ASSERT_TRUE(outer.fetch());
    EXPECT_EQ(inner.value("SELECT 7"), "7");
    EXPECT_EQ(outer.text(1), "1");
    rows = 1;
    while (outer.fetch()) ++rows;
    EXPECT_EQ(rows, 5000);
  }
}

TEST_P(Fetch, StopsAtMaxRows) {
  make_numbers(10);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_MAX_ROWS, attribute_value(3));
  statement.execute("SELECT i FROM numbers");
  EXPECT_EQ(statement.rows().size(), 3U);
}

TEST_P(Fetch, BindsNoColumnThatAnOpenResultLacks) {
  OdbcStatement statement(connection_);
  SQLINTEGER value = 0;
  const auto bind = [&](SQLUSMALLINT number) {
    return state_of([&] {
      statement.check(SQLBindCol(statement.raw(), number, SQL_C_SLONG, &value, 0, nullptr));
    });
  };
  EXPECT_EQ(bind(3), "00000");  // nothing is known yet
  statement.execute("SELECT 1, 2");
  EXPECT_EQ(bind(2), "00000");
  EXPECT_EQ(bind(3), "07009");
  EXPECT_TRUE(statement.fetch());
  EXPECT_EQ(value, 2);
  statement.check(SQLBindCol(statement.raw(), 3, SQL_C_SLONG, nullptr, 0, nullptr));
}

TEST_P(Fetch, LeavesABigResultEarly) {
  make_numbers(5000);
  OdbcStatement statement(connection_);
  statement.execute("SELECT a.i FROM numbers a, numbers b");  // 25 million rows
  ASSERT_TRUE(statement.fetch());
  statement.close();
  EXPECT_EQ(statement.value("SELECT 1"), "1");
}

TEST_P(Fetch, TellsTheFactsOfColumns) {
  make_table("facts",
             "id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, t VARCHAR(20) NOT NULL, "
             "d DECIMAL(8,3), f FLOAT, g DOUBLE(9,2) UNSIGNED");
  OdbcStatement statement(connection_);
  statement.execute("SELECT id AS label, t, d, 1 + 1, f, g FROM facts AS f");
  const auto number = [&](SQLUSMALLINT column, SQLUSMALLINT field) {
    SQLLEN value = -99;
    statement.check(SQLColAttribute(statement.raw(), column, field, nullptr, 0, nullptr, &value));
    return value;
  };
  const auto text = [&](SQLUSMALLINT column, SQLUSMALLINT field) {
    std::array<char, 64> value{};
    statement.check(
        SQLColAttribute(statement.raw(), column, field, value.data(), 64, nullptr, nullptr));
    return std::string(value.data());
  };
  EXPECT_EQ(number(1, SQL_DESC_COUNT), 6);
  EXPECT_EQ(text(1, SQL_DESC_LABEL), "label");
  EXPECT_EQ(text(1, SQL_DESC_BASE_COLUMN_NAME), "id");
  EXPECT_EQ(text(1, SQL_DESC_BASE_TABLE_NAME), "facts");
  EXPECT_EQ(text(1, SQL_DESC_TABLE_NAME), "f");
  EXPECT_EQ(text(1, SQL_DESC_CATALOG_NAME), "test");
  EXPECT_EQ(text(1, SQL_DESC_TYPE_NAME), "int unsigned");
  EXPECT_EQ(number(1, SQL_DESC_AUTO_UNIQUE_VALUE), SQL_TRUE);
  EXPECT_EQ(number(1, SQL_DESC_UNSIGNED), SQL_TRUE);
  EXPECT_EQ(number(1, SQL_DESC_NULLABLE), SQL_NULLABLE);  // takes NULL as "the next"
  EXPECT_EQ(number(2, SQL_DESC_LENGTH), 20);
  EXPECT_EQ(number(2, SQL_DESC_DISPLAY_SIZE), 80);  // the bytes of twenty emoji
  EXPECT_EQ(number(3, SQL_DESC_PRECISION), 8);
  EXPECT_EQ(number(3, SQL_DESC_SCALE), 3);
  EXPECT_EQ(number(3, SQL_DESC_DISPLAY_SIZE), 10);
  EXPECT_EQ(number(4, SQL_DESC_CONCISE_TYPE),
            GetParam() == ServerKind::kMariaDb ? SQL_INTEGER : SQL_BIGINT);
  EXPECT_EQ(number(3, SQL_DESC_NUM_PREC_RADIX), 10);
  EXPECT_EQ(number(5, SQL_DESC_PRECISION), 24);   // bits
  EXPECT_EQ(number(5, SQL_COLUMN_PRECISION), 7);  // digits, for ODBC 2
  EXPECT_EQ(number(6, SQL_DESC_PRECISION), 53);
  EXPECT_EQ(number(6, SQL_DESC_NUM_PREC_RADIX), 2);
  EXPECT_EQ(SQLColAttribute(statement.raw(), 7, SQL_DESC_LABEL, nullptr, 0, nullptr, nullptr),
            SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "07009");
}

FOR_EVERY_SERVER(Fetch);

}  // namespace
}  // namespace test_support
