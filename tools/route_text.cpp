#include "tools/route_text.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace tools {
namespace {

/// By level of docs/routing.md.
constexpr std::array<const char*, 6> kDeciders{
    "it runs where the session is",        "the statement's own word", "the connection's settings",
    "the sharded tables in the statement", "the data source's group",  "the global group"};

std::string decider(int level) {
  return level >= 0 && level < static_cast<int>(kDeciders.size())
             ? kDeciders.at(static_cast<std::size_t>(level))
             : "level " + std::to_string(level);
}

std::string line(std::string name, const std::string& value) {
  constexpr std::size_t kMargin = 9;
  if (value.empty()) return {};
  name.resize(kMargin, ' ');
  return name + value + "\n";
}

Poco::JSON::Array list_of(std::string_view servers) {
  Poco::JSON::Array list;
  while (!servers.empty()) {
    const std::size_t comma = std::min(servers.find(','), servers.size());
    list.add(std::string(servers.substr(0, comma)));
    servers.remove_prefix(std::min(comma + 1, servers.size()));
  }
  return list;
}

}  // namespace

std::string route_text(const RouteAnswer& answer) {
  if (answer.refused()) return line("refused", answer.reason);
  return line("group", answer.group) + line("mode", answer.mode) +
         line("server", answer.server.empty() ? "none may serve now" : answer.server) +
         line("mapping", answer.mapping) + line("by", decider(answer.level)) +
         line("why", answer.reason);
}

std::string route_json(const std::string& sql, const RouteAnswer& answer) {
  Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
  object.set("statement", sql);
  object.set("refused", answer.refused());
  object.set("level", answer.level);
  if (!answer.refused()) {
    object.set("group", answer.group);
    object.set("mode", answer.mode);
    object.set("servers", list_of(answer.server));
  }
  if (!answer.mapping.empty()) object.set("mapping_id", std::stoi(answer.mapping));
  object.set("reason", answer.reason);
  std::ostringstream text;
  object.stringify(text, 2);
  return text.str() + "\n";
}

}  // namespace tools
