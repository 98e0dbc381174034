// Dynamic cursors, which a DSN with DYNAMIC_CURSOR=1 (OPTION=32) has: each fetch shows the rows as
// they are by then.
#include "tests/driver_manager/cursor_case.h"

namespace test_support {
namespace {

class DynamicCursor : public CursorCase {
 protected:
  DynamicCursor() { with_.connect(connection_string(server_.endpoint(), "DYNAMIC_CURSOR=1")); }

  void open(OdbcStatement& statement, std::size_t rows,
            std::string_view sql = "SELECT i, t FROM numbers ORDER BY i") {
    ASSERT_EQ(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE,
                             attribute_value(SQL_CURSOR_DYNAMIC), 0),
              SQL_SUCCESS);
    bind(statement, rows);
    statement.execute(sql);
  }
  void run(std::string_view sql) { OdbcStatement(connection_).execute(sql); }

  OdbcConnection with_{environment_};
};

TEST_P(DynamicCursor, SeesWhatOthersChange) {
  make_numbers(3);
  OdbcStatement statement(with_);
  open(statement, 1);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_DYNAMIC});
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1");
  run("UPDATE numbers SET t = 'new' WHERE i = 2");
  run("INSERT INTO numbers VALUES (4, 't4')");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "2");
  EXPECT_STREQ(texts_[0].data(), "new");
  run("DELETE FROM numbers WHERE i = 3");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "4");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "no data");
  run("INSERT INTO numbers VALUES (5, 't5')");
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "5");
  EXPECT_EQ(statement.text(1), "5");
  run("DELETE FROM numbers");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "no data");
}

TEST_P(DynamicCursor, DropsRowsThatItDeletes) {
  make_numbers(6);
  OdbcStatement statement(with_);
  open(statement, 2);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2");
  statement.check(SQLSetPos(statement.raw(), 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(status_[0], SQL_ROW_DELETED);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "3 4");  // none is passed over
  statement.check(SQLSetPos(statement.raw(), 0, SQL_DELETE, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "5 6");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "2 5");
  EXPECT_EQ(status_[0], SQL_ROW_SUCCESS);
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "5 6");
}

TEST_P(DynamicCursor, SeesRowsThatItAddsAndUpdates) {
  make_numbers(2);
  OdbcStatement statement(with_);
  open(statement, 1);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1");
  numbers_[0] = 9;
  statement.check(SQLSetPos(statement.raw(), 1, SQL_ADD, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "9");
  numbers_[0] = 0;
  statement.check(SQLSetPos(statement.raw(), 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "0");
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 3), "2");
}

TEST_P(DynamicCursor, KeepsTheParametersItWasOpenedWith) {
  make_numbers(4);
  OdbcStatement statement(with_);
  SQLINTEGER least = 2;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &least, 0, nullptr));
  open(statement, 4, "SELECT i, t FROM numbers WHERE i >= ? AND t <> '?' ORDER BY i");
  least = 4;
  statement.check(SQLFreeStmt(statement.raw(), SQL_RESET_PARAMS));
  run("DELETE FROM numbers WHERE i = 3");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "2 4");
}

TEST_P(DynamicCursor, LeavesOtherResultsAsTheyWere) {
  make_numbers(1);
  OdbcStatement statement(with_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC);
  statement.execute("SHOW TABLES LIKE 'numbers'");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"numbers"}}));
  statement.close();
  SQLCHAR table[] = "numbers";
  statement.check(SQLTables(statement.raw(), nullptr, 0, nullptr, 0, table, SQL_NTS, nullptr, 0));
  EXPECT_EQ(statement.rows().size(), 1U);
}

TEST_P(DynamicCursor, StaysDynamicHoweverItIsAskedFor) {
  const auto type_after = [this](SQLINTEGER attribute, std::size_t value, std::size_t type) {
    OdbcStatement statement(with_);
    set(statement, SQL_ATTR_CURSOR_TYPE, type);
    EXPECT_EQ(SQLSetStmtAttr(statement.raw(), attribute, attribute_value(value), 0), SQL_SUCCESS);
    return get(statement, SQL_ATTR_CURSOR_TYPE);
  };
  constexpr SQLULEN kDynamic = SQL_CURSOR_DYNAMIC;
  constexpr SQLULEN kStatic = SQL_CURSOR_STATIC;
  EXPECT_EQ(type_after(SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE, kDynamic), kDynamic);
  EXPECT_EQ(type_after(SQL_ATTR_CURSOR_SENSITIVITY, SQL_SENSITIVE, kDynamic), kDynamic);
  EXPECT_EQ(type_after(SQL_ATTR_CURSOR_SENSITIVITY, SQL_SENSITIVE, kStatic), kDynamic);
  EXPECT_EQ(type_after(SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE, kDynamic), kStatic);
  OdbcStatement statement(with_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_SENSITIVITY), SQLULEN{SQL_SENSITIVE});
}

TEST_P(DynamicCursor, TakesCountsOfRowsThatWereBoundAsText) {
  make_numbers(5);
  OdbcStatement statement(with_);
  SQLCHAR skipped[] = "1";
  SQLCHAR most[] = "2";
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 9,
                                   0, skipped, sizeof skipped, nullptr));
  statement.check(SQLBindParameter(statement.raw(), 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 9,
                                   0, most, sizeof most, nullptr));
  open(statement, 4, "SELECT i, t FROM numbers ORDER BY i LIMIT ?, ?");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "2 3");
}

TEST_P(DynamicCursor, EndsAFetchWhoseTimeIsUp) {
  make_numbers(1);
  make_table("pauses", "seconds INT");
  run("INSERT INTO pauses VALUES (0)");
  OdbcStatement statement(with_);
  open(statement, 1, "SELECT i, SLEEP((SELECT seconds FROM pauses)) FROM numbers");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1");
  run("UPDATE pauses SET seconds = 20");
  set(statement, SQL_ATTR_QUERY_TIMEOUT, std::size_t{1});
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "HYT00");
  run("UPDATE pauses SET seconds = 0");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1");
}

FOR_EVERY_SERVER(DynamicCursor);

}  // namespace
}  // namespace test_support
