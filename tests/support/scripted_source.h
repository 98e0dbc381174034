// A TopologySource whose answers a test writes: one ScriptedNodes stands for all nodes of a farm,
// its sources ask it. Counts what was asked, can hold questions back, and lets a test wait for
// them. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/topology_source.h"

namespace test_support {

class ScriptedNodes {
 public:
  struct Counts {
    std::size_t all = 0, servers = 0;  ///< questions begun
    std::size_t reports = 0;           ///< reports taken
    std::size_t refused_reports = 0;
    std::size_t held = 0;  ///< questions that are waiting now
    [[nodiscard]] std::size_t questions() const { return all + servers; }
  };

  ScriptedNodes() : state_(std::make_shared<State>()) {}

  void answer(fabric::Topology::Content content);
  /// Every node is down: questions fail so. `for_good`: with NodesRefused.
  void fail(const std::string& why, bool for_good = false);
  void fail_reports(bool failing);
  /// Questions wait in the middle until release().
  void hold();
  void release();
  /// Called with each report that is taken, on the reporter's thread, under no lock.
  void on_report(std::function<void(const fabric::FaultReport&)> handler);

  [[nodiscard]] Counts counts() const;
  [[nodiscard]] std::vector<fabric::FaultReport> reports() const;
  /// False after ten seconds.
  [[nodiscard]] bool wait_until(const std::function<bool(const Counts&)>& condition) const;

  /// What a Farm takes.
  [[nodiscard]] std::function<std::unique_ptr<fabric::TopologySource>()> sources() const;

 private:
  class Source;
  struct State {
    mutable fabric::base::Mutex mutex;
    mutable fabric::base::CondVar changed;
    fabric::Topology::Content content GUARDED_BY(mutex);
    std::string failure GUARDED_BY(mutex);
    bool for_good GUARDED_BY(mutex) = false;
    bool reports_fail GUARDED_BY(mutex) = false;
    bool holding GUARDED_BY(mutex) = false;
    Counts counts GUARDED_BY(mutex);
    std::vector<fabric::FaultReport> reports GUARDED_BY(mutex);
    std::function<void(const fabric::FaultReport&)> handler GUARDED_BY(mutex);
  };
  std::shared_ptr<State> state_;
};

/// A server of a group at 127.0.0.1; PRIMARY is READ_WRITE, any other READ_ONLY.
fabric::Server a_server(const std::string& uuid, const std::string& group,
                        fabric::ServerStatus status, std::uint16_t port = 3306);

/// A farm's content with a TTL of an hour, so that nothing is refreshed behind a test's back.
fabric::Topology::Content a_farm(std::vector<fabric::Server> servers);

}  // namespace test_support
