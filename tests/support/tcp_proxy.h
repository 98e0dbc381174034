// A TCP proxy in front of a database server that cuts links where a test says, e.g. after the
// server has executed a statement and before its answer arrives:
//
//   TcpProxy proxy(server.endpoint());
//   proxy.on("INSERT INTO t", {.what = TcpProxy::What::kCutBeforeAnswer});
//
// It follows the framing of the MySQL protocol, so links must not be encrypted. One thread of its
// own does all the work. All methods are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fabric/base/endpoint.h"
#include "tests/support/tcp.h"

namespace test_support {

class TcpProxy {
 public:
  /// How a link ends towards the client. The server sees its end of file.
  using Cut = test_support::Cut;

  enum class What : std::uint8_t {
    kCutBeforeServer,  ///< the command arrived here, the server never sees it
    kCutBeforeAnswer,  ///< the server has executed it; no byte of its answer goes on
    kCutAfterRows,     ///< so many rows go on, then no byte
    kStall,            ///< no byte of the answer goes on until cut()
  };

  struct Rule {
    What what = What::kCutBeforeAnswer;
    std::size_t rows = 0;  ///< of kCutAfterRows
    Cut how = Cut::kReset;
    std::size_t times = 1;  ///< how many commands it is for
  };

  explicit TcpProxy(fabric::base::Endpoint server);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] fabric::base::Endpoint endpoint() const;

  /// For the next commands whose text contains `text`: statements sent as text, executions of
  /// prepared ones, and with "PREPARE " in front of it the preparing itself. One rule at a time.
  void on(std::string_view text, Rule rule);
  /// How often a rule has cut or stalled a link since the start.
  [[nodiscard]] std::size_t fired() const;
  /// False after ten seconds.
  [[nodiscard]] bool wait_until_fired(std::size_t times = 1) const;

  /// Cuts all links now; when it returns the clients' sockets have heard of it.
  void cut(Cut how = Cut::kReset);
  [[nodiscard]] std::size_t links() const;     ///< now
  [[nodiscard]] std::size_t accepted() const;  ///< since the start

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace test_support
