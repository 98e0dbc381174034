// Calls of a Fabric node as XML-RPC, and its replies as answers. Pure.
// Source: fabric-protocol reference, section 1.2.
#pragma once

#include <string>
#include <string_view>

#include "fabric/rpc_call.h"

namespace fabric::xmlrpc {

std::string encode_call(const RpcCall& call);

/// The body of an HTTP 200. Throws NodeFailure: a command's own error, a fault, or what is
/// malformed.
RpcAnswer decode_reply(std::string_view body, const std::string& procedure);

}  // namespace fabric::xmlrpc
