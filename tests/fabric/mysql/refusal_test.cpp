#include "fabric/mysql/refusal.h"

#include <gtest/gtest.h>

namespace fabric::mysql {
namespace {

TEST(Refusal, IsOfWhatLetsNobodyIn) {
  EXPECT_EQ(refusal_of(1040), Refusal::kNoRoom);
  EXPECT_EQ(refusal_of(1044), Refusal::kDatabaseDenied);
  EXPECT_EQ(refusal_of(1698), Refusal::kDenied);
  EXPECT_EQ(refusal_of(3118), Refusal::kAccountLocked);
  EXPECT_EQ(refusal_of(4151), Refusal::kAccountLocked);
}

TEST(Refusal, IsNotOfLostLinksAndStatements) {
  for (const unsigned number : {0U, 1064U, 1142U, 2002U, 2013U}) {
    EXPECT_EQ(refusal_of(number), Refusal::kNone) << number;
  }
}

}  // namespace
}  // namespace fabric::mysql
