#include "fabric/static_source.h"

#include <gtest/gtest.h>

#include "fabric/farm.h"

namespace fabric {
namespace {

std::unique_ptr<TopologySource> three_servers() {
  return std::make_unique<StaticSource>(
      std::vector<base::Endpoint>{{.host = "b", .port = 3307, .socket = {}},
                                  {.host = "a", .port = 3306, .socket = {}},
                                  {.host = "b", .port = 3307, .socket = {}},
                                  {.host = "", .port = 3306, .socket = "/run/mysqld/mysqld.sock"}});
}

TEST(StaticSource, ListsWritablePrimariesInTheGivenOrder) {
  const Topology::Content content = three_servers()->fetch(base::Deadline::never());
  ASSERT_EQ(content.servers.size(), 3U) << "one is named twice";
  EXPECT_EQ(content.servers[0].uuid, "b:3307");
  EXPECT_EQ(content.servers[1].uuid, "a:3306");
  EXPECT_EQ(content.servers[2].uuid, "/run/mysqld/mysqld.sock");
  for (const Server& server : content.servers) {
    EXPECT_EQ(server.group, "");
    EXPECT_TRUE(server.writable() && server.readable_primary());
    EXPECT_EQ(server.weight, 1.0);
  }
}

TEST(Farm, OfAPlainListNeverChangesAndNeverWaits) {
  const base::SystemClock clock;
  Farm farm(three_servers, {}, clock);
  EXPECT_FALSE(farm.can_change());
  const TopologyPtr topology = farm.topology(base::Deadline::at({}));
  ASSERT_NE(topology->find_group(""), nullptr);
  EXPECT_EQ(topology->find_group("")->servers.size(), 3U);
  farm.worked("a:3306");
  farm.suspect(topology->content().servers[1], FaultKind::kRefused, 2003);
  EXPECT_EQ(farm.refresh(base::Deadline::never()), topology);
  EXPECT_EQ(farm.wait_newer(topology->version(), base::Deadline::never()), topology);
}

}  // namespace
}  // namespace fabric
