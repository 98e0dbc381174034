// Key -> shard of one mapping: the bounds parsed and sorted once, then a binary search. Pure; one
// per mapping inside a Topology, freely readable from all threads.
// Source: fabric-protocol reference, section 4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/shard_key.h"
#include "fabric/types.h"

namespace fabric {

/// Which shard owns a key, or a sentence why none does. `group` lives as long as the lookup.
struct ShardAnswer {
  std::string_view group;
  int shard_id = 0;
  std::string error;  ///< empty when a shard was found

  [[nodiscard]] bool found() const { return error.empty(); }
};

class ShardLookup {
 public:
  explicit ShardLookup(const ShardMap& map);

  /// Why this mapping can serve no key (its type is unknown, a bound cannot be read, ...); empty
  /// when it can.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// The shard with the greatest lower bound that is not above the key. Below the lowest: an error
  /// for the RANGE types, the greatest bound for HASH.
  [[nodiscard]] ShardAnswer find(const ShardKey& key) const;

  /// All shards lie in one group, whatever the key.
  [[nodiscard]] bool in_one_group() const { return in_one_group_; }

 private:
  /// A key or a bound, as the type orders them.
  struct Value {
    std::int64_t number = 0;  ///< of the integer and datetime types
    std::string text;         ///< of the string type and HASH
  };
  struct Entry {
    Value bound;
    std::string dumped;
    std::string group;
    int shard_id = 0;
  };

  void add(const Shard& shard);
  void sort_entries();
  [[nodiscard]] bool before(const Value& a, const Value& b) const;
  [[nodiscard]] std::string name() const;
  /// What is wrong with it; empty: nothing.
  [[nodiscard]] std::string_view read_key(const ShardKey& key, Value& wanted) const;
  [[nodiscard]] std::string_view read_bound(const std::string& dumped, Value& bound) const;

  int mapping_id_;
  ShardType type_;
  std::string type_name_;
  std::string problem_;
  std::vector<Entry> entries_;
  bool in_one_group_;
};

}  // namespace fabric
