#include "driver/routing/fact_cache.h"

#include <gtest/gtest.h>

namespace driver::routing {
namespace {

constexpr fabric::base::SteadyTime kNow{std::chrono::hours(1)};

CachedName name_in(const int& farm) {
  CachedName name;
  name.farm = &farm;
  name.schema = "shop";
  name.name = "orders";
  return name;
}

TEST(FactCache, ForgetsOneFarmAndKeepsTheOthers) {
  const int ended = 0;
  const int other = 0;
  FactCaches caches;
  caches.columns.put(name_in(ended), std::make_shared<const TableColumns>(), kNow);
  caches.columns.put(name_in(other), std::make_shared<const TableColumns>(), kNow);
  caches.hidden.put(name_in(ended), std::make_shared<const HiddenTable>(), kNow);
  caches.forget(&ended);
  EXPECT_EQ(caches.columns.find(name_in(ended), kNow), nullptr);
  EXPECT_EQ(caches.hidden.find(name_in(ended), kNow), nullptr);
  EXPECT_NE(caches.columns.find(name_in(other), kNow), nullptr);
  caches.forget();
  EXPECT_EQ(caches.columns.find(name_in(other), kNow), nullptr);
}

TEST(FactCache, KeepsAFactForAMinute) {
  const int farm = 0;
  FactCaches caches;
  caches.columns.put(name_in(farm), std::make_shared<const TableColumns>(), kNow);
  EXPECT_NE(caches.columns.find(name_in(farm), kNow + std::chrono::seconds(59)), nullptr);
  EXPECT_EQ(caches.columns.find(name_in(farm), kNow + std::chrono::seconds(60)), nullptr);
}

}  // namespace
}  // namespace driver::routing
