#include "fabric/base/ascii.h"

#include <gtest/gtest.h>

namespace fabric::base {
namespace {

TEST(Ascii, ChangesTheCaseOfItsLettersAlone) {
  EXPECT_EQ(lower("AZ[@`{az 09 \xC3\x84"), "az[@`{az 09 \xC3\x84");
  EXPECT_EQ(upper("AZ[@`{az 09 \xC3\xA4"), "AZ[@`{AZ 09 \xC3\xA4");
}

}  // namespace
}  // namespace fabric::base
