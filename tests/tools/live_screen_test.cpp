#include "tools/live_screen.h"

#include <gtest/gtest.h>

#include "tools/columns.h"

namespace tools {
namespace {

const std::string kHome = "\x1b[H";
const std::string kEnd = "\x1b[K\r\n";
const std::string kClearBelow = "\x1b[J";

TEST(LiveScreen, DrawsFromTheTopAndClearsTheRest) {
  EXPECT_EQ(fitted("a\nb\n", "", {}), kHome + "a" + kEnd + "b" + kEnd + kClearBelow);
}

TEST(LiveScreen, CutsLongLinesByCharacters) {
  EXPECT_EQ(fitted("n\u00E4chst\n", "", {.columns = 2}), kHome + "n\u00E4" + kEnd + kClearBelow);
}

TEST(LiveScreen, LeavesTheLastLineOfTheWindowToTheCursor) {
  EXPECT_EQ(fitted("a\nb\nc\n", "", {.lines = 2}), kHome + "a" + kEnd + kClearBelow);
}

TEST(LiveScreen, KeepsWhatStandsBelow) {
  EXPECT_EQ(fitted("a\nb\nc\n", "d\n", {.lines = 3}),
            kHome + "a" + kEnd + "d" + kEnd + kClearBelow);
  EXPECT_EQ(fitted("a\n", "d\ne\n", {.lines = 2}), kHome + "d" + kEnd + kClearBelow);
}

TEST(LiveScreen, MarksStarredLines) {
  EXPECT_EQ(fitted("* a\n", "", {}), kHome + "\x1b[1m* a\x1b[0m" + kEnd + kClearBelow);
}

TEST(Columns, AreInLine) {
  EXPECT_EQ(aligned({{"a", "b"}, {"long", "", "c"}}), "  a     b\n  long     c\n");
}

TEST(Columns, HaveTheirMargins) { EXPECT_EQ(aligned({{"a"}, {"b"}}, {"* "}), "* a\n  b\n"); }

TEST(Columns, LetNoForeignWordsMoveTheCursor) { EXPECT_EQ(printable("a\x1b[2J\n"), "a [2J "); }

}  // namespace
}  // namespace tools
