// A scripted HTTP server: real TCP on 127.0.0.1, a free port, with or without TLS, any number of
// connections, each served once by a thread of its own and then closed. What it answers is a
// function of the test's, and may be no HTTP at all:
//
//   HttpServer server;
//   server.on_request([](const HttpServer::Request&) { return HttpAnswer{"HTTP/1.0 200
//   OK\r\n\r\n"}; });
//
// All methods are thread-safe. The function runs on the connection's thread, under no lock.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fabric/base/endpoint.h"

namespace test_support {

struct HttpAnswer {
  enum class Then : std::uint8_t {
    kClose,
    kReset,
    kStaySilent,  ///< keeps the connection open until the client ends it
    kRepeat,      ///< sends the last byte on and on
    kDrip,        ///< the same, a byte each 10 ms
  };
  std::string bytes;
  Then then = Then::kClose;
};

class HttpServer {
 public:
  struct Request {
    std::string head;  ///< with the blank line
    std::string body;
    /// A header's value; empty when it is missing.
    [[nodiscard]] std::string header(const std::string& name) const;
  };
  using Handler = std::function<HttpAnswer(const Request&)>;

  struct Tls {
    std::string certificate, key;
    std::string client_ca;  ///< of the certificates that clients must have; empty: none asked
  };

  HttpServer();
  explicit HttpServer(const Tls& tls);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] fabric::base::Endpoint endpoint() const;
  void on_request(Handler handler);
  [[nodiscard]] std::vector<Request> requests() const;  ///< so far, in order
  [[nodiscard]] std::size_t accepted() const;           ///< connections so far
  [[nodiscard]] std::size_t open() const;               ///< connections now
  /// Waits until so many are open; false after ten seconds.
  [[nodiscard]] bool wait_until_open(std::size_t connections) const;
  /// Connections are refused, and those that are open end.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace test_support
