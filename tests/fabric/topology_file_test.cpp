#include "fabric/topology_file.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "fabric/base/error.h"
#include "fabric/topology.h"
#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace {

/// Of this executable, so that a test can tell how much work something is without a clock.
std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void* operator new(std::size_t size) {
  if (void* const memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace fabric {
namespace {

using Part = FileServer::Part;

/// What follows the path in the refusal.
std::string refusal(const std::string& text) {
  try {
    parse_topology_file(text, "/f");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState::k08001);
    const std::string sentence = error.what();
    EXPECT_EQ(sentence.substr(0, 3), "/f:");
    return sentence.substr(3);
  }
  return "accepted";
}

/// The first block of code of the document.
std::string example() {
  const std::string page =
      test_support::text_of_file(test_support::source_file("docs/topology-file.md"));
  const std::size_t start = page.find("```ini\n") + 7;
  return page.substr(start, page.find("```", start) - start);
}

TEST(TopologyFile, ReadsTheExampleOfTheDocument) {
  const TopologyFile file = parse_topology_file(example(), "docs/topology-file.md");
  EXPECT_EQ(file.ttl, std::chrono::seconds(2));
  ASSERT_EQ(file.groups.size(), 3U);
  EXPECT_EQ(file.groups[0].name, "global");
  const auto& servers = file.groups[0].servers;
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0].endpoint.text(), "db1.example:3306");
  EXPECT_EQ(servers[1].weight, 2.0);
  EXPECT_EQ(servers[2].part, Part::kSpare);
  Topology::Content content;
  content.shard_maps = file.shard_maps;
  const Topology topology(content, 1, false);
  const auto group_of = [&](const char* table, const ShardKey& key) {
    return topology.lookup(*topology.find_shard_map("shop", table)).find(key).group;
  };
  EXPECT_EQ(group_of("orders", std::int64_t{999}), "north");
  EXPECT_EQ(group_of("order_lines", std::int64_t{1000}), "south");
  EXPECT_EQ(topology.find_shard_map("shop", "orders")->global_group, "global");
  EXPECT_FALSE(group_of("users", std::int64_t{1}).empty()) << "HASH bounds are made of the names";
}

TEST(TopologyFile, ReadsAddressesOfAllKinds) {
  const TopologyFile file = parse_topology_file(
      "\xEF\xBB\xBF; a comment\r\n  [GROUP  my group ]\r\n SERVER =  h:1  weight=0.5 \r\n"
      "server=10.0.0.1\nserver = [::1]:33 secondary\nserver = [::2]\nserver = /run/a.sock",
      "/f");
  ASSERT_EQ(file.groups.size(), 1U);
  EXPECT_EQ(file.groups[0].name, "my group");
  const auto& servers = file.groups[0].servers;
  ASSERT_EQ(servers.size(), 5U);
  EXPECT_EQ(servers[0], (FileServer{{"h", 1, ""}, 0.5, Part::kAny}));
  EXPECT_EQ(servers[1].endpoint, (base::Endpoint{"10.0.0.1", 3306, ""}));
  EXPECT_EQ(servers[2], (FileServer{{"::1", 33, ""}, 1.0, Part::kSecondary}));
  EXPECT_EQ(servers[3].endpoint, (base::Endpoint{"::2", 3306, ""}));
  EXPECT_EQ(servers[4].endpoint.socket, "/run/a.sock");
}

TEST(TopologyFile, ReadsBoundsOfAllKinds) {
  const TopologyFile file = parse_topology_file(
      "[group a]\nserver = h\n[mapping 7]\ntype = range_string\ntable = s.t c\n"
      "shard = a from \" x\"\nshard = a from New York\n[mapping 8]\ntype = RANGE_DATETIME\n"
      "table = s.u c\nshard = a from 2020-06-01 12:00:00\n[mapping 9]\ntype = HASH\n"
      "table = s.v c\nshard = a\n",
      "/f");
  EXPECT_EQ(file.shard_maps[0].mapping_id, 7);
  EXPECT_EQ(file.shard_maps[0].shards[0].lower_bound, " x");
  EXPECT_EQ(file.shard_maps[0].shards[1].lower_bound, "New York");
  EXPECT_EQ(file.shard_maps[1].shards[0].lower_bound, "2020-06-01 12:00:00");
  EXPECT_EQ(file.shard_maps[2].shards[0].lower_bound, "0CC175B9C0F1B6A831C399E269772661");
}

TEST(TopologyFile, SaysWhereAndWhatIsWrong) {
  const std::string group = "[group a]\nserver = h\n";
  const std::string mapping = group + "[mapping 1]\n";
  const std::string range = mapping + "type = RANGE\ntable = s.t c\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", " it names no server: add [group NAME]"},
      {"server = h\n", "1: put this below [farm], [group NAME]"},
      {"\n# x\nnonsense\n", "3: this line is neither [section] nor key = value"},
      {"[group a\n", "1: the bracket '[' is not closed"},
      {"[group]\n", "1: '[group]' is not known: use [farm], [group NAME] or [mapping NUMBER]"},
      {"[shards]\n", "1: '[shards]' is not known"},
      {"[group a]\nserver =\n", "2: 'server' has no value"},
      {"[group a]\nhost = h\n", "2: 'host' is not known in a group: use server"},
      {"[group a]\n[group b]\nserver = h\n", "1: [group a] has no server"},
      {group + "[group a]\n", "3: [group a] is in line 1 already"},
      {group + "server = h\n", "3: server h:3306 is in line 2 already"},
      {group + "server = h:x\n", "3: 'h:x' is no address"},
      {group + "server = h:70000\n", "3: 'h:70000' is no address"},
      {group + "server = a::b\n", "3: 'a::b' is no address: use HOST:PORT, or [ADDRESS]:PORT"},
      {group + "server = :1\n", "3: ':1' names no host"},
      {group + "server = [::1\n", "3: the bracket '[' is not closed: use [address]:port"},
      {group + "server = i weight=heavy\n", "3: 'weight=heavy' is no weight: use weight=2.5"},
      {group + "server = i weight=-1\n", "3: 'weight=-1' is no weight"},
      {group + "server = i primary\n", "3: 'primary' is not known after a server"},
      {"[farm]\nttl = soon\n", "2: 'soon' is no time: use ttl = 2s"},
      {"[farm]\nttl = 0\n", "2: '0' is no time"},
      {"[farm]\nname = x\n", "2: 'name' is not known in [farm]: use ttl"},
      {"[mapping x]\n", "1: 'x' is no number: use [mapping 1]"},
      {mapping + "[mapping 1]\n", "4: [mapping 1] is in line 3 already"},
      {mapping + "type = LIST\n", "4: 'LIST' is no type: use RANGE"},
      {mapping + "shard = a from 1\n", "4: say type = ... before the shards"},
      {mapping + "columns = x\n", "4: 'columns' is not known in a mapping"},
      {mapping + "table = orders id\n", "4: use table = SCHEMA.TABLE COLUMN"},
      {mapping + "table = s.t\n", "4: use table = SCHEMA.TABLE COLUMN"},
      {mapping, "3: the mapping has no type"},
      {mapping + "type = RANGE\n", "3: the mapping has no table"},
      {range, "3: the mapping has no shard"},
      {range + "table = s.t d\n", "6: table s.t is in line 5 already"},
      {range + "shard = a\n", "6: use shard = GROUP from LOWER_BOUND"},
      {range + "shard = a from\n", "6: use shard = GROUP from LOWER_BOUND"},
      {range + "shard = a from x\n", "6: shard mapping 1 (RANGE): the lower bound 'x'"},
      {range + "shard = a from 1\nshard = b from 1\n[group b]\nserver = i\n",
       "7: shard mapping 1 (RANGE): shards 1 and 2"},
      {range + "shard = a from 1\nshard = a from 2\nshard = a from 3\nshard = b from 2\n"
               "shard = a from 4\n[group b]\nserver = i\n",
       "9: shard mapping 1 (RANGE): shards 2 and 4 have the same lower bound"},
      {range + "shard = a from 1\nshard = a from 2\ntype = HASH\nshard = a from xyz\n",
       "9: shard mapping 1 (HASH): the lower bound 'xyz' of shard 3"},
      {range + "shard = a from 10\nshard = a from -1\nshard = a from 2\ntype = HASH\n",
       "7: shard mapping 1 (HASH): the lower bound '-1' of shard 2"},
      {range + "shard = b from 1\n", "6: there is no group 'b': add [group b], or name another"},
      {range + "shard = a from 1\nglobal = g\n", "3: there is no group 'g'"},
      {std::string(2000000, '#'), " the file is longer than 1 MiB"}};
  for (const auto& [text, sentence] : cases) {
    const std::string given = refusal(text);
    EXPECT_EQ(given.substr(0, sentence.size()), sentence) << given;
  }
}

/// What reading a mapping of so many shards takes, in allocations. The group's name is too long for
/// a string to hold it without one.
std::size_t allocations_of(std::size_t shards) {
  const std::string group(40, 'g');
  std::string text = "[group " + group + "]\nserver = h\n[mapping 1]\ntype = RANGE\n";
  text += "table = s.t c\n";
  for (std::size_t i = 0; i < shards; ++i) {
    text += "shard = " + group + " from " + std::to_string(i) + "\n";
  }
  const std::size_t before = allocations;
  EXPECT_EQ(parse_topology_file(text, "/f").shard_maps.at(0).shards.size(), shards);
  return allocations - before;
}

TEST(TopologyFile, TakesTwiceTheWorkForTwiceTheShards) {
  const std::size_t once = allocations_of(1000);
  EXPECT_GT(once, 1000U);
  EXPECT_LT(allocations_of(2000), 2 * once + once / 2) << "with the square of them it were 4 times";
}

}  // namespace
}  // namespace fabric
