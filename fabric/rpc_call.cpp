#include "fabric/rpc_call.h"

#include <algorithm>
#include <charconv>

namespace fabric {

namespace {

using Kind = NodeFailure::Kind;

constexpr std::chrono::hours kLongestTtl{24 * 365};

}  // namespace

NodeFailure malformed_answer(const std::string& text) { return {Kind::kMalformed, text}; }

NodeFailure too_many_rows(const std::string& procedure) {
  return malformed_answer("its answer to " + procedure + " has more than " +
                          std::to_string(kMostRpcRows) + " rows");
}

NodeFailure failed_command(const std::string& procedure, const std::string& message) {
  std::string text = procedure + " failed at the node: " + message;
  if (message.find("codec can't") != std::string::npos) {
    text +=
        "; a group, table, column or host has a name with non-ASCII characters, which MySQL "
        "Fabric cannot send: rename it";
  }
  return {Kind::kCommand, text};
}

RpcTable::Cell rpc_cell(std::string_view text) {
  if (text == "None") return {};
  return std::string(text);
}

base::Duration rpc_ttl(const std::string& text) {
  std::int64_t ttl = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ttl);
  if (error != std::errc() || end != text.data() + text.size() || ttl < 0) {
    throw malformed_answer("it gave '" + text.substr(0, 40) + "' as the TTL of its answer");
  }
  return std::min<std::chrono::seconds>(std::chrono::seconds(ttl), kLongestTtl);
}

std::size_t RpcTable::column(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw malformed_answer("its answer has no column '" + std::string(name) + "'");
  }
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace fabric
