#include "driver/routing/same_name.h"

#include <gtest/gtest.h>

#include <utility>

namespace driver::routing {
namespace {

TEST(SameName, IsThatOfAnotherCase) {
  for (const auto& [one, other] : {std::pair("id", "ID"),
                                   {"Zoë", "ZOË"},
                                   {"straße", "STRAßE"},
                                   {"Łódź", "łÓDŹ"},
                                   {"ΑΒΓ", "αβγ"},
                                   {"Привет", "ПРИВЕТ"},
                                   {"Ёж", "ёж"},
                                   {"Ṩa", "ṩA"},
                                   {"id", "\u0130D"},
                                   {"key", "\u212Aey"},
                                   {"ÿ", "Ÿ"},
                                   {"ａ", "Ａ"},
                                   {"日本", "日本"}}) {
    EXPECT_TRUE(same_name(one, other)) << one << ' ' << other;
    EXPECT_TRUE(same_name(other, one)) << one << ' ' << other;
  }
}

TEST(SameName, OfAColumnHasItsLength) {
  EXPECT_EQ(folded("ÉMP_No"), "émp_no");
  EXPECT_EQ(folded("\u0130D"), "\u0130d");
  EXPECT_EQ(folded("\u212Aey"), "\u212Aey");
}

TEST(SameName, IsNoOtherLetters) {
  for (const auto& [one, other] : {std::pair("id", "ids"),
                                   {"e", "é"},
                                   {"ss", "ß"},
                                   {"×", "÷"},
                                   {"l", "ł"},
                                   {"", "a"},
                                   {"日", "本"},
                                   {"i", "ı"},
                                   {"\xFF", "\xFE"}}) {
    EXPECT_FALSE(same_name(one, other)) << one << ' ' << other;
  }
}

}  // namespace
}  // namespace driver::routing
