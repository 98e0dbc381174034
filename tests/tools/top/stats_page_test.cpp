#include "tools/top/stats_page.h"

#include <gtest/gtest.h>

#include "driver/stats_text.h"

namespace tools::top {
namespace {

/// What the driver writes, so that neither may change alone.
std::string written() {
  pool::PoolReport pool;
  pool.server = {"db1", 3306, {}};
  pool.user = "a\"p\\p";
  pool.pooled = true;
  pool.max_size = 16;
  pool.stats.idle = 2;
  pool.stats.leased = 3;
  pool.stats.waiting = 4;
  pool.stats.borrows = 100;
  pool.stats.timeouts = 5;
  pool.stats.connect_failures = 6;
  pool.stats.retries = 7;
  driver::FarmReport farm;
  farm.farm = "n1:32275";
  farm.stats.failovers = 8;
  farm.stats.switchovers = 9;
  return driver::stats_text({pool}, {farm});
}

TEST(TopStatsPage, ReadsWhatTheDriverWrites) {
  const StatsPage page = parse_stats(written());
  ASSERT_EQ(page.pools.size(), 1U);
  const PoolStats& pool = page.pools.front();
  EXPECT_EQ(pool.server, "db1:3306");
  EXPECT_EQ(pool.user, "a\"p\\p");
  EXPECT_TRUE(pool.pooled);
  EXPECT_EQ(pool.max, 16U);
  EXPECT_EQ(pool.idle, 2U);
  EXPECT_EQ(pool.leased, 3U);
  EXPECT_EQ(pool.waiting, 4U);
  EXPECT_EQ(pool.borrows, 100U);
  EXPECT_EQ(pool.timeouts, 5U);
  EXPECT_EQ(pool.connect_failures, 6U);
  EXPECT_EQ(pool.retries, 7U);
  ASSERT_EQ(page.farms.size(), 1U);
  EXPECT_EQ(page.farms.front().farm, "n1:32275");
  EXPECT_EQ(page.farms.front().failovers, 8U);
  EXPECT_EQ(page.farms.front().switchovers, 9U);
}

TEST(TopStatsPage, LeavesOutWhatItCannotRead) {
  const std::string whole = written();
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_LE(parse_stats(whole.substr(0, length)).pools.size(), 1U);
  }
  EXPECT_TRUE(parse_stats("# HELP x\nother{a=\"b\"} 1\nfabric_odbc_waiting{\n"
                          "fabric_odbc_waiting{server=\"a} 1\nfabric_odbc_waiting{} x\n")
                  .pools.empty());
}

}  // namespace
}  // namespace tools::top
