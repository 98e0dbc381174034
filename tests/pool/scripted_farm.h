// A farm whose topology the test writes: scripted MySQL servers, a source that answers what it was
// last told, and the reports that reached it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/farm.h"
#include "fabric/mysql/watchdog.h"
#include "pool/group_pool.h"
#include "pool/pools.h"
#include "pool/server_pool.h"
#include "tests/pool/pool_world.h"
#include "tests/support/fake_server.h"

namespace test_support {

/// What all sources of one farm answer.
class TopologyScript {
 public:
  void set(std::vector<fabric::Server> servers) {
    fabric::base::MutexLock lock(mutex_);
    content_.servers = std::move(servers);
    content_.ttl = std::chrono::minutes(1);
  }
  fabric::Topology::Content content() const {
    fabric::base::MutexLock lock(mutex_);
    return content_;
  }

 private:
  mutable fabric::base::Mutex mutex_;
  fabric::Topology::Content content_ GUARDED_BY(mutex_);
};

class ScriptedSource final : public fabric::TopologySource {
 public:
  ScriptedSource(std::shared_ptr<TopologyScript> script, bool can_change)
      : script_(std::move(script)), can_change_(can_change) {}
  fabric::Topology::Content fetch(fabric::base::Deadline) override { return script_->content(); }
  void report(const fabric::FaultReport&, fabric::base::Deadline) override {}
  [[nodiscard]] bool can_change() const override { return can_change_; }

 private:
  const std::shared_ptr<TopologyScript> script_;
  const bool can_change_;
};

/// Group "g1" of servers "a", "b", ... in the order added.
class ScriptedFarm {
 public:
  explicit ScriptedFarm(bool can_change = true) : can_change_(can_change) {}

  FakeServer& add(const std::string& uuid, fabric::ServerStatus status, double weight = 1.0) {
    auto& server = servers_[uuid];
    server = std::make_unique<FakeServer>();
    answer_settings(*server);
    listed_.push_back({.uuid = uuid,
                       .group = "g1",
                       .endpoint = server->endpoint(),
                       .status = status,
                       .mode = status == fabric::ServerStatus::kPrimary
                                   ? fabric::ServerMode::kReadWrite
                                   : fabric::ServerMode::kReadOnly,
                       .weight = weight});
    script_->set(listed_);
    return *server;
  }

  FakeServer& operator[](const std::string& uuid) { return *servers_.at(uuid); }

  fabric::Server& listed(const std::string& uuid) {
    return *std::ranges::find(listed_, uuid, &fabric::Server::uuid);
  }
  /// Makes what listed() was changed to the nodes' answer; the farm learns it when it asks next.
  void publish() { script_->set(listed_); }
  void promote(const std::string& uuid) {
    for (fabric::Server& server : listed_) {
      if (server.status == fabric::ServerStatus::kPrimary) {
        server.status = fabric::ServerStatus::kFaulty;
      }
    }
    listed(uuid).status = fabric::ServerStatus::kPrimary;
    listed(uuid).mode = fabric::ServerMode::kReadWrite;
    publish();
  }

  /// Ask once all servers are added.
  fabric::Farm& farm() {
    start();
    return *farm_;
  }
  pool::Pools& pools() { return pools_; }
  std::unique_ptr<pool::GroupPool> group(const pool::PoolOptions& options = {},
                                         const std::string& name = "g1") {
    start();
    return std::make_unique<pool::GroupPool>(farm_, name, pools_, credentials_of("app"), options);
  }
  std::shared_ptr<pool::ServerPool> pool_of(const std::string& uuid) {
    return pools_.of(listed(uuid).endpoint, credentials_of("app"), {});
  }

  pool::BorrowRequest request(fabric::RequestMode mode,
                              fabric::base::Duration patience = 10s) const {
    return {.mode = mode, .deadline = fabric::base::Deadline::after(clock_, patience)};
  }
  pool::BorrowRequest write(fabric::base::Duration patience = 10s) const {
    return request(fabric::RequestMode::kReadWrite, patience);
  }
  pool::BorrowRequest read(fabric::base::Duration patience = 10s) const {
    return request(fabric::RequestMode::kReadOnly, patience);
  }

 private:
  void start() {
    if (farm_ != nullptr) return;
    farm_ = std::make_shared<fabric::Farm>(
        [this] { return std::make_unique<ScriptedSource>(script_, can_change_); },
        fabric::FarmOptions{}, clock_);
  }

  const bool can_change_;
  fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};
  std::map<std::string, std::unique_ptr<FakeServer>> servers_;
  std::vector<fabric::Server> listed_;
  std::shared_ptr<TopologyScript> script_ = std::make_shared<TopologyScript>();
  pool::Pools pools_{clock_, watchdog_};
  std::shared_ptr<fabric::Farm> farm_;
};

}  // namespace test_support
