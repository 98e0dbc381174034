// What rows of many megabytes leave in this process's memory once they were read.
#include <string>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

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

FOR_EVERY_SERVER(LongRows);

}  // namespace
}  // namespace test_support
