// How the farm of some settings is asked: what a Farm, and the command line's own questions, take.
// Pure.
#pragma once

#include "driver/settings/connection_settings.h"
#include "fabric/file_source.h"
#include "fabric/rpc_source.h"

namespace driver::settings {

/// Who asks nodes; of a topology file, who asks the servers, and so with their TLS options.
inline fabric::mysql::Credentials farm_login(const ConnectionSettings& settings) {
  fabric::mysql::Credentials login = settings.fabric.credentials;
  if (!settings.fabric.topology_file.empty()) login.tls = settings.credentials.tls;
  return login;
}

inline fabric::RpcOptions rpc_options(const ConnectionSettings& settings) {
  return {.nodes = settings.fabric.nodes,
          .protocol = settings.fabric.protocol,
          .credentials = settings.fabric.credentials,
          .user_of_servers = settings.fabric.user_of_servers,
          .timeout = settings.fabric.farm.node_timeout};
}

inline fabric::FileSourceOptions file_options(const ConnectionSettings& settings) {
  return {.path = settings.fabric.topology_file,
          .credentials = farm_login(settings),
          .timeout = settings.fabric.farm.node_timeout};
}

}  // namespace driver::settings
