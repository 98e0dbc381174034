// The groups that the DSN may reach: do they exist, have servers, a primary for writes.
#include <algorithm>
#include <set>

#include "driver/router.h"
#include "fabric/base/error.h"
#include "fabric/names.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"

namespace tools::doctor {
namespace {

using driver::settings::FabricMode;
using fabric::Group;
using fabric::Server;
using fabric::ServerStatus;

std::vector<std::string> all_groups(const fabric::Topology& topology) {
  std::vector<std::string> names;
  for (const auto& [name, group] : topology.groups()) names.push_back(name);
  return names;
}

/// Where a connection begins, and where its statements may go.
std::vector<std::string> reachable_groups(const Examination& examination) {
  std::set<std::string> names;
  if (!examination.start_group.empty()) names.insert(examination.start_group);
  for (const fabric::ShardMap& map : examination.topology->content().shard_maps) {
    if (!map.global_group.empty()) names.insert(map.global_group);
    for (const fabric::Shard& shard : map.shards) {
      if (!shard.group.empty()) names.insert(shard.group);
    }
  }
  return {names.begin(), names.end()};
}

Fix group_fix(const Examination& examination, const std::string& name) {
  const std::string g = name.empty() ? "g1" : name;
  if (!examination.settings->fabric.topology_file.empty()) {
    return {.where = "in " + examination.settings->fabric.topology_file,
            .lines = "[group " + g + "]\nserver = host:3306"};
  }
  const std::string quoted = sql_quoted(g);
  return examination.node_fix("CALL `group`.`create`(" + quoted +
                                  ", '', 'true');\nCALL `group`.`add`(" + quoted +
                                  ", 'host:3306', 5, 'false', 'true');\nCALL `group`.promote(" +
                                  quoted + ", NULL, 'false', 'true');",
                              "mysqlfabric group create " + g + "\nmysqlfabric group add " + g +
                                  " host:3306\nmysqlfabric group promote " + g);
}

/// No group of that name has servers: nodes do not tell the two apart.
void say_missing_group(Examination& examination, const std::string& name) {
  const std::vector<std::string> known = all_groups(*examination.topology);
  const std::string nearest = nearest_name(name, known);
  const bool asked = name == examination.settings->fabric.group;
  examination.report.error("group " + name,
                           "does not exist, or has no servers" +
                               (known.empty() ? std::string("; no group of the farm has any")
                                              : "; the farm has " + joined(known)),
                           asked && !nearest.empty()
                               ? examination.ini_fix("FABRIC_GROUP = " + nearest)
                               : group_fix(examination, name));
}

Fix promote_fix(const Examination& examination, const std::string& group) {
  if (!examination.settings->fabric.topology_file.empty()) {
    return {.where = "on the one server of the group that shall take writes, in SQL",
            .lines = "STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0;"};
  }
  return examination.node_fix(
      "CALL `group`.promote(" + sql_quoted(group) + ", NULL, 'false', 'true');",
      "mysqlfabric group promote " + group);
}

std::string modes_of(const Group& group) {
  std::vector<std::string> words;
  for (const Server& server : group.servers) {
    words.push_back(server.endpoint.text() + " is " + fabric::status_name(server.status) + " " +
                    fabric::mode_name(server.mode));
  }
  return joined(words);
}

void say_no_primary(Examination& examination, const Group& group) {
  const auto primary = std::ranges::find(group.servers, ServerStatus::kPrimary, &Server::status);
  const std::string problem = examination.topology->content().sharding_problem;
  const std::string rest =
      std::string(": ") + modes_of(group) + (problem.empty() ? "" : "; " + problem);
  if (primary == group.servers.end()) {
    return examination.report.error("group " + group.name, "has no primary" + rest,
                                    promote_fix(examination, group.name));
  }
  examination.report.error(
      "group " + group.name, "has a primary that takes no writes" + rest,
      examination.node_fix(
          "CALL server.set_mode(" + sql_quoted(primary->uuid) + ", 'READ_WRITE', 'true');",
          "mysqlfabric server set_mode " + primary->uuid + " READ_WRITE"));
}

void say_group(Examination& examination, const Group& group) {
  const bool reads_only = examination.settings->fabric.mode == FabricMode::kReadOnly;
  const bool readers = std::ranges::any_of(group.servers, &Server::readable_secondary);
  const bool writable = std::ranges::any_of(group.servers, &Server::writable);
  if (!writable && !(reads_only && readers)) return say_no_primary(examination, group);
  examination.report.ok("group " + group.name, modes_of(group));
  if (!reads_only || readers) return;
  examination.report.note("group " + group.name,
                          "has no secondary that takes reads: FABRIC_MODE=RO reads on the primary");
}

/// True when there is one, so that a connection can begin.
bool find_start(Examination& examination) {
  try {
    examination.start_group =
        driver::start_group(examination.settings->fabric, *examination.topology);
    return true;
  } catch (const fabric::base::Error& error) {
    const std::vector<std::string> known = all_groups(*examination.topology);
    const bool unnamed =
        examination.settings->fabric.group.empty() && examination.settings->fabric.tables.empty();
    examination.report.error(
        "routing",
        error.what() + (known.empty() ? std::string() : "; the farm has " + joined(known)),
        unnamed && !known.empty() ? examination.ini_fix("FABRIC_GROUP = " + known.front())
                                  : Fix{.where = "as it says", .lines = {}});
    return false;
  }
}

}  // namespace

void check_groups(Examination& examination) {
  const fabric::Topology& topology = *examination.topology;
  if (!examination.settings->has_fabric()) {
    examination.groups = all_groups(topology);
    return;
  }
  if (topology.content().servers.empty() && topology.content().shard_maps.empty()) {
    const std::string name = examination.settings->fabric.group;
    examination.report.error("farm", "the node knows no server: the farm is empty",
                             group_fix(examination, name));
    examination.unusable = true;
    return;
  }
  const bool begins = find_start(examination);
  examination.groups = begins ? reachable_groups(examination) : all_groups(topology);
  for (const std::string& name : examination.groups) {
    const Group* group = topology.find_group(name);
    if (group == nullptr) {
      say_missing_group(examination, name);
    } else if (examination.roles_known) {
      say_group(examination, *group);
    }
  }
  std::vector<std::string> others;
  for (const std::string& name : all_groups(topology)) {
    if (std::ranges::find(examination.groups, name) == examination.groups.end()) {
      others.push_back(name);
    }
  }
  if (others.empty()) return;
  examination.report.note(
      "farm", "this DSN does not use " +
                  std::string(others.size() == 1 ? "the group " : "the groups ") + joined(others) +
                  ": their servers were not looked at");
}

}  // namespace tools::doctor
