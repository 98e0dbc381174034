// A network that fails as a test says, between a client and one server:
//
//   FaultProxy network(server.endpoint());
//   network.set(FaultProxy::silent());      // packets are lost, nobody is told
//   network.heal();                         // what was lost is sent again, as TCP does
//
// It passes bytes and knows no protocol (TcpProxy cuts between two commands). Faults may change
// while links live and hold for new ones too. One thread of its own. All methods are thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "fabric/base/endpoint.h"
#include "tests/support/fault_flow.h"
#include "tests/support/tcp.h"

namespace test_support {

class FaultProxy {
 public:
  struct Faults {
    bool refuses = false;  ///< connects; links that live go on
    FlowFault to_server, to_client;
  };
  enum class Way : std::uint8_t { kToServer, kToClient };

  explicit FaultProxy(fabric::base::Endpoint server);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  [[nodiscard]] fabric::base::Endpoint endpoint() const;

  /// In force when it returns.
  void set(const Faults& faults);
  void heal() { set({}); }
  /// Ends all links, both ends. kReset: by RST.
  void cut(Cut how = Cut::kReset);
  /// The receiver of that direction sees the end of file on all links; the sender is not told.
  void half_close(Way way);

  static Faults silent();
  static Faults refusing();
  static Faults slow(std::chrono::milliseconds each_way);
  static Faults narrow(std::size_t bytes_per_second);

  [[nodiscard]] std::size_t links() const;     ///< now
  [[nodiscard]] std::size_t accepted() const;  ///< since the start

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace test_support
