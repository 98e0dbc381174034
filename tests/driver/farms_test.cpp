// Which settings mean one farm, without any node. How long one is kept, and with which threads and
// sessions: tests/driver_manager/unused_farms_test.cpp.
#include "driver/farms.h"

#include <gtest/gtest.h>

namespace driver {
namespace {

settings::ConnectionSettings settings_of(const std::string& more) {
  std::vector<settings::Warning> warnings;
  return settings::settings_from_connection_string(
      "DRIVER=x;FABRIC_NODES=n1:32275,n2:32275;UID=app;PWD=secret;FABRIC_GROUP=g1;" + more,
      warnings);
}

struct FarmsTest : testing::Test {
  const fabric::base::SystemClock clock;
  fabric::base::Log log;
  fabric::mysql::Watchdog watchdog{clock};
  pool::Pools pools{clock, watchdog, log};
  routing::FactCaches facts;
  Farms farms{{clock, log, watchdog, pools, facts}};
};

TEST_F(FarmsTest, AreOneForAllWhoNameItAlike) {
  const auto farm = farms.farm(settings_of(""));
  EXPECT_EQ(farms.farm(settings_of("")), farm);
  EXPECT_EQ(farms.farm(settings_of("DATABASE=d;POOL_IDLE_TIMEOUT=1s")), farm);
  EXPECT_EQ(farms.reports().size(), 1U);
  for (const char* other : {"FABRIC_USER=u;FABRIC_PASSWORD=p", "FABRIC_TTL=7s",
                            "FABRIC_SSL_MODE=REQUIRED", "FABRIC_REPORT_ERRORS=OFF"}) {
    EXPECT_NE(farms.farm(settings_of(other)), farm) << other;
  }
}

TEST_F(FarmsTest, ShareTheirPoolsAmongThoseWhoNameThemAlike) {
  const auto pool = farms.group_pool(settings_of(""), "g1");
  EXPECT_EQ(farms.group_pool(settings_of("DATABASE=d"), "g1"), pool);
  EXPECT_NE(farms.group_pool(settings_of(""), "g2"), pool);
  EXPECT_NE(farms.group_pool(settings_of("MAX_POOL_SIZE=3"), "g1"), pool);
}

TEST_F(FarmsTest, OutliveTheirEndForThoseWhoHoldThem) {
  const auto held = farms.group_pool(settings_of(""), "g1");
  farms.end();
  EXPECT_TRUE(farms.reports().empty());
  EXPECT_EQ(held->group(), "g1");
}

}  // namespace
}  // namespace driver
