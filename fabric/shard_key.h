// A sharding key as a program gives it, and the three readings that shard types need of it: a
// 64-bit integer, whole seconds, text. Plain values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fabric {

struct ShardDate {
  int year = 0;
  unsigned month = 0, day = 0;
  friend bool operator==(const ShardDate&, const ShardDate&) = default;
};

struct ShardDateTime {
  ShardDate date;
  unsigned hour = 0, minute = 0, second = 0, microsecond = 0;
  /// Of the column as declared: DATETIME(6) hashes with all six digits even if they are zero.
  unsigned fraction_digits = 0;
  friend bool operator==(const ShardDateTime&, const ShardDateTime&) = default;
};

/// Text is UTF-8.
using ShardKey = std::variant<std::int64_t, std::uint64_t, std::string, ShardDate, ShardDateTime>;

/// The key as an integer: text is read as MySQL does (` 1500`, `+7`), but nothing else than a whole
/// number is taken. An unsigned value past int64 saturates, which no bound can tell apart.
std::optional<std::int64_t> integer_of(const ShardKey& key);

/// Seconds since 1970, fractions rounded half up as MySQL 5.6+ does in CAST(... AS DATETIME).
/// Text: `YYYY-MM-DD`, then optionally a blank or `T` and `HH:MM[:SS[.f]]`. Nothing when the key
/// is no such date.
std::optional<std::int64_t> seconds_of(const ShardKey& key);

/// The key as MySQL would print the column's value.
std::string text_of(const ShardKey& key);

}  // namespace fabric
