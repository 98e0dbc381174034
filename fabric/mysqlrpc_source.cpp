#include "fabric/mysqlrpc_source.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "fabric/base/mutex.h"
#include "fabric/fault_report.h"
#include "fabric/rpc_tables.h"

namespace fabric {

namespace {

using base::Duration;
using base::MutexLock;

constexpr const char* kEverything = "0,''";
constexpr std::chrono::milliseconds kGrace{100};

bool only_of_sharding(const NodeFailure& failure) {
  return failure.kind() == NodeFailure::Kind::kCommand ||
         failure.kind() == NodeFailure::Kind::kMalformed ||
         failure.kind() == NodeFailure::Kind::kRefused;
}

void note_ttl(Topology::Content& content, const RpcAnswer& answer) {
  content.ttl = std::min(content.ttl, answer.ttl);
}

/// dump.shard_tables fails as a whole where one table is registered under an odd name.
void fetch_shard_tables(const NodeClient::Caller& call, std::vector<ShardMap>& maps) {
  std::vector<ShardMap> filled = maps;
  try {
    add_tables(filled, call({"dump.shard_tables", kEverything}));
  } catch (const NodeFailure& failure) {
    if (!only_of_sharding(failure)) throw;
    filled = maps;
    add_tables_by_shard(filled, call({"dump.sharding_information", kEverything}));
  }
  maps = std::move(filled);
}

/// What is wrong with sharding is told in the content and harms nothing else.
void fetch_sharding(const NodeClient::Caller& call, Topology::Content& content) {
  try {
    const RpcAnswer answer = call({"dump.shard_maps", kEverything});
    note_ttl(content, answer);
    std::vector<ShardMap> maps = shard_maps_of(answer);
    if (!maps.empty()) {
      add_shards(maps, call({"dump.shard_index", kEverything}));
      fetch_shard_tables(call, maps);
    }
    content.shard_maps = std::move(maps);
  } catch (const NodeFailure& failure) {
    if (!only_of_sharding(failure)) throw;
    content.sharding_problem = failure.what();
  }
}

Topology::Content fetch_servers_with(const NodeClient::Caller& call) {
  const RpcAnswer answer = call({"dump.servers", kEverything});
  Topology::Content content;
  content.servers = servers_of(answer);
  content.ttl = answer.ttl;
  return content;
}

Topology::Content fetch_all_with(const NodeClient::Caller& call) {
  Topology::Content content = fetch_servers_with(call);
  fetch_sharding(call, content);
  return content;
}

constexpr std::size_t kArgumentLimit = 200;

/// `update_only` can only be left false by a positional NULL; any text would be true.
RpcCall report_call(const FaultReport& report) {
  const auto argument = [](const std::string& text) {
    return "'" + plain_text(text, kArgumentLimit) + "'";
  };
  const bool failure = report.kind == ReportKind::kFailure;
  return {failure ? "threat.report_failure" : "threat.report_error",
          argument(report.server_uuid) + "," + argument(report.reporter) + "," +
              argument(report.error) + ",NULL,'false'"};
}

}  // namespace

/// One question to the nodes. Kept alive by the clients that are still at it.
struct MysqlRpcSource::Round {
  struct Failed {
    std::size_t node = 0;
    NodeFailure why;
  };

  base::Mutex mutex;
  base::CondVar changed;
  std::optional<Topology::Content> content GUARDED_BY(mutex);
  std::size_t winner GUARDED_BY(mutex) = 0;
  std::vector<std::size_t> asked GUARDED_BY(mutex);
  std::vector<Failed> failed GUARDED_BY(mutex);
};

MysqlRpcSource::MysqlRpcSource(MysqlRpcOptions options, std::shared_ptr<NodeOrder> order,
                               mysql::Watchdog& watchdog, const base::Clock& clock)
    : options_(std::move(options)), order_(std::move(order)), clock_(clock) {
  for (const base::Endpoint& node : options_.nodes) {
    clients_.push_back(std::make_unique<NodeClient>(node, options_.credentials, watchdog));
  }
}

MysqlRpcSource::~MysqlRpcSource() { cancel(); }

void MysqlRpcSource::cancel() noexcept {
  for (const auto& client : clients_) client->cancel();
}

void MysqlRpcSource::abandon_after_fork() noexcept {
  for (const auto& client : clients_) client->abandon_after_fork();
}

Topology::Content MysqlRpcSource::fetch(base::Deadline deadline) {
  return ask(fetch_all_with, options_.hedge_after, deadline);
}

ServerList MysqlRpcSource::fetch_servers(base::Deadline deadline) {
  Topology::Content content = ask(fetch_servers_with, options_.hedge_after, deadline);
  return {std::move(content.servers), content.ttl};
}

void MysqlRpcSource::report(const FaultReport& report, base::Deadline deadline) {
  const RpcCall wanted = report_call(report);
  ask(
      [wanted](const NodeClient::Caller& call) {
        call(wanted);
        return Topology::Content{};
      },
      options_.report_hedge_after, deadline);
}

void MysqlRpcSource::start(const std::shared_ptr<Round>& round, std::size_t node,
                           const NodeClient::Question& question, base::Deadline deadline) {
  const auto done = [round, node](std::optional<Topology::Content> content,
                                  std::optional<NodeFailure> failure) {
    MutexLock lock(round->mutex);
    if (failure) round->failed.push_back({node, std::move(*failure)});
    if (content && !round->content) {
      round->content = std::move(content);
      round->winner = node;
    }
    round->changed.notify_all();
  };
  const base::Deadline own = base::Deadline::after(clock_, options_.timeout);
  clients_[node]->ask(question, earliest(own, deadline), done);
}

Topology::Content MysqlRpcSource::ask(const NodeClient::Question& question, Duration hedge_after,
                                      base::Deadline deadline) {
  const auto round = std::make_shared<Round>();
  const std::vector<std::size_t> nodes = order_->next();
  // The clients keep the deadlines; this one is for a client that is busy with an older question.
  const auto patience = [&](base::SteadyTime now) {
    return earliest(deadline, base::Deadline::at(now + options_.timeout)).time() + kGrace;
  };
  base::SteadyTime give_up = patience(clock_.now());
  base::SteadyTime hedge{};
  std::size_t asked = 0;
  MutexLock lock(round->mutex);
  while (!round->content) {
    const base::SteadyTime now = clock_.now();
    const bool next = asked < nodes.size() && (round->failed.size() == asked || now >= hedge);
    if (next) {
      const std::size_t node = nodes[asked++];
      round->asked.push_back(node);
      hedge = now + hedge_after;
      give_up = patience(now);
      lock.unlock();
      start(round, node, question, deadline);
      lock.lock();
      continue;
    }
    if (round->failed.size() == nodes.size() || now >= give_up) break;
    const bool more = asked < nodes.size();
    round->changed.wait_until(round->mutex, more ? hedge : give_up);
  }
  if (!round->content) {
    lock.unlock();
    throw_failures(*round);
  }
  order_->answered(round->winner);
  return std::move(*round->content);
}

void MysqlRpcSource::throw_failures(Round& round) const {
  MutexLock lock(round.mutex);
  std::string text = "No Fabric node answered:";
  bool pointless = round.failed.size() == clients_.size();
  int native = 0;
  for (const std::size_t node : round.asked) {
    const auto failed = std::find_if(round.failed.begin(), round.failed.end(),
                                     [&](const Round::Failed& one) { return one.node == node; });
    const bool known = failed != round.failed.end();
    text += " " + clients_[node]->node().text() + ": " +
            (known ? failed->why.what() : "it is still busy with an earlier question") + ";";
    if (!known) continue;
    pointless = pointless && failed->why.answered();
    native = failed->why.native();
  }
  text.back() = '.';
  if (pointless) throw NodesRefused(text, native);
  throw base::Error(base::SqlState::k08001, text, native);
}

std::function<std::unique_ptr<TopologySource>()> mysqlrpc_sources(MysqlRpcOptions options,
                                                                  mysql::Watchdog& watchdog,
                                                                  const base::Clock& clock) {
  auto order = std::make_shared<NodeOrder>(options.nodes.size(), std::random_device{}());
  return [options = std::move(options), order, &watchdog, &clock] {
    return std::make_unique<MysqlRpcSource>(options, order, watchdog, clock);
  };
}

}  // namespace fabric
