#include "pool/group_pool.h"

#include <algorithm>
#include <map>
#include <optional>

#include "fabric/base/mutex.h"
#include "fabric/base/random.h"
#include "fabric/mysql/refusal.h"
#include "pool/farm_watch.h"
#include "pool/fault_evidence.h"
#include "pool/pools.h"
#include "pool/search.h"
#include "pool/server_choice.h"
#include "pool/server_pool.h"
#include "pool/suspects.h"

namespace pool {
namespace {

using fabric::Group;
using fabric::RequestMode;
using fabric::Server;
using fabric::TopologyPtr;
using fabric::base::Deadline;
using fabric::base::Duration;
using fabric::base::Error;
using fabric::base::MutexLock;
using fabric::base::SqlState;
using fabric::base::SteadyTime;
using fabric::mysql::MysqlError;
using fabric::mysql::Refusal;
using fabric::mysql::refusal_of;

/// libmysqlclient's "server has gone away".
constexpr unsigned kServerGone = 2006;
constexpr Duration kWorkedEvery = std::chrono::seconds(1);
constexpr Duration kPause = std::chrono::milliseconds(20);
constexpr double kLongestRound = 1000;  // picks, of weights such as 0.7 and 1.3

Error unknown_group(const std::string& name, const fabric::Topology& topology) {
  std::string names;
  for (const auto& [known, group] : topology.groups()) {
    names += (names.empty() ? "" : ", ") + known;
  }
  return {SqlState::k08001, "The farm has no group '" + name + "', or it has no servers; " +
                                (names.empty() ? "no group has any: add a server to it (group.add)"
                                               : "set FABRIC_GROUP to one that has (" + names +
                                                     "), or add a server to it (group.add)")};
}

/// That nobody was tried: what fits, if anything, is known to be down.
std::string why_none(const Group* listed, RequestMode mode) {
  std::string names;
  for (const Server& server : listed == nullptr ? std::vector<Server>() : listed->servers) {
    const bool fits =
        server.writable() || (mode == RequestMode::kReadOnly && server.readable_secondary());
    if (fits) names += (names.empty() ? "" : ", ") + server.endpoint.text();
  }
  if (names.empty()) {
    return mode == RequestMode::kReadWrite ? "the farm lists no server that fits: the group has no "
                                             "PRIMARY until one is promoted"
                                           : "the farm lists no server that fits";
  }
  return "the farm lists " + names + ", which was lost and cannot be reached yet";
}

bool planned_otherwise(const TopologyPtr& planned_by, const TopologyPtr& now) {
  return planned_by != nullptr && planned_by->version() != now->version() &&
         planned_by->content().shard_maps != now->content().shard_maps;
}

}  // namespace

struct GroupPool::State {
  struct KnownPool {
    fabric::base::Endpoint endpoint;
    std::shared_ptr<ServerPool> pool;
    bool limit_differs = false;
  };

  State(const std::shared_ptr<fabric::Farm>& its_farm, std::string name, Pools& all,
        fabric::mysql::Credentials user, const PoolOptions& wanted)
      : farm(its_farm),
        group(std::move(name)),
        pools(all),
        credentials(std::move(user)),
        options(validated(wanted)),
        watch(all.watch(its_farm)) {}

  std::optional<Borrowed> try_server(const Server& server, const BorrowRequest& request,
                                     bool* met_dead = nullptr, bool may_go_elsewhere = false);
  Borrowed borrow_in_order(const TopologyPtr& topology, const BorrowRequest& request);
  std::unique_ptr<Balancer> make_balancer();
  std::size_t outstanding_at(const Server& server) REQUIRES(mutex);
  Choice choose_in(const Group& group, const TopologyPtr& topology, RequestMode mode);
  Choice choose_for(Search& search, const Group& group, const TopologyPtr& topology,
                    RequestMode mode);
  KnownPool pool_of(const Server& server);
  std::optional<Borrowed> attempt(const Server& server, const BorrowRequest& request,
                                  Search& search);
  bool known();
  void note_work(const Server& server);
  void note_failure(const Server& server, const MysqlError& error, Evidence evidence);

  const std::shared_ptr<fabric::Farm> farm;
  const std::string group;
  Pools& pools;
  const fabric::mysql::Credentials credentials;
  const PoolOptions options;
  const std::shared_ptr<FarmWatch> watch;

  fabric::base::Mutex mutex;
  std::unique_ptr<Balancer> balancer GUARDED_BY(mutex) = make_balancer();
  std::uint64_t seen_version GUARDED_BY(mutex) = 0;
  bool seen GUARDED_BY(mutex) = false;  ///< the group has been listed once
  std::map<std::string, KnownPool> server_pools GUARDED_BY(mutex);
  std::map<std::string, SteadyTime> worked_at GUARDED_BY(mutex);
};

GroupPool::State::KnownPool GroupPool::State::pool_of(const Server& server) {
  {
    MutexLock lock(mutex);
    const auto known = server_pools.find(server.uuid);
    if (known != server_pools.end() && known->second.endpoint == server.endpoint) {
      return known->second;
    }
  }
  KnownPool found{server.endpoint, nullptr};
  found.pool = pools.of(server.endpoint, credentials, options, &found.limit_differs);
  MutexLock lock(mutex);
  server_pools[server.uuid] = found;
  return found;
}

std::unique_ptr<Balancer> GroupPool::State::make_balancer() {
  const auto ahead = static_cast<unsigned>(fabric::base::random_between(0, kLongestRound));
  if (options.load_balance == LoadBalance::kWeight) {
    return std::make_unique<WeightedRoundRobin>(ahead);
  }
  // Called by choose_in(), which holds the lock.
  const auto outstanding = [this](const Server& server)
                               NO_THREAD_SAFETY_ANALYSIS { return outstanding_at(server); };
  return std::make_unique<LeastOutstanding>(outstanding, ahead);
}

std::size_t GroupPool::State::outstanding_at(const Server& server) {
  const auto known = server_pools.find(server.uuid);
  return known == server_pools.end() ? 0 : known->second.pool->outstanding();
}

Choice GroupPool::State::choose_in(const Group& listed, const TopologyPtr& topology,
                                   RequestMode mode) {
  MutexLock lock(mutex);
  seen = true;
  if (seen_version != topology->version()) {
    seen_version = topology->version();
    balancer->retain(listed.servers);
    const auto gone = [&topology](const auto& item) {
      return topology->find_server(item.first) == nullptr;
    };
    std::erase_if(server_pools, gone);
    std::erase_if(worked_at, gone);
  }
  return choose(listed, mode, pools.suspects(), pools.clock().now(), *balancer);
}

/// A read does not wait for room at a server while another can serve it.
Choice GroupPool::State::choose_for(Search& search, const Group& listed,
                                    const TopologyPtr& topology, RequestMode mode) {
  if (search.has_met_full()) {
    const Choice other = choose_in(search.others(listed), topology, mode);
    if (other.server != nullptr) return other;
    search.wait_for_room();
  }
  return choose_in(listed, topology, mode);
}

void GroupPool::State::note_work(const Server& server) {
  const SteadyTime now = pools.clock().now();
  {
    MutexLock lock(mutex);
    const auto [known, added] = worked_at.try_emplace(server.uuid, now);
    if (!added && now - known->second < kWorkedEvery) return;
    known->second = now;
  }
  farm->worked(server.uuid);
}

void GroupPool::State::note_failure(const Server& server, const MysqlError& error,
                                    Evidence evidence) {
  pools.suspects().mark(server.endpoint, evidence.doubt);
  if (evidence.doubt_connections) pools.doubt(server.endpoint);
  farm->suspect(server, evidence.kind, error.number());
}

/// Nothing when the pool recalled its waiters. Throws MysqlError and HYT01, 08001 of the pool.
std::optional<Borrowed> GroupPool::State::try_server(const Server& server,
                                                     const BorrowRequest& request, bool* met_dead,
                                                     bool may_go_elsewhere) {
  const KnownPool known = pool_of(server);
  Lease lease = known.pool->borrow({.database = request.database,
                                    .reset = options.reset,
                                    .pool_deadline = request.pool_deadline,
                                    .deadline = request.deadline,
                                    .holder = request.holder,
                                    .leak_warn = options.leak_warn,
                                    .met_dead = met_dead,
                                    .may_go_elsewhere = may_go_elsewhere,
                                    .stays = !farm->can_change()});
  if (!lease) return std::nullopt;
  note_work(server);
  return Borrowed{std::move(lease), server, known.limit_differs};
}

/// try_server() for a farm that may have a better server soon: a fault is noted, not thrown.
std::optional<Borrowed> GroupPool::State::attempt(const Server& server,
                                                  const BorrowRequest& request, Search& search) {
  bool met_dead = false;
  try {
    return try_server(server, request, &met_dead, search.may_go_elsewhere());
  } catch (const MysqlError& error) {
    if (search.may_go_elsewhere() && refusal_of(error.number()) == Refusal::kNoRoom) {
      search.met_full(server, error);
      return std::nullopt;
    }
    const auto evidence = evidence_of(error);
    if (!evidence) throw;
    // What was lost, and not only never reached, weighs more with the farm.
    if (met_dead) farm->suspect(server, fabric::FaultKind::kLinkLost, kServerGone);
    note_failure(server, error, *evidence);
    search.failed(server, error);
  } catch (const Error& error) {
    if (error.state() != SqlState::k08001) throw;
    search.failed(server, error);  // not connected when the deadline came
    // POOL_TIMEOUT may have passed long before the search is over.
    search.wait(pools.clock().now() + kPause, 0);
  }
  return std::nullopt;
}

bool GroupPool::State::known() {
  MutexLock lock(mutex);
  return seen;
}

/// A plain list: each server once, those in doubt last.
Borrowed GroupPool::State::borrow_in_order(const TopologyPtr& topology,
                                           const BorrowRequest& request) {
  const Group* const listed = topology->find_group(group);
  if (listed == nullptr) throw unknown_group(group, *topology);
  std::vector<std::string> reasons;
  int native = 0;
  for (const Server* server : in_order(*listed, request.mode, pools.suspects())) {
    try {
      for (;;) {  // a recall is not an attempt: another borrower's doubt, or news of another farm
        if (auto borrowed = try_server(*server, request)) return std::move(*borrowed);
      }
    } catch (const MysqlError& error) {
      const auto evidence = evidence_of(error);
      if (!evidence) throw;
      pools.suspects().mark(server->endpoint, evidence->doubt);
      reasons.push_back(reason_of(*server, error));
      native = error.native();
    }
  }
  if (reasons.size() == 1) throw Error(SqlState::k08001, reasons.front(), native);
  std::string text = "No server of the list could be reached";
  for (const std::string& reason : reasons) text += "; " + reason;
  throw Error(SqlState::k08001, text, native);
}

GroupPool::GroupPool(std::shared_ptr<fabric::Farm> farm, std::string group, Pools& pools,
                     fabric::mysql::Credentials credentials, PoolOptions options)
    : state_(std::make_unique<State>(farm, std::move(group), pools, std::move(credentials),
                                     options)) {}

GroupPool::~GroupPool() = default;

bool GroupPool::has_secondary() const {
  if (!state_->farm->can_change()) return false;
  const TopologyPtr topology = state_->farm->topology(Deadline::never());
  const Group* listed = topology->find_group(state_->group);
  return listed != nullptr && std::ranges::any_of(listed->servers, &Server::readable_secondary);
}

const std::string& GroupPool::group() const { return state_->group; }

Borrowed GroupPool::borrow(const BorrowRequest& request) {
  State& state = *state_;
  if (!state.farm->can_change()) {
    return state.borrow_in_order(state.farm->topology(request.deadline), request);
  }
  Search search(*state.farm, state.pools, request);
  for (bool refreshed = false;;) {
    search.listen();
    const TopologyPtr topology = state.farm->topology(request.deadline);
    state.watch->adopt(topology);
    const Group* const listed = topology->find_group(state.group);
    Choice choice;
    if (listed != nullptr) {
      choice = state.choose_for(search, *listed, topology, request.mode);
    } else if (!refreshed) {
      refreshed = true;
      search.refresh();
      continue;
    } else if (!state.known()) {
      throw unknown_group(state.group, *topology);
    }
    if (choice.server == nullptr) {
      if (planned_otherwise(request.planned_by, topology)) return {};
      search.wait(choice.retry_at, topology->version());
    } else if (auto borrowed = state.attempt(*choice.server, request, search)) {
      return std::move(*borrowed);
    }
    if (search.over()) {
      throw search.error(state.group, why_none(listed, request.mode));
    }
  }
}

void GroupPool::worked(const Server& server) { state_->note_work(server); }

void GroupPool::failed(const Server& server, const MysqlError& error) {
  // A caller's own deadline says nothing about the server.
  if (error.ended() == fabric::mysql::Ended::kDeadline) return;
  if (error.ended() == fabric::mysql::Ended::kLinkTimeout) return;
  if (const auto evidence = evidence_of(error)) state_->note_failure(server, error, *evidence);
}

}  // namespace pool
