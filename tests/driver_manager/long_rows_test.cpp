// What rows of many megabytes leave in this process's memory once they were read.
#include <malloc.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20U;
constexpr const char* kLongRow = "SELECT REPEAT('x', 41943040)";

class LongRows : public ServerCase {
 protected:
  LongRows() {
    // Pools belong to users: this one's is shared with no other test.
    user_ = "reader" + std::to_string(++users);
    OdbcStatement(connection_).execute("GRANT ALL ON *.* TO " + user_ + " IDENTIFIED BY 'pw'");
  }

  [[nodiscard]] std::string session(const std::string& mode) const {
    return "UID=" + user_ + ";PWD=pw;" +
           connection_string(server_.endpoint(), "MAX_POOL_SIZE=1;POOL_MODE=" + mode + ";");
  }
  static std::string link_of(const OdbcConnection& on) {
    return OdbcStatement(on).value("SELECT CONNECTION_ID()");
  }
  static void read_long_row(const OdbcConnection& on) {
    OdbcStatement statement(on);
    statement.execute(kLongRow);
    ASSERT_TRUE(statement.fetch());
  }
  /// Why connections of this test's user were closed, with counts.
  std::string closed() {
    OdbcStatement statement(connection_);
    statement.execute("SHOW FABRIC POOLS");
    while (statement.fetch()) {
      if (statement.text(2) == user_) return statement.text(22).value_or("");
    }
    return "no pool";
  }

  /// Bytes that this process has allocated; 0 where a sanitizer allocates.
  static std::size_t held_memory() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
  }
  /// Connections are closed behind the caller's back.
  static void expect_given_back(std::size_t before) {
    for (int i = 0; i < 500 && held_memory() > before + 4 * kMega; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_LE(held_memory() / kMega, before / kMega + 4);
  }

  static inline int users = 0;
  std::string user_;
  OdbcConnection reader_{environment_};
};

TEST_P(LongRows, EndTheConnectionThatItsSessionGivesBack) {
  reader_.connect(session("SESSION"));
  const std::string link = link_of(reader_);
  read_long_row(reader_);
  EXPECT_EQ(link_of(reader_), link);
  reader_.disconnect();
  reader_.connect(session("SESSION"));
  EXPECT_NE(link_of(reader_), link);
  EXPECT_EQ(closed(), "long_row 1");
}

TEST_P(LongRows, EndTheConnectionOfARestingSession) {
  reader_.connect(session("TRANSACTION"));
  const std::string link = link_of(reader_);
  EXPECT_EQ(OdbcStatement(reader_).value("SELECT REPEAT('x', 1000000)").size(), 1000000U);
  EXPECT_EQ(link_of(reader_), link);
  read_long_row(reader_);
  EXPECT_NE(link_of(reader_), link);
  EXPECT_EQ(closed(), "long_row 1");
}

TEST_P(LongRows, EndTheConnectionOfAPreparedStatement) {
  reader_.connect(session("TRANSACTION"));
  OdbcStatement statement(reader_);
  statement.prepare(kLongRow);
  for (const char* const expected : {"long_row 1", "long_row 2"}) {
    statement.execute_prepared();
    ASSERT_TRUE(statement.fetch());
    statement.close();
    EXPECT_EQ(closed(), expected);
  }
}

TEST_P(LongRows, LeaveNothingOnceTheirCursorIsClosed) {
  reader_.connect(session("TRANSACTION"));
  link_of(reader_);
  std::array<char, 8> begin{};
  OdbcStatement statement(reader_);
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_CHAR, begin.data(), begin.size(), nullptr));
  const std::size_t before = held_memory();
  const auto read = [&](std::size_t rows_at_once, std::size_t cursor) {
    statement.check(
        SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE, attribute_value(cursor), 0));
    statement.check(
        SQLSetStmtAttr(statement.raw(), SQL_ATTR_ROW_ARRAY_SIZE, attribute_value(rows_at_once), 0));
    statement.execute(kLongRow);
    ASSERT_TRUE(statement.fetch());
    statement.close();
    expect_given_back(before);
  };
  read(1, SQL_CURSOR_FORWARD_ONLY);
  read(2, SQL_CURSOR_FORWARD_ONLY);
  read(1, SQL_CURSOR_STATIC);
}

TEST_P(LongRows, LeaveNothingOfTheParametersThatAskedForThem) {
  const auto ask = [](const OdbcConnection& on, bool in_pieces) {
    OdbcStatement statement(on);
    std::vector<SQLWCHAR> text(20 * kMega, 'x');
    const auto bytes = static_cast<SQLLEN>(text.size() * sizeof(SQLWCHAR));
    SQLLEN length = in_pieces ? SQL_DATA_AT_EXEC : bytes;
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_WCHAR,
                                     SQL_WLONGVARCHAR, text.size(), 0, text.data(), bytes,
                                     &length));
    statement.prepare("SELECT LENGTH(?)");
    const std::size_t before = held_memory();
    if (in_pieces) {
      SQLPOINTER token = nullptr;
      ASSERT_EQ(SQLExecute(statement.raw()), SQL_NEED_DATA);
      ASSERT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
      statement.check(SQLPutData(statement.raw(), text.data(), bytes));
      statement.check(SQLParamData(statement.raw(), &token));
    } else {
      statement.execute_prepared();
    }
    ASSERT_TRUE(statement.fetch());
    EXPECT_EQ(statement.text(1), std::to_string(text.size()));
    statement.close();
    expect_given_back(before);
  };
  for (const char* const more : {"SESSION", "SESSION;NO_SSPS=1"}) {
    OdbcConnection session_of_its_own(environment_);
    session_of_its_own.connect(session(more));
    for (const bool in_pieces : {false, true}) {
      SCOPED_TRACE(std::string(more) + (in_pieces ? ", in pieces" : ""));
      ask(session_of_its_own, in_pieces);
    }
  }
}

TEST_P(LongRows, LeaveNothingOfTheTextThatAskedForThem) {
  reader_.connect(session("SESSION"));
  OdbcStatement statement(reader_);
  const std::string text = "SELECT LENGTH('" + std::string(40 * kMega, 'x') + "')";
  const std::size_t before = held_memory();
  statement.execute(text);
  ASSERT_TRUE(statement.fetch());
  statement.close();
  expect_given_back(before);
}

FOR_EVERY_SERVER(LongRows);

}  // namespace
}  // namespace test_support
