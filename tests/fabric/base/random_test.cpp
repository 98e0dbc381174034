#include "fabric/base/random.h"

#include <gtest/gtest.h>

#include <set>

namespace fabric::base {
namespace {

using namespace std::chrono_literals;

TEST(Jitter, ShortensByAtMostItsFraction) {
  std::set<Duration> seen;
  for (int i = 0; i < 1000; ++i) {
    const Duration one = jittered(10s, 0.2);
    EXPECT_LE(one, 10s);
    EXPECT_GE(one, 8s - 1us);
    seen.insert(one);
  }
  EXPECT_GT(seen.size(), 900u);
}

TEST(Jitter, OfNothingIsExact) { EXPECT_EQ(jittered(10s, 0.0), 10s); }

}  // namespace
}  // namespace fabric::base
