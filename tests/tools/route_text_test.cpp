#include "tools/route_text.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

namespace tools {
namespace {

const RouteAnswer kShard{.level = 3,
                         .group = "shard1",
                         .mode = "RO",
                         .mapping = "7",
                         .server = "a:1,b:2",
                         .reason = "order_id 5 of shop.orders"};
const RouteAnswer kRefused{.reason = "nothing fixes its sharding column"};

Poco::JSON::Object::Ptr parsed(const std::string& json) {
  return Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>();
}

TEST(RouteText, NamesPlaceAndReason) {
  EXPECT_EQ(route_text(kShard),
            "group    shard1\n"
            "mode     RO\n"
            "server   a:1,b:2\n"
            "mapping  7\n"
            "by       the sharded tables in the statement\n"
            "why      order_id 5 of shop.orders\n");
}

TEST(RouteText, SaysThatNobodyMayServe) {
  RouteAnswer answer = kShard;
  answer.server.clear();
  EXPECT_NE(route_text(answer).find("none may serve now"), std::string::npos);
}

TEST(RouteText, OfARefusalShowsTheReasonAlone) {
  EXPECT_EQ(route_text(kRefused), "refused  nothing fixes its sharding column\n");
}

TEST(RouteText, ListsServersInJson) {
  const auto object = parsed(route_json("SELECT 1", kShard));
  EXPECT_FALSE(object->getValue<bool>("refused"));
  EXPECT_EQ(object->getArray("servers")->size(), 2U);
  EXPECT_EQ(object->getValue<int>("mapping_id"), 7);
}

TEST(RouteText, ARefusalHasNoGroupInJson) {
  const auto object = parsed(route_json("SELECT '\"'", kRefused));
  EXPECT_TRUE(object->getValue<bool>("refused"));
  EXPECT_FALSE(object->has("group"));
  EXPECT_EQ(object->getValue<std::string>("statement"), "SELECT '\"'");
}

}  // namespace
}  // namespace tools
