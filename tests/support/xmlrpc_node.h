// What a Fabric node does over XML-RPC, for an HttpServer: Digest authentication with the real
// node's ways (bad credentials are a 400 without a blank line, a nonce's count must rise by one or
// there is no answer), and the answers of a small healthy farm, of which a test replaces what it
// wants to break. Copies share their state; thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "tests/support/http_server.h"

namespace test_support {

class XmlRpcNode {
 public:
  using Rows = std::vector<std::vector<std::string>>;  ///< each cell an XML-RPC element

  /// User farm, password secret. Group g1 with primary u1 and secondary u2; mapping 1 (RANGE) of
  /// shop.orders: s1 from 1, s2 from 100. TTL 3.
  XmlRpcNode();

  /// The body of the answer to e.g. `dump.servers`.
  void answer(const std::string& command, const std::string& body);
  void disable_login();
  void forget_nonces();
  /// As a node whose configuration names another realm: its challenges say so, its check does not.
  void announce_realm(const std::string& realm);
  [[nodiscard]] std::size_t challenges() const;

  HttpAnswer operator()(const HttpServer::Request& request) const;

  /// A body in format 1. `sets` are XML-RPC values.
  static std::string reply(const std::string& error, const std::string& sets);
  static std::string set(const std::vector<std::string>& names, const Rows& rows);
  static std::string fault(const std::string& text);
  /// `body` as a node sends it.
  static HttpAnswer ok(const std::string& body);

 private:
  struct State {
    fabric::base::Mutex mutex;
    std::map<std::string, std::string> answers GUARDED_BY(mutex);
    std::map<std::string, unsigned> nonces GUARDED_BY(mutex);  // how often used
    std::string realm GUARDED_BY(mutex) = "MySQL Fabric";
    bool login_off GUARDED_BY(mutex) = false;
    std::size_t challenges GUARDED_BY(mutex) = 0;
  };
  HttpAnswer challenge() const REQUIRES(state_->mutex);

  std::shared_ptr<State> state_;
};

}  // namespace test_support
