// Random mappings of every type and random keys, beside a lookup that is written down as plainly as
// it can be: of all bounds not above the key the greatest, found by looking at every one.
#include <Poco/MD5Engine.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include "fabric/shard_lookup.h"

namespace fabric {
namespace {

constexpr int kMaps = 300;
constexpr int kKeys = 60;

struct Naive {
  /// Whether bound `a` is not above `b`.
  std::function<bool(const std::string& a, const std::string& b)> reaches;
  bool ring = false;  ///< a key below all bounds belongs to the greatest

  /// 0: of none.
  [[nodiscard]] int owner(const ShardMap& map, const std::string& key) const {
    const Shard* best = nullptr;
    const Shard* greatest = nullptr;
    for (const Shard& shard : map.shards) {
      if (greatest == nullptr || reaches(greatest->lower_bound, shard.lower_bound)) {
        greatest = &shard;
      }
      if (!reaches(shard.lower_bound, key)) continue;
      if (best == nullptr || reaches(best->lower_bound, shard.lower_bound)) best = &shard;
    }
    if (best == nullptr && ring) best = greatest;
    return best == nullptr ? 0 : best->id;
  }
};

class Dice {
 public:
  std::int64_t number(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(engine_);
  }
  std::string letters() {
    std::string text;
    for (auto length = number(1, 4); length > 0; --length) {
      text += static_cast<char>(number('A', 'C'));
    }
    return text;
  }
  std::string digits(std::int64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    return text.insert(0, width - std::min(width, text.size()), '0');
  }
  std::string day() {
    return digits(number(1995, 2030), 4) + "-" + digits(number(1, 12), 2) + "-" +
           digits(number(1, 28), 2);
  }

 private:
  std::mt19937_64 engine_{20261126};
};

ShardMap map_of(ShardType type, const std::set<std::string>& bounds, Dice& dice) {
  ShardMap map;
  map.mapping_id = 1;
  map.type = type;
  map.type_name = "TYPE";
  int id = 0;
  for (const std::string& bound : bounds)
    map.shards.push_back({bound, ++id, "g" + std::to_string(id)});
  for (std::size_t i = map.shards.size(); i > 1; --i) {  // a node gives them in no order
    std::swap(
        map.shards[i - 1],
        map.shards[static_cast<std::size_t>(dice.number(0, static_cast<std::int64_t>(i) - 1))]);
  }
  return map;
}

/// `text`: a bound or a key as a node writes it; `key`: the same as a program gives it.
void compare(ShardType type, const Naive& naive, const std::function<std::string(Dice&)>& text,
             const std::function<ShardKey(const std::string&)>& key) {
  Dice dice;
  for (int i = 0; i < kMaps; ++i) {
    std::set<std::string> bounds;
    for (auto count = dice.number(1, 9); count > 0; --count) bounds.insert(text(dice));
    const ShardMap map = map_of(type, bounds, dice);
    const ShardLookup lookup(map);
    ASSERT_EQ(lookup.problem(), "");
    for (int j = 0; j < kKeys; ++j) {
      const std::string given = text(dice);
      const ShardAnswer answer = lookup.find(key(given));
      EXPECT_EQ(answer.found() ? answer.shard_id : 0, naive.owner(map, given)) << given;
    }
  }
}

TEST(ShardLookup, FindsWhatANaiveLookupFindsAmongNumbers) {
  const Naive naive{
      [](const std::string& a, const std::string& b) { return std::stoll(a) <= std::stoll(b); }};
  for (const std::int64_t reach : {std::int64_t{50}, std::numeric_limits<std::int64_t>::max()}) {
    for (const ShardType type : {ShardType::kRange, ShardType::kRangeInteger}) {
      compare(
          type, naive, [&](Dice& dice) { return std::to_string(dice.number(-reach, reach)); },
          [](const std::string& text) { return ShardKey(std::int64_t{std::stoll(text)}); });
    }
  }
}

TEST(ShardLookup, FindsWhatANaiveLookupFindsAmongTexts) {
  const Naive naive{[](const std::string& a, const std::string& b) { return a <= b; }};
  compare(
      ShardType::kRangeString, naive, [](Dice& dice) { return dice.letters(); },
      [](const std::string& text) { return ShardKey(text); });
}

TEST(ShardLookup, FindsWhatANaiveLookupFindsAmongDates) {
  const Naive naive{[](const std::string& a, const std::string& b) { return a <= b; }};
  compare(
      ShardType::kRangeDatetime, naive, [](Dice& dice) { return dice.day(); },
      [](const std::string& text) {
        return ShardKey(ShardDate{std::stoi(text.substr(0, 4)),
                                  static_cast<unsigned>(std::stoi(text.substr(5, 2))),
                                  static_cast<unsigned>(std::stoi(text.substr(8, 2)))});
      });
}

TEST(ShardLookup, FindsWhatANaiveLookupFindsAmongHashes) {
  const auto md5 = [](const std::string& text) {
    Poco::MD5Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
  };
  const Naive naive{[](const std::string& a, const std::string& b) { return a <= b; }, true};
  Dice dice;
  for (int i = 0; i < kMaps; ++i) {
    std::set<std::string> bounds;
    for (auto count = dice.number(1, 9); count > 0; --count) bounds.insert(md5(dice.letters()));
    const ShardMap map = map_of(ShardType::kHash, bounds, dice);
    const ShardLookup lookup(map);
    for (int j = 0; j < kKeys; ++j) {
      const std::int64_t key = dice.number(-1000, 1000);
      const ShardAnswer answer = lookup.find(ShardKey(key));
      EXPECT_EQ(answer.found() ? answer.shard_id : 0, naive.owner(map, md5(std::to_string(key))))
          << key;
    }
  }
}

}  // namespace
}  // namespace fabric
