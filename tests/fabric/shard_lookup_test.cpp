#include "fabric/shard_lookup.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "fabric/shard_key.h"
#include "tests/support/source_tree.h"

namespace fabric {
namespace {

ShardMap map_of(ShardType type, const std::string& type_name,
                const std::vector<std::pair<std::string, int>>& bounds) {
  ShardMap map;
  map.mapping_id = 7;
  map.type = type;
  map.type_name = type_name;
  for (const auto& [bound, id] : bounds) {
    map.shards.push_back({.lower_bound = bound, .id = id, .group = "g" + std::to_string(id)});
  }
  return map;
}

ShardMap range(const std::vector<std::pair<std::string, int>>& bounds) {
  return map_of(ShardType::kRange, "RANGE", bounds);
}

const std::map<std::string, ShardType> kTypes{{"RANGE", ShardType::kRange},
                                              {"RANGE_INTEGER", ShardType::kRangeInteger},
                                              {"RANGE_STRING", ShardType::kRangeString},
                                              {"RANGE_DATETIME", ShardType::kRangeDatetime},
                                              {"HASH", ShardType::kHash}};

ShardDateTime datetime_of(const std::string& text) {
  ShardDateTime time;
  const int read =
      std::sscanf(text.c_str(), "%d-%u-%u %u:%u:%u.%u", &time.date.year, &time.date.month,
                  &time.date.day, &time.hour, &time.minute, &time.second, &time.microsecond);
  EXPECT_GE(read, 6) << text;
  time.fraction_digits = read == 7 ? 6 : 0;
  return time;
}

ShardKey key_of(const Poco::JSON::Object& vector) {
  const auto type = vector.getValue<std::string>("key_type");
  if (type == "int") return vector.getValue<Poco::Int64>("key");
  const auto text = vector.getValue<std::string>("key");
  if (type == "str") return text;
  if (type == "datetime") return datetime_of(text);
  ShardDate date;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d-%u-%u", &date.year, &date.month, &date.day), 3);
  return date;
}

ShardMap map_of(const Poco::JSON::Object& vector) {
  const auto type = vector.getValue<std::string>("type");
  std::vector<std::pair<std::string, int>> bounds;
  const auto list = vector.getArray("bounds");
  for (unsigned i = 0; i < list->size(); ++i) {
    const auto bound = list->getObject(i);
    bounds.emplace_back(bound->getValue<std::string>("lower_bound"), bound->getValue<int>("shard"));
  }
  return map_of(kTypes.at(type), type, bounds);
}

TEST(ShardLookup, FindsTheExpectedShardOfEveryVector) {
  const std::string path = test_support::source_file("tests/data/fabric/shard-vectors.json");
  std::ifstream file(path);
  ASSERT_TRUE(file) << "no vectors at " << path;
  Poco::JSON::Parser parser;
  const auto vectors = parser.parse(file).extract<Poco::JSON::Array::Ptr>();
  ASSERT_EQ(vectors->size(), 313U);
  for (unsigned i = 0; i < vectors->size(); ++i) {
    const auto vector = vectors->getObject(i);
    SCOPED_TRACE("vector " + vector->getValue<std::string>("id") + " of " +
                 vector->getValue<std::string>("set"));
    const ShardLookup lookup(map_of(*vector));
    EXPECT_EQ(lookup.problem(), "");
    const ShardAnswer answer = lookup.find(key_of(*vector));
    if (vector->isNull("expect_shard")) {
      EXPECT_NE(answer.error.find("lies below the lowest bound"), std::string::npos)
          << answer.error;
    } else {
      ASSERT_TRUE(answer.found()) << answer.error;
      EXPECT_EQ(answer.shard_id, vector->getValue<int>("expect_shard"));
      EXPECT_EQ(answer.group, "g" + std::to_string(answer.shard_id));
    }
  }
}

TEST(ShardLookup, TellsWhichKeyLiesBelowWhichBound) {
  const ShardLookup lookup(range({{"100", 1}, {"3", 2}}));
  EXPECT_EQ(lookup.find(std::int64_t{-5}).error,
            "shard mapping 7 (RANGE): the key '-5' lies below the lowest bound '3'");
}

TEST(ShardLookup, TakesUnsignedKeysPastInt64) {
  const ShardLookup lookup(range({{"0", 1}, {"9000000000000000", 2}}));
  EXPECT_EQ(lookup.find(std::uint64_t{18446744073709551615U}).shard_id, 2);
  EXPECT_EQ(lookup.find(std::string("18446744073709551615")).shard_id, 2);
}

TEST(ShardLookup, RefusesIntegerKeysThatAreNotWholeNumbers) {
  const ShardLookup lookup(range({{"0", 1}}));
  for (const char* key : {"", " ", "abc", "1.5", "1e3", "12x", "0x10", "+-1", "--1", "1 2",
                          "99999999999999999999", "-9223372036854775809"}) {
    EXPECT_EQ(lookup.find(std::string(key)).error, "shard mapping 7 (RANGE): the key '" +
                                                       std::string(key) +
                                                       "' is not a whole number of 64 bits");
  }
  EXPECT_FALSE(lookup.find(ShardDate{2024, 1, 1}).found());
}

TEST(ShardLookup, RefusesDatesThatDoNotExist) {
  const ShardLookup lookup(
      map_of(ShardType::kRangeDatetime, "RANGE_DATETIME", {{"2000-01-01", 1}}));
  for (const char* key :
       {"2023-02-29", "2024-13-01", "2024-00-10", "2024-01-01 24:00:00", "2024-1-1", "20240101",
        "2024-01-01 10", "2024-01-01 10:60", "2024-01-01 10:00:00.", "2024-01-01 10:00:00.1a",
        "2024-01-01X10:00", "-024-01-01", "today", ""}) {
    EXPECT_FALSE(lookup.find(std::string(key)).found()) << key;
  }
  EXPECT_FALSE(lookup.find(std::int64_t{20240101}).found());
  EXPECT_FALSE(lookup.find(ShardDate{2023, 2, 29}).found());
}

TEST(ShardLookup, ReadsDatesInAllTheirSpellings) {
  const ShardLookup lookup(map_of(ShardType::kRangeDatetime, "RANGE_DATETIME",
                                  {{"2024-02-29", 1}, {"2024-03-01T10:30", 2}}));
  EXPECT_EQ(lookup.find(std::string("2024-02-29")).shard_id, 1);
  EXPECT_EQ(lookup.find(std::string(" 2024-03-01 10:29:59 ")).shard_id, 1);
  EXPECT_EQ(lookup.find(std::string("2024-03-01T10:30")).shard_id, 2);
  EXPECT_EQ(lookup.find(std::string("2024-03-01 10:29:59.5")).shard_id, 2);
  EXPECT_EQ(lookup.find(std::string("2024-03-01 10:29:59.4999999")).shard_id, 1);
}

TEST(ShardLookup, RefusesTextBeyondTheBasicPlane) {
  const ShardLookup lookup(map_of(ShardType::kRangeString, "RANGE_STRING", {{"a", 1}}));
  EXPECT_NE(lookup.find(std::string("\xF0\x9F\x98\x80")).error.find("beyond U+FFFF"),
            std::string::npos);
}

TEST(ShardLookup, HashesWhatTheColumnWouldPrint) {
  EXPECT_EQ(text_of(std::int64_t{-1}), "-1");
  EXPECT_EQ(text_of(ShardDate{2014, 1, 2}), "2014-01-02");
  ShardDateTime time{.date = {2014, 1, 2}, .hour = 3, .minute = 4, .second = 5};
  EXPECT_EQ(text_of(time), "2014-01-02 03:04:05");
  time.fraction_digits = 6;
  EXPECT_EQ(text_of(time), "2014-01-02 03:04:05.000000");
  time.microsecond = 120000;
  time.fraction_digits = 2;
  EXPECT_EQ(text_of(time), "2014-01-02 03:04:05.12");
}

TEST(ShardLookup, NamesWhatIsWrongWithAMapping) {
  EXPECT_EQ(ShardLookup(map_of(ShardType::kUnknown, "LIST", {{"1", 1}})).problem(),
            "shard mapping 7 (LIST): this driver does not know the sharding type 'LIST'");
  EXPECT_EQ(ShardLookup(range({})).problem(), "shard mapping 7 (RANGE): no shard is enabled");
  EXPECT_EQ(ShardLookup(range({{"1", 1}, {"ten", 2}})).problem(),
            "shard mapping 7 (RANGE): the lower bound 'ten' of shard 2 is not a whole number of 64 "
            "bits");
  EXPECT_EQ(ShardLookup(range({{"1", 1}, {"01", 2}})).problem(),
            "shard mapping 7 (RANGE): shards 1 and 2 have the same lower bound");
  EXPECT_EQ(ShardLookup(map_of(ShardType::kHash, "HASH", {{"XYZ", 1}})).problem(),
            "shard mapping 7 (HASH): the lower bound 'XYZ' of shard 1 is not a hash in "
            "hexadecimal digits");
  EXPECT_EQ(ShardLookup(range({})).find(std::int64_t{1}).error,
            "shard mapping 7 (RANGE): no shard is enabled");
}

TEST(ShardLookup, KnowsWhetherAllShardsLieInOneGroup) {
  EXPECT_TRUE(ShardLookup(range({{"1", 1}})).in_one_group());
  EXPECT_TRUE(ShardLookup(range({{"1", 1}, {"10", 1}})).in_one_group());
  EXPECT_FALSE(ShardLookup(range({{"1", 1}, {"10", 2}, {"20", 1}})).in_one_group());
}

TEST(ShardLookup, TakesLowerCaseHashBounds) {
  const ShardLookup lookup(
      map_of(ShardType::kHash, "HASH", {{"cfcd208495d565ef66e7dff9f98764da", 1}, {"F0", 2}}));
  EXPECT_EQ(lookup.find(std::int64_t{0}).shard_id, 1);  // its very hash
  EXPECT_EQ(lookup.find(std::int64_t{1}).shard_id, 2);  // C4CA..., below all: the greatest
}

}  // namespace
}  // namespace fabric
