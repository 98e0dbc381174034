// Servers and shard maps as JSON objects, the same in every command. Pure.
#pragma once

#include <Poco/JSON/Object.h>

#include "fabric/types.h"

namespace tools {

/// Its members keep their order.
Poco::JSON::Object json_object();
Poco::JSON::Object server_json(const fabric::Server& server);
Poco::JSON::Object shard_map_json(const fabric::ShardMap& map);

}  // namespace tools
