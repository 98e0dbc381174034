// Rows that a positioned statement has given another key are found under it from then on.
#include "tests/driver_manager/cursor_case.h"

namespace test_support {
namespace {

class PositionedKeys : public CursorCase {
 protected:
  /// A cursor "moved" on the first row of `sql`.
  void open(OdbcStatement& cursor, const std::string& sql, std::size_t type = SQL_CURSOR_STATIC) {
    set(cursor, SQL_ATTR_CURSOR_TYPE, type);
    std::array<SQLCHAR, 6> name{"moved"};
    cursor.check(SQLSetCursorName(cursor.raw(), name.data(), SQL_NTS));
    cursor.execute(sql);
    cursor.fetch();
  }
  /// Runs `change` where the cursor stands; "" or the state of its warning.
  std::string run(const std::string& change) {
    OdbcStatement statement(connection_);
    statement.execute(change + " WHERE CURRENT OF moved");
    const auto told = statement.diagnostics();
    return told.empty() ? "" : told.front().state;
  }
  std::string run(const std::string& change, const std::string& parameter) {
    OdbcStatement statement(connection_);
    statement.prepare(change + " WHERE CURRENT OF moved");
    std::string value = parameter;
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
                                     30, 0, value.data(), static_cast<SQLLEN>(value.size() + 1),
                                     nullptr));
    statement.execute_prepared();
    const auto told = statement.diagnostics();
    return told.empty() ? "" : told.front().state;
  }
  std::string whole() {
    return ask("SELECT GROUP_CONCAT(i, '=', t ORDER BY i SEPARATOR ' ') FROM numbers");
  }
};

TEST_P(PositionedKeys, FollowARowThroughPositionedStatements) {
  for (const std::size_t type : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
    make_numbers(3);
    OdbcStatement cursor(connection_);
    open(cursor, "SELECT i, t FROM numbers ORDER BY i", type);
    EXPECT_EQ(run("UPDATE numbers SET i = i + 20"), "");
    EXPECT_EQ(whole(), "2=t2 3=t3 21=t1");
    EXPECT_EQ(cursor.text(1), "21");
    EXPECT_EQ(run("UPDATE numbers AS n SET t = 'again', n.i = ?", "33"), "");
    EXPECT_EQ(whole(), "2=t2 3=t3 33=again");
    EXPECT_EQ(run("UPDATE numbers SET t = CONCAT(t, '!'), i = (SELECT 40)"), "");
    EXPECT_EQ(whole(), "2=t2 3=t3 40=again!");
    EXPECT_EQ(run("DELETE FROM numbers"), "");
    EXPECT_EQ(whole(), "2=t2 3=t3");
  }
}

TEST_P(PositionedKeys, FollowARowToSetPosAndBack) {
  make_numbers(3);
  OdbcStatement cursor(connection_);
  bind(cursor, 1);
  open(cursor, "SELECT i, t FROM numbers ORDER BY i");
  EXPECT_EQ(run("UPDATE numbers SET i = 11"), "");
  cursor.check(SQLSetPos(cursor.raw(), 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(status_[0], SQL_ROW_SUCCESS);
  EXPECT_EQ(numbers_[0], 11);
  numbers_[0] = 12;
  cursor.check(SQLSetPos(cursor.raw(), 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(status_[0], SQL_ROW_UPDATED);
  EXPECT_EQ(run("UPDATE numbers SET t = 'third'"), "");
  EXPECT_EQ(whole(), "2=t2 3=t3 12=third");
}

TEST_P(PositionedKeys, AreFollowedWhateverTheirType) {
  struct Case {
    const char* column;
    const char* first;
    const char* change;
  };
  for (const Case& one :
       {Case{"VARCHAR(20)", "'a'", "CONCAT(k, 'b''?')"}, Case{"VARCHAR(20)", "'a'", "5"},
        Case{"VARBINARY(9)", "'a'", "X'00FF27'"}, Case{"BIT(9)", "1", "b'100000011'"},
        Case{"BIT(9)", "1", "5"}, Case{"BIGINT UNSIGNED", "1", "18446744073709551615"},
        Case{"BIGINT", "1", "-9223372036854775808"}, Case{"DECIMAL(20,2)", "1", "k + 0.25"},
        Case{"DOUBLE", "1", "k / 3e0"}, Case{"FLOAT", "1", "k / 3e0"},
        Case{"DATETIME(6)", "'2020-02-28 23:59:59'", "k + INTERVAL 1500000 MICROSECOND"},
        Case{"DATE", "'2020-02-28'", "'2020-02-29'"}, Case{"TIME", "'1:00'", "'-100:00'"},
        Case{"ENUM('x','y')", "'x'", "'y'"}, Case{"YEAR", "2020", "k + 1"}}) {
    make_table("keys_of_types", "k " + std::string(one.column) + " PRIMARY KEY, t VARCHAR(20)");
    OdbcStatement(connection_)
        .execute("INSERT INTO keys_of_types VALUES (" + std::string(one.first) + ", 'x')");
    OdbcStatement cursor(connection_);
    open(cursor, "SELECT k, t FROM keys_of_types");
    EXPECT_EQ(run("UPDATE keys_of_types SET k = " + std::string(one.change)), "") << one.column;
    EXPECT_EQ(run("UPDATE keys_of_types SET t = 'found'"), "") << one.column << one.change;
    EXPECT_EQ(ask("SELECT t FROM keys_of_types"), "found") << one.column << one.change;
  }
}

TEST_P(PositionedKeys, AreFollowedByAllColumnsWithoutAKey) {
  make_table("without_key",
             "a INT, b VARCHAR(9), at TIMESTAMP NOT NULL DEFAULT '2001-01-01 00:00:00' "
             "ON UPDATE CURRENT_TIMESTAMP");
  OdbcStatement(connection_).execute("INSERT INTO without_key (a, b) VALUES (1, 'x'), (2, 'x')");
  OdbcStatement cursor(connection_);
  open(cursor, "SELECT a, b, at FROM without_key");
  EXPECT_EQ(run("UPDATE without_key SET b = ?", "y"), "");
  EXPECT_EQ(run("UPDATE without_key SET a = a * 10, b = NULL"), "");
  EXPECT_EQ(run("DELETE FROM without_key"), "");
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(a, b) FROM without_key"), "2x");
}

TEST_P(PositionedKeys, OfValuesThatCannotBeToldHitNoOtherRow) {
  make_numbers(3);
  OdbcStatement cursor(connection_);
  open(cursor, "SELECT i, t FROM numbers ORDER BY i");
  EXPECT_EQ(run("UPDATE numbers SET t = 'moved', i = 10 + RAND()"), "");
  EXPECT_EQ(run("UPDATE numbers SET t = 'again'"), "01001");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM numbers WHERE t = 'again'"), "0");
}

FOR_EVERY_SERVER(PositionedKeys);

}  // namespace
}  // namespace test_support
