// Why a Fabric node did not answer over XML-RPC, as a sentence that says what to do. Pure.
#pragma once

#include <string>

#include "fabric/node_failure.h"
#include "fabric/xmlrpc/http.h"

namespace fabric::xmlrpc {

struct HttpCall {
  std::string procedure;
  std::string user;  ///< empty: without a login
  bool encrypted = false;
  bool logged_in = false;  ///< the request carried an answer to a challenge
};

NodeFailure http_failure(const HttpError& error, const HttpCall& call);
/// Of a reply that is not 200.
NodeFailure http_failure(const HttpReply& reply, const HttpCall& call);
/// A 401 whose challenge is not the one of a Fabric node.
NodeFailure unknown_challenge(const HttpReply& reply);

}  // namespace fabric::xmlrpc
