#include "fabric/node_client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <exception>
#include <utility>

namespace fabric {

namespace {

using Kind = NodeFailure::Kind;

/// A certification conflict ends the CALL without effect; who meets more of them is out of luck.
constexpr int kConflictRetries = 8;

NodeFailure closing() { return {Kind::kPassing, "the farm is being closed"}; }

}  // namespace

NodeClient::NodeClient(base::Endpoint node, mysql::Credentials credentials,
                       mysql::Watchdog& watchdog)
    : node_(std::move(node)), credentials_(std::move(credentials)), watchdog_(watchdog) {}

NodeClient::~NodeClient() {
  cancel();
  base::Worker thread;  // joins after the unlock
  base::MutexLock lock(mutex_);
  thread = std::move(thread_);
}

void NodeClient::cancel() noexcept {
  base::MutexLock lock(mutex_);
  stop_ = true;
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
  wake_.notify_all();
}

void NodeClient::abandon_after_fork() noexcept {
  const int inherited = socket_.exchange(-1);
  if (inherited >= 0) close(inherited);
}

void NodeClient::ask(Question question, base::Deadline deadline, Done done) {
  base::MutexLock lock(mutex_);
  waiting_ = Job{std::move(question), deadline, std::move(done)};
  if (!thread_.joinable()) {
    thread_ = base::Worker("fabric-node", [this](const std::stop_token&) { run(); });
  }
  wake_.notify_all();
}

void NodeClient::run() {
  for (;;) {
    std::optional<Job> job;
    {
      base::MutexLock lock(mutex_);
      while (!stop_ && !waiting_) wake_.wait(mutex_);
      job.swap(waiting_);
      if (stop_ && !job) break;
    }
    work(*job);
  }
  drop_connection();
}

void NodeClient::work(const Job& job) {
  std::optional<Topology::Content> content;
  std::optional<NodeFailure> failure;
  try {
    content = job.question([&](const RpcCall& wanted) { return call(wanted, job.deadline); });
  } catch (const NodeFailure& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = NodeFailure(Kind::kPassing, error.what());
  }
  job.done(std::move(content), std::move(failure));
}

RpcAnswer NodeClient::call(const RpcCall& wanted, base::Deadline deadline) {
  for (int conflicts = 0;; ++conflicts) {
    const bool reused = connection_ != nullptr;
    try {
      return call_once(wanted, deadline);
    } catch (const NodeFailure& failure) {
      const bool conflict = failure.kind() == Kind::kConflict && conflicts < kConflictRetries;
      // A node closes what was idle for a while: connect again, once, and say nothing.
      const bool closed = failure.kind() == Kind::kLinkLost && reused && conflicts == 0;
      if ((!conflict && !closed) || stopping()) throw;
    }
  }
}

RpcAnswer NodeClient::call_once(const RpcCall& wanted, base::Deadline deadline) {
  if (stopping()) throw closing();
  if (connection_ && !connection_->looks_alive()) drop_connection();
  if (!connection_) connect(deadline);
  if (stopping()) throw closing();
  try {
    return call_node(*connection_, wanted, credentials_.user, deadline);
  } catch (const NodeFailure& failure) {
    const bool sound = failure.kind() == Kind::kCommand || failure.kind() == Kind::kConflict ||
                       failure.kind() == Kind::kRefused;
    if (!sound || connection_->broken()) drop_connection();
    throw;
  }
}

void NodeClient::connect(base::Deadline deadline) {
  mysql::ConnectOptions options;
  options.server = node_;
  options.credentials = credentials_;
  options.fabric_node = true;
  try {
    connection_ = mysql::ServerConnection::open(options, watchdog_, deadline);
  } catch (const mysql::MysqlError& error) {
    throw node_failure(error, {.user = credentials_.user, .procedure = {}});
  }
  base::MutexLock lock(mutex_);
  socket_ = connection_->socket();
}

bool NodeClient::stopping() {
  base::MutexLock lock(mutex_);
  return stop_;
}

void NodeClient::drop_connection() {
  {
    base::MutexLock lock(mutex_);
    socket_ = -1;
  }
  connection_.reset();
}

}  // namespace fabric
