#include "tools/top/server_sample.h"

#include <chrono>

namespace tools::top {

std::optional<double> queries_per_second(const ServerSample& before, const ServerSample& now) {
  const double seconds = std::chrono::duration<double>(now.taken - before.taken).count();
  if (!before.reached() || !now.reached() || seconds <= 0 || now.questions < before.questions) {
    return std::nullopt;
  }
  return static_cast<double>(now.questions - before.questions) / seconds;
}

std::string replication_text(const ServerSample& server, const ServerSample* primary) {
  if (!server.reached()) return {};
  if (server.galera) {
    const bool quorum = server.galera_cluster == "Primary";
    return server.galera_state + (quorum ? "" : ", " + server.galera_cluster) + ", " +
           server.galera_size + (server.galera_size == "1" ? " member" : " members");
  }
  if (!server.replication_problem.empty()) return server.replication_problem;
  if (server.seconds_behind) return std::to_string(*server.seconds_behind) + " s behind";
  if (primary == nullptr || primary == &server || !primary->reached()) return {};
  if (primary->has.empty() || server.has.empty()) return {};
  const std::uint64_t missing = primary->has.without(server.has).count();
  return std::to_string(missing) + (missing == 1 ? " transaction behind" : " transactions behind");
}

}  // namespace tools::top
