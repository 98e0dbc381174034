#include "fabric/xmlrpc/http_failure.h"

namespace fabric::xmlrpc {

namespace {

using Kind = NodeFailure::Kind;
using Trouble = HttpError::Trouble;

constexpr const char* kPortHint =
    "; is that the XML-RPC port (32274 by default), and not the MySQL-RPC one (32275)? Of a MySQL "
    "server that is a node, or of a node's MySQL-RPC port, say FABRIC_PROTOCOL=mysql";

std::string status_text(const HttpReply& reply) {
  return "HTTP status " + std::to_string(reply.status) +
         (reply.reason.empty() ? "" : " " + reply.reason);
}

std::string no_answer_sentence(const HttpError& error, const HttpCall& call) {
  const char* hint =
      call.encrypted
          ? "; if it wants a client's certificate, set FABRIC_SSL_CERT and FABRIC_SSL_KEY"
          : "; if its port speaks TLS, set FABRIC_SSL_CA (or FABRIC_SSL_MODE=REQUIRED)";
  return "it closed the connection without an answer to " + call.procedure + hint + " (" +
         error.what() + ")";
}

std::string tls_sentence(const HttpError& error) {
  return std::string("TLS with it failed: ") + error.what() +
         "; check FABRIC_SSL_CA and that the certificate names the host, FABRIC_SSL_CERT if it "
         "wants "
         "a client's, and FABRIC_SSL_MODE if its port speaks no TLS";
}

}  // namespace

NodeFailure http_failure(const HttpError& error, const HttpCall& call) {
  const std::string text = error.what();
  switch (error.trouble()) {
    case Trouble::kNoConnection:
      return {Kind::kPassing, "cannot connect: " + text, error.native()};
    case Trouble::kTls:
      return {Kind::kRefused, tls_sentence(error)};
    case Trouble::kLate:
      return {Kind::kPassing, "no answer to " + call.procedure + " in time", error.native()};
    case Trouble::kNoAnswer:
      return {Kind::kLinkLost, no_answer_sentence(error, call)};
    case Trouble::kCutShort:
      return {Kind::kLinkLost, "the connection ended in the middle of the answer to " +
                                   call.procedure + ": " + text};
    case Trouble::kNotHttp:
      return {Kind::kRefused,
              "it does not speak HTTP" + std::string(kPortHint) + " (" + text + ")"};
    case Trouble::kTooLong:
      break;
  }
  return {Kind::kMalformed, text};
}

NodeFailure http_failure(const HttpReply& reply, const HttpCall& call) {
  const std::string status = " (" + status_text(reply) + ")";
  const std::string elsewhere = "; check host and port in FABRIC_NODES";
  switch (reply.status) {
    case 400:  // a node's way to refuse a login
    case 401:
      if (call.logged_in) {
        return {Kind::kDenied, "it refused the login of user '" + call.user +
                                   "'; check FABRIC_USER and FABRIC_PASSWORD" + status};
      }
      if (reply.status == 400) return {Kind::kRefused, "it refused " + call.procedure + status};
      return {Kind::kDenied,
              "it wants a login: set FABRIC_USER and FABRIC_PASSWORD to a Fabric user" + status};
    case 403:
      return {Kind::kRefused, "user '" + call.user + "' may not call " + call.procedure +
                                  "; give it the role 'connector'" + status};
    case 404:
      return {Kind::kRefused, "it has no /RPC2, so it is no Fabric node" + elsewhere + status};
    case 500:
    case 502:
    case 503:
    case 504:
      return {Kind::kPassing, "it is in trouble" + status};
    default:
      break;
  }
  if (reply.status >= 300 && reply.status < 400) {
    return {Kind::kRefused, "it points elsewhere ('" + reply.location +
                                "'), which is not followed: name the node itself in FABRIC_NODES" +
                                status};
  }
  return {Kind::kRefused, "it is no Fabric node" + elsewhere + status};
}

NodeFailure unknown_challenge(const HttpReply& reply) {
  return {Kind::kRefused,
          "it asks for a login that is not the Digest (MD5, qop=auth) of a Fabric node: '" +
              reply.challenge.substr(0, 100) + "'"};
}

}  // namespace fabric::xmlrpc
