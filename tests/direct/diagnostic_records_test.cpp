// SQLGetDiagRec: one record after the other, cut texts, and what is no record, without a driver
// manager and through one.
#include <gtest/gtest.h>

#include <array>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

constexpr char kUntold = '\x5A';
constexpr SQLSMALLINT kWhole = 1024;

class DiagnosticRecords : public testing::TestWithParam<Through> {
 protected:
  DiagnosticRecords() {
    EXPECT_TRUE(SQL_SUCCEEDED(rig_.connect()));
    rig_.make_statement();
    rig_("SQLExecDirect", rig_.statement, "SELECT * FROM there_is_none", SQL_NTS);
  }
  SQLRETURN get(SQLSMALLINT record, SQLSMALLINT capacity) {
    text_.fill(kUntold);
    length_ = -1;
    return rig_("SQLGetDiagRec", SQL_HANDLE_STMT, rig_.statement, record, state_.data(), &native_,
                text_.data(), capacity, &length_);
  }

  OdbcRig rig_{GetParam()};
  std::array<char, 6> state_{};
  std::array<char, kWhole> text_{};
  SQLINTEGER native_ = 0;
  SQLSMALLINT length_ = 0;
};

TEST_P(DiagnosticRecords, AreReadOneByOne) {
  ASSERT_EQ(get(1, kWhole), SQL_SUCCESS);
  EXPECT_STREQ(state_.data(), "42S02");
  EXPECT_EQ(native_, 1146);
  const std::string whole = text_.data();
  EXPECT_NE(whole.find("there_is_none"), std::string::npos) << whole;
  EXPECT_EQ(length_, static_cast<SQLSMALLINT>(whole.size()));
  EXPECT_EQ(text_[whole.size() + 1], kUntold);
  EXPECT_EQ(get(2, kWhole), SQL_NO_DATA);
  EXPECT_EQ(get(1, kWhole), SQL_SUCCESS) << "it is told as often as it is asked for";
}

TEST_P(DiagnosticRecords, AreCutWithTheirWholeLength) {
  ASSERT_EQ(get(1, kWhole), SQL_SUCCESS);
  const std::string whole = text_.data();
  EXPECT_EQ(get(1, 8), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(std::string(text_.data()), whole.substr(0, 7));
  EXPECT_EQ(text_[8], kUntold);
  EXPECT_EQ(length_, static_cast<SQLSMALLINT>(whole.size()));
  EXPECT_EQ(get(1, 0), SQL_SUCCESS);
  EXPECT_EQ(text_[0], kUntold);
  EXPECT_EQ(length_, static_cast<SQLSMALLINT>(whole.size()));
}

TEST_P(DiagnosticRecords, BeginWithOne) {
  EXPECT_EQ(get(0, kWhole), SQL_ERROR);
  EXPECT_EQ(get(-1, kWhole), SQL_ERROR);
  EXPECT_EQ(get(1, -1), SQL_ERROR);
  EXPECT_EQ(get(1, kWhole), SQL_SUCCESS) << "asking wrongly leaves them as they are";
}

INSTANTIATE_TEST_SUITE_P(Direct, DiagnosticRecords, testing::Values(Through::kNothing));
INSTANTIATE_TEST_SUITE_P(Managed, DiagnosticRecords, testing::Values(Through::kDriverManager));

}  // namespace
}  // namespace test_support
