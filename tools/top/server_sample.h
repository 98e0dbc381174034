// What one server of the farm is doing, at one look and between two. Plain values and pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fabric/base/clock.h"
#include "tools/watch/gtid_set.h"

namespace tools::top {

struct ServerSample {
  fabric::base::SteadyTime taken{};
  std::string problem;  ///< why it could not be asked; empty: all below was read

  std::uint64_t connections = 0;      ///< of everybody, without this one
  std::uint64_t max_connections = 0;  ///< the server's limit
  std::uint64_t ours = 0;             ///< of the data source's account, likewise
  std::uint64_t questions = 0;        ///< since its start, without those of this program
  bool galera = false;
  std::string galera_state, galera_cluster, galera_size;  ///< "Synced", "Primary", "3"
  bool replicates = false;                                ///< the account may see that it does
  std::optional<std::uint64_t> seconds_behind;            ///< nothing: not told, or not running
  std::string replication_problem;
  watch::GtidSet has;  ///< its transactions; empty: not known

  [[nodiscard]] bool reached() const { return problem.empty(); }
};

/// Nothing where one of them was not read, or the server was restarted between.
std::optional<double> queries_per_second(const ServerSample& before, const ServerSample& now);

/// "Synced, 3 members", "0 s behind", "2 transactions behind"; `primary` is that of its
/// group, or null; a primary is told nothing of.
std::string replication_text(const ServerSample& server, const ServerSample* primary);

}  // namespace tools::top
