#include "driver/stats_text.h"

#include <gtest/gtest.h>

namespace driver {
namespace {

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(StatsText, GivesEachCounterOfEachPool) {
  pool::PoolReport pool;
  pool.server = {"db1", 3306, {}};
  pool.user = "o\"brien";
  pool.max_size = 16;
  pool.stats.idle = 3;
  pool.stats.borrows = 12;
  pool.stats.closed[static_cast<std::size_t>(pool::CloseReason::kRetired)] = 2;
  pool.stats.pins["user variables"] = 4;
  const std::string text = stats_text({pool}, {});
  const std::string labels = R"(server="db1:3306",user="o\"brien",pooled="1")";
  EXPECT_TRUE(has(text, "# TYPE fabric_odbc_connections gauge")) << text;
  EXPECT_TRUE(has(text, "fabric_odbc_connections{" + labels + ",state=\"idle\"} 3")) << text;
  EXPECT_TRUE(has(text, "fabric_odbc_connections_max{" + labels + "} 16")) << text;
  EXPECT_TRUE(has(text, "fabric_odbc_borrows_total{" + labels + "} 12")) << text;
  EXPECT_TRUE(has(text, "fabric_odbc_closed_total{" + labels + ",reason=\"retired\"} 2")) << text;
  EXPECT_TRUE(has(text, "fabric_odbc_pins_total{" + labels + ",reason=\"user variables\"} 4"))
      << text;
}

TEST(StatsText, GivesOneLineToPoolsWithTheSameLabels) {
  pool::PoolReport pool;
  pool.server = {"db1", 3306, {}};
  pool.stats.borrows = 3;
  const std::string text = stats_text({pool, pool}, {});
  EXPECT_TRUE(has(text, R"(fabric_odbc_borrows_total{server="db1:3306",user="",pooled="1"} 6)"))
      << text;
}

TEST(StatsText, GivesTheCountersOfFarms) {
  FarmReport farm{.farm = "node1:32275,node2:32275", .stats = {}};
  farm.stats.node_calls = {7, 2, 1};
  farm.stats.failovers = 1;
  farm.stats.recovery.note(std::chrono::milliseconds(700));
  const std::string text = stats_text({}, {farm});
  const std::string labels = R"({farm="node1:32275,node2:32275")";
  for (const std::string& line :
       {"node_calls_total" + labels + ",outcome=\"answered\"} 7",
        "node_calls_total" + labels + ",outcome=\"failed\"} 2",
        "node_calls_total" + labels + ",outcome=\"refused\"} 1", "failovers_total" + labels + "} 1",
        "recovery_seconds_bucket" + labels + ",le=\"0.5\"} 0",
        "recovery_seconds_bucket" + labels + ",le=\"1\"} 1",
        "recovery_seconds_sum" + labels + "} 0.7", "recovery_seconds_count" + labels + "} 1"}) {
    EXPECT_TRUE(has(text, "fabric_odbc_" + line)) << line << "\n" << text;
  }
}

TEST(StatsText, SumsUpTheClassesOfWaits) {
  pool::PoolReport pool;
  pool.server = {"db1", 3306, {}};
  pool.stats.waited.note(std::chrono::microseconds(300));
  pool.stats.waited.note(std::chrono::milliseconds(1));
  pool.stats.waited.note(std::chrono::milliseconds(50));
  pool.stats.waited.note(std::chrono::seconds(20));
  const std::string text = stats_text({pool}, {});
  const std::string name =
      R"(fabric_odbc_wait_seconds_bucket{server="db1:3306",user="",pooled="1",le=)";
  EXPECT_TRUE(has(text, name + "\"0.001\"} 2")) << text;
  EXPECT_TRUE(has(text, name + "\"0.1\"} 3")) << text;
  EXPECT_TRUE(has(text, name + "\"10\"} 3")) << text;
  EXPECT_TRUE(has(text, name + "\"+Inf\"} 4")) << text;
  EXPECT_NE(
      text.find("fabric_odbc_wait_seconds_sum{server=\"db1:3306\",user=\"\",pooled=\"1\"} 20.0513"),
      std::string::npos)
      << text;
}

}  // namespace
}  // namespace driver
