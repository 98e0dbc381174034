// When a value that a statement gives for a sharding column is a key: it has the column's own type,
// and every row that the server takes for equal to it lies in the key's shard. Pure; any thread.
#pragma once

#include <string>
#include <variant>

#include "driver/routing/column_info.h"
#include "driver/routing/key_value.h"
#include "fabric/types.h"

namespace driver::routing {

enum class KeyPurpose : std::uint8_t {
  kCompared,  ///< rows equal to it are meant
  kStored,    ///< it is written
  kBoth       ///< written over rows that are equal to it
};

/// The key, or why it is none: the end of the sentence "the key ...".
using KeyAnswer = std::variant<fabric::ShardKey, std::string>;
KeyAnswer key_of(const KeyValue& value, const ColumnInfo& column, fabric::ShardType type,
                 KeyPurpose purpose);

/// Why no value at all can be a key of that column, or "".
std::string column_problem(const ColumnInfo& column, fabric::ShardType type);

/// Why rows that the server takes for equal may lie in several shards, or "".
std::string equality_problem(const ColumnInfo& column, fabric::ShardType type);

/// The value as a message shows it.
std::string shown(const KeyValue& value);

}  // namespace driver::routing
