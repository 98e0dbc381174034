#include "tools/topology/changes.h"

#include <Poco/JSON/Object.h>

#include <algorithm>
#include <sstream>

#include "fabric/names.h"

namespace tools::topology {
namespace {

using fabric::Group;
using fabric::Server;
using fabric::ShardMap;
using fabric::Topology;

constexpr const char* kMember = "member";
constexpr const char* kMapping = "mapping";
constexpr const char* kIn = "in";
constexpr const char* kOut = "out";

const Server* find(const Group* group, const std::string& uuid) {
  if (group == nullptr) return nullptr;
  const auto found = std::ranges::find(group->servers, uuid, &Server::uuid);
  return found == group->servers.end() ? nullptr : &*found;
}

std::string role_of(const Server& server) {
  return fabric::status_name(server.status) + " " + fabric::mode_name(server.mode);
}

class Comparison {
 public:
  Comparison(const Topology& before, const Topology& after) : before_(before), after_(after) {}

  std::vector<Change> run() {
    for (const auto& [name, group] : before_.groups()) {
      for (const Server& server : group.servers) {
        if (find(after_.find_group(name), server.uuid) == nullptr) {
          add(server, kMember, role_of(server), kOut);
        }
      }
    }
    for (const auto& [name, group] : after_.groups()) {
      for (const Server& server : group.servers) {
        compare(find(before_.find_group(name), server.uuid), server);
      }
    }
    compare_mappings();
    return std::move(changes_);
  }

 private:
  void add(const Server& server, const char* what, std::string from, std::string to) {
    if (from == to) return;
    changes_.push_back({.group = server.group,
                        .uuid = server.uuid,
                        .server = server.endpoint.text(),
                        .what = what,
                        .from = std::move(from),
                        .to = std::move(to)});
  }

  void compare(const Server* was, const Server& is) {
    if (was == nullptr) return add(is, kMember, role_of(is), kIn);
    add(is, "address", was->endpoint.text(), is.endpoint.text());
    add(is, "status", fabric::status_name(was->status), fabric::status_name(is.status));
    add(is, "mode", fabric::mode_name(was->mode), fabric::mode_name(is.mode));
    add(is, "weight", fabric::weight_text(was->weight), fabric::weight_text(is.weight));
  }

  void add_mapping(const ShardMap& map, const char* what) {
    changes_.push_back({.group = {},
                        .uuid = {},
                        .server = {},
                        .what = kMapping,
                        .from = std::to_string(map.mapping_id),
                        .to = what});
  }

  void compare_mappings() {
    const auto& old_maps = before_.content().shard_maps;
    const auto& new_maps = after_.content().shard_maps;
    for (const ShardMap& map : old_maps) {
      const auto same = std::ranges::find(new_maps, map.mapping_id, &ShardMap::mapping_id);
      if (same == new_maps.end()) {
        add_mapping(map, kOut);
      } else if (!(*same == map)) {
        add_mapping(map, "changed");
      }
    }
    for (const ShardMap& map : new_maps) {
      const auto same = std::ranges::find(old_maps, map.mapping_id, &ShardMap::mapping_id);
      if (same == old_maps.end()) add_mapping(map, kIn);
    }
  }

  const Topology& before_;
  const Topology& after_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_between(const Topology& before, const Topology& after) {
  return Comparison(before, after).run();
}

std::string change_text(const Change& change) {
  if (change.what == kMapping) {
    return "mapping " + change.from +
           (change.to == kIn    ? " is new"
            : change.to == kOut ? " is gone"
                                : " has changed");
  }
  const std::string who = change.group + ": " + change.server;
  if (change.what != kMember) {
    return who + ": " + change.what + " " + change.from + " -> " + change.to;
  }
  return change.to == kIn
             ? who + " is in: " + change.from
             : who + " is out: no longer listed (FAULTY, or removed), was " + change.from;
}

std::string change_json(const std::string& time, const Change& change) {
  Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
  object.set("time", time);
  object.set("change", change.what);
  if (change.what == kMapping) {
    object.set("mapping_id", std::stoi(change.from));
  } else {
    object.set("group", change.group);
    object.set("server", change.server);
    object.set("uuid", change.uuid);
    object.set(change.what == kMember ? "role" : "from", change.from);
  }
  object.set("to", change.to);
  std::ostringstream text;
  object.stringify(text);
  return text.str();
}

}  // namespace tools::topology
