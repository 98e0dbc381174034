#include "pool/residue.h"

#include <gtest/gtest.h>

namespace {

using pool::Cleaning;
using pool::cleaning_after;
using pool::ResetPolicy;
using pool::Residue;

TEST(Residue, NeedsNoCleaningAfterNothing) {
  EXPECT_EQ(cleaning_after(Residue::kNothing, ResetPolicy::kAuto, {}), Cleaning::kNone);
}

TEST(Residue, IsResetAfterASessionThatMayHaveLeftSomething) {
  EXPECT_EQ(cleaning_after(Residue::kSession, ResetPolicy::kAuto, {}), Cleaning::kReset);
}

TEST(Residue, TakesAChangeOfUserForADatabaseToLose) {
  EXPECT_EQ(cleaning_after(Residue::kSession, ResetPolicy::kAuto, {.database_to_lose = true}),
            Cleaning::kWhole);
}

TEST(Residue, ClosesWhatNothingClears) {
  EXPECT_EQ(cleaning_after(Residue::kLasting, ResetPolicy::kAuto, {}), Cleaning::kClose);
  EXPECT_EQ(cleaning_after(Residue::kLasting, ResetPolicy::kNever, {}), Cleaning::kNone);
}

TEST(Residue, DoesNotBelieveNothingAgainstTheSessionsOwnFlags) {
  EXPECT_EQ(cleaning_after(Residue::kNothing, ResetPolicy::kAuto, {.in_transaction = true}),
            Cleaning::kReset);
  EXPECT_EQ(cleaning_after(Residue::kNothing, ResetPolicy::kAuto, {.autocommit = false}),
            Cleaning::kReset);
  EXPECT_EQ(cleaning_after(Residue::kNothing, ResetPolicy::kAuto, {.database_to_lose = true}),
            Cleaning::kWhole);
}

TEST(Residue, IsResetAlwaysWhenToldSo) {
  EXPECT_EQ(cleaning_after(Residue::kNothing, ResetPolicy::kAlways, {}), Cleaning::kReset);
}

TEST(Residue, IsNeverResetWhenToldSoButItsTransactionEnds) {
  EXPECT_EQ(cleaning_after(Residue::kSession, ResetPolicy::kNever, {}), Cleaning::kNone);
  EXPECT_EQ(cleaning_after(Residue::kSession, ResetPolicy::kNever, {.in_transaction = true}),
            Cleaning::kRollback);
}

}  // namespace
