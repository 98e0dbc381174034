#include "driver/diagnostics.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace driver {
namespace {

std::string order(const Diagnostics& diagnostics) {
  std::string all;
  for (const auto& record : diagnostics.records()) {
    all += std::string(fabric::base::code_of(record.state)) + " ";
  }
  return all;
}

TEST(Diagnostics, RanksRecordsByRowThenByWeight) {
  Diagnostics diagnostics;
  diagnostics.warn(SqlState::k01004, "cut");
  diagnostics.error(SqlState::k22003, "range");
  diagnostics.error(SqlState::k40001, "rolled back");
  diagnostics.add({.state = SqlState::k22018, .text = {}, .row_number = 2});
  diagnostics.add({.state = SqlState::k01S07, .text = {}, .row_number = 1});
  diagnostics.add({.state = SqlState::k22002, .text = {}, .row_number = SQL_ROW_NUMBER_UNKNOWN});
  EXPECT_EQ(order(diagnostics), "40001 22003 22002 01004 01S07 22018 ");
  diagnostics.drop_first();
  EXPECT_EQ(order(diagnostics), "22003 22002 01004 01S07 22018 ");
}

TEST(Diagnostics, ShowsTheStatesOfOdbc2ToItsApplications) {
  constexpr std::array<std::pair<SqlState, std::string_view>, 14> kPairs{
      {{SqlState::kHY000, "S1000"},
       {SqlState::kHY010, "S1010"},
       {SqlState::kHYC00, "S1C00"},
       {SqlState::kHYT00, "S1T00"},
       {SqlState::kHYT01, "S1T00"},
       {SqlState::kHY024, "S1009"},
       {SqlState::k42S02, "S0002"},
       {SqlState::k42S22, "S0022"},
       {SqlState::k42000, "37000"},
       {SqlState::k07009, "S1002"},
       {SqlState::k22018, "22005"},
       {SqlState::k22007, "22008"},
       {SqlState::k23000, "23000"},
       {SqlState::k08S01, "08S01"}}};
  Diagnostics diagnostics;
  for (const auto& [state, odbc2] : kPairs) {
    diagnostics.odbc2_states = true;
    EXPECT_EQ(diagnostics.code_of({.state = state, .text = {}}), odbc2);
    diagnostics.odbc2_states = false;
    EXPECT_EQ(diagnostics.code_of({.state = state, .text = {}}), fabric::base::code_of(state));
  }
}

TEST(Diagnostics, KeepsTheOrderOfEquals) {
  Diagnostics diagnostics;
  diagnostics.error(SqlState::k22003, "first");
  diagnostics.error(SqlState::k22018, "second");
  EXPECT_EQ(order(diagnostics), "22003 22018 ");
}

}  // namespace
}  // namespace driver
