// Puts the node in SQL on a server. No state.
#pragma once

#include <string>

#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"

namespace tools::node {

struct Installation {
  fabric::base::Endpoint server;
  fabric::mysql::Credentials administrator;
  std::string folder;  ///< of the node's *.sql
};

struct Installed {
  std::size_t files = 0;
  std::size_t statements = 0;
};

/// host:port, or the path of a socket. Throws base::Error HY024.
fabric::base::Endpoint server_named(const std::string& text);

/// Runs the files in order; what is there already is replaced, the farm's data stays. Throws
/// base::Error, which names the file and how the statement begins.
Installed install(const Installation& wanted, fabric::mysql::Watchdog& watchdog);

}  // namespace tools::node
