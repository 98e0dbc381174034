// A node over XML-RPC: each call a POST on a connection of its own, with Digest authentication. The
// nonce of a challenge is used again for later calls; when the node has forgotten it (an empty
// reply, or 401) one fresh challenge is fetched. Source: fabric-protocol reference, 1.1 to 1.4.
#pragma once

#include <optional>
#include <string>

#include "fabric/base/endpoint.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/node_link.h"
#include "fabric/xmlrpc/digest_auth.h"
#include "fabric/xmlrpc/http.h"
#include "fabric/xmlrpc/http_failure.h"

namespace fabric::xmlrpc {

class Link final : public NodeLink {
 public:
  /// Without a user no login is tried. `watchdog` must outlive the link.
  Link(base::Endpoint node, const mysql::Credentials& credentials, mysql::Watchdog& watchdog);

  RpcAnswer call(const RpcCall& call, base::Deadline deadline) override;

 private:
  /// Nothing: the node closed the connection without a byte.
  std::optional<HttpReply> post(const HttpRequest& request, base::Deadline deadline);
  HttpReply post_logged_in(const std::string& body, base::Deadline deadline);
  void fetch_challenge(base::Deadline deadline);
  std::string authorization();
  [[nodiscard]] HttpCall progress() const;

  const DigestLogin login_;
  HttpClient http_;
  std::string procedure_;  // of the call that runs
  std::optional<DigestChallenge> challenge_;
  unsigned challenge_used_ = 0;
  bool login_off_ = false;    // the node has authentication disabled
  bool fixed_realm_ = false;  // its configured realm is not the one it computes with
};

}  // namespace fabric::xmlrpc
