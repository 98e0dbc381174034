// One node as one source asks it: a connection that is kept, and a thread that works on it, so that
// a slow node can be left behind while the next one is asked. Owner: MysqlRpcSource.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/rpc_call.h"
#include "fabric/topology.h"

namespace fabric {

class NodeClient {
 public:
  /// What is asked of the node: makes one call. Throws NodeFailure.
  using Caller = std::function<RpcAnswer(const RpcCall&)>;
  /// A whole question, of one or more calls on one connection.
  using Question = std::function<Topology::Content(const Caller&)>;
  /// Called on the client's thread, under no lock: the content, or why there is none.
  using Done = std::function<void(std::optional<Topology::Content>, std::optional<NodeFailure>)>;

  NodeClient(base::Endpoint node, mysql::Credentials credentials, mysql::Watchdog& watchdog);
  ~NodeClient();  ///< joins; ends a call in flight, but not a login before its deadline
  NodeClient(const NodeClient&) = delete;
  NodeClient& operator=(const NodeClient&) = delete;

  /// Starts on the question once the one before has ended; one may wait, a newer one replaces it.
  void ask(Question question, base::Deadline deadline, Done done);
  /// From any thread: a call in flight and all later ones fail soon.
  void cancel() noexcept;

  /// As TopologySource::abandon_after_fork().
  void abandon_after_fork() noexcept;

  [[nodiscard]] const base::Endpoint& node() const { return node_; }

 private:
  struct Job {
    Question question;
    base::Deadline deadline = base::Deadline::never();
    Done done;
  };

  void run();
  void work(const Job& job);
  RpcAnswer call(const RpcCall& call, base::Deadline deadline);
  RpcAnswer call_once(const RpcCall& call, base::Deadline deadline);
  void connect(base::Deadline deadline);
  void drop_connection();
  bool stopping();

  const base::Endpoint node_;
  const mysql::Credentials credentials_;
  mysql::Watchdog& watchdog_;
  std::unique_ptr<mysql::ServerConnection> connection_;  // the thread's alone

  // Of connection_; changed under the lock, which a forked child may find locked for ever.
  std::atomic<int> socket_{-1};

  base::Mutex mutex_;
  base::CondVar wake_;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::optional<Job> waiting_ GUARDED_BY(mutex_);
  base::Worker thread_ GUARDED_BY(mutex_);
};

}  // namespace fabric
