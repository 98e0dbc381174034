#include "tools/top/picture.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <array>
#include <cstdio>
#include <sstream>

#include "fabric/names.h"
#include "tools/columns.h"

namespace tools::top {
namespace {

using Object = Poco::JSON::Object;

constexpr const char* kNone = "-";

Object ordered() { return Object(Poco::JSON_PRESERVE_KEY_ORDER); }

std::string one_decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string or_none(const std::string& text) { return text.empty() ? kNone : printable(text); }

Cells cells_of(const ServerRow& row) {
  Cells cells{or_none(row.server.group), row.server.endpoint.text(),
              fabric::status_name(row.server.status)};
  const ServerSample& now = row.sample;
  if (!now.reached()) {
    cells.insert(cells.end(), {"down", kNone, kNone, kNone, printable(now.problem)});
    return cells;
  }
  cells.insert(cells.end(),
               {"up", std::to_string(now.ours),
                std::to_string(now.connections) + "/" + std::to_string(now.max_connections),
                row.queries_per_second ? one_decimal(*row.queries_per_second) : kNone,
                or_none(row.replication)});
  return cells;
}

std::string servers_text(const Picture& picture) {
  std::vector<Cells> lines{
      {"GROUP", "SERVER", "STATUS", "STATE", "OURS", "ALL/MAX", "QUERIES/S", "REPLICATION"}};
  std::vector<std::string> margins{""};
  for (const ServerRow& row : picture.servers) {
    lines.push_back(cells_of(row));
    margins.emplace_back("");
  }
  return aligned(lines, margins);
}

std::string process_name(const ProcessStats& process) {
  if (process.pid == 0) return "-";
  return std::to_string(process.pid) +
         (process.program.empty() ? "" : " " + printable(process.program));
}

std::string pools_text(const Picture& picture) {
  if (!picture.has_stats_file) return "no pools are seen: give the data source a STATS_FILE\n";
  if (picture.processes.empty()) return "no process writes its STATS_FILE now\n";
  std::vector<Cells> lines{{"PROCESS", "POOL", "USER", "IDLE", "BUSY", "OPENING", "MAX", "WAITING",
                            "TIMEOUTS", "FAILED", "RETRIES"}};
  std::string farms;
  for (const ProcessStats& process : picture.processes) {
    for (const PoolStats& pool : process.page.pools) {
      lines.push_back({process_name(process), printable(pool.server), printable(pool.user),
                       std::to_string(pool.idle), std::to_string(pool.leased),
                       std::to_string(pool.connecting + pool.resetting),
                       pool.pooled ? std::to_string(pool.max) : kNone, std::to_string(pool.waiting),
                       std::to_string(pool.timeouts), std::to_string(pool.connect_failures),
                       std::to_string(pool.retries)});
    }
    for (const FarmStats& farm : process.page.farms) {
      farms += process_name(process) + ": failovers " + std::to_string(farm.failovers) +
               ", switch-overs " + std::to_string(farm.switchovers) + " of the farm " +
               printable(farm.farm) + "\n";
    }
  }
  return aligned(lines, std::vector<std::string>(lines.size())) + farms;
}

Object json_of(const ServerRow& row) {
  Object object = ordered();
  object.set("group", row.server.group);
  object.set("server", row.server.endpoint.text());
  object.set("uuid", row.server.uuid);
  object.set("status", fabric::status_name(row.server.status));
  object.set("mode", fabric::mode_name(row.server.mode));
  object.set("up", row.sample.reached());
  if (!row.sample.reached()) {
    object.set("problem", row.sample.problem);
    return object;
  }
  object.set("our_connections", row.sample.ours);
  object.set("connections", row.sample.connections);
  object.set("max_connections", row.sample.max_connections);
  if (row.queries_per_second) object.set("queries_per_second", *row.queries_per_second);
  if (row.sample.seconds_behind) object.set("seconds_behind", *row.sample.seconds_behind);
  if (!row.replication.empty()) object.set("replication", row.replication);
  return object;
}

Object json_of(const ProcessStats& process) {
  Object object = ordered();
  if (process.pid != 0) object.set("pid", process.pid);
  if (!process.program.empty()) object.set("program", process.program);
  Poco::JSON::Array pools;
  for (const PoolStats& pool : process.page.pools) {
    Object one = ordered();
    one.set("server", pool.server);
    one.set("user", pool.user);
    one.set("pooled", pool.pooled);
    one.set("idle", pool.idle);
    one.set("busy", pool.leased);
    one.set("connecting", pool.connecting);
    one.set("resetting", pool.resetting);
    one.set("max", pool.max);
    one.set("waiting", pool.waiting);
    one.set("borrows", pool.borrows);
    one.set("timeouts", pool.timeouts);
    one.set("connect_failures", pool.connect_failures);
    one.set("retries", pool.retries);
    pools.add(one);
  }
  object.set("pools", pools);
  Poco::JSON::Array farms;
  for (const FarmStats& farm : process.page.farms) {
    Object one = ordered();
    one.set("farm", farm.farm);
    one.set("failovers", farm.failovers);
    one.set("switchovers", farm.switchovers);
    farms.add(one);
  }
  object.set("farms", farms);
  return object;
}

}  // namespace

std::string picture_text(const Picture& picture) {
  std::string text = servers_text(picture);
  if (!picture.current) text += "no node answers: the servers are those that were known before\n";
  for (const auto& [node, why] : picture.silent_nodes) {
    text += printable("node " + node + ": " + why) + "\n";
  }
  return text + "\n" + pools_text(picture);
}

std::string picture_json(const Picture& picture) {
  Object whole = ordered();
  whole.set("time", picture.time);
  whole.set("current", picture.current);
  Poco::JSON::Array servers;
  for (const ServerRow& row : picture.servers) servers.add(json_of(row));
  whole.set("servers", servers);
  Poco::JSON::Array nodes;
  for (const auto& [node, why] : picture.silent_nodes) {
    Object one = ordered();
    one.set("node", node);
    one.set("problem", why);
    nodes.add(one);
  }
  whole.set("silent_nodes", nodes);
  Poco::JSON::Array processes;
  for (const ProcessStats& process : picture.processes) processes.add(json_of(process));
  whole.set("processes", processes);
  std::ostringstream text;
  whole.stringify(text);
  return text.str();
}

}  // namespace tools::top
