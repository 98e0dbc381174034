#include "pool/balancer.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace {

using fabric::Server;
using pool::WeightedRoundRobin;

class WeightedRoundRobinTest : public testing::Test {
 protected:
  std::string picks(const std::vector<Server>& servers, int count) {
    std::vector<const Server*> candidates;
    for (const Server& server : servers) candidates.push_back(&server);
    std::string order;
    for (int i = 0; i < count; ++i) order += balancer.pick(candidates)->uuid;
    return order;
  }
  static Server server(const std::string& uuid, double weight) {
    Server made;
    made.uuid = uuid;
    made.weight = weight;
    return made;
  }

  WeightedRoundRobin balancer;
};

TEST_F(WeightedRoundRobinTest, PicksNobodyOfNone) { EXPECT_EQ(balancer.pick({}), nullptr); }

TEST_F(WeightedRoundRobinTest, TakesEqualsInTurn) {
  EXPECT_EQ(picks({server("a", 1), server("b", 1)}, 6), "ababab");
}

TEST_F(WeightedRoundRobinTest, SpreadsTheHeavyOneSmoothly) {
  EXPECT_EQ(picks({server("a", 5), server("b", 1), server("c", 1)}, 7), "aabacaa");
}

TEST_F(WeightedRoundRobinTest, GoesOnWithTheRoundAfterARefresh) {
  const std::vector<Server> before{server("a", 2), server("b", 1)};
  const std::string first = picks(before, 1);
  const std::vector<Server> after{server("b", 1), server("a", 2)};  // as other objects, reordered
  balancer.retain(after);
  EXPECT_EQ(first + picks(after, 2), "aba");
}

TEST_F(WeightedRoundRobinTest, StartsWhereItIsToldInItsRound) {
  const std::vector<Server> servers{server("a", 2), server("b", 1)};
  std::string firsts;
  for (unsigned ahead = 0; ahead < 6; ++ahead) {
    balancer = WeightedRoundRobin(ahead);
    firsts += picks(servers, 1);
  }
  EXPECT_EQ(firsts, "abaaba");
}

TEST_F(WeightedRoundRobinTest, ServesWeightZeroOnlyWhenAllHaveIt) {
  EXPECT_EQ(picks({server("a", 0), server("b", 1)}, 3), "bbb");
  EXPECT_EQ(picks({server("c", 0), server("d", 0)}, 4), "cdcd");
}

TEST_F(WeightedRoundRobinTest, ForgetsServersThatLeft) {
  picks({server("a", 1), server("b", 3)}, 1);  // a is owed a turn now
  balancer.retain(std::vector<Server>{server("b", 3)});
  EXPECT_EQ(picks({server("b", 1), server("a", 1)}, 1), "a");
}

class LeastOutstandingTest : public WeightedRoundRobinTest {
 protected:
  std::string picks(const std::vector<Server>& servers, int count) {
    std::vector<const Server*> candidates;
    for (const Server& server : servers) candidates.push_back(&server);
    std::string order;
    for (int i = 0; i < count; ++i) {
      order += least.pick(candidates)->uuid;
      ++leases[order.substr(order.size() - 1)];
    }
    return order;
  }

  std::map<std::string, std::size_t> leases;
  pool::LeastOutstanding least{[this](const Server& server) { return leases[server.uuid]; }};
};

TEST_F(LeastOutstandingTest, PicksNobodyOfNone) { EXPECT_EQ(least.pick({}), nullptr); }

TEST_F(LeastOutstandingTest, TakesTheIdlestUntilAllAreAsBusy) {
  leases = {{"a", 3}, {"b", 1}, {"c", 3}};
  EXPECT_EQ(picks({server("a", 1), server("b", 1), server("c", 1)}, 2), "bb");
  EXPECT_EQ(leases, (std::map<std::string, std::size_t>{{"a", 3}, {"b", 3}, {"c", 3}}));
}

TEST_F(LeastOutstandingTest, GivesTheHeavyOneMore) {
  picks({server("a", 3), server("b", 1)}, 40);
  EXPECT_EQ(leases, (std::map<std::string, std::size_t>{{"a", 30}, {"b", 10}}));
}

TEST_F(LeastOutstandingTest, TakesTurnsByWeightWhenAllAreIdle) {
  std::string order;
  for (int i = 0; i < 6; ++i) {
    order += picks({server("a", 2), server("b", 1)}, 1);
    leases.clear();
  }
  EXPECT_EQ(order, "abaaba");
}

TEST_F(LeastOutstandingTest, ServesWeightZeroOnlyWhenAllHaveIt) {
  leases = {{"b", 9}};
  EXPECT_EQ(picks({server("a", 0), server("b", 1)}, 2), "bb");
  EXPECT_EQ(picks({server("c", 0), server("d", 0)}, 2), "cd");
}

}  // namespace
