// Changing rows through a cursor: SQLSetPos, SQLBulkOperations, WHERE CURRENT OF.
#include <cstring>

#include "tests/driver_manager/cursor_case.h"

namespace test_support {
namespace {

class Positioned : public CursorCase {
 protected:
  std::string row(int i) { return ask("SELECT t FROM numbers WHERE i = " + std::to_string(i)); }
  std::string whole() {
    return ask("SELECT GROUP_CONCAT(i, '=', t ORDER BY i SEPARATOR ' ') FROM numbers");
  }
  void write(std::size_t place, SQLINTEGER number, const char* text) {
    numbers_[place] = number;
    number_lengths_[place] = sizeof(SQLINTEGER);
    text_lengths_[place] = static_cast<SQLLEN>(std::strlen(text));
    std::memcpy(texts_[place].data(), text, std::strlen(text) + 1);
  }
  std::string set_pos(const OdbcStatement& statement, SQLSETPOSIROW place, SQLUSMALLINT operation) {
    const SQLRETURN result = SQLSetPos(statement.raw(), place, operation, SQL_LOCK_NO_CHANGE);
    if (result == SQL_NEED_DATA) return "need data";
    if (result == SQL_SUCCESS) return "ok";
    return statement.diagnostics().front().state;
  }
};

TEST_P(Positioned, PositionsOnAnyRowOfTheRowset) {
  make_numbers(6);
  for (const std::size_t type : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CURSOR_TYPE, type);
    bind(statement, 4);
    statement.execute("SELECT i, t FROM numbers ORDER BY i");
    EXPECT_EQ(set_pos(statement, 1, SQL_POSITION), "24000");
    EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2 3 4");
    EXPECT_EQ(statement.text(2), "t1");
    EXPECT_EQ(set_pos(statement, 3, SQL_POSITION), "ok");
    EXPECT_EQ(statement.text(2), "t3");
    EXPECT_EQ(get(statement, SQL_ATTR_ROW_NUMBER), 3U);
    EXPECT_EQ(set_pos(statement, 2, SQL_POSITION), "ok");
    EXPECT_EQ(statement.text(1), "2");
    EXPECT_EQ(set_pos(statement, 5, SQL_POSITION), "HY107");
    EXPECT_EQ(set_pos(statement, 0, SQL_POSITION), "HY109");
    EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "5 6");
    EXPECT_EQ(set_pos(statement, 3, SQL_POSITION), "HY109");
    EXPECT_EQ(set_pos(statement, 2, SQL_POSITION), "ok");
    EXPECT_EQ(statement.text(2), "t6");
  }
}

TEST_P(Positioned, RefusesLocksAndUnknownOperations) {
  make_numbers(2);
  OdbcStatement statement(connection_);
  open_static(statement, 2);
  go(statement, SQL_FETCH_NEXT);
  EXPECT_EQ(SQLSetPos(statement.raw(), 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE), SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "HYC00");
  EXPECT_EQ(set_pos(statement, 1, 77), "HY092");
}

TEST_P(Positioned, UpdatesDeletesAndShowsIt) {
  make_numbers(5);
  for (const bool prepared : {false, true}) {
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    bind(statement, 3);
    SQLINTEGER from = prepared ? 2 : 0;
    if (prepared) {
      statement.prepare("SELECT i, t FROM numbers WHERE i > ? ORDER BY i");
      statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &from, 0, nullptr));
      statement.execute_prepared();
    } else {
      statement.execute("SELECT i, t FROM numbers ORDER BY i");
    }
    const SQLINTEGER first = from + 1;
    go(statement, SQL_FETCH_NEXT);
    write(1, first + 1, "changed");
    EXPECT_EQ(set_pos(statement, 2, SQL_UPDATE), "ok");
    EXPECT_EQ(status_[1], SQL_ROW_UPDATED);
    SQLLEN count = 0;
    statement.check(SQLRowCount(statement.raw(), &count));
    EXPECT_EQ(count, 1);
    EXPECT_EQ(row(first + 1), "changed");
    write(1, 0, "");
    EXPECT_EQ(set_pos(statement, 2, SQL_REFRESH), "ok");
    EXPECT_STREQ(texts_[1].data(), "changed");
    EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "ok");
    EXPECT_EQ(status_[0], SQL_ROW_DELETED);
    EXPECT_EQ(row(first), "no row");
    EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "HY109");
    EXPECT_EQ(go(statement, SQL_FETCH_FIRST).substr(1, 2), " " + std::to_string(first + 1));
    EXPECT_EQ(status_[0], SQL_ROW_DELETED);
    EXPECT_STREQ(texts_[1].data(), "changed");  // its own changes are seen
  }
  EXPECT_EQ(whole(), "2=changed 4=changed 5=t5");
}

TEST_P(Positioned, UpdatesKeysAndFindsTheRowAgain) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  open_static(statement, 1);
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 2), "2");
  write(0, 22, "moved");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
  write(0, 23, "again");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
  EXPECT_EQ(whole(), "1=t1 3=t3 23=again");
  EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "ok");
  EXPECT_EQ(whole(), "1=t1 3=t3");
}

TEST_P(Positioned, WorksOnWholeRowsetsAndLeavesOutWhatIsIgnored) {
  make_numbers(4);
  OdbcStatement statement(connection_);
  open_static(statement, 4);
  go(statement, SQL_FETCH_NEXT);
  for (std::size_t i = 0; i < 4; ++i) write(i, static_cast<SQLINTEGER>(i + 1), "new");
  number_lengths_[2] = SQL_COLUMN_IGNORE;
  numbers_[2] = 99;
  std::array<SQLUSMALLINT, 4> operations{SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED,
                                         SQL_ROW_PROCEED};
  set(statement, SQL_ATTR_ROW_OPERATION_PTR, operations.data());
  EXPECT_EQ(set_pos(statement, 0, SQL_UPDATE), "ok");
  EXPECT_EQ(whole(), "1=new 2=t2 3=new 4=new");
  SQLLEN count = 0;
  statement.check(SQLRowCount(statement.raw(), &count));
  EXPECT_EQ(count, 3);
  EXPECT_EQ(set_pos(statement, 0, SQL_DELETE), "ok");
  EXPECT_EQ(whole(), "2=t2");
  EXPECT_EQ(status_[1], SQL_ROW_SUCCESS);
  EXPECT_EQ(status_[3], SQL_ROW_DELETED);
}

TEST_P(Positioned, TellsWhichRowsFailed) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  open_static(statement, 3);
  go(statement, SQL_FETCH_NEXT);
  write(0, 10, "a");
  write(1, 3, "duplicate");
  write(2, 3, "c");
  EXPECT_EQ(SQLSetPos(statement.raw(), 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status_[0], SQL_ROW_UPDATED);
  EXPECT_EQ(status_[1], SQL_ROW_ERROR);
  EXPECT_EQ(status_[2], SQL_ROW_UPDATED);
  EXPECT_EQ(statement.diagnostics().at(1).state, "23000");
  EXPECT_EQ(set_pos(statement, 2, SQL_UPDATE), "23000");
  EXPECT_EQ(whole(), "2=t2 3=c 10=a");
}

TEST_P(Positioned, AddsRows) {
  make_numbers(1);
  OdbcStatement statement(connection_);
  open_static(statement, 3);
  go(statement, SQL_FETCH_NEXT);
  write(1, 7, "seven");
  EXPECT_EQ(set_pos(statement, 2, SQL_ADD), "ok");
  write(0, 8, "eight");
  write(1, 9, "nine");
  write(2, 10, "");
  text_lengths_[2] = SQL_NULL_DATA;
  statement.check(SQLBulkOperations(statement.raw(), SQL_ADD));
  EXPECT_EQ(status_[2], SQL_ROW_ADDED);
  EXPECT_EQ(whole(), "1=t1 7=seven 8=eight 9=nine");
  EXPECT_EQ(row(10), "NULL");
}

TEST_P(Positioned, TakesLongDataAtExecution) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  open_static(statement, 2);
  go(statement, SQL_FETCH_NEXT);
  text_lengths_[1] = SQL_LEN_DATA_AT_EXEC(0);
  EXPECT_EQ(set_pos(statement, 2, SQL_UPDATE), "need data");
  SQLPOINTER token = nullptr;
  EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
  EXPECT_EQ(token, texts_[1].data());
  std::array<char, 6> piece{"piece"};
  statement.check(SQLPutData(statement.raw(), piece.data(), 5));
  statement.check(SQLPutData(statement.raw(), piece.data(), SQL_NTS));
  EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_SUCCESS);
  EXPECT_EQ(status_[1], SQL_ROW_UPDATED);
  EXPECT_EQ(row(2), "piecepiece");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "3");

  text_lengths_[0] = SQL_DATA_AT_EXEC;
  numbers_[0] = 30;
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "need data");
  statement.check(SQLCancel(statement.raw()));
  EXPECT_EQ(row(3), "t3");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1 2") << statement.diagnostics().front().text;
}

TEST_P(Positioned, DoesNotWriteValuesThatWereCutWhenRead) {
  make_numbers(1);
  OdbcStatement(connection_).execute("UPDATE numbers SET t = REPEAT('x', 50)");
  OdbcStatement statement(connection_);
  open_static(statement, 1);
  go(statement, SQL_FETCH_NEXT);
  EXPECT_EQ(text_lengths_[0], 50);
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "22001");
  text_lengths_[0] = SQL_COLUMN_IGNORE;
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
}

TEST_P(Positioned, FindsRowsWithoutAKeyByTheirValues) {
  make_table("keyless",
             "i INT, t VARCHAR(50), f FLOAT, d DOUBLE, b BIT(9), y BLOB, ts TIMESTAMP NULL");
  OdbcStatement(connection_)
      .execute(
          "INSERT INTO keyless VALUES (1,'it''s\\\\',1.1,0.1,b'100000001',x'00FF27','2020-01-02 "
          "03:04:05'),(NULL,NULL,NULL,NULL,NULL,NULL,NULL),(2,'a',2.3,1e300,b'0','',NULL),"
          "(2,'a',2.3,1e300,b'0','',NULL)");
  for (const bool prepared : {false, true}) {
    SCOPED_TRACE(prepared);
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    SQLINTEGER zero = 0;
    if (prepared) {
      statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &zero, 0, nullptr));
      statement.prepare("SELECT * FROM keyless WHERE 0 = ? ORDER BY i, t");
      statement.execute_prepared();
    } else {
      statement.execute("SELECT * FROM keyless ORDER BY i, t");
    }
    SQLINTEGER number = 0;
    SQLLEN length = 0;
    statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &number, 0, &length));
    const auto add_ten = [&](SQLLEN at) {
      statement.check(SQLFetchScroll(statement.raw(), SQL_FETCH_ABSOLUTE, at));
      number = length == SQL_NULL_DATA ? 10 : number + 10;
      length = sizeof number;
      return set_pos(statement, 1, SQL_UPDATE);
    };
    EXPECT_EQ(add_ten(1), "ok");
    EXPECT_EQ(add_ten(2), "ok");
    EXPECT_EQ(add_ten(3), "01001");  // one of two that look alike
    EXPECT_EQ(add_ten(4), "ok");
  }
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i ORDER BY i) FROM keyless"), "20,21,22,22");
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ATTR_SIMULATE_CURSOR, SQL_SC_UNIQUE);
  statement.execute("SELECT * FROM keyless");
  statement.fetch();
  EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "HYC00");
}

TEST_P(Positioned, FindsRowsWithoutAKeyByAllOfTheirColumnsOnly) {
  make_table("keyless", "i INT, t VARCHAR(50)");
  OdbcStatement(connection_).execute("INSERT INTO keyless VALUES (1, 'a'), (1, 'b')");
  SQLINTEGER number = 0;
  const auto changed = [&](const char* sql, SQLUSMALLINT operation) {
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &number, 0, nullptr));
    statement.execute(sql);
    statement.fetch();
    number = 5;
    return set_pos(statement, 1, operation);
  };
  EXPECT_EQ(changed("SELECT i FROM keyless", SQL_UPDATE), "HYC00");
  EXPECT_EQ(changed("SELECT i FROM keyless", SQL_DELETE), "HYC00");
  EXPECT_EQ(changed("SELECT i, t, i AS again FROM keyless ORDER BY t", SQL_UPDATE), "ok");
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i, t ORDER BY t) FROM keyless"), "5a,1b");
  EXPECT_EQ(changed("SELECT i, t, i FROM keyless ORDER BY t", SQL_DELETE), "ok");
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i, t ORDER BY t) FROM keyless"), "1b");
}

TEST_P(Positioned, FindsRowsByWhatAFloatColumnMadeOfANumber) {
  for (const char* type : {"FLOAT", "FLOAT(7,2)", "FLOAT UNSIGNED"}) {
    for (const bool prepared : {false, true}) {
      make_table("floats", std::string("t VARCHAR(10), f ") + type);
      OdbcStatement(connection_).execute("INSERT INTO floats VALUES ('a', 1.1), ('b', 2.2)");
      OdbcStatement statement(connection_);
      set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
      double number = 0;
      statement.check(SQLBindCol(statement.raw(), 2, SQL_C_DOUBLE, &number, 0, nullptr));
      const std::string sql = "SELECT t, f FROM floats ORDER BY t";
      prepared ? statement.prepare(sql) : statement.execute(sql);
      if (prepared) statement.execute_prepared();
      ASSERT_TRUE(statement.fetch());
      for (const double next : {3.1415926, 0.1, 1e-3, 123.456}) {
        number = next;
        EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok") << type << prepared << next;
        number = 0;
        EXPECT_EQ(set_pos(statement, 1, SQL_REFRESH), "ok") << type;
        EXPECT_NEAR(number, next, 0.005) << type << prepared;
      }
      EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "ok") << type << prepared;
      EXPECT_EQ(ask("SELECT GROUP_CONCAT(t) FROM floats"), "b");
    }
  }
}

TEST_P(Positioned, LeavesOutColumnsThatTheServerComputes) {
  if (GetParam() == ServerKind::kMySql56) return;  // has none
  for (const char* key : {" PRIMARY KEY", ""}) {
    make_table("computed", std::string("i INT") + key +
                               ", twice INT AS (i * 2) VIRTUAL, thrice INT AS (i * 3) STORED");
    OdbcStatement(connection_).execute("INSERT INTO computed (i) VALUES (1), (2)");
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    std::array<SQLINTEGER, 3> row{};
    for (SQLUSMALLINT column = 1; column <= 3; ++column) {
      statement.check(
          SQLBindCol(statement.raw(), column, SQL_C_SLONG, &row[column - 1U], 0, nullptr));
    }
    statement.execute("SELECT i, twice, thrice FROM computed ORDER BY i");
    ASSERT_TRUE(statement.fetch());
    for (const SQLINTEGER next : {5, 6}) {
      row[0] = next;
      EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok") << key;
      EXPECT_EQ(set_pos(statement, 1, SQL_REFRESH), "ok");
      EXPECT_EQ(row, (std::array<SQLINTEGER, 3>{next, next * 2, next * 3})) << key;
    }
    row = {9, 0, 0};
    EXPECT_EQ(set_pos(statement, 1, SQL_ADD), "ok") << key;
    EXPECT_EQ(ask("SELECT GROUP_CONCAT(thrice ORDER BY i) FROM computed"), "6,18,27");
    EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "ok") << key;
    EXPECT_EQ(ask("SELECT GROUP_CONCAT(i ORDER BY i) FROM computed"), "2,9");
  }
}

TEST_P(Positioned, FindsAndKeepsEveryTypeOfKey) {
  for (const char* key :
       {"DECIMAL(20,5)", "DOUBLE", "DATETIME", "DATE", "TIME", "VARBINARY(20)",
        "ENUM('2020-01-02','b')", "BIGINT UNSIGNED", "CHAR(20)", "YEAR", "BIT(30)"}) {
    SCOPED_TRACE(key);
    make_table("keyed", std::string("k ") + key + " PRIMARY KEY, t VARCHAR(10)");
    const bool is_time = std::string_view(key) == "TIME";
    const bool is_number =
        std::strstr("DECIMAL(20,5) DOUBLE BIGINT UNSIGNED YEAR BIT(30)", key) != nullptr;
    const std::string value = is_time ? "'-12:34:56'" : is_number ? "2020" : "'2020-01-02'";
    OdbcStatement(connection_).execute("INSERT INTO keyed VALUES (" + value + ",'old')");
    OdbcStatement statement(connection_);
    set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES);
    statement.execute("SELECT k, t FROM keyed");
    std::array<char, 11> text{};
    SQLLEN length = 0;
    statement.check(SQLBindCol(statement.raw(), 2, SQL_C_CHAR, text.data(), 11, &length));
    ASSERT_TRUE(statement.fetch());
    std::memcpy(text.data(), "new", 4);
    EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
    EXPECT_EQ(ask("SELECT t FROM keyed"), "new");
    EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "ok");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM keyed"), "0");
  }
}

TEST_P(Positioned, RefusesResultsThatAreNotRowsOfOneTable) {
  make_numbers(2);
  for (const char* sql : {"SELECT a.i, a.t FROM numbers a JOIN numbers b ON a.i = b.i",
                          "SELECT MAX(i), MAX(t) FROM numbers", "SELECT DISTINCT i, t FROM numbers",
                          "SELECT i, t FROM numbers UNION SELECT 9, 'x'", "SELECT 1, 'x'",
                          "SELECT i, t FROM (SELECT i, t FROM numbers) d"}) {
    OdbcStatement statement(connection_);
    open_static(statement, 1, sql);
    go(statement, SQL_FETCH_NEXT);
    EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "HYC00") << sql;
    EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "HYC00") << sql;
    EXPECT_EQ(set_pos(statement, 1, SQL_REFRESH), "ok") << sql;
  }
  OdbcStatement statement(connection_);
  open_static(statement, 1, "SELECT i, CONCAT(t, '!') FROM numbers");
  go(statement, SQL_FETCH_NEXT);
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "HYC00");
  text_lengths_[0] = SQL_COLUMN_IGNORE;
  numbers_[0] = 9;
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
  EXPECT_EQ(whole(), "2=t2 9=t1");
}

TEST_P(Positioned, ChangesTheTableBehindAView) {
  make_numbers(3);
  OdbcStatement(connection_)
      .execute("CREATE OR REPLACE VIEW number_view AS SELECT i, t FROM numbers WHERE i > 1");
  OdbcStatement statement(connection_);
  open_static(statement, 2, "SELECT i, t FROM number_view ORDER BY i");
  go(statement, SQL_FETCH_NEXT);
  write(0, 2, "two");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
  EXPECT_EQ(set_pos(statement, 2, SQL_DELETE), "ok");
  EXPECT_EQ(whole(), "1=t1 2=two");
}

TEST_P(Positioned, TellsOfRowsThatOthersChanged) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_ROWVER);
  EXPECT_EQ(statement.diagnostics().front().state, "01S02");
  open_static(statement, 3);
  go(statement, SQL_FETCH_NEXT);
  OdbcStatement(connection_).execute("UPDATE numbers SET t = 'other' WHERE i = 1");
  OdbcStatement(connection_).execute("DELETE FROM numbers WHERE i = 2");
  write(0, 1, "mine");
  write(1, 2, "mine");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "01001");
  EXPECT_EQ(set_pos(statement, 2, SQL_UPDATE), "01001");
  EXPECT_EQ(whole(), "1=other 3=t3");
  EXPECT_EQ(set_pos(statement, 1, SQL_REFRESH), "ok");
  EXPECT_STREQ(texts_[0].data(), "other");
  EXPECT_EQ(set_pos(statement, 2, SQL_REFRESH), "ok");
  EXPECT_EQ(status_[1], SQL_ROW_DELETED);
  write(0, 1, "mine");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "ok");  // found, though nothing changes
  EXPECT_EQ(whole(), "1=mine 3=t3");
}

TEST_P(Positioned, ReadOnlyCursorsChangeNothing) {
  make_numbers(1);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY);
  open_static(statement, 1);
  go(statement, SQL_FETCH_NEXT);
  EXPECT_EQ(set_pos(statement, 1, SQL_UPDATE), "HY092");
  EXPECT_EQ(set_pos(statement, 1, SQL_DELETE), "HY092");
  EXPECT_EQ(set_pos(statement, 1, SQL_ADD), "HY092");
}

TEST_P(Positioned, WorksByBookmarks) {
  make_numbers(6);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
  std::array<BOOKMARK, kMost> marks{};
  std::array<SQLLEN, kMost> mark_lengths{};
  statement.check(SQLBindCol(statement.raw(), 0, SQL_C_VARBOOKMARK, marks.data(), sizeof marks[0],
                             mark_lengths.data()));
  open_static(statement, 6);
  go(statement, SQL_FETCH_NEXT);
  const auto all = marks;
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 2);
  marks[0] = all[4];
  marks[1] = all[1];
  EXPECT_EQ(SQLBulkOperations(statement.raw(), SQL_FETCH_BY_BOOKMARK), SQL_SUCCESS);
  EXPECT_EQ(numbers_[0], 5);
  EXPECT_STREQ(texts_[1].data(), "t2");
  write(0, 5, "five");
  write(1, 2, "two");
  EXPECT_EQ(SQLBulkOperations(statement.raw(), SQL_UPDATE_BY_BOOKMARK), SQL_SUCCESS);
  EXPECT_EQ(status_[0], SQL_ROW_UPDATED);
  marks[0] = all[0];
  marks[1] = 77;
  EXPECT_EQ(SQLBulkOperations(statement.raw(), SQL_DELETE_BY_BOOKMARK), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status_[0], SQL_ROW_DELETED);
  EXPECT_EQ(status_[1], SQL_ROW_ERROR);
  EXPECT_EQ(statement.diagnostics().at(1).state, "HY111");
  EXPECT_EQ(whole(), "2=two 3=t3 4=t4 5=five 6=t6");
}

TEST_P(Positioned, RefusesBookmarksOfAResultWithoutRows) {
  make_table("none", "i INT PRIMARY KEY, t VARCHAR(100)");
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
  SQLBIGINT bookmark = 1;
  statement.check(
      SQLBindCol(statement.raw(), 0, SQL_C_VARBOOKMARK, &bookmark, sizeof bookmark, nullptr));
  statement.execute("SELECT i, t FROM none");
  EXPECT_FALSE(statement.fetch());
  EXPECT_EQ(SQLBulkOperations(statement.raw(), SQL_UPDATE_BY_BOOKMARK), SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "HY111");
}

TEST_P(Positioned, GivesBookmarksOfAddedRows) {
  make_table("made", "i INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(100)");
  OdbcStatement(connection_).execute("INSERT INTO made (t) VALUES ('t1'), ('t2')");
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
  bind(statement, 2);
  std::array<SQLBIGINT, kMost> bookmarks{};
  std::array<SQLLEN, kMost> lengths{};
  statement.check(SQLBindCol(statement.raw(), 0, SQL_C_VARBOOKMARK, bookmarks.data(),
                             sizeof(SQLBIGINT), lengths.data()));
  statement.execute("SELECT i, t FROM made ORDER BY i");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2");
  write(0, 10, "ten");
  write(1, 0, "made");  // the server makes its number
  number_lengths_[1] = SQL_COLUMN_IGNORE;
  statement.check(SQLBulkOperations(statement.raw(), SQL_ADD));
  EXPECT_EQ(lengths[0], SQLLEN{sizeof(SQLBIGINT)});
  EXPECT_NE(bookmarks[0], bookmarks[1]);
  const auto whole = [this] {
    return ask("SELECT GROUP_CONCAT(i, '=', t ORDER BY i SEPARATOR ' ') FROM made");
  };
  EXPECT_EQ(whole(), "1=t1 2=t2 10=ten 11=made");
  write(0, 20, "twenty");
  write(1, 0, "kept number");
  number_lengths_[1] = SQL_COLUMN_IGNORE;
  statement.check(SQLBulkOperations(statement.raw(), SQL_UPDATE_BY_BOOKMARK));
  EXPECT_EQ(whole(), "1=t1 2=t2 11=kept number 20=twenty");
  statement.check(SQLBulkOperations(statement.raw(), SQL_FETCH_BY_BOOKMARK));
  EXPECT_EQ(numbers_[0], 20);
  EXPECT_EQ(numbers_[1], 11);
  statement.check(SQLBulkOperations(statement.raw(), SQL_DELETE_BY_BOOKMARK));
  EXPECT_EQ(whole(), "1=t1 2=t2");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1 2");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "no data");
  // Without a key that is known nothing can be told.
  OdbcStatement keyless(connection_);
  make_table("keyless_made", "t VARCHAR(100)");
  set(keyless, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(keyless, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
  bookmarks[0] = -1;
  keyless.check(SQLBindCol(keyless.raw(), 0, SQL_C_VARBOOKMARK, bookmarks.data(), sizeof(SQLBIGINT),
                           lengths.data()));
  keyless.check(SQLBindCol(keyless.raw(), 1, SQL_C_CHAR, texts_.data(), sizeof texts_[0],
                           text_lengths_.data()));
  keyless.execute("SELECT t FROM keyless_made");
  write(0, 1, "row");
  EXPECT_EQ(SQLBulkOperations(keyless.raw(), SQL_ADD), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(keyless.diagnostics().front().state, "01000");
  EXPECT_EQ(bookmarks[0], -1);
  EXPECT_EQ(ask("SELECT t FROM keyless_made"), "row");
}

TEST_P(Positioned, RunsStatementsWhereACursorStands) {
  make_numbers(5);
  for (const std::size_t type : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
    OdbcStatement cursor(connection_);
    set(cursor, SQL_ATTR_CURSOR_TYPE, type);
    std::array<SQLCHAR, 9> name{"mycursor"};
    cursor.check(SQLSetCursorName(cursor.raw(), name.data(), SQL_NTS));
    cursor.execute("SELECT i, t FROM numbers ORDER BY i");
    OdbcStatement change(connection_);
    const std::string update = "UPDATE numbers SET t = 'here' WHERE CURRENT OF mycursor";
    EXPECT_EQ(state_of([&] { change.execute(update); }), "24000");
    cursor.fetch();
    cursor.fetch();
    change.execute(update);
    SQLLEN count = 0;
    change.check(SQLRowCount(change.raw(), &count));
    EXPECT_EQ(count, 1);
    cursor.fetch();
    OdbcStatement(connection_).execute("DELETE FROM numbers WHERE CURRENT OF MYCURSOR");
    EXPECT_EQ(state_of([&] { OdbcStatement(connection_).execute(update); }), "24000");
    cursor.fetch();
    EXPECT_EQ(cursor.text(1), type == SQL_CURSOR_STATIC ? "5" : "4");

    OdbcStatement prepared(connection_);
    prepared.prepare("UPDATE numbers SET t = ? WHERE CURRENT OF `mycursor`");
    SQLSMALLINT parameters = 0;
    prepared.check(SQLNumParams(prepared.raw(), &parameters));
    EXPECT_EQ(parameters, 1);
    std::array<char, 20> value{"parameter"};
    prepared.check(SQLBindParameter(prepared.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20,
                                    0, value.data(), 20, nullptr));
    prepared.execute_prepared();
    if (type == SQL_CURSOR_FORWARD_ONLY) {
      EXPECT_EQ(whole(), "1=t1 2=here 4=parameter 5=t5");
      cursor.fetch();
      std::memcpy(value.data(), "again", 6);
      prepared.execute_prepared();
      EXPECT_EQ(whole(), "1=t1 2=here 4=parameter 5=again");
    }
    EXPECT_EQ(state_of([&] {
                OdbcStatement(connection_).execute("DELETE FROM keyless WHERE CURRENT OF mycursor");
              }),
              "42000");
  }
  EXPECT_EQ(whole(), "1=t1 2=here 5=parameter");
  EXPECT_EQ(state_of([&] {
              OdbcStatement(connection_).execute("DELETE FROM numbers WHERE CURRENT OF nobody");
            }),
            "34000");
}

FOR_EVERY_SERVER(Positioned);

}  // namespace
}  // namespace test_support
