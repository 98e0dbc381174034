// A topology file. What is accepted must be whole; only base::Error may come out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fabric/base/error.h"
#include "fabric/topology_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const fabric::TopologyFile file = fabric::parse_topology_file(text, "/f");
    for (const fabric::FileGroup& group : file.groups) {
      if (group.servers.empty()) std::abort();
    }
    for (const fabric::ShardMap& map : file.shard_maps) {
      if (map.tables.empty() || map.shards.empty()) std::abort();
    }
  } catch (const fabric::base::Error&) {
  }
  return 0;
}
