// What a Fabric node tells: servers, groups, shard maps. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fabric/base/endpoint.h"

namespace fabric {

/// Numbered as on the wire (fabric-protocol reference, section 3).
enum class ServerStatus : std::uint8_t { kFaulty = 0, kSpare = 1, kSecondary = 2, kPrimary = 3 };
enum class ServerMode : std::uint8_t {
  kOffline = 0,
  kReadOnly = 1,
  kWriteOnly = 2,
  kReadWrite = 3
};

/// What a statement needs of a server.
enum class RequestMode : std::uint8_t { kReadWrite, kReadOnly };

struct Server {
  std::string uuid;
  std::string group;
  base::Endpoint endpoint;
  ServerStatus status = ServerStatus::kSpare;
  ServerMode mode = ServerMode::kOffline;
  double weight = 1.0;

  /// PRIMARY whose mode has the write bit.
  [[nodiscard]] bool writable() const {
    return status == ServerStatus::kPrimary && (static_cast<unsigned>(mode) & 2U) != 0;
  }
  /// SECONDARY whose mode has the read bit.
  [[nodiscard]] bool readable_secondary() const {
    return status == ServerStatus::kSecondary && (static_cast<unsigned>(mode) & 1U) != 0;
  }
  /// PRIMARY whose mode has the read bit: reads go there when no secondary can serve.
  [[nodiscard]] bool readable_primary() const {
    return status == ServerStatus::kPrimary && (static_cast<unsigned>(mode) & 1U) != 0;
  }
  friend bool operator==(const Server&, const Server&) = default;
};

struct Group {
  std::string name;
  std::vector<Server> servers;  ///< in the order the node gave them
  friend bool operator==(const Group&, const Group&) = default;
};

enum class ShardType : std::uint8_t {
  kRange,
  kRangeInteger,
  kRangeString,
  kRangeDatetime,
  kHash,
  kUnknown
};

struct ShardTable {
  std::string schema, table, column;
  friend bool operator==(const ShardTable&, const ShardTable&) = default;
};

struct Shard {
  std::string lower_bound;  ///< as dumped
  int id = 0;
  std::string group;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// One mapping. Two tables belong together when the node gives them the same mapping.
struct ShardMap {
  int mapping_id = 0;
  ShardType type = ShardType::kUnknown;
  std::string type_name;     ///< as dumped, also when the type is not known here
  std::string global_group;  ///< empty when unset
  std::vector<ShardTable> tables;
  std::vector<Shard> shards;
  std::string problem;  ///< why the node's answer cannot be used for it; empty when it can
  friend bool operator==(const ShardMap&, const ShardMap&) = default;
};

}  // namespace fabric
