// The doctor on a plain DSN of one server of each kind.
#include "tests/protocol/tools/doctor_case.h"
#include "tests/support/certificates.h"
#include "tests/support/fake_server.h"
#include "tests/support/http_server.h"

namespace tools::doctor {
namespace {

using test_support::Certificates;
using test_support::HttpAnswer;
using test_support::HttpServer;

constexpr const char* kLogin = "UID=patient;PWD=patientpw;DATABASE=test";

/// The lines behind the query for the account's host, as its answer makes them.
std::string with_its_host(std::string lines) {
  lines.erase(0, lines.find("ALTER USER"));
  for (std::size_t at; (at = lines.find("'HOST'")) != std::string::npos;)
    lines.replace(at, 6, "'%'");
  return lines;
}

class DoctorOfAServer : public DoctorCase, public testing::WithParamInterface<ServerKind> {
 protected:
  void SetUp() override {
    run(server(), "GRANT ALL ON test.* TO 'patient'@'%' IDENTIFIED BY 'patientpw'");
  }
  void TearDown() override { run(server(), "DROP USER 'patient'@'%'"); }
  static TestServer& server() { return TestServer::shared(GetParam()); }
};

TEST_P(DoctorOfAServer, FindsNothingWhereAllIsWell) {
  const Findings findings = doctor(plain(server(), kLogin));
  expect_no(findings, Level::kError);
  expect_no(findings, Level::kWarning);
  find(findings, Level::kOk, "takes the login of patient@%");
  find(findings, Level::kOk, "MAX_POOL_SIZE is 100");
}

TEST_P(DoctorOfAServer, TellsAWrongPassword) {
  const Findings findings = doctor(plain(server(), "UID=patient;PWD=wrongpw"));
  EXPECT_TRUE(contains(find(findings, Level::kError, "refused the login").fix.lines, "PWD = ..."));
}

TEST_P(DoctorOfAServer, GivesRightsOnADatabase) {
  run(server(), "CREATE DATABASE IF NOT EXISTS private");
  const std::string dsn = plain(server(), "UID=patient;PWD=patientpw;DATABASE=private");
  const Finding denied = find(doctor(dsn), Level::kError, "Access denied");
  run(server(), denied.fix.lines);
  expect_no(doctor(dsn), Level::kError);
}

TEST_P(DoctorOfAServer, MakesAMissingDatabase) {
  run(server(), "DROP DATABASE IF EXISTS missing; GRANT ALL ON missing.* TO 'patient'@'%'");
  const std::string dsn = plain(server(), "UID=patient;PWD=patientpw;DATABASE=missing");
  const Finding unknown = find(doctor(dsn), Level::kError, "Unknown database");
  run(server(), unknown.fix.lines);
  expect_no(doctor(dsn), Level::kError);
  run(server(), "DROP DATABASE missing");
}

TEST_P(DoctorOfAServer, RenewsAnExpiredPassword) {
  run(server(), "ALTER USER 'patient'@'%' PASSWORD EXPIRE");
  const std::string dsn = plain(server(), kLogin);
  const Finding expired = find(doctor(dsn), Level::kError, "password has expired");
  std::string mend = with_its_host(expired.fix.lines);
  ASSERT_TRUE(contains(mend, "ALTER USER 'patient'@'%' IDENTIFIED BY '...';"));
  if (GetParam() == ServerKind::kMySql56) {  // the line for old servers
    mend = mend.substr(mend.find("SET PASSWORD"));
  }
  run(server(), mend);
  expect_no(doctor(dsn), Level::kError);
}

TEST_P(DoctorOfAServer, WarnsOfAnAccountWithoutRights) {
  run(server(), "REVOKE ALL ON test.* FROM 'patient'@'%'");
  const std::string dsn = plain(server(), "UID=patient;PWD=patientpw");
  const Finding useless = find(doctor(dsn), Level::kWarning, "neither read nor write");
  run(server(), useless.fix.lines);
  expect_no(doctor(dsn), Level::kWarning);
  run(server(), "REVOKE SELECT, INSERT, UPDATE, DELETE ON *.* FROM 'patient'@'%'");
}

TEST_P(DoctorOfAServer, WarnsOfLimits) {
  run(server(), "SET GLOBAL max_connections = 50; SET GLOBAL wait_timeout = 10");
  const std::string dsn = plain(server(), kLogin);
  const Findings findings = doctor(dsn);
  EXPECT_EQ(find(findings, Level::kWarning, "max_connections").fix.lines, "MAX_POOL_SIZE = 25");
  run(server(), find(findings, Level::kWarning, "wait_timeout is 10 s").fix.lines);
  expect_no(doctor(dsn + ";MAX_POOL_SIZE=25"), Level::kWarning);
  run(server(), "SET GLOBAL max_connections = 151");
}

TEST_P(DoctorOfAServer, WarnsOfAServerThatTakesNoWrites) {
  run(server(), "SET GLOBAL read_only = 1");
  const std::string dsn = plain(server(), kLogin);
  run(server(), find(doctor(dsn), Level::kWarning, "takes no writes").fix.lines);
  expect_no(doctor(dsn), Level::kWarning);
}

TEST_P(DoctorOfAServer, TellsThatTlsIsMissing) {
  const Findings findings = doctor(plain(server(), std::string(kLogin) + ";SSLMODE=REQUIRED"));
  const Fix fix = find(findings, Level::kError, "offers no TLS").fix;
  EXPECT_TRUE(contains(fix.lines, "ssl_cert = "));
  EXPECT_TRUE(contains(fix.where, "SSLMODE=PREFERRED instead lets whoever listens read it all"));
}

INSTANTIATE_TEST_SUITE_P(, DoctorOfAServer, testing::ValuesIn(test_support::server_kinds()),
                         [](const auto& one) { return test_support::name_of(one.param); });

class DoctorOfALink : public DoctorCase {};

TEST_F(DoctorOfALink, TellsAnAuthorityThatSignedNothingHere) {
  const Certificates certificates;
  const TestServer server(ServerKind::kMariaDb, certificates.server_options());
  const std::string login = "UID=app;PWD=apppw;SERVER=localhost;SSLMODE=VERIFY_CA;PORT=" +
                            std::to_string(server.endpoint().port);
  const Findings findings = doctor(login + ";SSLCA=" + certificates.foreign_ca());
  EXPECT_TRUE(contains(find(findings, Level::kError, "TLS").fix.lines, "SSLCA = "));
  expect_no(doctor(login + ";SSLCA=" + certificates.ca()), Level::kError);
}

TEST_F(DoctorOfALink, KeepsTheCheckOfACertificatesName) {
  const Certificates certificates;
  const TestServer server(ServerKind::kMariaDb, certificates.server_options());
  const Findings findings = doctor(
      "UID=app;PWD=apppw;SERVER=127.0.0.1;SSLMODE=VERIFY_IDENTITY;SSLCA=" + certificates.ca() +
      ";PORT=" + std::to_string(server.endpoint().port));
  const Finding other = find(findings, Level::kError, "its certificate does not name '127.0.0.1'");
  EXPECT_TRUE(contains(other.fix.lines, "openssl s_client -starttls mysql"));
  EXPECT_FALSE(contains(other.fix.where + other.fix.lines, "VERIFY_CA"));
}

TEST_F(DoctorOfALink, TellsThatNobodyListens) {
  TestServer server(ServerKind::kMariaDb);
  server.kill();
  const Findings findings = doctor(plain(server, kLogin));
  EXPECT_TRUE(
      contains(find(findings, Level::kError, "nobody listens").fix.lines, "systemctl start"));
}

TEST_F(DoctorOfALink, TellsAnUnknownHost) {
  const Findings findings = doctor("SERVER=no-such-host.invalid;UID=patient");
  EXPECT_TRUE(
      contains(find(findings, Level::kError, "no-such-host.invalid").fix.lines, "/etc/hosts"));
}

TEST_F(DoctorOfALink, TellsAMissingSocket) {
  const Findings findings = doctor("SOCKET=/nowhere/mysql.sock;UID=patient");
  find(findings, Level::kError, "nobody listens on this socket");
}

TEST_F(DoctorOfALink, TellsAnHttpServerOnTheMySqlPort) {
  HttpServer server;
  server.on_request([](const auto&) { return HttpAnswer{"HTTP/1.0 200 OK\r\n\r\nhello"}; });
  question.timeout = std::chrono::seconds(1);
  const Findings findings =
      doctor("UID=patient;SERVER=127.0.0.1;PORT=" + std::to_string(server.endpoint().port));
  EXPECT_TRUE(contains(find(findings, Level::kError, "HTTP").fix.lines, "PORT = 3306"));
}

TEST_F(DoctorOfALink, TellsAFullServer) {
  test_support::FakeServer server;
  server.refuse_logins(1040, "08004", "Too many connections");
  const Findings findings =
      doctor("UID=patient;SERVER=127.0.0.1;PORT=" + std::to_string(server.endpoint().port));
  EXPECT_TRUE(contains(find(findings, Level::kError, "Too many").fix.lines, "max_connections"));
}

TEST_F(DoctorOfALink, TellsALockedAccount) {
  TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  run(server, "CREATE USER 'patient'@'%' IDENTIFIED BY 'patientpw' ACCOUNT LOCK");
  const std::string dsn = plain(server, "UID=patient;PWD=patientpw");
  run(server, with_its_host(find(doctor(dsn), Level::kError, "locked").fix.lines));
  expect_no(doctor(dsn), Level::kError);
  run(server, "DROP USER 'patient'@'%'");
}

TEST_F(DoctorOfALink, SaysWhatContradicts) {
  const Findings findings = doctor("FABRIC_GROUP=g1;SERVER=h;UID=patient");
  find(findings, Level::kError, "FABRIC_GROUP is given without FABRIC_NODES");
}

TEST_F(DoctorOfALink, NamesTheNearestKeyword) {
  const Findings findings = doctor("SERVR=h;UID=patient;SERVER=no-such-host.invalid");
  find(findings, Level::kWarning, "did you mean SERVER?");
}

}  // namespace
}  // namespace tools::doctor
