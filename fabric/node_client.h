// One node as one source asks it: a link, and a thread that works on it, so that a slow node can
// be left behind while the next one is asked. Owner: RpcSource.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/errands.h"
#include "fabric/node_link.h"
#include "fabric/rpc_call.h"
#include "fabric/topology.h"

namespace fabric {

class NodeClient {
 public:
  /// What is asked of the node: makes one call. Throws NodeFailure.
  using Caller = std::function<RpcAnswer(const RpcCall&)>;
  /// A whole question, of one or more calls to one node.
  using Question = std::function<Topology::Content(const Caller&)>;
  /// Called on the client's thread, under no lock: the content, or why there is none.
  using Done = std::function<void(std::optional<Topology::Content>, std::optional<NodeFailure>)>;

  NodeClient(base::Endpoint node, std::unique_ptr<NodeLink> link);
  ~NodeClient();  ///< joins; ends a call in flight, but not a connect before its deadline
  NodeClient(const NodeClient&) = delete;
  NodeClient& operator=(const NodeClient&) = delete;

  /// Starts on the question once the one before has ended; one may wait, a newer one replaces it.
  void ask(Question question, base::Deadline deadline, Done done);
  /// From any thread: a call in flight and all later ones fail soon.
  void cancel() noexcept;

  /// As TopologySource::abandon_after_fork().
  void abandon_after_fork() noexcept { link_->abandon_after_fork(); }

  [[nodiscard]] const base::Endpoint& node() const { return node_; }

 private:
  void work(const Question& question, base::Deadline deadline, const Done& done);

  const base::Endpoint node_;
  const std::unique_ptr<NodeLink> link_;  // its calls are the thread's alone
  base::Errands thread_{"fabric-node"};
};

}  // namespace fabric
