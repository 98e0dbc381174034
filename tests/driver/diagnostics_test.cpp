#include "driver/diagnostics.h"

#include <gtest/gtest.h>

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

TEST(Diagnostics, KeepsTheOrderOfEquals) {
  Diagnostics diagnostics;
  diagnostics.error(SqlState::k22003, "first");
  diagnostics.error(SqlState::k22018, "second");
  EXPECT_EQ(order(diagnostics), "22003 22018 ");
}

}  // namespace
}  // namespace driver
