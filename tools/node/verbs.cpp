#include "tools/node/verbs.h"

#include <algorithm>

namespace tools::node {
namespace {

constexpr Parameter kGroup{"GROUP", "the group's name"};
constexpr Parameter kServer{"SERVER", "uuid or host:port"};
constexpr Parameter kMapping{"MAPPING", "the mapping's number"};
constexpr Parameter kShard{"SHARD", "the shard's number"};
constexpr Parameter kTable{"TABLE", "database.table"};
constexpr Parameter kWholly{nullptr, "false"};  // update_only
constexpr Parameter kAndWait{nullptr, "true"};  // synchronous
constexpr Parameter kNoTimeout{nullptr, ""};

std::string with_underlines(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table{
      {"group",
       "create",
       {kGroup, {"DESCRIPTION", "for people", true}, kAndWait},
       "makes a group",
       "g1 'orders and invoices'"},
      {"group",
       "description",
       {kGroup, {"DESCRIPTION", "for people"}, kAndWait},
       "changes a group's description",
       "g1 'orders'"},
      {"group",
       "set-kind",
       {kGroup, {"KIND", "GALERA or REPLICATED: how its servers get their data"}, kAndWait},
       "says what kind of group it is",
       "g1 GALERA"},
      {"group", "destroy", {kGroup, kAndWait}, "removes a group without servers", "g1"},
      {"group",
       "add",
       {kGroup, {"ADDRESS", "host:port, as clients reach it"}, kNoTimeout, kWholly, kAndWait},
       "puts a server into a group, as SECONDARY or SPARE",
       "g1 db1:3306"},
      {"group",
       "remove",
       {kGroup, kServer, kAndWait},
       "takes a server out of a group; not the PRIMARY",
       "g1 db3:3306"},
      {"group",
       "promote",
       {kGroup,
        {"SERVER", "uuid or host:port; the heaviest secondary if none", true},
        kWholly,
        kAndWait},
       "names the PRIMARY; of a REPLICATED group that has one: fabricctl promote",
       "g1 db2:3306"},
      {"group", "demote", {kGroup, kWholly, kAndWait}, "leaves a group without PRIMARY", "g1"},
      {"group", "lookup-groups", {{"GROUP", "one group; all if none", true}}, "lists groups", ""},
      {"group",
       "lookup-servers",
       {kGroup,
        {"SERVER", "one server of it", true},
        {"STATUS", "those with this status", true},
        {"MODE", "those with this mode", true}},
       "lists a group's servers, FAULTY ones too",
       "g1"},
      {"server",
       "register",
       {{"UUID", "its server_uuid, or one made up for it"},
        {"ADDRESS", "host:port; another one: it has moved"}},
       "makes a server known without a group",
       "6b6f2a0e-0001-11f1-8000-000000000001 db1:3306"},
      {"server", "unregister", {kServer, kAndWait}, "forgets a server outside groups", "db1:3306"},
      {"server",
       "set-status",
       {kServer, {"STATUS", "SPARE or SECONDARY"}, kWholly, kAndWait},
       "brings a FAULTY server back (SPARE first), or takes one out of turn",
       "db3:3306 SPARE"},
      {"server",
       "set-mode",
       {kServer,
        {"MODE", "READ_WRITE, WRITE_ONLY (PRIMARY); READ_ONLY, OFFLINE (others)"},
        kAndWait},
       "says what a server is used for",
       "db3:3306 OFFLINE"},
      {"server",
       "set-weight",
       {kServer, {"WEIGHT", "0.001 to 999999.999"}, kAndWait},
       "its share of the reads, and its rank when a PRIMARY is lost",
       "db3:3306 2"},
      {"server",
       "lookup-uuid",
       {{"ADDRESS", "host:port"}, kNoTimeout},
       "tells a server's uuid",
       "db1:3306"},
      {"sharding",
       "create-definition",
       {{"TYPE", "RANGE, RANGE_INTEGER, RANGE_STRING, RANGE_DATETIME or HASH"},
        {"GROUP", "the mapping's global group"},
        kAndWait},
       "makes a shard mapping",
       "RANGE global",
       "mapping"},
      {"sharding",
       "remove-definition",
       {kMapping, kAndWait},
       "removes a mapping without shards",
       "1"},
      {"sharding",
       "add-table",
       {kMapping, kTable, {"COLUMN", "its sharding column"}, kAndWait},
       "shards a table by a mapping",
       "1 shop.orders order_id"},
      {"sharding", "remove-table", {kTable, kAndWait}, "shards a table no longer", "shop.orders"},
      {"sharding",
       "add-shard",
       {kMapping,
        {"SHARDS", "group/lower bound,...; HASH: group,..."},
        {nullptr, "ENABLED"},
        kAndWait},
       "gives a mapping its shards; once",
       "1 shard1/1,shard2/1000"},
      {"sharding", "enable-shard", {kShard, kAndWait}, "lets a shard be used again", "1"},
      {"sharding", "disable-shard", {kShard, kAndWait}, "keeps clients from a shard", "1"},
      {"sharding", "remove-shard", {kShard, kAndWait}, "removes a disabled shard", "1"},
      {"sharding", "list-definitions", {}, "lists the mappings", ""},
      {"sharding",
       "list-tables",
       {{"TYPE", "RANGE, HASH ..."}},
       "lists tables sharded so",
       "RANGE"},
      {"sharding", "lookup-table", {kTable}, "tells the mapping of a table", "shop.orders"},
      {"sharding",
       "lookup-servers",
       {kTable, {"KEY", "a value of its sharding column"}, {nullptr, "LOCAL"}},
       "tells the servers that hold a key",
       "shop.orders 42"},
  };
  return table;
}

const char* family_help(const std::string& family) {
  if (family == "group") return "Groups of servers, and who is their primary";
  return family == "server" ? "Single servers: their status, mode and weight"
                            : "Shard mappings, their tables and shards";
}

std::string procedure_of(const Verb& verb) {
  return "`" + std::string(verb.family) + "`.`" + with_underlines(verb.name) + "`";
}

}  // namespace tools::node
