#include "fabric/base/function_ref.h"

#include <gtest/gtest.h>

#include <memory>

namespace fabric::base {
namespace {

int called_with(int given, FunctionRef<int(int)> function) { return function(given); }

TEST(FunctionRef, CallsWhatItRefersTo) {
  int calls = 0;
  const auto counted = [&calls](int value) {
    ++calls;
    return value + 1;
  };
  EXPECT_EQ(called_with(1, counted), 2);
  const FunctionRef<int(int)> kept(counted);
  const FunctionRef<int(int)> copy = kept;
  EXPECT_EQ(called_with(2, copy), 3);
  EXPECT_EQ(calls, 2);
}

TEST(FunctionRef, PassesOnWhatCannotBeCopied) {
  const auto taken = [](std::unique_ptr<int> value) { return value; };
  const FunctionRef<std::unique_ptr<int>(std::unique_ptr<int>)> function(taken);
  EXPECT_EQ(*function(std::make_unique<int>(7)), 7);
}

}  // namespace
}  // namespace fabric::base
