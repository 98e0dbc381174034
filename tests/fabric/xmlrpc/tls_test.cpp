// TLS to a node: who is trusted, and what is said when it fails.
#include <gtest/gtest.h>

#include "fabric/xmlrpc/link.h"
#include "tests/support/certificates.h"
#include "tests/support/text.h"
#include "tests/support/xmlrpc_node.h"

namespace fabric::xmlrpc {
namespace {

using mysql::TlsMode;
using test_support::Certificates;
using test_support::contains;
using test_support::HttpAnswer;
using test_support::HttpServer;
using test_support::XmlRpcNode;

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

struct Node {
  explicit Node(const std::string& client_ca = "")
      : server(HttpServer::Tls{certificates().certificate(), certificates().key(), client_ca}) {
    server.on_request(XmlRpcNode());
    credentials.user = "farm";
    credentials.password = "secret";
    credentials.tls.mode = TlsMode::kVerifyIdentity;
    credentials.tls.ca = certificates().ca();
  }
  /// Empty when the call succeeds. The certificate is for "localhost".
  std::string failure(const std::string& host = "localhost") {
    Link link({host, server.endpoint().port, {}}, credentials, watchdog);
    try {
      for (int i = 0; i < 2; ++i) {
        link.call({"dump.servers", {0, ""}},
                  base::Deadline::after(clock, std::chrono::seconds(10)));
      }
    } catch (const NodeFailure& error) {
      return error.what();
    }
    return {};
  }

  base::SystemClock clock;
  mysql::Watchdog watchdog{clock};
  HttpServer server;
  mysql::Credentials credentials;
};

TEST(XmlRpcTls, AnswersWhenAuthorityAndNameAreRight) {
  Node node;
  EXPECT_EQ(node.failure(), "");
}

TEST(XmlRpcTls, ChecksTheNameWhenAskedTo) {
  Node node;
  EXPECT_TRUE(contains(node.failure("127.0.0.1"), "TLS with it failed: "))
      << "even of a local host";
  node.credentials.tls.mode = TlsMode::kVerifyCa;
  EXPECT_EQ(node.failure("127.0.0.1"), "");
}

TEST(XmlRpcTls, ChecksTheAuthority) {
  for (const TlsMode mode : {TlsMode::kVerifyCa, TlsMode::kVerifyIdentity}) {
    Node node;
    node.credentials.tls.mode = mode;
    node.credentials.tls.ca = certificates().foreign_ca();
    const std::string text = node.failure();
    EXPECT_TRUE(contains(text, "TLS with it failed: ")) << text;
    EXPECT_TRUE(contains(text, "check FABRIC_SSL_CA")) << text;
    EXPECT_TRUE(node.server.requests().empty()) << "nothing was said to a stranger";
  }
  Node node;
  node.credentials.tls.ca = "";  // the system's authorities do not know this one
  EXPECT_TRUE(contains(node.failure(), "TLS with it failed: "));
  node.credentials.tls.mode = TlsMode::kVerifyCa;
  EXPECT_TRUE(contains(node.failure(), "name it in FABRIC_SSL_CA"));
}

TEST(XmlRpcTls, ChecksNothingWhenOnlyRequired) {
  Node node;
  node.credentials.tls.mode = TlsMode::kRequired;
  node.credentials.tls.ca = certificates().foreign_ca();
  EXPECT_EQ(node.failure("127.0.0.1"), "");
}

TEST(XmlRpcTls, ShowsAClientCertificate) {
  Node node(certificates().ca());
  // With TLS 1.3 the refusal may come before the end of the connection, or not.
  const std::string refusal = node.failure();
  EXPECT_TRUE(contains(refusal, "set FABRIC_SSL_CERT and FABRIC_SSL_KEY") ||
              contains(refusal, "TLS with it failed") || contains(refusal, "connection ended"))
      << refusal;
  node.credentials.tls.certificate = certificates().certificate();
  node.credentials.tls.key = certificates().key();
  EXPECT_EQ(node.failure(), "");
}

TEST(XmlRpcTls, NamesTheFileThatCannotBeUsed) {
  Node node;
  mysql::TlsOptions& tls = node.credentials.tls;
  tls.ca = "/nonexistent/ca.pem";
  EXPECT_TRUE(contains(node.failure(), "FABRIC_SSL_CA='/nonexistent/ca.pem' cannot be read"));
  tls.ca = certificates().key();
  EXPECT_TRUE(contains(node.failure(), "is no file of PEM certificates"));
  tls.ca = certificates().ca();
  tls.certificate = certificates().certificate();
  EXPECT_TRUE(contains(node.failure(), "FABRIC_SSL_CERT and FABRIC_SSL_KEY go together"));
  tls.key = certificates().ca();
  EXPECT_TRUE(contains(node.failure(), "cannot be used: they must be a PEM certificate"));
  tls.key = certificates().locked_key();  // and nobody is asked for its passphrase
  EXPECT_TRUE(contains(node.failure(), "its own key without a passphrase"));
  tls.key = certificates().foreign_key();
  EXPECT_TRUE(contains(node.failure(), "its own key")) << node.failure();
}

TEST(XmlRpcTls, IsToldApartFromAPlainPort) {
  Node node;
  HttpServer plain;
  plain.on_request(XmlRpcNode());
  Link link({"localhost", plain.endpoint().port, {}}, node.credentials, node.watchdog);
  const auto asked = node.clock.now();
  try {
    link.call({"dump.servers", {}},
              base::Deadline::after(node.clock, std::chrono::milliseconds(300)));
    FAIL() << "no TLS there";
  } catch (const NodeFailure& error) {
    EXPECT_TRUE(contains(error.what(), "in time")) << error.what();
  }
  EXPECT_LT(node.clock.now() - asked, std::chrono::seconds(3)) << "a handshake has a deadline too";
  node.credentials.tls.mode = TlsMode::kDisabled;
  const std::string text = node.failure();
  EXPECT_TRUE(contains(text, "if its port speaks TLS, set FABRIC_SSL_CA") ||
              contains(text, "it does not speak HTTP"))
      << text;
}

}  // namespace
}  // namespace fabric::xmlrpc
