// Each Fabric node: is it there, does it speak the protocol that it is asked in, may this account
// call what the driver calls, do all say the same.
#include <algorithm>
#include <future>

#include "driver/settings/connect_remedy.h"
#include "driver/settings/farm_options.h"
#include "fabric/farm_questions.h"
#include "fabric/rpc_source.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"
#include "tools/doctor/reach.h"

namespace tools::doctor {
namespace {

using fabric::NodeFailure;
using fabric::RpcProtocol;
using fabric::base::Endpoint;
using fabric::mysql::TlsMode;
using Kind = fabric::NodeFailure::Kind;

constexpr int kMayNotCall = 1370;
/// Of no server: the report of its fault changes nothing, wherever it comes to.
constexpr const char* kNoServer = "00000000-0000-0000-0000-000000000000";

struct NodeLook {
  Endpoint node;
  Reach reach;
  std::optional<fabric::Topology::Content> content{};
  std::optional<NodeFailure> failure{};
  std::optional<NodeFailure> report_failure{};  ///< why it would take no report
  std::string other_way{};                      ///< the line with which it would answer
  bool no_tls = false;                          ///< it would answer without TLS
};

const char* protocol_name(RpcProtocol protocol) {
  return protocol == RpcProtocol::kXmlRpc ? "XML-RPC" : "MySQL-RPC";
}

/// What a node in another protocol would not say.
bool speaks(const NodeFailure& failure) {
  return failure.kind() == Kind::kDenied || failure.kind() == Kind::kCommand ||
         failure.native() == kMayNotCall || account_statement(failure.native(), "").has_value();
}

/// How the DSN's nodes are asked, and how one is looked at.
class NodeAsker {
 public:
  explicit NodeAsker(Examination& examination)
      : examination_(examination), options_(driver::settings::rpc_options(*examination.settings)) {}

  [[nodiscard]] const fabric::RpcOptions& options() const { return options_; }

  [[nodiscard]] NodeLook look(const Endpoint& node) const {
    const Progress::Step step(examination_.progress, "asking the Fabric node " + node.text());
    const fabric::base::Deadline deadline = examination_.deadline();
    NodeLook look{.node = node, .reach = reach(node, deadline)};
    if (!look.reach.connected()) return look;
    const auto link = fabric::node_link(node, options_, examination_.watchdog);
    const auto call = [&](const fabric::RpcCall& wanted) { return link->call(wanted, deadline); };
    try {
      look.content = fabric::ask_for_all(call);
    } catch (const NodeFailure& failure) {
      look.failure = failure;
      if (!speaks(failure)) find_other_way(look);
      return look;
    }
    if (examination_.settings->fabric.farm.reports != fabric::ReportPolicy::kOff) {
      look.report_failure = try_report(call);
    }
    return look;
  }

 private:
  static std::optional<NodeFailure> try_report(const fabric::NodeClient::Caller& call) {
    try {
      call(fabric::report_call({.kind = fabric::ReportKind::kError,
                                .server_uuid = kNoServer,
                                .reporter = "fabricctl doctor",
                                .error = "none"}));
    } catch (const NodeFailure& failure) {
      if (failure.kind() != Kind::kCommand) return failure;  // it took the call, and knows no such
    }
    return {};
  }

  /// The node may be as it should, and the DSN wrong.
  void find_other_way(NodeLook& look) const {
    const bool xml = protocol_of(look.node, options_) == RpcProtocol::kXmlRpc;
    fabric::RpcOptions other = options_;
    other.protocol = xml ? RpcProtocol::kMysql : RpcProtocol::kXmlRpc;
    if (answers(look.node, other)) {
      look.other_way = xml ? "FABRIC_PROTOCOL = mysql" : "FABRIC_PROTOCOL = xmlrpc";
      return;
    }
    if (!xml) return;
    other.protocol = RpcProtocol::kXmlRpc;
    TlsMode& tls = other.credentials.tls.mode;
    tls = tls == TlsMode::kDisabled ? TlsMode::kRequired : TlsMode::kDisabled;
    if (tls == TlsMode::kDisabled) {  // whether it speaks is enough: no login without TLS
      other.credentials.user.clear();
      other.credentials.password.clear();
    }
    if (!answers(look.node, other)) return;
    look.no_tls = tls == TlsMode::kDisabled;
    if (!look.no_tls) look.other_way = "FABRIC_SSL_MODE = REQUIRED";
  }

  [[nodiscard]] bool answers(const Endpoint& node, const fabric::RpcOptions& options) const {
    try {
      fabric::node_link(node, options, examination_.watchdog)
          ->call({"dump.servers", {0, ""}}, examination_.deadline());
      return true;
    } catch (const NodeFailure& failure) {
      return speaks(failure);
    }
  }

  Examination& examination_;
  const fabric::RpcOptions options_;
};

Fix grant_fix(const NodeLook& look, const std::string& user, RpcProtocol protocol) {
  if (protocol == RpcProtocol::kXmlRpc || look.node.port == fabric::kMysqlRpcPort) {
    return {.where = "give it the role 'connector', in a shell on " + look.node.host,
            .lines = "mysqlfabric user roles " + shell_quoted(user)};
  }
  const NodeFailure& refusal = look.failure ? *look.failure : *look.report_failure;
  const std::string told =
      driver::settings::account_in(static_cast<unsigned>(kMayNotCall), user, refusal.what());
  const std::string account = told.empty() ? driver::settings::account_anywhere(user) : told;
  const std::string query = told.empty() ? host_lines(user) : "";
  // A server does not tell those without rights whether it has the procedures.
  return {.where = "if this is a Fabric node, as an administrator on it, in SQL",
          .lines = query + "GRANT EXECUTE ON dump.* TO " + account +
                   ";\nGRANT EXECUTE ON threat.* TO " + account +
                   ";\nGRANT EXECUTE ON PROCEDURE sharding.lookup_servers TO " + account + ";"};
}

/// A real node's MySQL-RPC port has no TLS to offer.
Fix node_tls_fix(const Endpoint& node, RpcProtocol protocol) {
  const std::string weaker = "FABRIC_SSL_MODE=DISABLED";
  if (protocol == RpcProtocol::kXmlRpc) {
    return {.where = "in the node's fabric.cfg, section [protocol.xmlrpc], then restart it; " +
                     weaker + " instead lets whoever listens read it all",
            .lines =
                "ssl_ca = /etc/mysql/ca.pem\nssl_cert = /etc/mysql/server-cert.pem\n"
                "ssl_key = /etc/mysql/server-key.pem"};
  }
  if (node.port != fabric::kMysqlRpcPort) return certificate_fix(weaker);
  return {.where = "ask its XML-RPC port, which can have TLS (FABRIC_NODES = " + node.host + ":" +
                   std::to_string(fabric::kXmlRpcPort) + "); " + weaker +
                   " lets whoever listens read it all"};
}

Fix failure_fix(const Examination& examination, const NodeLook& look,
                const fabric::RpcOptions& options) {
  const NodeFailure& failure = *look.failure;
  const RpcProtocol protocol = protocol_of(look.node, options);
  const std::string text = failure.what();
  if (!look.other_way.empty()) return examination.ini_fix(look.other_way);
  if (failure.kind() == Kind::kDenied) {
    return examination.ini_fix("FABRIC_USER = user\nFABRIC_PASSWORD = ...");
  }
  if (failure.native() == kMayNotCall || text.find("may not call") != std::string::npos) {
    return grant_fix(look, options.credentials.user, protocol);
  }
  const std::string& user = options.credentials.user;
  const std::string account = driver::settings::account_anywhere(user);
  if (const auto statement = account_statement(failure.native(), account)) {
    return {.where = "as an administrator on the node, in SQL",
            .lines = host_lines(user) + *statement};
  }
  if (look.no_tls || text.find("offers no TLS") != std::string::npos) {
    return node_tls_fix(look.node, protocol);
  }
  if (text.find("Validation of SSL server certificate failed") != std::string::npos) {
    return names_fix(look.node);
  }
  if (text.find("TLS cannot be agreed upon") != std::string::npos) {
    return examination.ini_fix("FABRIC_SSL_CA = /path/of/the/authority.pem");
  }
  if (text.find("fabric/node/*.sql") != std::string::npos) {
    return {.where = "name a Fabric node in FABRIC_NODES; or make this server one, in a shell",
            .lines = "for file in " + installed_file("node") + "/*.sql; do mariadb " +
                     client_options(look.node) + " -u root -p < \"$file\" || break; done"};
  }
  return examination.ini_fix("FABRIC_NODES = host:32275");
}

std::string content_words(const fabric::Topology::Content& content) {
  std::vector<std::string> groups;
  for (const fabric::Server& server : content.servers) {
    if (std::ranges::find(groups, server.group) == groups.end()) groups.push_back(server.group);
  }
  return std::to_string(groups.size()) + (groups.size() == 1 ? " group, " : " groups, ") +
         std::to_string(content.servers.size()) +
         (content.servers.size() == 1 ? " server, " : " servers, ") +
         std::to_string(content.shard_maps.size()) +
         (content.shard_maps.size() == 1 ? " shard mapping" : " shard mappings");
}

/// `level` of a node that is of no use: where another one is, the DSN works.
void say(Examination& examination, const NodeLook& look, const fabric::RpcOptions& options,
         Level level) {
  Report& report = examination.report;
  const std::string subject = "node " + look.node.text();
  if (!look.reach.connected()) {
    const Unreached why = unreached(look.node, look.reach, "the Fabric node");
    return report.add({.level = level, .subject = subject, .text = why.text, .fix = why.fix});
  }
  if (look.failure) {
    return report.add({.level = level,
                       .subject = subject,
                       .text = look.failure->what(),
                       .fix = failure_fix(examination, look, options)});
  }
  const RpcProtocol protocol = protocol_of(look.node, options);
  report.ok(subject, std::string("answers over ") + protocol_name(protocol) + ": " +
                         content_words(*look.content));
  if (look.report_failure) {
    report.warning(subject,
                   "takes no reports of faults: " + std::string(look.report_failure->what()),
                   grant_fix(look, options.credentials.user, protocol));
  }
}

void compare(Examination& examination, const NodeLook& first, const NodeLook& other) {
  if (first.content->servers == other.content->servers) return;
  examination.report.warning(
      "node " + other.node.text(),
      "says other things about the servers than " + first.node.text() +
          ": they are not nodes of one farm, or one of them has fallen behind",
      {.where = "compare them, in a shell",
       .lines = "fabricctl topology " + first.node.text() + "\nfabricctl topology " +
                other.node.text()});
}

}  // namespace

void check_nodes(Examination& examination) {
  const std::vector<Endpoint>& nodes = examination.settings->fabric.nodes;
  if (nodes.empty()) return;
  const NodeAsker asker(examination);
  std::vector<std::future<NodeLook>> waiting;
  for (const Endpoint& node : nodes) {
    waiting.push_back(std::async(std::launch::async, [&asker, &node] { return asker.look(node); }));
  }
  std::vector<NodeLook> looks;
  for (auto& one : waiting) looks.push_back(one.get());
  const auto first =
      std::ranges::find_if(looks, [](const NodeLook& look) { return look.content.has_value(); });
  const Level level = first == looks.end() ? Level::kError : Level::kWarning;
  for (const NodeLook& look : looks) {
    say(examination, look, asker.options(), level);
    if (look.content && &look != &*first) compare(examination, *first, look);
  }
  if (first == looks.end()) {
    examination.unusable = true;
    examination.report.note("farm", "no node told its servers: they were not looked at");
    return;
  }
  examination.sql_node = first->node.port != fabric::kMysqlRpcPort &&
                         protocol_of(first->node, asker.options()) == RpcProtocol::kMysql;
  examination.topology = std::make_shared<const fabric::Topology>(*first->content, 1, false);
}

}  // namespace tools::doctor
