#include "tests/support/xmlrpc_node.h"

#include <Poco/Net/HTTPAuthenticationParams.h>

#include "fabric/xmlrpc/digest_auth.h"

namespace test_support {

namespace {

using fabric::base::MutexLock;

const fabric::xmlrpc::DigestLogin kLogin{"farm", "secret"};

std::string text(const std::string& value) { return "<string>" + value + "</string>"; }
std::string number(int value) { return "<int>" + std::to_string(value) + "</int>"; }

std::string array(const std::vector<std::string>& values) {
  std::string xml = "<array><data>";
  for (const std::string& value : values) xml += "<value>" + value + "</value>\n";
  return xml + "</data></array>";
}

std::string method_of(const std::string& body) {
  const std::string open = "<methodName>";
  const std::size_t start = body.find(open);
  if (start == std::string::npos) return {};
  return body.substr(start + open.size(), body.find('<', start + 1) - start - open.size());
}

/// The same Authorization as a right client would send for the challenge in it.
bool right_digest(const Poco::Net::HTTPAuthenticationParams& given) {
  const fabric::xmlrpc::DigestChallenge challenge{"MySQL Fabric", given.get("nonce"),
                                                  given.get("opaque")};
  const auto count = static_cast<unsigned>(std::stoul(given.get("nc"), nullptr, 16));
  const std::string wanted =
      fabric::xmlrpc::digest_authorization(challenge, kLogin, count, given.get("cnonce"));
  const Poco::Net::HTTPAuthenticationParams right(wanted.substr(7));
  return given.get("username") == kLogin.user && given.get("response") == right.get("response");
}

}  // namespace

XmlRpcNode::XmlRpcNode() : state_(std::make_shared<State>()) {
  const std::vector<std::string> server{"server_uuid", "group_id", "host",  "port",
                                        "mode",        "status",   "weight"};
  answer("dump.servers",
         reply("", set(server, {{text("u1"), text("g1"), text("127.0.0.1"), number(3306), number(3),
                                 number(3), "<double>1.0</double>"},
                                {text("u2"), text("g1"), text("127.0.0.1"), number(3307), number(1),
                                 number(2), "<double>0.5</double>"}})));
  answer("dump.shard_maps", reply("", set({"mapping_id", "type_name", "global_group_id"},
                                          {{number(1), text("RANGE"), text("None")}})));
  answer("dump.shard_tables",
         reply("", set({"schema_name", "table_name", "column_name", "mapping_id"},
                       {{text("shop"), text("orders"), text("id"), number(1)}})));
  answer("dump.shard_index", reply("", set({"lower_bound", "mapping_id", "shard_id", "group_id"},
                                           {{text("1"), number(1), number(1), text("s1")},
                                            {text("100"), number(1), number(2), text("s2")}})));
  for (const char* report : {"threat.report_error", "threat.report_failure"}) {
    answer(report, reply("", set({"uuid"}, {{text("job")}})));
  }
}

void XmlRpcNode::answer(const std::string& command, const std::string& body) {
  MutexLock lock(state_->mutex);
  state_->answers[command] = body;
}

void XmlRpcNode::disable_login() {
  MutexLock lock(state_->mutex);
  state_->login_off = true;
}

void XmlRpcNode::forget_nonces() {
  MutexLock lock(state_->mutex);
  state_->nonces.clear();
}

void XmlRpcNode::announce_realm(const std::string& realm) {
  MutexLock lock(state_->mutex);
  state_->realm = realm;
}

std::size_t XmlRpcNode::challenges() const {
  MutexLock lock(state_->mutex);
  return state_->challenges;
}

HttpAnswer XmlRpcNode::challenge() const {
  const std::string nonce = "bm9uY2U=" + std::to_string(++state_->challenges);
  state_->nonces[nonce] = 0;
  return {
      "HTTP/1.0 401 Unauthorized\r\nServer: BaseHTTP/0.3 Python/2.7.18\r\n"
      "WWW-Authenticate: Digest realm=\"" +
      state_->realm + "\", nonce=\"" + nonce +
      "\", algorithm=\"MD5\", opaque=\"a5951bb2bf094e52afad93969b6c15de\", qop=\"auth\"\r\n"
      "\r\n\r\n"};
}

HttpAnswer XmlRpcNode::operator()(const HttpServer::Request& request) const {
  MutexLock lock(state_->mutex);
  const std::string given = request.header("Authorization");
  if (!state_->login_off) {
    if (given.empty()) return challenge();
    const Poco::Net::HTTPAuthenticationParams fields(given.substr(7));
    const auto count = static_cast<unsigned>(std::stoul(fields.get("nc"), nullptr, 16));
    unsigned& used = state_->nonces[fields.get("nonce")];
    if (count != used + 1) return {};  // an error within the node: no byte
    if (!right_digest(fields)) return {"HTTP/1.0 400 Bad Request\r\nServer: BaseHTTP/0.3\r\n"};
    used = count;
  }
  const std::string method = method_of(request.body);
  if (method.empty()) return {"HTTP/1.0 400 Bad Request\r\nContent-length: 0\r\n\r\n"};
  const auto found = state_->answers.find(method);
  if (found != state_->answers.end()) return ok(found->second);
  return ok(
      fault("&lt;type 'exceptions.Exception'&gt;:method \"" + method + "\" is not supported"));
}

std::string XmlRpcNode::reply(const std::string& error, const std::string& sets) {
  return "<?xml version='1.0'?>\n<methodResponse><params><param><value>" +
         array({number(1), text("5ca1ab1e-a007-feed-f00d-cab3fe13249e"), number(3), text(error),
                array(sets.empty() ? std::vector<std::string>{} : std::vector{sets})}) +
         "</value></param></params></methodResponse>";
}

std::string XmlRpcNode::set(const std::vector<std::string>& names, const Rows& rows) {
  std::vector<std::string> lines, titles;
  for (const auto& row : rows) lines.push_back(array(row));
  for (const auto& name : names) titles.push_back(text(name));
  return "<struct><member><name>info</name><value><struct><member><name>names</name><value>" +
         array(titles) +
         "</value></member></struct></value></member><member><name>rows</name><value>" +
         array(lines) + "</value></member></struct>";
}

std::string XmlRpcNode::fault(const std::string& words) {
  return "<?xml version='1.0'?><methodResponse><fault><value><struct><member><name>faultCode</name>"
         "<value><int>1</int></value></member><member><name>faultString</name><value>" +
         text(words) + "</value></member></struct></value></fault></methodResponse>";
}

HttpAnswer XmlRpcNode::ok(const std::string& body) {
  return {
      "HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.3 Python/2.7.18\r\nContent-type: text/xml\r\n"
      "Content-length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body};
}

}  // namespace test_support
