// All that a node in SQL knows: its groups with every server, FAULTY ones too, and its mappings.
#pragma once

#include <string>
#include <vector>

#include "fabric/rpc_call.h"
#include "tools/node/admin.h"

namespace tools::node {

struct Listing {
  fabric::RpcTable groups;                ///< of group.lookup_groups
  std::vector<fabric::RpcTable> servers;  ///< of group.lookup_servers, as the rows of groups
  fabric::RpcTable mappings;              ///< of sharding.list_definitions
};

/// Throws as Admin::call().
Listing read_listing(Admin& admin);

/// Lines ended by \n.
std::string listing_text(const Listing& listing);
std::string listing_json(const Listing& listing);

}  // namespace tools::node
