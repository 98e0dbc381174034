#include "tools/serve/key_ranges.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace tools::serve {
namespace {

using fabric::Shard;
using fabric::ShardType;

auto numeric_bound(const Shard& shard) {
  long long number = 0;
  const std::string& text = shard.lower_bound;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::tuple(number, shard.lower_bound);
}

}  // namespace

fabric::ShardMap in_key_order(fabric::ShardMap map) {
  const bool numbers = map.type == ShardType::kRange || map.type == ShardType::kRangeInteger;
  if (numbers) {
    std::ranges::stable_sort(map.shards, {}, numeric_bound);
  } else {
    std::ranges::stable_sort(map.shards, {}, &Shard::lower_bound);
  }
  return map;
}

}  // namespace tools::serve
