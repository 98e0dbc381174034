// The doctor on a farm: a Fabric node in SQL on a real server, nodes over XML-RPC, files.
#include <fstream>
#include <memory>

#include "tests/protocol/tools/doctor_case.h"
#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/sql_node.h"
#include "tests/support/xmlrpc_node.h"

namespace tools::doctor {
namespace {

using test_support::HttpAnswer;
using test_support::HttpServer;
using test_support::XmlRpcNode;

/// A replicated pair, and the node on a server of its own.
class DoctorOfAFarm : public DoctorCase {
 protected:
  static void SetUpTestSuite() {
    node_ = std::make_unique<TestServer>(ServerKind::kMariaDb);
    test_support::install_sql_node(*node_);
    primary_ = std::make_unique<TestServer>(
        ServerKind::kMariaDb, std::vector<std::string>{"--server-id=1", "--log-bin=bin"});
    replica_ = std::make_unique<TestServer>(
        ServerKind::kMariaDb, std::vector<std::string>{"--server-id=2", "--log-bin=bin"});
    run(*replica_, "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=" +
                       std::to_string(primary_->endpoint().port) +
                       ", MASTER_USER='app', MASTER_PASSWORD='apppw', MASTER_USE_GTID=slave_pos;"
                       "SET GLOBAL gtid_slave_pos='" +
                       position(*primary_) +
                       "';"
                       "START SLAVE; SET GLOBAL read_only = 1");
    for (const TestServer* server : {node_.get(), primary_.get(), replica_.get()}) {
      run(*server,
          "SET SESSION sql_log_bin = 0; CREATE USER patient IDENTIFIED BY 'patientpw';"
          "GRANT ALL ON test.* TO patient");
    }
  }
  static void TearDownTestSuite() {
    for (auto* server : {&node_, &primary_, &replica_}) server->reset();
  }

  void SetUp() override {
    run(*node_,
        "DELETE FROM fabric.shard_tables; DELETE FROM fabric.shards; DELETE FROM fabric.shard_maps;"
        "DELETE FROM fabric.servers; DELETE FROM fabric.groups;"
        "GRANT EXECUTE ON dump.* TO patient; GRANT EXECUTE ON threat.* TO patient;"
        "GRANT EXECUTE ON PROCEDURE sharding.lookup_servers TO patient;"
        "CALL `group`.`create`('pair', '', 'true')");
    for (const TestServer* server : {primary_.get(), replica_.get()}) {
      const std::string address = server->endpoint().text();
      run(*node_, "CALL server.register('" + uuid(*server) + "', '" + address +
                      "'); CALL `group`.`add`('pair', '" + address + "', 5, 'false', 'true')");
    }
    run(*node_, "CALL `group`.promote('pair', '" + uuid(*primary_) + "', 'false', 'true')");
  }

  static std::string value(const TestServer& server, const std::string& query,
                           const std::string& column) {
    static const fabric::base::SystemClock clock;
    static fabric::mysql::Watchdog watchdog(clock);
    const auto connection =
        fabric::mysql::ServerConnection::open(server.connect_options(), watchdog, soon());
    return fabric::mysql::first_row(*connection, query, soon())->at(column);
  }
  static std::string position(const TestServer& server) {
    return value(server, "SELECT @@global.gtid_binlog_pos AS p", "p");
  }
  /// A replica that was just started is still connecting.
  static void await_replication() {
    const auto limit = soon();
    while (value(*replica_, "SHOW SLAVE STATUS", "Slave_IO_Running") != "Yes") {
      ASSERT_FALSE(limit.passed(std::chrono::steady_clock::now()));
    }
  }
  static std::string uuid(const TestServer& server) {
    return "u" + std::to_string(server.endpoint().port);
  }
  static std::string farm(const std::string& more = "FABRIC_GROUP=pair") {
    return "FABRIC_NODES=" + node_->endpoint().text() +
           ";UID=patient;PWD=patientpw;DATABASE=test;" + more;
  }

  static inline std::unique_ptr<TestServer> node_;
  static inline std::unique_ptr<TestServer> primary_;
  static inline std::unique_ptr<TestServer> replica_;
};

TEST_F(DoctorOfAFarm, FindsNothingWhereAllIsWell) {
  const Findings findings = doctor(farm());
  expect_no(findings, Level::kError);
  expect_no(findings, Level::kWarning);
  find(findings, Level::kOk, "answers over MySQL-RPC: 1 group, 2 servers, 0 shard mappings");
  find(findings, Level::kOk, "takes writes (read_only is OFF)");
  find(findings, Level::kOk, "had all of its primary's transactions within");
}

TEST_F(DoctorOfAFarm, GivesTheRightToAskTheNode) {
  run(*node_, "REVOKE EXECUTE ON dump.* FROM patient; REVOKE EXECUTE ON threat.* FROM patient");
  run(*node_, find(doctor(farm()), Level::kError, "may not call").fix.lines);
  expect_no(doctor(farm()), Level::kError);
}

TEST_F(DoctorOfAFarm, GivesTheRightToReport) {
  run(*node_, "REVOKE EXECUTE ON threat.* FROM patient");
  expect_no(doctor(farm("FABRIC_GROUP=pair;FABRIC_REPORT_ERRORS=OFF")), Level::kWarning);
  run(*node_, find(doctor(farm()), Level::kWarning, "takes no reports").fix.lines);
  expect_no(doctor(farm()), Level::kWarning);
}

TEST_F(DoctorOfAFarm, ReportsNothingItself) {
  doctor(farm());
  EXPECT_EQ(value(*node_, "SELECT COUNT(*) AS n FROM fabric.fault_log", "n"), "0");
}

TEST_F(DoctorOfAFarm, TellsAWrongPasswordOfTheNode) {
  const Findings findings =
      doctor(farm("FABRIC_GROUP=pair;FABRIC_USER=app;FABRIC_PASSWORD=wrongpw"));
  EXPECT_TRUE(contains(find(findings, Level::kError, "refused the login").fix.lines,
                       "FABRIC_PASSWORD = ..."));
}

TEST_F(DoctorOfAFarm, LetsAnAccountOfTheNodeInAgain) {
  const std::string account = farm("FABRIC_GROUP=pair;FABRIC_USER=asker;FABRIC_PASSWORD=askerpw");
  run(*node_,
      "CREATE OR REPLACE USER asker IDENTIFIED BY 'askerpw';"
      "GRANT EXECUTE ON dump.* TO asker; GRANT EXECUTE ON threat.* TO asker;"
      "GRANT EXECUTE ON PROCEDURE sharding.lookup_servers TO asker;"
      "ALTER USER asker PASSWORD EXPIRE");
  const Fix renewal = find(doctor(account), Level::kError, "has expired").fix;
  EXPECT_EQ(renewal.where, "as an administrator on the node, in SQL");
  EXPECT_TRUE(contains(renewal.lines, "ALTER USER 'asker'@'HOST' IDENTIFIED BY '...';"));
  run(*node_, "ALTER USER asker IDENTIFIED BY 'askerpw' ACCOUNT LOCK");
  EXPECT_TRUE(contains(find(doctor(account), Level::kError, "is locked").fix.lines,
                       "ALTER USER 'asker'@'HOST' ACCOUNT UNLOCK;"));
  run(*node_, "DROP USER asker");
}

TEST_F(DoctorOfAFarm, TellsAMySqlServerOnTheXmlRpcPort) {
  const Findings findings = doctor(farm("FABRIC_GROUP=pair;FABRIC_PROTOCOL=xmlrpc"));
  EXPECT_EQ(find(findings, Level::kError, "HTTP").fix.lines, "FABRIC_PROTOCOL = mysql");
}

TEST_F(DoctorOfAFarm, TellsAServerThatIsNoNode) {
  const Findings findings =
      doctor("FABRIC_GROUP=pair;UID=app;PWD=apppw;FABRIC_NODES=" + primary_->endpoint().text());
  EXPECT_TRUE(contains(find(findings, Level::kError, "no Fabric node").fix.lines, "mariadb -h"));
}

TEST_F(DoctorOfAFarm, NamesTheNearestGroup) {
  const Findings findings = doctor(farm("FABRIC_GROUP=pear"));
  EXPECT_EQ(find(findings, Level::kError, "the farm has pair").fix.lines, "FABRIC_GROUP = pair");
}

TEST_F(DoctorOfAFarm, AsksForAGroup) {
  EXPECT_EQ(find(doctor(farm("")), Level::kError, "names no group").fix.lines,
            "FABRIC_GROUP = pair");
}

TEST_F(DoctorOfAFarm, TellsAnEmptyGroup) {
  run(*node_, "CALL `group`.`create`('hollow', '', 'true')");
  const Finding hollow = find(doctor(farm("FABRIC_GROUP=hollow")), Level::kError, "no servers");
  EXPECT_TRUE(contains(hollow.fix.lines, "CALL `group`.`add`('hollow', 'host:3306'"));
}

TEST_F(DoctorOfAFarm, TellsAnEmptyFarm) {
  run(*node_, "DELETE FROM fabric.servers; DELETE FROM fabric.groups");
  find(doctor(farm()), Level::kError, "the farm is empty");
}

TEST_F(DoctorOfAFarm, PromotesWhereThereIsNoPrimary) {
  run(*node_, "CALL `group`.demote('pair', 'false', 'true')");
  const Finding none = find(doctor(farm()), Level::kError, "has no primary");
  run(*node_, none.fix.lines);
  const Findings after = doctor(farm());
  EXPECT_FALSE(contains(said_, "has no primary"));
}

TEST_F(DoctorOfAFarm, OpensAPrimaryThatTakesNoWrites) {
  run(*primary_, "SET GLOBAL read_only = 1");
  run(*primary_, find(doctor(farm()), Level::kError, "takes no writes").fix.lines);
  expect_no(doctor(farm()), Level::kError);
}

TEST_F(DoctorOfAFarm, ClosesASecondaryThatTakesWrites) {
  run(*replica_, "SET GLOBAL read_only = 0");
  run(*replica_, find(doctor(farm()), Level::kWarning, "takes writes").fix.lines);
  expect_no(doctor(farm()), Level::kWarning);
}

TEST_F(DoctorOfAFarm, StartsAReplicaThatStoodStill) {
  run(*replica_, "STOP SLAVE; GRANT SLAVE MONITOR ON *.* TO patient");
  std::string start = find(doctor(farm()), Level::kError, "does not replicate").fix.lines;
  run(*replica_, start.substr(0, start.find('\n')));
  run(*replica_, "REVOKE SLAVE MONITOR ON *.* FROM patient");
  expect_no(doctor(farm()), Level::kError);
}

TEST_F(DoctorOfAFarm, SeesALateReplicaWithoutAnyRight) {
  run(*replica_, "STOP SLAVE SQL_THREAD");
  run(*primary_, "CREATE TABLE IF NOT EXISTS test.written (n INT)");
  find(doctor(farm()), Level::kWarning, "more than 2 s behind");
  run(*replica_, "START SLAVE SQL_THREAD");
  find(doctor(farm()), Level::kOk, "had all of its primary's transactions");
}

TEST_F(DoctorOfAFarm, LooksWithTheAdministratorsAccount) {
  question.admin_user = "app";
  question.admin_password = "apppw";
  run(*replica_, "STOP SLAVE");
  find(doctor(farm()), Level::kError, "does not replicate");
  run(*replica_, "START SLAVE");
  await_replication();
  expect_no(doctor(farm()), Level::kError);
  question.admin_password = "wrongpw";
  find(doctor(farm()), Level::kWarning, "refuses the administrator");
}

TEST_F(DoctorOfAFarm, MissesShardedTables) {
  run(*node_, "CALL sharding.create_definition('RANGE', 'pair', 'true')");
  const std::string map = "(SELECT MAX(mapping_id) FROM fabric.shard_maps)";
  run(*node_, "SET @map = " + map +
                  "; CALL sharding.add_table(@map, 'test.missing', 'id', 'true');"
                  "CALL sharding.add_shard(@map, 'pair/1', 'ENABLED', 'true')");
  find(doctor(farm()), Level::kError, "has no table test.missing");
  run(*node_,
      "SET @map = (SELECT MAX(mapping_id) FROM fabric.shard_maps); CALL sharding.add_table(@map, "
      "'secret.orders', 'id', 'true')");
  find(doctor(farm()), Level::kWarning, "may see no table of secret");
  run(*node_, "CALL sharding.remove_table('secret.orders', 'true')");
  run(*primary_, "CREATE TABLE test.missing (n INT)");
  find(doctor(farm()), Level::kError, "has no column id");
  run(*primary_, "ALTER TABLE test.missing ADD id INT");
  find(doctor(farm()), Level::kOk, "has its tables in pair");
  run(*primary_, "DROP TABLE test.missing");
}

TEST_F(DoctorOfAFarm, TellsAMappingWithoutTables) {
  run(*node_, "CALL sharding.create_definition('RANGE', 'pair', 'true')");
  run(*node_,
      "SET @map = (SELECT MAX(mapping_id) FROM fabric.shard_maps);"
      "CALL sharding.add_shard(@map, 'pair/1', 'ENABLED', 'true')");
  find(doctor(farm()), Level::kWarning, "has no tables");
}

TEST_F(DoctorOfAFarm, ReadsATopologyFile) {
  const std::string path = (node_->folder() / "farm.ini").string();
  const std::string dsn =
      "FABRIC_NODES=file:" + path + ";FABRIC_GROUP=pair;UID=patient;PWD=patientpw";
  find(doctor(dsn), Level::kError, "cannot be read");
  std::ofstream(path) << "[group pair]\nserver = " << primary_->endpoint().text()
                      << "\nserver = " << replica_->endpoint().text() << " secondary\n";
  const Findings findings = doctor(dsn);
  expect_no(findings, Level::kError);
  find(findings, Level::kOk, "is in order: 1 group");
  std::ofstream(path) << "[group pair]\nservr = a\n";
  find(doctor(dsn), Level::kError, "farm.ini:2");
  std::ofstream(path) << "[group pair]\nserver = 127.0.0.1:1\n";
  find(doctor(dsn), Level::kError, "nobody listens");
}

class DoctorOfXmlRpc : public DoctorCase {
 protected:
  static std::string dsn(const HttpServer& server, const std::string& more) {
    return "FABRIC_NODES=" + server.endpoint().text() + ";FABRIC_GROUP=g1;UID=patient;" + more;
  }
  static constexpr const char* kLogin = "FABRIC_USER=farm;FABRIC_PASSWORD=secret;";
  HttpServer server_;
  XmlRpcNode node_;
};

TEST_F(DoctorOfXmlRpc, AsksANode) {
  server_.on_request(node_);
  const Findings findings = doctor(dsn(server_, std::string(kLogin) + "FABRIC_PROTOCOL=xmlrpc"));
  find(findings, Level::kOk, "answers over XML-RPC: 1 group, 2 servers, 1 shard mapping");
}

TEST_F(DoctorOfXmlRpc, TellsANodeAskedInTheOtherProtocol) {
  server_.on_request(node_);
  question.timeout = std::chrono::seconds(1);
  const Findings findings = doctor(dsn(server_, std::string(kLogin) + "FABRIC_PROTOCOL=mysql"));
  const auto bad = std::ranges::find(findings, Level::kError, &Finding::level);
  ASSERT_NE(bad, findings.end());
  EXPECT_EQ(bad->fix.lines, "FABRIC_PROTOCOL = xmlrpc");
}

TEST_F(DoctorOfXmlRpc, TellsAWrongPassword) {
  server_.on_request(node_);
  const Findings findings =
      doctor(dsn(server_, "FABRIC_PROTOCOL=xmlrpc;FABRIC_USER=farm;FABRIC_PASSWORD=wrongpw"));
  EXPECT_TRUE(
      contains(find(findings, Level::kError, "refused the login").fix.lines, "FABRIC_USER"));
}

TEST_F(DoctorOfXmlRpc, TellsAnOrdinaryHttpServer) {
  server_.on_request([](const auto&) { return HttpAnswer{"HTTP/1.0 404 Not Found\r\n\r\n"}; });
  const Findings findings = doctor(dsn(server_, "FABRIC_PROTOCOL=xmlrpc"));
  EXPECT_TRUE(
      contains(find(findings, Level::kError, "no Fabric node").fix.lines, "FABRIC_NODES = "));
}

TEST_F(DoctorOfXmlRpc, TellsANodeWhosePortSpeaksTls) {
  const test_support::Certificates certificates;
  HttpServer server(
      {.certificate = certificates.certificate(), .key = certificates.key(), .client_ca = {}});
  server.on_request(node_);
  question.timeout = std::chrono::seconds(2);
  const std::string asked = dsn(server, std::string(kLogin) + "FABRIC_PROTOCOL=xmlrpc");
  const Findings findings = doctor(asked);
  const auto bad = std::ranges::find(findings, Level::kError, &Finding::level);
  ASSERT_NE(bad, findings.end());
  EXPECT_EQ(bad->fix.lines, "FABRIC_SSL_MODE = REQUIRED");
  find(doctor(asked + ";FABRIC_SSL_MODE=REQUIRED"), Level::kOk, "answers over XML-RPC");
}

TEST_F(DoctorOfXmlRpc, TellsANodeWhosePortSpeaksNoTls) {
  server_.on_request(node_);
  question.timeout = std::chrono::seconds(2);
  const Findings findings =
      doctor(dsn(server_, std::string(kLogin) + "FABRIC_PROTOCOL=xmlrpc;FABRIC_SSL_MODE=REQUIRED"));
  const auto bad = std::ranges::find(findings, Level::kError, &Finding::level);
  ASSERT_NE(bad, findings.end());
  EXPECT_TRUE(contains(bad->fix.lines, "ssl_cert = "));
  EXPECT_TRUE(contains(bad->fix.where, "FABRIC_SSL_MODE=DISABLED instead lets whoever listens"));
}

TEST_F(DoctorOfXmlRpc, TellsNodesThatDisagree) {
  server_.on_request(node_);
  HttpServer other;
  XmlRpcNode node;
  node.answer("dump.servers",
              XmlRpcNode::reply("", XmlRpcNode::set({"server_uuid", "group_id", "host", "port",
                                                     "mode", "status", "weight"},
                                                    {})));
  other.on_request(node);
  const Findings findings =
      doctor("FABRIC_NODES=" + server_.endpoint().text() + "," + other.endpoint().text() +
             ";FABRIC_GROUP=g1;UID=patient;FABRIC_PROTOCOL=xmlrpc;" + kLogin);
  find(findings, Level::kWarning, "says other things about the servers");
}

TEST_F(DoctorOfXmlRpc, TellsANodeThatIsDown) {
  server_.stop();
  const Findings findings = doctor(dsn(server_, "FABRIC_PROTOCOL=xmlrpc"));
  find(findings, Level::kError, "nobody listens on port");
  find(findings, Level::kNote, "no node told its servers");
}

}  // namespace
}  // namespace tools::doctor
