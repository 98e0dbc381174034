// A farm whose topology the test writes: scripted MySQL servers, and nodes that answer what they
// were last told.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fabric/farm.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/static_source.h"
#include "pool/group_pool.h"
#include "pool/pools.h"
#include "pool/server_pool.h"
#include "tests/pool/pool_world.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_source.h"

namespace test_support {

enum class FarmKind : std::uint8_t { kNodes, kPlainList };

/// Group "g1" of servers "a", "b", ... in the order added. As a plain list the farm has no name for
/// its group and knows servers by address.
class ScriptedFarm {
 public:
  explicit ScriptedFarm(FarmKind kind = FarmKind::kNodes) : kind_(kind) {}

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
    publish();
    return *server;
  }

  FakeServer& operator[](const std::string& uuid) { return *servers_.at(uuid); }

  fabric::Server& listed(const std::string& uuid) {
    return *std::ranges::find(listed_, uuid, &fabric::Server::uuid);
  }
  /// Makes what listed() was changed to the nodes' answer; the farm learns it when it asks next.
  void publish() { nodes_.answer(a_farm(listed_)); }
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

  [[nodiscard]] const ScriptedNodes& nodes() const { return nodes_; }

  /// Ask once all servers are added.
  fabric::Farm& farm() {
    start();
    return *farm_;
  }
  pool::Pools& pools() { return pools_; }
  std::unique_ptr<pool::GroupPool> group(const pool::PoolOptions& options = {},
                                         std::string name = "g1") {
    start();
    if (kind_ == FarmKind::kPlainList) name.clear();
    return std::make_unique<pool::GroupPool>(farm_, std::move(name), pools_, credentials_of("app"),
                                             options);
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
    auto sources = nodes_.sources();
    if (kind_ == FarmKind::kPlainList) {
      sources = [this] {
        std::vector<fabric::base::Endpoint> endpoints;
        for (const fabric::Server& server : listed_) endpoints.push_back(server.endpoint);
        return std::make_unique<fabric::StaticSource>(endpoints);
      };
    }
    farm_ = std::make_shared<fabric::Farm>(sources, fabric::FarmOptions{}, clock_);
  }

  const FarmKind kind_;
  fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};
  std::map<std::string, std::unique_ptr<FakeServer>> servers_;
  std::vector<fabric::Server> listed_;
  ScriptedNodes nodes_;
  fabric::base::Log log_;
  pool::Pools pools_{clock_, watchdog_, log_};
  std::shared_ptr<fabric::Farm> farm_;
};

}  // namespace test_support
