// The five TLS modes against servers with and without TLS.
#include <signal.h>
#include <sys/socket.h>

#include <map>
#include <string>
#include <thread>

#include "tests/protocol/server_fixture.h"
#include "tests/support/certificates.h"

namespace fabric::mysql {
namespace {

using namespace std::chrono_literals;
using test_support::Certificates;

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

/// Servers that offer TLS, one of each kind for all tests.
TestServer& tls_server(ServerKind kind) {
  static std::map<ServerKind, std::unique_ptr<TestServer>> servers;
  auto& server = servers[kind];
  if (server == nullptr) {
    server = std::make_unique<TestServer>(kind, certificates().server_options());
  }
  return *server;
}

struct TlsCase {
  base::SystemClock clock;
  Watchdog watchdog{clock};

  std::unique_ptr<ServerConnection> open(const TestServer& server, TlsOptions tls,
                                         const std::string& host = "127.0.0.1") {
    ConnectOptions options = server.connect_options();
    options.server.host = host;
    options.credentials.tls = std::move(tls);
    return ServerConnection::open(options, watchdog, soon());
  }
};

TlsOptions tls(TlsMode mode, const std::string& ca = {}) {
  TlsOptions options;
  options.mode = mode;
  options.ca = ca;
  return options;
}

TEST(Tls, IsUsedWhenPreferredAndOffered) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  const auto connection = test.open(server, tls(TlsMode::kPreferred));
  EXPECT_TRUE(connection->encrypted());
  EXPECT_NE(scalar(*connection, "SHOW STATUS LIKE 'Ssl_cipher'"), "");
  EXPECT_TRUE(test.open(server, tls(TlsMode::kRequired))->encrypted());
}

TEST(Tls, OfANodeIsUsedWhenAskedFor) {
  TlsCase test;
  const auto open = [&](const TestServer& server, TlsMode mode) {
    ConnectOptions options = server.connect_options();
    options.credentials.tls = tls(mode, certificates().ca());
    options.fabric_node = true;
    return ServerConnection::open(options, test.watchdog, soon());
  };
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  EXPECT_TRUE(open(server, TlsMode::kVerifyCa)->encrypted());
  EXPECT_FALSE(open(server, TlsMode::kPreferred)->encrypted());
  const MysqlError error =
      error_of([&] { open(TestServer::shared(ServerKind::kMariaDb), TlsMode::kRequired); });
  EXPECT_NE(std::string(error.what()).find("; FABRIC_SSL_MODE=DISABLED instead lets"),
            std::string::npos)
      << error.what();
}

TEST(Tls, IsNotUsedWhenDisabled) {
  TlsCase test;
  EXPECT_FALSE(test.open(tls_server(ServerKind::kMariaDb), tls(TlsMode::kDisabled))->encrypted());
  TlsOptions with_ca = tls(TlsMode::kDisabled, certificates().ca());
  EXPECT_FALSE(test.open(tls_server(ServerKind::kMariaDb), with_ca)->encrypted());
}

TEST(Tls, ThatIsRequiredButNotOfferedIsRefusedInAClearSentence) {
  TlsCase test;
  for (const ServerKind kind : test_support::server_kinds()) {
    for (const TlsMode mode : {TlsMode::kRequired, TlsMode::kVerifyCa, TlsMode::kVerifyIdentity}) {
      const MysqlError error = error_of([&] {
        test.open(TestServer::shared(kind), tls(mode, certificates().ca()), "localhost");
      });
      EXPECT_EQ(error.number(), 2026u);
      EXPECT_EQ(error.state(), base::SqlState::k08001);
      EXPECT_NE(std::string(error.what()).find("offers no TLS"), std::string::npos) << error.what();
    }
  }
}

TEST(Tls, ThatIsPreferredButNotOfferedCostsOneConnectOnly) {
  TlsCase test;
  TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  const auto before = test.open(server, tls(TlsMode::kDisabled))->thread_id();
  const auto connection = test.open(server, tls(TlsMode::kPreferred));
  EXPECT_FALSE(connection->encrypted());
  EXPECT_EQ(connection->thread_id(), before + 1);
}

TEST(Tls, OfAnOldServerIsDoneWithoutWhenPreferred) {
  TlsCase test;
  for (const ServerKind kind : test_support::server_kinds()) {
    const auto connection = test.open(tls_server(kind), tls(TlsMode::kPreferred));
    EXPECT_EQ(scalar(*connection, "SELECT 1"), "1");
    EXPECT_EQ(connection->encrypted(), kind == ServerKind::kMariaDb);
    if (kind == ServerKind::kMySql56) {
      EXPECT_EQ(error_of([&] { test.open(tls_server(kind), tls(TlsMode::kRequired)); }).number(),
                2026u);
    }
  }
}

TEST(Tls, VerifiesTheAuthority) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  // By the number: the certificate is for another name, which this mode does not mind.
  EXPECT_TRUE(test.open(server, tls(TlsMode::kVerifyCa, certificates().ca()))->encrypted());
  const MysqlError error =
      error_of([&] { test.open(server, tls(TlsMode::kVerifyCa, certificates().foreign_ca())); });
  EXPECT_EQ(error.number(), 2026u);
  EXPECT_EQ(error.state(), base::SqlState::k08001);
  const MysqlError none = error_of([&] { test.open(server, tls(TlsMode::kVerifyCa)); });
  EXPECT_NE(std::string(none.what()).find("SSLCA"), std::string::npos) << none.what();
}

TEST(Tls, VerifiesTheName) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  const TlsOptions identity = tls(TlsMode::kVerifyIdentity, certificates().ca());
  EXPECT_TRUE(test.open(server, identity, "localhost")->encrypted());
  EXPECT_EQ(error_of([&] { test.open(server, identity, "127.0.0.1"); }).number(), 2026u);
  // Without an authority of one's own the system's count, which do not know this one.
  const TlsOptions none = tls(TlsMode::kVerifyIdentity);
  EXPECT_EQ(error_of([&] { test.open(server, none, "localhost"); }).number(), 2026u);
  const TlsOptions foreign = tls(TlsMode::kVerifyIdentity, certificates().foreign_ca());
  EXPECT_EQ(error_of([&] { test.open(server, foreign, "localhost"); }).number(), 2026u);
}

TEST(Tls, DoesNotVerifyUnlessAskedTo) {
  TlsCase test;
  const TlsOptions foreign = tls(TlsMode::kRequired, certificates().foreign_ca());
  EXPECT_TRUE(test.open(tls_server(ServerKind::kMariaDb), foreign)->encrypted());
}

TEST(Tls, ShowsTheClientsCertificate) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  test.open(server, tls(TlsMode::kRequired))
      ->run("CREATE OR REPLACE USER certified IDENTIFIED BY 'pw' REQUIRE X509", soon());
  const auto open = [&](const std::string& key, const std::string& key_password) {
    ConnectOptions options = server.connect_options();
    options.credentials = {.user = "certified", .password = "pw"};
    options.database.clear();
    options.credentials.tls = tls(TlsMode::kVerifyCa, certificates().ca());
    if (!key.empty()) options.credentials.tls.certificate = certificates().client_certificate();
    options.credentials.tls.key = key;
    options.credentials.tls.key_password = key_password;
    return ServerConnection::open(options, test.watchdog, soon());
  };
  EXPECT_EQ(error_of([&] { open("", ""); }).state(), base::SqlState::k28000);
  EXPECT_TRUE(open(certificates().client_key(), "")->encrypted());
  EXPECT_TRUE(
      open(certificates().encrypted_client_key(), certificates().key_password())->encrypted());
  const MysqlError wrong =
      error_of([&] { open(certificates().encrypted_client_key(), "wrong-secret"); });
  EXPECT_EQ(wrong.number(), 2026u);
  EXPECT_EQ(std::string(wrong.what()).find("wrong-secret"), std::string::npos) << wrong.what();
}

TEST(Tls, NamesTheFileThatIsMissing) {
  TlsCase test;
  for (std::string TlsOptions::*file : {&TlsOptions::ca, &TlsOptions::certificate, &TlsOptions::key,
                                        &TlsOptions::crl, &TlsOptions::ca_path}) {
    TlsOptions options = tls(TlsMode::kVerifyCa, certificates().ca());
    options.*file = "/no/such/file.pem";
    const MysqlError error =
        error_of([&] { test.open(tls_server(ServerKind::kMariaDb), options); });
    EXPECT_EQ(error.state(), base::SqlState::k08001);
    EXPECT_NE(std::string(error.what()).find("/no/such/file.pem"), std::string::npos)
        << error.what();
  }
}

TEST(Tls, KnowsTheServerByItsFingerprint) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  TlsOptions options = tls(TlsMode::kRequired);
  options.peer_fingerprint = certificates().fingerprint();
  ASSERT_EQ(options.peer_fingerprint.size(), 59u) << options.peer_fingerprint;
  EXPECT_TRUE(test.open(server, options)->encrypted());
  options.peer_fingerprint[0] = options.peer_fingerprint[0] == 'A' ? 'B' : 'A';
  EXPECT_EQ(error_of([&] { test.open(server, options); }).number(), 2026u);
}

TEST(Tls, RefusesARevokedCertificate) {
  TlsCase test;
  TlsOptions options = tls(TlsMode::kVerifyCa, certificates().ca());
  options.crl = certificates().revocations();
  EXPECT_EQ(error_of([&] { test.open(tls_server(ServerKind::kMariaDb), options); }).number(),
            2026u);
}

TEST(Tls, UsesTheVersionAndCipherAskedFor) {
  TlsCase test;
  const TestServer& server = tls_server(ServerKind::kMariaDb);
  const auto version = [&](const TlsOptions& options) {
    const auto connection = test.open(server, options);
    const auto reply = connection->query("SHOW STATUS LIKE 'Ssl_version'", soon());
    return all_rows(*reply).at(0).at(1).value_or("");
  };
  for (const std::string wanted : {"TLSv1.2", "TLSv1.3"}) {
    TlsOptions options = tls(TlsMode::kRequired);
    options.versions = wanted;
    EXPECT_EQ(version(options), wanted);
  }
  TlsOptions options = tls(TlsMode::kRequired);
  options.versions = "TLSv1.2";
  options.cipher = "ECDHE-RSA-AES256-GCM-SHA384";
  const auto connection = test.open(server, options);
  const auto reply = connection->query("SHOW STATUS LIKE 'Ssl_cipher'", soon());
  EXPECT_EQ(all_rows(*reply).at(0).at(1), options.cipher);
  options.cipher = "NO-SUCH-CIPHER";
  EXPECT_EQ(error_of([&] { test.open(server, options); }).number(), 2026u);
}

TEST(Tls, CarriesManyRowsAndLargeStatements) {
  TlsCase test;
  const auto connection = test.open(tls_server(ServerKind::kMariaDb), tls(TlsMode::kRequired));
  const std::string text(3 * 1024 * 1024, 'x');
  EXPECT_EQ(scalar(*connection, "SELECT '" + text + "'"), text);
  const auto reply = connection->query(
      "SELECT a.COLLATION_NAME FROM information_schema.COLLATIONS a LIMIT 300", soon());
  EXPECT_EQ(all_rows(*reply).size(), 300u);
  const auto prepared = connection->prepare("SELECT 1 AS a", soon());
  for (int repetition = 0; repetition < 3; ++repetition) {
    const auto row = prepared->execute({}, soon());
    EXPECT_EQ(row->columns().at(0).name, "a");
    EXPECT_EQ(all_rows(*row).size(), 1u);
  }
}

TEST(Tls, LeavesTheApplicationsSigpipeAlone) {
  struct sigaction now;
  sigaction(SIGPIPE, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL) << "and this process would die of one";
  TlsCase test;
  const auto connection = test.open(tls_server(ServerKind::kMariaDb), tls(TlsMode::kRequired));
  const auto prepared = connection->prepare("SELECT 1", soon());
  shutdown(connection->socket(), SHUT_RDWR);
  EXPECT_EQ(error_of([&] { connection->ping(soon()); }).loss(), LinkLoss::kBeforeSend);
}

TEST(Tls, KeepsDeadlinesAndSeesDeadLinks) {
  TlsCase test;
  TestServer own(ServerKind::kMariaDb, certificates().server_options());
  const auto waiting = test.open(own, tls(TlsMode::kRequired));
  const auto idle = test.open(own, tls(TlsMode::kRequired));
  EXPECT_TRUE(idle->looks_alive());
  const MysqlError late = error_of([&] { waiting->run("DO SLEEP(60)", soon(100ms)); });
  EXPECT_EQ(late.ended(), Ended::kDeadline) << late.what();
  own.kill();
  while (idle->looks_alive()) std::this_thread::yield();
  EXPECT_EQ(error_of([&] { idle->run("SELECT 1", soon()); }).loss(), LinkLoss::kBeforeSend);
}

}  // namespace
}  // namespace fabric::mysql
