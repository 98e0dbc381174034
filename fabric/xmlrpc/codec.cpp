#include "fabric/xmlrpc/codec.h"

#include <utility>
#include <variant>

#include "fabric/xmlrpc/value.h"

namespace fabric::xmlrpc {

namespace {

using Kind = NodeFailure::Kind;
using Type = Value::Kind;

constexpr std::size_t kShown = 200;

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else {
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;  // XML has no control characters
    }
  }
  return result;
}

struct Encoded {
  std::string operator()(int number) const { return "<int>" + std::to_string(number) + "</int>"; }
  std::string operator()(const std::string& text) const {
    return "<string>" + escaped(text) + "</string>";
  }
  std::string operator()(RpcFlag) const { return "<boolean>0</boolean>"; }
};

/// The node's own words for a method that it does not have.
bool method_unknown(const std::string& fault) {
  return fault.find("is not supported") != std::string::npos;
}

NodeFailure fault_of(const Value& fault, const std::string& procedure) {
  const Value* text = fault.member("faultString");
  const std::string words = text == nullptr ? "no reason given" : text->text.substr(0, kShown);
  if (method_unknown(words)) {
    return {Kind::kRefused, "it does not know " + procedure +
                                ", so it is no Fabric node, or one older than 1.4.2 (" + words +
                                ")"};
  }
  return failed_command(procedure, words);
}

const std::vector<Value>& items_of(const Value* value, Type type, const char* what) {
  if (value != nullptr && value->kind == type) return value->items;
  throw malformed_answer(std::string("its answer has no ") + what);
}

RpcTable::Cell cell_of(const Value& value) {
  if (value.kind == Type::kNil) return {};
  if (value.kind == Type::kArray || value.kind == Type::kStruct) {
    throw malformed_answer("its answer has a list where a value belongs");
  }
  return rpc_cell(value.text);
}

RpcTable table_of(const Value& set, const std::string& procedure) {
  RpcTable table;
  const Value* info = set.member("info");
  const Value* names = info == nullptr ? nullptr : info->member("names");
  for (const Value& name : items_of(names, Type::kArray, "names of columns")) {
    table.names.push_back(name.text);
  }
  const auto& rows = items_of(set.member("rows"), Type::kArray, "rows");
  if (rows.size() > kMostRpcRows) throw too_many_rows(procedure);
  table.rows.reserve(rows.size());
  for (const Value& row : rows) {
    const auto& cells = items_of(&row, Type::kArray, "list of values as a row");
    if (cells.size() != table.names.size()) {
      throw malformed_answer("its answer has a row of " + std::to_string(cells.size()) +
                             " values in " + std::to_string(table.names.size()) + " columns");
    }
    auto& target = table.rows.emplace_back();
    target.reserve(cells.size());
    for (const Value& cell : cells) target.push_back(cell_of(cell));
  }
  return table;
}

void check_format(const std::vector<Value>& members, const std::string& procedure) {
  if (members.size() == 5 && members[0].kind == Type::kInteger && members[0].text == "1") return;
  const bool old = !members.empty() && members[0].kind != Type::kInteger;
  if (!old) {
    throw malformed_answer("its answer to " + procedure + " is not in format 1 of MySQL Fabric");
  }
  throw NodeFailure(Kind::kRefused,
                    "it answers in the format of MySQL Fabric before 1.5.1: upgrade the node");
}

}  // namespace

std::string encode_call(const RpcCall& call) {
  // The name on one line with its tags: a node's permission check searches for that text.
  std::string text = "<?xml version=\"1.0\"?>\n<methodCall><methodName>" + escaped(call.procedure) +
                     "</methodName><params>";
  for (const RpcArgument& argument : call.arguments) {
    text += "<param><value>" + std::visit(Encoded(), argument) + "</value></param>";
  }
  return text + "</params></methodCall>";
}

RpcAnswer decode_reply(std::string_view body, const std::string& procedure) {
  const Response response = parse_response(body);
  if (response.fault) throw fault_of(response.value, procedure);
  const auto& members = items_of(&response.value, Type::kArray, "list of five members");
  check_format(members, procedure);
  if (!members[3].text.empty()) throw failed_command(procedure, members[3].text.substr(0, kShown));
  RpcAnswer answer{.ttl = rpc_ttl(members[2].text), .tables = {}};
  const auto& sets = items_of(&members[4], Type::kArray, "list of result sets");
  if (sets.size() > kMostRpcTables) throw malformed_answer("its answer has no end");
  for (const Value& set : sets) answer.tables.push_back(table_of(set, procedure));
  return answer;
}

}  // namespace fabric::xmlrpc
