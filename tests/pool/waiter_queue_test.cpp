#include "pool/waiter_queue.h"

#include <gtest/gtest.h>

namespace {

using pool::Waiter;
using pool::WaiterQueue;

TEST(WaiterQueue, GivesOutTheOldestFirst) {
  WaiterQueue queue;
  Waiter first, second;
  queue.push_back(first);
  queue.push_back(second);
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.pop_front(), &first);
  EXPECT_EQ(queue.pop_front(), &second);
  EXPECT_EQ(queue.pop_front(), nullptr);
  EXPECT_TRUE(queue.empty());
}

TEST(WaiterQueue, LosesAWaiterFromAnyPlace) {
  Waiter first, middle, last;
  for (Waiter* leaving : {&first, &middle, &last}) {
    WaiterQueue queue;
    for (Waiter* waiter : {&first, &middle, &last}) queue.push_back(*waiter);
    queue.remove(*leaving);
    for (Waiter* waiter : {&first, &middle, &last}) {
      if (waiter == leaving) continue;
      EXPECT_EQ(queue.pop_front(), waiter);
    }
    EXPECT_TRUE(queue.empty());
  }
}

}  // namespace
