#include "pool/slot.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace {

using pool::allowed;
using pool::SlotState;

TEST(Slot, MovesAsTheDesignSaysAndNoOtherWay) {
  using enum SlotState;
  const std::set<std::pair<SlotState, SlotState>> moves{
      {kConnecting, kIdle}, {kConnecting, kLeased}, {kConnecting, kClosing},
      {kIdle, kLeased},     {kIdle, kResetting},    {kIdle, kClosing},
      {kLeased, kIdle},     {kLeased, kResetting},  {kLeased, kClosing},
      {kResetting, kIdle},  {kResetting, kLeased},  {kResetting, kClosing}};
  for (const SlotState from : {kConnecting, kIdle, kLeased, kResetting, kClosing}) {
    for (const SlotState to : {kConnecting, kIdle, kLeased, kResetting, kClosing}) {
      EXPECT_EQ(allowed(from, to), moves.contains({from, to}))
          << pool::index_of(from) << " -> " << pool::index_of(to);
    }
  }
}

}  // namespace
