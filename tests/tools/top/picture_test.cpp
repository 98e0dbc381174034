#include "tools/top/picture.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

namespace tools::top {
namespace {

using watch::GtidSet;

ServerSample replica(const std::string& position) {
  ServerSample sample;
  sample.has = GtidSet::of_mariadb_position(position);
  return sample;
}

Picture some_picture() {
  ServerRow up;
  up.server = {.uuid = "a",
               .group = "g1",
               .endpoint = {"db1", 3306, {}},
               .status = fabric::ServerStatus::kPrimary,
               .mode = fabric::ServerMode::kReadWrite};
  up.sample.ours = 3;
  up.sample.connections = 12;
  up.sample.max_connections = 151;
  up.queries_per_second = 10.25;
  ServerRow down = up;
  down.server.status = fabric::ServerStatus::kSecondary;
  down.server.mode = fabric::ServerMode::kReadOnly;
  down.sample.problem = "nobody\nlistens";
  Picture picture;
  picture.time = "2026-11-26T13:02:11.123Z";
  picture.servers = {up, down};
  picture.has_stats_file = true;
  picture.processes = {
      {.pid = 7,
       .program = "app",
       .page = {.pools = {{.server = "db1:3306", .user = "u", .idle = 2, .leased = 1, .max = 16}},
                .farms = {{.farm = "n1:1", .failovers = 2}}}}};
  return picture;
}

TEST(TopPicture, ShowsServersAndPools) {
  EXPECT_EQ(picture_text(some_picture()),
            "GROUP  SERVER    STATUS     STATE  OURS  ALL/MAX  QUERIES/S  REPLICATION\n"
            "g1     db1:3306  PRIMARY    up     3     12/151   10.2       -\n"
            "g1     db1:3306  SECONDARY  down   -     -        -          nobody listens\n"
            "\n"
            "PROCESS  POOL      USER  IDLE  BUSY  OPENING  MAX  WAITING  TIMEOUTS  FAILED  "
            "RETRIES\n"
            "7 app    db1:3306  u     2     1     0        16   0        0         0       0\n"
            "7 app: failovers 2, switch-overs 0 of the farm n1:1\n");
}

TEST(TopPicture, SaysHowPoolsAreSeen) {
  Picture picture = some_picture();
  picture.has_stats_file = false;
  EXPECT_NE(picture_text(picture).find("give the data source a STATS_FILE"), std::string::npos);
}

TEST(TopPicture, SaysThatNoNodeAnswers) {
  Picture picture = some_picture();
  picture.current = false;
  picture.silent_nodes = {{"n1:1", "refused"}};
  const std::string text = picture_text(picture);
  EXPECT_NE(text.find("no node answers"), std::string::npos);
  EXPECT_NE(text.find("node n1:1: refused\n"), std::string::npos);
}

TEST(TopPicture, IsOneLineOfJson) {
  const std::string line = picture_json(some_picture());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
  const auto servers = object->getArray("servers");
  EXPECT_EQ(servers->getObject(0)->getValue<int>("our_connections"), 3);
  EXPECT_FALSE(servers->getObject(1)->getValue<bool>("up"));
  EXPECT_FALSE(servers->getObject(1)->has("connections"));
  EXPECT_EQ(object->getArray("processes")->getObject(0)->getValue<int>("pid"), 7);
}

TEST(TopReplication, CountsWhatAReplicaLacks) {
  const ServerSample primary = replica("0-1-10");
  EXPECT_EQ(replication_text(replica("0-1-10"), &primary), "0 transactions behind");
  EXPECT_EQ(replication_text(replica("0-1-9"), &primary), "1 transaction behind");
  EXPECT_EQ(replication_text(primary, &primary), "");
  EXPECT_EQ(replication_text(replica(""), &primary), "");
}

TEST(TopReplication, PrefersWhatTheServerTells) {
  ServerSample sample;
  sample.seconds_behind = 4;
  EXPECT_EQ(replication_text(sample, nullptr), "4 s behind");
  sample.replication_problem = "it stopped";
  EXPECT_EQ(replication_text(sample, nullptr), "it stopped");
  sample.galera = true;
  sample.galera_state = "Synced";
  sample.galera_cluster = "Primary";
  sample.galera_size = "3";
  EXPECT_EQ(replication_text(sample, nullptr), "Synced, 3 members");
  sample.galera_cluster = "non-Primary";
  EXPECT_EQ(replication_text(sample, nullptr), "Synced, non-Primary, 3 members");
}

TEST(TopQueries, NeedTwoLooks) {
  using std::chrono::seconds;
  ServerSample before;
  before.taken = fabric::base::SteadyTime(seconds(10));
  before.questions = 100;
  ServerSample now;
  now.taken = fabric::base::SteadyTime(seconds(12));
  now.questions = 150;
  EXPECT_EQ(queries_per_second(before, now), 25.0);
  now.questions = 50;  // restarted
  EXPECT_EQ(queries_per_second(before, now), std::nullopt);
  before.problem = "down";
  EXPECT_EQ(queries_per_second(before, now), std::nullopt);
}

}  // namespace
}  // namespace tools::top
