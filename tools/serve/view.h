// What the page shows, at one moment. Plain values.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "fabric/topology.h"
#include "tools/doctor/finding.h"
#include "tools/doctor/server_facts.h"
#include "tools/serve/failovers.h"

namespace tools::serve {

/// One look at a server, and what the doctor makes of it.
struct Diagnosis {
  Moment at{};
  doctor::ServerFacts facts{};
  std::vector<doctor::Finding> findings{};  ///< nothing that is in order

  [[nodiscard]] bool answers() const { return facts.asked; }
};

struct ServerView {
  fabric::Server server{};
  std::optional<Moment> unlisted{};      ///< since when no node lists it
  std::optional<Diagnosis> diagnosis{};  ///< nothing: not asked yet
  Moment since{};                        ///< it answers, or does not, since then

  /// `ok`, `warning`, `error`, or `unknown` when it was not asked yet.
  [[nodiscard]] std::string health() const;
};

struct GroupView {
  std::string name;
  std::vector<ServerView> servers;  ///< primaries first, then secondaries, heaviest first
  std::optional<Moment> lost_since;
};

struct FarmView {
  std::string name;  ///< what was given on the command line, without secrets
  Moment now, began;
  fabric::TopologyPtr topology;  ///< null: no node has answered yet
  std::string problem;           ///< why the topology is not fresh; empty: it is
  Moment topology_at;            ///< the last answer of a node
  std::vector<GroupView> groups;
  std::deque<Failover> failovers;
};

}  // namespace tools::serve
