// A farm written in a file, for farms without a Fabric node: groups of servers, and shard mappings.
// docs/topology-file.md describes the format. Pure: text in, values out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/types.h"

namespace fabric {

struct FileServer {
  /// What the file lets a server become; what it is now, its own answers say.
  enum class Part : std::uint8_t { kAny, kSecondary, kSpare };
  base::Endpoint endpoint;
  double weight = 1.0;
  Part part = Part::kAny;
  friend bool operator==(const FileServer&, const FileServer&) = default;
};

struct FileGroup {
  std::string name;
  std::vector<FileServer> servers;
  friend bool operator==(const FileGroup&, const FileGroup&) = default;
};

struct TopologyFile {
  base::Duration ttl = std::chrono::seconds(2);
  std::vector<FileGroup> groups;
  std::vector<ShardMap> shard_maps;
};

/// In bytes.
inline constexpr std::size_t kLongestTopologyFile = std::size_t{1} << 20U;

/// `path` is for messages. Throws base::Error (08001): `path:line: what is wrong and what to do`.
TopologyFile parse_topology_file(std::string_view text, const std::string& path);

}  // namespace fabric
