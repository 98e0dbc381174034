// The driver's own lookup beside a real node's: the keys that were asked of it, in its own farm.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "fabric/farm_questions.h"
#include "fabric/topology.h"
#include "fabric/xmlrpc/codec.h"
#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace fabric {
namespace {

RpcAnswer captured(const std::string& name, const std::string& procedure) {
  const std::string bytes = test_support::text_of_file(
      test_support::source_file("tests/data/fabric/xmlrpc/" + name + ".response.txt"));
  return xmlrpc::decode_reply(std::string_view(bytes).substr(bytes.find("\r\n\r\n") + 4),
                              procedure);
}

struct Lookup {
  std::string capture, table, type, key;
  std::string right;  ///< the group; '-': a refusal
  std::string node;   ///< what the node said
};

std::vector<Lookup> lookups() {
  std::vector<Lookup> all;
  std::ifstream in(test_support::source_file("tests/data/fabric/lookups.txt"));
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells(line);
    Lookup one;
    for (std::string* cell :
         {&one.capture, &one.table, &one.type, &one.key, &one.right, &one.node}) {
      std::getline(cells, *cell, '\t');
    }
    all.push_back(one);
  }
  return all;
}

/// The groups of the servers that the node named; '-': it refused the key.
std::string groups_named(const Lookup& lookup, const Topology& farm) {
  std::set<std::string> groups;
  try {
    const RpcTable table = captured(lookup.capture, "sharding.lookup_servers").tables.at(0);
    for (const auto& row : table.rows) {
      groups.insert(farm.find_server(row[table.column("server_uuid")].value_or(""))->group);
    }
  } catch (const NodeFailure& failure) {
    EXPECT_EQ(failure.kind(), NodeFailure::Kind::kCommand) << failure.what();
    return "-";
  }
  return groups.size() == 1 ? *groups.begin() : "several";
}

TEST(CapturedLookups, AreAnsweredAsTheNodeDidButWhereItIsWrong) {
  const Topology farm(ask_for_all([](const RpcCall& call) {
                        return captured(call.procedure + ".all", call.procedure);
                      }),
                      1, false);
  const std::vector<Lookup> all = lookups();
  std::size_t wrong = 0;
  for (const Lookup& one : all) {
    EXPECT_EQ(groups_named(one, farm), one.node) << one.capture;
    const std::size_t dot = one.table.find('.');
    const ShardMap* map = farm.find_shard_map(one.table.substr(0, dot), one.table.substr(dot + 1));
    ASSERT_NE(map, nullptr) << one.table;
    const ShardKey key = one.type == "int" ? ShardKey(std::int64_t{std::stol(one.key)}) : one.key;
    const ShardAnswer answer = farm.lookup(*map).find(key);
    EXPECT_EQ(answer.found() ? answer.group : "-", one.right) << one.capture << answer.error;
    if (one.right != one.node) ++wrong;
  }
  EXPECT_EQ(all.size(), 25U);
  EXPECT_EQ(wrong, 2U) << "of RANGE_DATETIME it knows the lowest shard alone";
}

}  // namespace
}  // namespace fabric
