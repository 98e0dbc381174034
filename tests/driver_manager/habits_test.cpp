// What programs do that other MySQL drivers had to learn: odd buffers, odd statements, cursors
// over rows with NULL, aliases and another database at hand.
#include "tests/driver_manager/cursor_case.h"

namespace test_support {
namespace {

class Habits : public CursorCase {
 protected:
  static SQLCHAR* text_of(const char* sql) {
    return const_cast<SQLCHAR*>(static_cast<const SQLCHAR*>(static_cast<const void*>(sql)));
  }
  std::string set_pos(const OdbcStatement& statement, SQLSETPOSIROW row, SQLUSMALLINT operation) {
    return state_of(
        [&] { statement.check(SQLSetPos(statement.raw(), row, operation, SQL_LOCK_NO_CHANGE)); });
  }
  void put_text(std::size_t row, std::string_view text) {
    texts_[row] = {};
    text.copy(texts_[row].data(), text.size());
    text_lengths_[row] = static_cast<SQLLEN>(text.size());
  }
  std::string whole() {
    return ask("SELECT GROUP_CONCAT(i, '=', COALESCE(t, '-') ORDER BY i) FROM test.numbers");
  }
};

TEST_P(Habits, AColumnsNameNeedsNoBuffer) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT 1 AS abc");
  SQLSMALLINT length = -1;
  EXPECT_EQ(
      SQLDescribeCol(statement.raw(), 1, nullptr, 10, &length, nullptr, nullptr, nullptr, nullptr),
      SQL_SUCCESS);
  EXPECT_EQ(length, 3);
  std::array<SQLCHAR, 2> small{};
  EXPECT_EQ(SQLDescribeCol(statement.raw(), 1, small.data(), 2, &length, nullptr, nullptr, nullptr,
                           nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(small[0], 'a');
  EXPECT_EQ(length, 3);
}

TEST_P(Habits, ALengthIsAskedForWithoutABuffer) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT 'abcdef', 'abc', NULL");
  std::array<SQLLEN, 2> lengths{-7, -7};
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_WCHAR, nullptr, 0, &lengths[0]));
  statement.check(SQLBindCol(statement.raw(), 2, SQL_C_CHAR, nullptr, 0, &lengths[1]));
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(lengths, (std::array<SQLLEN, 2>{12, 3}));
  std::array<char, 8> buffer{};
  EXPECT_EQ(SQLGetData(statement.raw(), 3, SQL_C_CHAR, buffer.data(), 8, nullptr), SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "22002");
}

TEST_P(Habits, AskingForALengthInOneTypeLeavesTheValueWholeInAnother) {
  OdbcStatement statement(connection_);
  statement.execute(
      "SELECT '\xC3\xA5"
      "bcde'");
  ASSERT_TRUE(statement.fetch());
  std::array<char, 32> buffer{};
  SQLLEN length = 0;
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, buffer.data(), 0, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 6);
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_WCHAR, buffer.data(), 0, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 10);
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_CHAR, buffer.data(), 32, &length), SQL_SUCCESS);
  EXPECT_STREQ(buffer.data(),
               "\xC3\xA5"
               "bcde");
}

TEST_P(Habits, AProcedureMayFailBehindItsResults) {
  OdbcStatement(connection_).execute("DROP PROCEDURE IF EXISTS fails_late");
  OdbcStatement(connection_)
      .execute(
          "CREATE PROCEDURE fails_late() BEGIN SELECT 1; SELECT 2; "
          "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'too late'; END");
  OdbcStatement statement(connection_);
  statement.execute("{call fails_late()}");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"1"}}));
  statement.check(SQLMoreResults(statement.raw()));
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"2"}}));
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_ERROR);
  EXPECT_NE(statement.diagnostics().front().text.find("too late"), std::string::npos);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
  EXPECT_EQ(ask("SELECT 3"), "3");
}

TEST_P(Habits, StatementsOfAllSorts) {
  EXPECT_EQ(ask("((SELECT 1))"), "1");
  EXPECT_EQ(ask("# remark\n/* another */ -- third\n SELECT 2 ; ; "), "2");
  EXPECT_EQ(ask("/*!40000 SELECT 3 */"), "3");
  EXPECT_EQ(ask("SELECT '%s%n?' /* ? */ -- ?"), "%s%n?");
  if (GetParam() == ServerKind::kMariaDb) {
    EXPECT_EQ(ask("SET STATEMENT max_statement_time=5 FOR SELECT 5"), "5");
  }
  EXPECT_EQ(state_of([&] { ask(";"); }), "42000");
}

TEST_P(Habits, CatalogFunctionsWorkInEverySqlMode) {
  make_numbers(1);
  for (const char* mode : {"ANSI", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "ORACLE"}) {
    OdbcStatement(connection_).execute(std::string("SET sql_mode='") + mode + "'");
    OdbcStatement statement(connection_);
    statement.check(SQLColumns(statement.raw(), nullptr, 0, nullptr, 0, text_of("numbers"), SQL_NTS,
                               nullptr, 0));
    EXPECT_EQ(statement.rows().size(), 2U) << mode;
    statement.close();
    statement.check(SQLGetTypeInfo(statement.raw(), SQL_INTEGER));
    EXPECT_GT(statement.rows().size(), 0U) << mode;
    statement.close();
    statement.check(
        SQLPrimaryKeys(statement.raw(), nullptr, 0, nullptr, 0, text_of("numbers"), SQL_NTS));
    EXPECT_EQ(statement.rows().size(), 1U) << mode;
  }
}

TEST_P(Habits, NamesLongerThanAnyNameAreRefused) {
  const std::string name(300, 'x');
  OdbcStatement statement(connection_);
  EXPECT_EQ(state_of([&] {
              statement.check(SQLColumns(statement.raw(), nullptr, 0, nullptr, 0,
                                         text_of(name.c_str()), SQL_NTS, nullptr, 0));
            }),
            "HY090");
  // Forty underscores, escaped.
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "\\_";
  statement.check(SQLTables(statement.raw(), nullptr, 0, nullptr, 0, text_of(pattern.c_str()),
                            SQL_NTS, nullptr, 0));
  EXPECT_TRUE(statement.rows().empty());
}

TEST_P(Habits, RowsWithNullsAreChangedInABlock) {
  make_numbers(3);
  OdbcStatement(connection_).execute("UPDATE numbers SET t = NULL WHERE i = 2");
  OdbcStatement statement(connection_);
  open_static(statement, 3, "SELECT i AS x, t AS y FROM numbers AS n ORDER BY i");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2 3");
  put_text(1, "new");
  EXPECT_EQ(set_pos(statement, 2, SQL_UPDATE), "00000");
  text_lengths_[0] = SQL_NULL_DATA;
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "00000");
  EXPECT_EQ(whole(), "1=-,2=new,3=t3");
}

TEST_P(Habits, RowsAreChangedFromAnotherDatabase) {
  make_numbers(2);
  OdbcStatement statement(connection_);
  open_static(statement, 1);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1");
  OdbcStatement(connection_).execute("USE mysql");
  put_text(0, "far");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "00000");
  numbers_[0] = 7;
  EXPECT_EQ(set_pos(statement, 1, SQL_ADD), "00000");
  EXPECT_EQ(whole(), "1=far,2=t2,7=far");
}

TEST_P(Habits, APositionedStatementIsExecutedAgainWithNewData) {
  make_numbers(3);
  OdbcStatement cursor(connection_);
  cursor.check(SQLSetCursorName(cursor.raw(), text_of("walker"), SQL_NTS));
  open_static(cursor, 1);
  OdbcStatement change(connection_);
  change.prepare("UPDATE numbers SET t = ? WHERE CURRENT OF walker");
  std::array<char, 8> text{"bound"};
  SQLLEN length = SQL_NTS;
  change.check(SQLBindParameter(change.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0,
                                text.data(), 8, &length));
  EXPECT_EQ(go(cursor, SQL_FETCH_NEXT), "1");
  change.execute_prepared();
  EXPECT_EQ(go(cursor, SQL_FETCH_NEXT), "2");
  length = SQL_DATA_AT_EXEC;
  EXPECT_EQ(SQLExecute(change.raw()), SQL_NEED_DATA);
  SQLPOINTER token = nullptr;
  EXPECT_EQ(SQLParamData(change.raw(), &token), SQL_NEED_DATA);
  std::array<char, 6> given{"given"};
  change.check(SQLPutData(change.raw(), given.data(), SQL_NTS));
  EXPECT_EQ(SQLParamData(change.raw(), &token), SQL_SUCCESS);
  EXPECT_EQ(whole(), "1=bound,2=given,3=t3");
}

FOR_EVERY_SERVER(Habits);

}  // namespace
}  // namespace test_support
