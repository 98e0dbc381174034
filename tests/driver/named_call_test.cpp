#include "driver/named_call.h"

#include <gtest/gtest.h>

#include "fabric/base/error.h"

namespace driver {
namespace {

TEST(NamedCall, HasMarkersAloneForArguments) {
  const auto call = marker_call("CALL `d`.p ( ?, ? )", {});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->schema, "d");
  EXPECT_EQ(call->procedure, "p");
  EXPECT_TRUE(marker_call("call p(?)", {}));
  for (const char* other : {"CALL p", "CALL p()", "CALL p(1, ?)", "CALL p(?", "CALL p(? + 1)",
                            "SELECT p(?)", "CALL p(?,)"}) {
    EXPECT_FALSE(marker_call(other, {})) << other;
  }
}

TEST(NamedCall, FindsTheRecordOfEachParameter) {
  const std::vector<rows::Record> two{{"First"}, {"second"}};
  EXPECT_EQ(order_by_names({}, {"second", "first"}, two), (std::vector<SQLSMALLINT>{2, 1}));
  EXPECT_EQ(order_by_names({}, {"first", "SECOND"}, two), (std::vector<SQLSMALLINT>{1, 2}));
  EXPECT_THROW(order_by_names({}, {"first", "third"}, two), fabric::base::Error);
  EXPECT_THROW(order_by_names({}, {"first", "first"}, two), fabric::base::Error);
  EXPECT_THROW(order_by_names({}, {"first"}, two), fabric::base::Error);
}

}  // namespace
}  // namespace driver
