// A value that a statement gives for a sharding column, from its text or a bound parameter.
// Plain values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "driver/routing/token_list.h"
#include "fabric/mysql/parameter.h"
#include "fabric/shard_key.h"

namespace driver::routing {

struct TextKey {
  std::string utf8;
  bool bound = false;  ///< a parameter, which some programs give as text whatever the column is
};
struct NullKey {};
/// What is no value of a key, as the end of the sentence "the key is ...".
struct UnfitKey {
  std::string what;
};
using KeyValue = std::variant<std::int64_t, std::uint64_t, TextKey, fabric::ShardDate,
                              fabric::ShardDateTime, NullKey, UnfitKey>;

/// As it stands in the text: a value, or the parameter with that number from 0.
struct Marker {
  std::size_t number;
};
/// A number or a string, and where it stands in the text.
struct Literal {
  KeyValue value;
  std::size_t offset;
  std::size_t size;
  bool negative = false;
  std::size_t number = 0;  ///< among the literals of the text (other_literals.h)
};
using WrittenValue = std::variant<KeyValue, Marker, Literal>;

/// The value that `range` is as a whole: a number, a string, a marker, DATE'...', NULL. An UnfitKey
/// for anything else.
WrittenValue written_value(const TokenList& tokens, Range range, sql::ScanOptions options);

/// Of a plain integer, or of a string that holds neither quotes nor backslashes.
KeyValue plain_value(std::string_view literal, bool negative);

KeyValue bound_value(const fabric::mysql::Parameter& parameter);

}  // namespace driver::routing
