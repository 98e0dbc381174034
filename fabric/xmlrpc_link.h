// The way to a node over XML-RPC. Defined twice, for what is linked to choose
// (fabric/CMakeLists.txt): in fabric/xmlrpc, and in fabric/xmlrpc_library, which loads it when it
// is needed.
#pragma once

#include <memory>

#include "fabric/base/endpoint.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/node_link.h"

namespace fabric {

/// Without a user no login is tried. `watchdog` must outlive the link.
std::unique_ptr<NodeLink> xmlrpc_link(const base::Endpoint& node, const mysql::Credentials& login,
                                      mysql::Watchdog& watchdog);

}  // namespace fabric
