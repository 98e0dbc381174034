// SQLGetInfo and SQLGetInfoW, every line of tests/data/info_types.txt: the value, its length, and
// that not a byte more is written than the type's width, without a driver manager and through one.
#include "tests/support/info_types.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <tuple>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

constexpr unsigned char kUnwritten = 0xA5;
using InfoBuffer = std::array<unsigned char, 8192>;

class InfoTypes : public testing::TestWithParam<std::tuple<Through, ServerKind>> {
 protected:
  InfoTypes() {
    EXPECT_TRUE(SQL_SUCCEEDED(rig_.connect({}, kind_)));
    of_the_connection_ = {{SQL_DATA_SOURCE_NAME, ""},  {SQL_SERVER_NAME, "127.0.0.1"},
                          {SQL_DATABASE_NAME, "test"}, {SQL_USER_NAME, "app"},
                          {SQL_DBMS_VER, "*"},         {SQL_COLLATION_SEQ, "*"}};
  }

  SQLRETURN get(const char* function, SQLUSMALLINT type, SQLSMALLINT capacity) {
    buffer_.fill(kUnwritten);
    length_ = -1;
    return rig_(function, rig_.connection, type, buffer_.data(), capacity, &length_);
  }
  [[nodiscard]] bool unwritten_from(std::size_t place) const {
    return std::all_of(buffer_.begin() + static_cast<std::ptrdiff_t>(place), buffer_.end(),
                       [](unsigned char byte) { return byte == kUnwritten; });
  }
  template <class Number>
  [[nodiscard]] std::string number() const {
    Number value = 0;
    std::memcpy(&value, buffer_.data(), sizeof value);
    return std::to_string(value);
  }

  /// "*" for what only has to be there.
  [[nodiscard]] std::string expected(const InfoTypeRow& row) const {
    const auto found = of_the_connection_.find(row.type);
    if (found != of_the_connection_.end()) return found->second;
    return kind_ == ServerKind::kMariaDb ? row.mariadb : row.mysql56;
  }

  void check_number(const char* function, const InfoTypeRow& row) {
    const std::size_t width = std::stoul(row.width);
    for (const SQLSMALLINT capacity :
         std::to_array<SQLSMALLINT>({0, 64})) {  // which does not count for numbers
      ASSERT_EQ(get(function, row.type, capacity), SQL_SUCCESS);
      EXPECT_EQ(width == 2 ? number<SQLUSMALLINT>() : number<SQLUINTEGER>(), expected(row));
      EXPECT_TRUE(unwritten_from(width)) << "more than " << width << " bytes were written";
      EXPECT_EQ(length_, static_cast<SQLSMALLINT>(width));
    }
  }

  /// As UTF-8 of ASCII.
  [[nodiscard]] std::string text(std::size_t unit) const {
    std::string out;
    for (std::size_t at = 0; at < buffer_.size() && buffer_[at] != 0; at += unit) {
      out.push_back(static_cast<char>(buffer_[at]));
    }
    return out;
  }

  void check_text(const char* function, const InfoTypeRow& row, std::size_t unit) {
    ASSERT_EQ(get(function, row.type, static_cast<SQLSMALLINT>(buffer_.size())), SQL_SUCCESS);
    const std::string whole = text(unit);
    if (expected(row) == "*") {
      EXPECT_NE(whole, "");
    } else {
      EXPECT_EQ(whole, expected(row));
    }
    const auto bytes = static_cast<SQLSMALLINT>(whole.size() * unit);
    EXPECT_EQ(length_, bytes);
    EXPECT_TRUE(unwritten_from(whole.size() * unit + unit));
    if (whole.empty()) return;
    // All but the last character.
    EXPECT_EQ(get(function, row.type, bytes), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(rig_.state_of(SQL_HANDLE_DBC, rig_.connection), "01004");
    EXPECT_EQ(text(unit), whole.substr(0, whole.size() - 1));
    EXPECT_EQ(length_, bytes);
    EXPECT_TRUE(unwritten_from(whole.size() * unit));
  }

  void check(const char* function, std::size_t unit) {
    for (const InfoTypeRow& row : read_info_types()) {
      SCOPED_TRACE(row.name);
      const bool managers_own = row.type == SQL_XOPEN_CLI_YEAR;  // unixODBC's own answer: 1994
      if (managers_own && through_ == Through::kDriverManager) continue;
      if (row.width == "text") {
        check_text(function, row, unit);
      } else {
        check_number(function, row);
      }
    }
  }

  const Through through_ = std::get<0>(GetParam());
  const ServerKind kind_ = std::get<1>(GetParam());
  OdbcRig rig_{through_};
  std::map<SQLUSMALLINT, std::string> of_the_connection_;
  InfoBuffer buffer_{};
  SQLSMALLINT length_ = 0;
};

TEST_P(InfoTypes, HaveTheirValueAndWidth) { check("SQLGetInfo", sizeof(SQLCHAR)); }

TEST_P(InfoTypes, HaveTheirValueAndWidthInUtf16) { check("SQLGetInfoW", sizeof(SQLWCHAR)); }

TEST_P(InfoTypes, OfHandlesAreAsWideAsOne) {
  if (through_ == Through::kNothing) return;  // they are the driver manager's to tell
  for (const SQLUSMALLINT type : std::to_array<SQLUSMALLINT>({SQL_DRIVER_HENV, SQL_DRIVER_HDBC})) {
    ASSERT_EQ(get("SQLGetInfo", type, 0), SQL_SUCCESS) << type;
    EXPECT_NE(number<std::uint64_t>(), "0");
    EXPECT_TRUE(unwritten_from(sizeof(SQLHANDLE))) << type;
  }
}

INSTANTIATE_TEST_SUITE_P(All, InfoTypes,
                         testing::Combine(testing::Values(Through::kNothing,
                                                          Through::kDriverManager),
                                          testing::ValuesIn(server_kinds())));

}  // namespace
}  // namespace test_support
