#include "fabric/md5.h"

#include <gtest/gtest.h>

namespace fabric {
namespace {

/// RFC 1321, appendix A.5.
TEST(Md5, IsTheStandards) {
  EXPECT_EQ(md5_hex(""), "D41D8CD98F00B204E9800998ECF8427E");
  EXPECT_EQ(md5_hex("message digest"), "F96B697D7CB7938D525A2F31AAF161D0");
  EXPECT_EQ(md5_hex("abcdefghijklmnopqrstuvwxyz"), "C3FCD3D76192E4007DFB496CCA67E13B");
}

}  // namespace
}  // namespace fabric
