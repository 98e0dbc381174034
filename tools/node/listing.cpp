#include "tools/node/listing.h"

#include "tools/columns.h"
#include "tools/node/table_json.h"

namespace tools::node {
namespace {

using fabric::RpcTable;
using Object = Poco::JSON::Object;

constexpr const char* kGroupName = "group_id";

std::string cell_of(const RpcTable& table, std::size_t row, const char* name) {
  return table.rows[row][table.column(name)].value_or("");
}

std::string servers_text(const RpcTable& servers) {
  std::vector<Cells> lines;
  for (std::size_t row = 0; row < servers.rows.size(); ++row) {
    lines.push_back({printable(cell_of(servers, row, "status")),
                     printable(cell_of(servers, row, "mode")),
                     "weight " + printable(cell_of(servers, row, "weight")),
                     printable(cell_of(servers, row, "address")),
                     printable(cell_of(servers, row, "server_uuid"))});
  }
  return lines.empty() ? "  no servers\n" : aligned(lines);
}

}  // namespace

Listing read_listing(Admin& admin) {
  const auto first_of = [](std::vector<RpcTable> tables) {
    if (tables.empty()) throw fabric::malformed_answer("a lookup answered without a table");
    return std::move(tables.front());
  };
  Listing listing;
  listing.groups = first_of(admin.call("`group`.lookup_groups", {""}));
  for (std::size_t row = 0; row < listing.groups.rows.size(); ++row) {
    listing.servers.push_back(first_of(admin.call(
        "`group`.lookup_servers", {cell_of(listing.groups, row, kGroupName), "", "", ""})));
  }
  listing.mappings = first_of(admin.call("sharding.list_definitions", {}));
  return listing;
}

std::string listing_text(const Listing& listing) {
  if (listing.groups.rows.empty()) return "no groups: fabricctl node group create --help\n";
  std::string text;
  for (std::size_t row = 0; row < listing.groups.rows.size(); ++row) {
    const std::string description = printable(cell_of(listing.groups, row, "description"));
    text += "group " + printable(cell_of(listing.groups, row, kGroupName)) +
            (description.empty() ? "" : ": " + description) + "\n" +
            servers_text(listing.servers[row]);
  }
  for (std::size_t row = 0; row < listing.mappings.rows.size(); ++row) {
    text += "mapping " + printable(cell_of(listing.mappings, row, "mapping_id")) + " " +
            printable(cell_of(listing.mappings, row, "type_name")) + ", global group " +
            printable(cell_of(listing.mappings, row, "global_group_id")) + "\n";
  }
  return text;
}

std::string listing_json(const Listing& listing) {
  std::vector<Object> groups = objects_of(listing.groups);
  for (std::size_t row = 0; row < groups.size(); ++row) {
    groups[row].set("servers", array_of(objects_of(listing.servers[row])));
  }
  Object whole(Poco::JSON_PRESERVE_KEY_ORDER);
  whole.set("groups", array_of(groups));
  whole.set("mappings", array_of(objects_of(listing.mappings)));
  return written(whole);
}

}  // namespace tools::node
