// The first connection of a process: what a farm costs beside a plain DSN, until a row is there.
//   cold_start [ROUNDS]
// boots a MariaDB server with the Fabric node in SQL, and an XML-RPC node that answers for the same
// farm; then a process of its own connects by each DSN in turn, and says how long that took.
#include <dlfcn.h>
#include <mysql.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/sql_node.h"
#include "tests/support/test_server.h"
#include "tests/support/xmlrpc_node.h"

namespace {

using test_support::OdbcConnection;
using test_support::OdbcEnvironment;
using test_support::OdbcStatement;

constexpr const char* kPlain = "SELECT 1";
constexpr std::string_view kCApi = "c_api:";
constexpr const char* kSharded = "SELECT total FROM shop.orders WHERE id = 1";

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

/// What a login and a query cost without any driver.
double by_c_api(const std::string& port, const std::string& sql) {
  const auto begun = Clock::now();
  MYSQL* mysql = mysql_init(nullptr);
  const auto number = static_cast<unsigned>(std::stoul(port));
  if (mysql_real_connect(mysql, "127.0.0.1", "app", "apppw", "test", number, nullptr, 0) ==
          nullptr ||
      mysql_query(mysql, sql.c_str()) != 0) {
    std::exit(1);
  }
  MYSQL_RES* result = mysql_store_result(mysql);
  mysql_fetch_row(result);
  const double taken = milliseconds_since(begun);
  mysql_free_result(result);
  mysql_close(mysql);
  return taken;
}

/// From before SQLDriverConnect to the first row, in milliseconds. The driver and its libraries are
/// in memory already: loading them costs the same whatever is connected to.
double connect_and_ask(const std::string& string, const std::string& sql) {
  const OdbcEnvironment environment;
  OdbcConnection connection(environment);
  const char* given = std::getenv("FABRIC_ODBC_DRIVER_UNDER_TEST");
  if (dlopen(given == nullptr ? FABRIC_ODBC_LIBRARY : given, RTLD_NOW) == nullptr) std::exit(1);
  const auto begun = Clock::now();
  connection.connect(string);
  OdbcStatement(connection).value(sql);
  return milliseconds_since(begun);
}

double in_own_process(const std::string& program, const std::string& string,
                      const std::string& sql) {
  const std::string command = "'" + program + "' --once '" + string + "' '" + sql + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  double milliseconds = 0;
  if (!output || std::fscanf(output.get(), "%lf", &milliseconds) != 1) std::exit(1);
  return milliseconds;
}

/// shop.orders in one shard, s1, which is the same server by its other name.
void fill(const test_support::TestServer& server) {
  install_sql_node(server);
  const OdbcEnvironment environment;
  OdbcConnection admin(environment);
  admin.connect(test_support::connection_string(server.endpoint()));
  const std::string port = std::to_string(server.endpoint().port);
  for (const std::string& sql :
       {std::string("CREATE DATABASE shop"),
        std::string("CREATE TABLE shop.orders (id INT PRIMARY KEY, total INT)"),
        std::string("INSERT INTO shop.orders VALUES (1, 10)"),
        std::string("CALL `group`.`create`('g1', '', 'true')"),
        std::string("CALL `group`.`create`('s1', '', 'true')"),
        "CALL server.register('u1', '127.0.0.1:" + port + "')",
        "CALL server.register('u2', 'localhost:" + port + "')",
        "CALL `group`.`add`('g1', '127.0.0.1:" + port + "', 5, 'false', 'true')",
        "CALL `group`.`add`('s1', 'localhost:" + port + "', 5, 'false', 'true')",
        std::string("CALL `group`.promote('g1', 'u1', 'false', 'true')"),
        std::string("CALL `group`.promote('s1', 'u2', 'false', 'true')"),
        std::string("CALL sharding.create_definition('RANGE', 'g1', 'true')"),
        std::string("CALL sharding.add_table(1, 'shop.orders', 'id', 'true')"),
        std::string("CALL sharding.add_shard(1, 's1/1', 'ENABLED', 'true')")}) {
    OdbcStatement(admin).execute(sql);
  }
}

/// The same farm over XML-RPC.
test_support::XmlRpcNode xmlrpc_node(std::uint16_t port) {
  using test_support::XmlRpcNode;
  const auto text = [](const std::string& value) { return "<string>" + value + "</string>"; };
  const auto number = [](int value) { return "<int>" + std::to_string(value) + "</int>"; };
  const auto server = [&](const std::string& uuid, const std::string& group,
                          const std::string& host) {
    return std::vector<std::string>{
        text(uuid), text(group),           text(host), number(port), number(3),
        number(3),  "<double>1.0</double>"};
  };
  XmlRpcNode node;
  node.answer("dump.servers",
              XmlRpcNode::reply(
                  "", XmlRpcNode::set(
                          {"server_uuid", "group_id", "host", "port", "mode", "status", "weight"},
                          {server("u1", "g1", "127.0.0.1"), server("u2", "s1", "localhost")})));
  node.answer(
      "dump.shard_index",
      XmlRpcNode::reply("", XmlRpcNode::set({"lower_bound", "mapping_id", "shard_id", "group_id"},
                                            {{text("1"), number(1), number(1), text("s1")}})));
  return node;
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void measure(const std::string& program, int rounds) {
  const test_support::TestServer server(test_support::ServerKind::kMariaDb);
  fill(server);
  const std::uint16_t port = server.endpoint().port;
  test_support::HttpServer http;
  http.on_request(xmlrpc_node(port));
  const std::string farm = "DRIVER={fabric};UID=app;PWD=apppw;FABRIC_GROUP=g1;FABRIC_NODES=";
  const std::string sql_node =
      farm + "127.0.0.1:" + std::to_string(port) + ";FABRIC_PROTOCOL=mysql";
  const std::string xml_node = farm + http.endpoint().text() +
                               ";FABRIC_PROTOCOL=xmlrpc;FABRIC_USER=farm;FABRIC_PASSWORD=secret";
  struct Candidate {
    std::string name, string, sql;
  };
  const std::vector<Candidate> candidates{
      {"C API", std::string(kCApi) + std::to_string(port), kPlain},
      {"plain DSN", test_support::connection_string(server.endpoint()), kPlain},
      {"MySQL-RPC, SELECT 1", sql_node, kPlain},
      {"MySQL-RPC, one row of a shard", sql_node, kSharded},
      {"XML-RPC, SELECT 1", xml_node, kPlain},
      {"XML-RPC, one row of a shard", xml_node, kSharded}};
  std::map<std::string, std::vector<double>> taken;
  for (int round = 0; round < rounds; ++round) {
    for (const Candidate& one : candidates) {
      taken[one.name].push_back(in_own_process(program, one.string, one.sql));
    }
  }
  std::printf(
      "| first connection and row | median, ms | 10 %% below | 90 %% below |\n|---|---|---|---|\n");
  for (const Candidate& one : candidates) {
    const std::vector<double>& values = taken[one.name];
    std::printf("| %s | %.2f | %.2f | %.2f |\n", one.name.c_str(), quantile(values, 0.5),
                quantile(values, 0.1), quantile(values, 0.9));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  test_support::use_private_odbc_configuration();
  if (argc == 4 && arguments[1] == "--once") {
    const std::string& where = arguments[2];
    std::printf("%f\n", where.starts_with(kCApi)
                            ? by_c_api(where.substr(kCApi.size()), arguments[3])
                            : connect_and_ask(where, arguments[3]));
    return 0;
  }
  measure(arguments[0], argc > 1 ? std::atoi(arguments[1].c_str()) : 100);
  return 0;
}
