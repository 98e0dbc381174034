#include "tests/support/scripted_source.h"

#include <utility>

namespace test_support {

using fabric::FaultReport;
using fabric::Topology;
using fabric::base::Deadline;
using fabric::base::MutexLock;

class ScriptedNodes::Source final : public fabric::TopologySource {
 public:
  explicit Source(std::shared_ptr<State> state) : state_(std::move(state)) {}

  Topology::Content fetch(Deadline) override {
    MutexLock lock(state_->mutex);
    ++state_->counts.all;
    return ask();
  }

  fabric::ServerList fetch_servers(Deadline) override {
    MutexLock lock(state_->mutex);
    ++state_->counts.servers;
    Topology::Content content = ask();
    return {std::move(content.servers), content.ttl};
  }

  void report(const FaultReport& report, Deadline) override {
    std::function<void(const FaultReport&)> handler;
    {
      MutexLock lock(state_->mutex);
      state_->changed.notify_all();
      if (state_->reports_fail) {
        ++state_->counts.refused_reports;
        throw fabric::base::Error(fabric::base::SqlState::k08001, "no node takes reports");
      }
      handler = state_->handler;
    }
    if (handler) handler(report);
    MutexLock lock(state_->mutex);
    ++state_->counts.reports;
    state_->reports.push_back(report);
    state_->changed.notify_all();
  }

  void cancel() noexcept override {
    MutexLock lock(state_->mutex);
    state_->holding = false;
    state_->changed.notify_all();
  }

 private:
  Topology::Content ask() REQUIRES(state_->mutex) {
    ++state_->counts.held;
    state_->changed.notify_all();
    while (state_->holding) state_->changed.wait(state_->mutex);
    --state_->counts.held;
    if (state_->failure.empty()) return state_->content;
    if (state_->for_good) throw fabric::NodesRefused(state_->failure);
    throw fabric::base::Error(fabric::base::SqlState::k08001, state_->failure);
  }

  const std::shared_ptr<State> state_;
};

void ScriptedNodes::answer(Topology::Content content) {
  MutexLock lock(state_->mutex);
  state_->content = std::move(content);
  state_->failure.clear();
}

void ScriptedNodes::fail(const std::string& why, bool for_good) {
  MutexLock lock(state_->mutex);
  state_->failure = why;
  state_->for_good = for_good;
}

void ScriptedNodes::fail_reports(bool failing) {
  MutexLock lock(state_->mutex);
  state_->reports_fail = failing;
}

void ScriptedNodes::hold() {
  MutexLock lock(state_->mutex);
  state_->holding = true;
}

void ScriptedNodes::release() {
  MutexLock lock(state_->mutex);
  state_->holding = false;
  state_->changed.notify_all();
}

void ScriptedNodes::on_report(std::function<void(const FaultReport&)> handler) {
  MutexLock lock(state_->mutex);
  state_->handler = std::move(handler);
}

ScriptedNodes::Counts ScriptedNodes::counts() const {
  MutexLock lock(state_->mutex);
  return state_->counts;
}

std::vector<FaultReport> ScriptedNodes::reports() const {
  MutexLock lock(state_->mutex);
  return state_->reports;
}

bool ScriptedNodes::wait_until(const std::function<bool(const Counts&)>& condition) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  MutexLock lock(state_->mutex);
  while (!condition(state_->counts)) {
    if (std::chrono::steady_clock::now() >= until) return false;
    state_->changed.wait_until(state_->mutex, until);
  }
  return true;
}

std::function<std::unique_ptr<fabric::TopologySource>()> ScriptedNodes::sources() const {
  return [state = state_] { return std::make_unique<Source>(state); };
}

fabric::Server a_server(const std::string& uuid, const std::string& group,
                        fabric::ServerStatus status, std::uint16_t port) {
  fabric::Server server;
  server.uuid = uuid;
  server.group = group;
  server.endpoint = {.host = "127.0.0.1", .port = port, .socket = {}};
  server.status = status;
  server.mode = status == fabric::ServerStatus::kPrimary ? fabric::ServerMode::kReadWrite
                                                         : fabric::ServerMode::kReadOnly;
  return server;
}

Topology::Content a_farm(std::vector<fabric::Server> servers) {
  Topology::Content content;
  content.servers = std::move(servers);
  content.ttl = std::chrono::hours(1);
  return content;
}

}  // namespace test_support
