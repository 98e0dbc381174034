#include "driver/leftovers.h"

#include <gtest/gtest.h>

#include <string>

#include "fabric/base/error.h"

namespace driver {
namespace {

class LeftoversTest : public testing::Test {
 protected:
  void run(const std::string& sql) {
    leftovers_.ran();
    leftovers_.answered(sql::facts_of(sql), nullptr, false);
  }
  void refuse() {
    leftovers_.ran();
    leftovers_.refused();
  }
  /// The SQLSTATE of asking, empty where it may.
  std::string asked(const std::string& sql, bool lease_per_transaction = true) {
    try {
      leftovers_.require(sql::facts_of(sql), lease_per_transaction);
      return {};
    } catch (const fabric::base::Error& error) {
      return fabric::base::code_of(error.state());
    }
  }

  Leftovers leftovers_;
};

constexpr const char* kRowCount = "SELECT ROW_COUNT()";
constexpr const char* kFoundRows = "SELECT FOUND_ROWS()";
constexpr const char* kError = "GET DIAGNOSTICS @n = NUMBER";

TEST_F(LeftoversTest, AreThereWhileTheConnectionIs) {
  run("UPDATE t SET a=1");
  EXPECT_TRUE(leftovers_.ran_here());
  EXPECT_EQ(asked(kRowCount) + asked(kFoundRows) + asked(kError), "");
}

TEST_F(LeftoversTest, OfNoStatementAreNotMissed) {
  leftovers_.leave();
  EXPECT_EQ(asked(kRowCount) + asked(kFoundRows) + asked(kError), "");
}

TEST_F(LeftoversTest, GoWithTheConnectionUntilTheNextStatement) {
  run("SELECT * FROM t");
  leftovers_.leave();
  EXPECT_FALSE(leftovers_.ran_here());
  EXPECT_EQ(asked(kRowCount), "25000");
  EXPECT_EQ(asked(kFoundRows), "25000");
  EXPECT_EQ(asked(kRowCount, false), "08S01");
  run("UPDATE t SET a=1");
  EXPECT_EQ(asked(kRowCount), "");
  EXPECT_EQ(asked(kFoundRows), "25000");
  run("SELECT * FROM t");
  EXPECT_EQ(asked(kFoundRows), "");
}

TEST_F(LeftoversTest, HoldAnErrorThatIsMissedWhereTheDriverGaveItBack) {
  refuse();
  leftovers_.leave();
  EXPECT_EQ(asked(kError), "");
  refuse();
  leftovers_.lose();
  leftovers_.leave();
  EXPECT_EQ(asked(kError), "25000");
  refuse();
  EXPECT_EQ(asked(kError), "");
  leftovers_.lose();
  run("UPDATE t SET a=1");
  EXPECT_EQ(asked(kError), "");
}

TEST_F(LeftoversTest, OfAnotherSessionAreForgotten) {
  refuse();
  leftovers_.lose();
  leftovers_.leave();
  leftovers_.forget();
  EXPECT_EQ(asked(kRowCount) + asked(kFoundRows) + asked(kError), "");
}

TEST_F(LeftoversTest, HoldTheConnectionForTheNextStatement) {
  run("SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1");
  EXPECT_EQ(leftovers_.for_the_next(), "the rows of SQL_CALC_FOUND_ROWS");
  run(kFoundRows);
  EXPECT_EQ(leftovers_.for_the_next(), "");
  run("SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1");
  leftovers_.leave();
  EXPECT_EQ(leftovers_.for_the_next(), "");
}

}  // namespace
}  // namespace driver
