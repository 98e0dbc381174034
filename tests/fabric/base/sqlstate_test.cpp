#include "fabric/base/sqlstate.h"

#include <gtest/gtest.h>

namespace fabric::base {
namespace {

TEST(SqlState, IsFoundByItsCodeAndGivesItBack) {
  for (auto i = static_cast<int>(SqlState::k00000); i <= static_cast<int>(SqlState::kIM001); ++i) {
    const auto state = static_cast<SqlState>(i);
    EXPECT_EQ(state_from_code(code_of(state)), state) << code_of(state);
    EXPECT_FALSE(text_of(state).empty());
  }
}

TEST(SqlState, HasTheStandardsWords) {
  EXPECT_EQ(code_of(SqlState::k08S01), "08S01");
  EXPECT_EQ(text_of(SqlState::k08S01), "Communication link failure");
  EXPECT_EQ(text_of(SqlState::kHYT00), "Timeout expired");
}

TEST(SqlState, OfAnUnknownCodeIsTheGeneralOne) {
  for (const char* code : {"70100", "", "08", "ZZZZZ", "08S019"}) {
    EXPECT_EQ(state_from_code(code), SqlState::kHY000) << code;
  }
}

TEST(SqlState, OfAProgramIsKept) {
  for (const char* code : {"45000", "99001", "ZZZZZ", "00A00", "4500A"}) {
    EXPECT_EQ(code_of(own_state(code)), code);
  }
  EXPECT_EQ(own_state("42000"), SqlState::k42000);
  for (const char* code : {"HY000", "", "4500", "450000", "4500a", "45 00"}) {
    EXPECT_EQ(own_state(code), SqlState::kHY000) << code;
  }
}

}  // namespace
}  // namespace fabric::base
