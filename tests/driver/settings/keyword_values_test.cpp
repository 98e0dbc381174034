#include "driver/settings/keyword_values.h"

#include <gtest/gtest.h>

#include <string>

#include "fabric/base/error.h"

namespace driver::settings {
namespace {

using fabric::base::Endpoint;
using fabric::base::Error;
using fabric::base::SqlState;
using namespace std::chrono_literals;

const KeywordRow& kTime = row_of(Keyword::kPoolTimeout);
const KeywordRow& kSize = row_of(Keyword::kSpoolMemory);
const KeywordRow& kCount = row_of(Keyword::kMaxPoolSize);
const KeywordRow& kBool = row_of(Keyword::kPooling);
const KeywordRow& kChoice = row_of(Keyword::kFabricReportErrors);
const KeywordRow& kServers = row_of(Keyword::kServer);

template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::kHY024);
    return error.what();
  }
  return "";
}

TEST(TimeValue, ReadsUnitsAndTakesABareNumberAsSeconds) {
  EXPECT_EQ(time_value(kTime, "500ms"), 500ms);
  EXPECT_EQ(time_value(kTime, "30s"), 30s);
  EXPECT_EQ(time_value(kTime, "10min"), 10min);
  EXPECT_EQ(time_value(kTime, "2 H"), 2h);
  EXPECT_EQ(time_value(kTime, " 7 "), 7s);
  EXPECT_EQ(time_value(kTime, "0"), 0s);
}

TEST(TimeValue, RefusesWhatIsNoTime) {
  for (const std::string text : {"", "s", "-1s", "1.5s", "10 parsecs", "1s1s",
                                 "99999999999999999999s", "999999999d", "18446744073709551615"}) {
    EXPECT_EQ(refusal([&] { time_value(kTime, text); }),
              "POOL_TIMEOUT='" + text +
                  "' is not accepted: a time is 500ms, 30s, 10min, 1h, or a number of seconds");
  }
}

TEST(SizeValue, ReadsPowersOf1024) {
  EXPECT_EQ(size_value(kSize, "65536"), 65536U);
  EXPECT_EQ(size_value(kSize, "512k"), 512U << 10U);
  EXPECT_EQ(size_value(kSize, "64M"), 64U << 20U);
  EXPECT_EQ(size_value(kSize, "2 GB"), 2ULL << 30U);
}

TEST(SizeValue, RefusesWhatIsNoSize) {
  for (const std::string text : {"", "M", "-1", "1.5M", "1T", "99999999999G"}) {
    EXPECT_EQ(refusal([&] { size_value(kSize, text); }),
              "SPOOL_MEMORY='" + text +
                  "' is not accepted: a size is 65536, 512K, 64M or 1G, up to 1024G");
  }
}

TEST(CountValue, KeepsToItsRange) {
  KeywordRow row = kCount;
  row.range = {1, 9};
  EXPECT_EQ(count_value(row, "5"), 5U);
  for (const std::string text : {"0", "10", "x", "", "5x", "-5", "5.0"}) {
    EXPECT_EQ(
        refusal([&] { count_value(row, text); }),
        "MAX_POOL_SIZE='" + text + "' is not accepted: a whole number from 1 to 9 is expected");
  }
}

TEST(BoolValue, ReadsTheUsualWords) {
  for (const auto* yes : {"1", "YES", "on", "True"}) EXPECT_TRUE(bool_value(kBool, yes));
  for (const auto* no : {"0", "no", "OFF", "false"}) EXPECT_FALSE(bool_value(kBool, no));
  EXPECT_EQ(refusal([] { bool_value(kBool, "2"); }),
            "POOLING='2' is not accepted: 1 or 0 is expected (yes, no, on, off, true, false too)");
}

TEST(ChoiceValue, IgnoresCaseAndFillers) {
  EXPECT_EQ(choice_value(kChoice, "failure"), 2U);
  EXPECT_EQ(choice_value(row_of(Keyword::kSslMode), "verify-identity"), 4U);
  EXPECT_EQ(refusal([] { choice_value(kChoice, "MAYBE"); }),
            "FABRIC_REPORT_ERRORS='MAYBE' is not accepted: use one of OFF, ERROR, FAILURE, AUTO");
}

TEST(EndpointsValue, ReadsListsPortsAndIpv6) {
  EXPECT_EQ(endpoints_value(kServers, "a, b:7 ,[::1]:8,[::2],fe80::1,fe80::2%eth0", 3306),
            (std::vector<Endpoint>{{"a", 3306, ""},
                                   {"b", 7, ""},
                                   {"::1", 8, ""},
                                   {"::2", 3306, ""},
                                   {"fe80::1", 3306, ""},
                                   {"fe80::2%eth0", 3306, ""}}));
}

TEST(EndpointsValue, RefusesBrokenAddresses) {
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "a:x", 1); }),
            "SERVER='a:x' is not accepted: a port is a number from 1 to 65535");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "a,b:65536", 1); }),
            "SERVER='b:65536' is not accepted: a port is a number from 1 to 65535");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "a:", 1); }),
            "SERVER='a:' is not accepted: a port is a number from 1 to 65535");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "[::1", 1); }),
            "SERVER='[::1' is not accepted: the bracket '[' is not closed");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "[::1]8", 1); }),
            "SERVER='[::1]8' is not accepted: use [address]:port");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, "a:b:c", 1); }),
            "SERVER='a:b:c' is not accepted: use host[:port],... or [address]:port");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, ":3306", 1); }),
            "SERVER=':3306' is not accepted: use host[:port],...");
  EXPECT_EQ(refusal([] { endpoints_value(kServers, " , ", 1); }),
            "SERVER=' , ' is not accepted: use host[:port],...");
}

TEST(RefuseValue, NeverShowsASecretAndCutsLongValues) {
  EXPECT_EQ(refusal([] { refuse_value(row_of(Keyword::kPwd), "hunter2", "x"); }),
            "PWD is not accepted: x");
  EXPECT_EQ(refusal([] { refuse_value(kCount, std::string(1000, 'a'), "x"); }),
            "MAX_POOL_SIZE='" + std::string(64, 'a') + "...' is not accepted: x");
}

}  // namespace
}  // namespace driver::settings
