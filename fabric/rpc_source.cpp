#include "fabric/rpc_source.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "fabric/base/mutex.h"
#include "fabric/disabled_shards.h"
#include "fabric/farm_questions.h"
#include "fabric/mysqlrpc_link.h"
#include "fabric/node_refusals.h"
#include "fabric/removed_shards.h"
#include "fabric/xmlrpc_link.h"

namespace fabric {

namespace {

using base::Duration;
using base::MutexLock;

constexpr std::chrono::milliseconds kGrace{100};

}  // namespace

RpcProtocol protocol_of(const base::Endpoint& node, const RpcOptions& options) {
  return options.protocol.value_or(node.port == kXmlRpcPort ? RpcProtocol::kXmlRpc
                                                            : RpcProtocol::kMysql);
}

std::unique_ptr<NodeLink> node_link(const base::Endpoint& node, const RpcOptions& options,
                                    mysql::Watchdog& watchdog) {
  if (protocol_of(node, options) == RpcProtocol::kMysql) {
    return std::make_unique<MysqlRpcLink>(node, options.credentials, watchdog);
  }
  mysql::Credentials login = options.credentials;
  if (options.user_of_servers) login.user.clear();
  return xmlrpc_link(node, login, watchdog);
}

/// One question to the nodes. Kept alive by the clients that are still at it.
struct RpcSource::Round {
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

RpcSource::RpcSource(RpcOptions options, std::shared_ptr<NodeOrder> order,
                     mysql::Watchdog& watchdog, const base::Clock& clock)
    : options_(std::move(options)), order_(std::move(order)), clock_(clock) {
  for (const base::Endpoint& node : options_.nodes) {
    clients_.push_back(std::make_unique<NodeClient>(node, node_link(node, options_, watchdog)));
  }
}

RpcSource::~RpcSource() { cancel(); }

void RpcSource::cancel() noexcept {
  for (const auto& client : clients_) client->cancel();
}

void RpcSource::abandon_after_fork() noexcept {
  for (const auto& client : clients_) client->abandon_after_fork();
}

Topology::Content RpcSource::fetch(base::Deadline deadline) {
  const auto question = [known = known_maps_](const NodeClient::Caller& call) {
    Topology::Content content = ask_for_all(call);
    if (!content.shard_maps_known) return content;
    keep_disabled_shards(known, content.shard_maps);
    drop_removed_shards(call, content);
    return content;
  };
  Topology::Content content = ask(question, options_.hedge_after, deadline);
  if (content.shard_maps_known) known_maps_ = content.shard_maps;
  return content;
}

ServerList RpcSource::fetch_servers(base::Deadline deadline) {
  Topology::Content content = ask(ask_for_servers, options_.hedge_after, deadline);
  return {std::move(content.servers), content.ttl};
}

void RpcSource::report(const FaultReport& report, base::Deadline deadline) {
  const RpcCall wanted = report_call(report);
  ask(
      [wanted](const NodeClient::Caller& call) {
        call(wanted);
        return Topology::Content{};
      },
      options_.report_hedge_after, deadline);
}

void RpcSource::start(const std::shared_ptr<Round>& round, std::size_t node,
                      const NodeClient::Question& question, base::Deadline deadline) {
  const auto done = [round, node, address = clients_[node]->node(), events = options_.events](
                        std::optional<Topology::Content> content,
                        std::optional<NodeFailure> failure) {
    failure ? events->node_failed(address, *failure) : events->node_answered(address);
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

Topology::Content RpcSource::ask(const NodeClient::Question& question, Duration hedge_after,
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

void RpcSource::throw_failures(Round& round) const {
  MutexLock lock(round.mutex);
  std::vector<NodeRefusal> refusals;
  bool pointless = round.failed.size() == clients_.size();
  bool denied = pointless;
  int native = 0;
  for (const std::size_t node : round.asked) {
    const auto failed = std::find_if(round.failed.begin(), round.failed.end(),
                                     [&](const Round::Failed& one) { return one.node == node; });
    const bool known = failed != round.failed.end();
    refusals.push_back({clients_[node]->node(),
                        known ? failed->why.what() : "it is still busy with an earlier question"});
    if (!known) continue;
    pointless = pointless && failed->why.answered();
    denied = denied && failed->why.kind() == NodeFailure::Kind::kDenied;
    native = failed->why.native();
  }
  std::string text = "No Fabric node answered: " + text_of(refusals);
  if (text.back() != '?') text += '.';
  const base::SqlState state = denied ? base::SqlState::k28000 : base::SqlState::k08001;
  if (pointless) throw NodesRefused(text, native, state);
  throw base::Error(base::SqlState::k08001, text, native);
}

std::function<std::unique_ptr<TopologySource>()> rpc_sources(RpcOptions options,
                                                             mysql::Watchdog& watchdog,
                                                             const base::Clock& clock) {
  auto order = std::make_shared<NodeOrder>(options.nodes.size(), std::random_device{}());
  return [options = std::move(options), order, &watchdog, &clock] {
    return std::make_unique<RpcSource>(options, order, watchdog, clock);
  };
}

}  // namespace fabric
