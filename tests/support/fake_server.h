// A scripted MySQL server: real TCP on 127.0.0.1, a free port, any number of connections, each
// served by a thread of its own. What it answers to statements is a function of the test's:
//
//   FakeServer server;                              // answers OK to everything
//   server.on_query([](std::string_view sql) {
//     if (sql == "SELECT 1") return FakeServer::rows({"1"}, {{"1"}});
//     return FakeServer::ok();
//   });
//   auto options = ...; options.server = server.endpoint();
//   EXPECT_EQ(server.counts().queries, 1u);
//
// Logins succeed with any user and password until refuse_logins() or on_login(). Rows are
// text-protocol rows.
// All methods are thread-safe. The function runs on the connection's thread, under no lock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/endpoint.h"

namespace test_support {

/// One answer: packets as they go out after a command, and what happens then.
struct FakeAnswer {
  enum class Then : std::uint8_t { kGoOn, kClose, kStaySilent };
  std::vector<std::string> payloads;  ///< without headers
  Then then = Then::kGoOn;
};

class FakeServer {
 public:
  using QueryHandler = std::function<FakeAnswer(std::string_view sql)>;
  /// `payload` as it came in, with the byte that says which command it is.
  using LoginHandler = std::function<FakeAnswer(std::string_view payload)>;
  using CommandHandler = std::function<std::optional<FakeAnswer>(std::string_view payload)>;
  using Cell = std::optional<std::string>;

  struct Options {
    std::string version = "10.11.6-FakeDB";
    std::uint32_t capabilities = 0;         ///< 0: those of an ordinary server without TLS
    bool greet = true;                      ///< false: accepts and says nothing
    std::string greeting = {};              ///< this payload in place of one of ours
    std::chrono::milliseconds patience{0};  ///< closes when no command came for so long; 0: waits
  };

  struct Counts {
    std::size_t connects = 0;  ///< TCP connections accepted
    std::size_t logins = 0;    ///< that succeeded
    std::size_t queries = 0, pings = 0, resets = 0, change_users = 0, init_dbs = 0;
    std::size_t quits = 0;
    std::size_t open = 0;  ///< connections now
  };

  FakeServer();
  explicit FakeServer(Options options);
  ~FakeServer();  ///< closes everything and joins its threads
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] fabric::base::Endpoint endpoint() const;
  [[nodiscard]] Counts counts() const;
  /// Every statement received so far, in order of arrival.
  [[nodiscard]] std::vector<std::string> statements() const;

  void on_query(QueryHandler handler);
  /// Decides about each login: it has succeeded when the answer goes on.
  void on_login(LoginHandler handler);
  /// Asked first about each command that is no COM_QUIT; nothing: answered as ever.
  void on_command(CommandHandler handler);
  /// Logins are answered with this error until accept_logins(), e.g. 1045 or 1040.
  void refuse_logins(unsigned number, std::string sqlstate, std::string text);
  /// Logins are answered with this payload and then closed.
  void answer_logins(std::string payload);
  void accept_logins();
  /// Commands are read, counted, and not answered until thaw(); connections stay open.
  void freeze();
  void thaw();
  /// Closes all connections now. They see EOF.
  void drop_connections();
  /// Stops listening (connects are refused) and closes all connections.
  void kill();
  /// Listens again on the same port after kill().
  void restart();
  /// Sends these bytes unasked on every open connection, as a packet.
  void speak_unasked(const std::string& payload);

  /// Waits until `condition(counts())` holds; false after ten seconds.
  bool wait_until(const std::function<bool(const Counts&)>& condition) const;

  static FakeAnswer ok(std::uint64_t affected_rows = 0, std::uint64_t insert_id = 0);
  static FakeAnswer error(unsigned number, const std::string& sqlstate, const std::string& text);
  /// A result set of VAR_STRING columns; nullopt is NULL.
  static FakeAnswer rows(const std::vector<std::string>& columns,
                         const std::vector<std::vector<Cell>>& rows, bool more_results = false);
  static FakeAnswer close();
  static FakeAnswer silence();
  /// These payloads, byte for byte.
  static FakeAnswer raw(std::vector<std::string> payloads,
                        FakeAnswer::Then then = FakeAnswer::Then::kGoOn);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace test_support
