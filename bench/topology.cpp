// What the size of a farm costs: asking a node for all of it and making a topology of that, finding
// the server of a group, and finding the shard of a key. Prints processor time of this process,
// which other load does not count into, as one line of JSON.
//   topology_bench NODE_PORT ROUNDS
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/rpc_source.h"
#include "pool/server_choice.h"

namespace {

using fabric::Topology;
using fabric::base::Deadline;

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The median of rounds, of one of `times`.
template <class Work>
double cost(int rounds, int times, Work work) {
  std::vector<double> taken;
  for (int round = 0; round < rounds; ++round) {
    const double begun = seconds();
    for (int i = 0; i < times; ++i) work(i);
    taken.push_back((seconds() - begun) / times);
  }
  std::ranges::nth_element(taken, taken.begin() + rounds / 2);
  return taken[static_cast<std::size_t>(rounds / 2)];
}

double refresh_cost(fabric::TopologySource& source, int rounds) {
  std::uint64_t version = 0;
  return cost(rounds, 1, [&](int) {
    const Topology next(source.fetch(Deadline::never()), ++version, false);
    if (next.groups().empty()) throw std::runtime_error("the node knows no group");
  });
}

/// Every group in turn.
double route_cost(const Topology& farm, int rounds) {
  constexpr int kTimes = 20000;
  const fabric::base::SystemClock clock;
  fabric::base::Log log;
  const pool::Suspects suspects(clock, log);
  pool::WeightedRoundRobin balancer;
  std::vector<std::string> names;
  for (const auto& [name, group] : farm.groups()) names.push_back(name);
  return cost(rounds, kTimes, [&](int i) {
    const auto* group = farm.find_group(names[static_cast<std::size_t>(i) % names.size()]);
    if (pool::choose(*group, fabric::RequestMode::kReadWrite, suspects, clock.now(), balancer)
            .server == nullptr) {
      throw std::runtime_error("no server of " + group->name);
    }
  });
}

/// Keys far from each other.
double lookup_cost(const Topology& farm, int rounds) {
  constexpr int kTimes = 20000;
  constexpr std::int64_t kStep = 7919;
  const fabric::ShardMap* map = farm.find_shard_map("bench", "rows");
  if (map == nullptr) return 0;
  const auto shards = static_cast<std::int64_t>(map->shards.size());
  const fabric::ShardLookup& lookup = farm.lookup(*map);
  return cost(rounds, kTimes, [&](int i) {
    if (!lookup.find(fabric::ShardKey(i * kStep % shards + 1)).found()) {
      throw std::runtime_error("a key without a shard");
    }
  });
}

void measure(std::uint16_t port, int rounds) {
  constexpr int kLookupRounds = 51;
  const fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog(clock);
  fabric::RpcOptions options;
  options.nodes = {{"127.0.0.1", port, {}}};
  options.protocol = fabric::RpcProtocol::kXmlRpc;
  const auto source = fabric::rpc_sources(options, watchdog, clock)();
  const double refresh = refresh_cost(*source, rounds);
  const Topology farm(source->fetch(Deadline::never()), 1, false);
  std::printf("{\"refresh\": %.9f, \"route\": %.12f, \"lookup\": %.12f}\n", refresh,
              route_cost(farm, kLookupRounds), lookup_cost(farm, kLookupRounds));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: topology_bench NODE_PORT ROUNDS\n");
    return 2;
  }
  try {
    measure(static_cast<std::uint16_t>(std::atoi(argv[1])), std::atoi(argv[2]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "topology_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
