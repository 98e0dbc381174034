// One HTTP POST to a Fabric node, on a connection of its own that ends with it: a node answers one
// request per connection, and an idle one takes one of its few threads. Whatever the peer does,
// the whole exchange ends by its deadline, and what is read of it is limited.
// Belongs to one thread, except that the SharedSocket ends an exchange from outside.
#pragma once

#include <Poco/AutoPtr.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/error.h"
#include "fabric/base/net.h"
#include "fabric/base/shared_socket.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"

namespace Poco::Net {
class Context;
class HTTPClientSession;
}  // namespace Poco::Net

namespace fabric::xmlrpc {

struct HttpRequest {
  std::string body;
  std::string authorization;  ///< the header's value; empty: none
};

struct HttpReply {
  int status = 0;
  std::string reason;
  std::string challenge;  ///< WWW-Authenticate
  std::string location;   ///< of a redirect
  std::string body;       ///< of a 200 only
};

class HttpError final : public base::Error {
 public:
  enum class Trouble : std::uint8_t {
    kNoConnection,
    kTls,       ///< the handshake failed, or what it needs cannot be read
    kLate,      ///< ended at the deadline
    kNoAnswer,  ///< closed or reset before the first byte of an answer
    kCutShort,  ///< the answer ended before its length
    kNotHttp,   ///< bytes that are no answer, or no end of headers
    kTooLong,
  };
  HttpError(Trouble trouble, const std::string& text, int native = 0)
      : Error(base::SqlState::k08001, text, native), trouble_(trouble) {}
  [[nodiscard]] Trouble trouble() const { return trouble_; }

 private:
  Trouble trouble_;
};

class HttpClient {
 public:
  static constexpr std::size_t kLongestBody = std::size_t{16} << 20U;

  /// `socket` and `watchdog` must outlive the client.
  HttpClient(base::Endpoint node, mysql::TlsOptions tls, mysql::Watchdog& watchdog,
             base::SharedSocket& socket);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// POST /RPC2. Throws HttpError.
  HttpReply post(const HttpRequest& request, base::Deadline deadline);

  [[nodiscard]] bool encrypted() const { return tls_.mode >= mysql::TlsMode::kRequired; }

 private:
  HttpReply exchange(const base::Socket& socket, const HttpRequest& request);
  HttpReply receive(Poco::Net::HTTPClientSession& session) const;

  const base::Endpoint node_;
  const mysql::TlsOptions tls_;
  mysql::Watchdog& watchdog_;
  base::SharedSocket& socket_;
  Poco::AutoPtr<Poco::Net::Context> context_;  // made for the first exchange with TLS
};

}  // namespace fabric::xmlrpc
