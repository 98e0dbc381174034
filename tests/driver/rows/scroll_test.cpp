#include "driver/rows/scroll.h"

#include <gtest/gtest.h>

#include <climits>
#include <string>

namespace driver::rows {
namespace {

using At = CursorPosition::At;

/// "before", "after", or the first row's number; "!" behind it for 01S06.
std::string text_of(const Scrolled& scrolled) {
  const std::string where = scrolled.to.at == At::kBeforeStart ? "before"
                            : scrolled.to.at == At::kAfterEnd  ? "after"
                                                               : std::to_string(scrolled.to.start);
  return where + (scrolled.cut ? "!" : "");
}

CursorPosition on(std::uint64_t start, std::uint64_t size = 5) {
  return {.at = At::kOnRows, .start = start, .rowset_size = size};
}

const CursorPosition kBefore{.at = At::kBeforeStart, .rowset_size = 5};
const CursorPosition kAfter{.at = At::kAfterEnd, .rowset_size = 5};

/// On a result of 100 rows, or of `last`.
std::string go(const CursorPosition& from, SQLSMALLINT orientation, SQLLEN offset = 0,
               std::uint64_t size = 5, std::uint64_t last = 100) {
  return text_of(
      scroll(from, last, {.orientation = orientation, .offset = offset, .rowset_size = size}));
}

TEST(Scroll, NextFollowsTheRowsetAsItWasFetched) {
  EXPECT_EQ(go(kBefore, SQL_FETCH_NEXT), "1");
  EXPECT_EQ(go(on(1), SQL_FETCH_NEXT), "6");
  EXPECT_EQ(go(on(1, 3), SQL_FETCH_NEXT), "4");  // the size was changed from 3 to 5
  EXPECT_EQ(go(on(95), SQL_FETCH_NEXT), "100");
  EXPECT_EQ(go(on(96), SQL_FETCH_NEXT), "after");
  EXPECT_EQ(go(kAfter, SQL_FETCH_NEXT), "after");
}

TEST(Scroll, PriorGoesBackByTheNewSize) {
  EXPECT_EQ(go(kBefore, SQL_FETCH_PRIOR), "before");
  EXPECT_EQ(go(on(1), SQL_FETCH_PRIOR), "before");
  EXPECT_EQ(go(on(2), SQL_FETCH_PRIOR), "1!");
  EXPECT_EQ(go(on(5), SQL_FETCH_PRIOR), "1!");
  EXPECT_EQ(go(on(6), SQL_FETCH_PRIOR), "1");
  EXPECT_EQ(go(on(50), SQL_FETCH_PRIOR, 0, 10), "40");
  EXPECT_EQ(go(kAfter, SQL_FETCH_PRIOR), "96");
  EXPECT_EQ(go(kAfter, SQL_FETCH_PRIOR, 0, 5, 5), "1");
  EXPECT_EQ(go(kAfter, SQL_FETCH_PRIOR, 0, 5, 4), "1!");
}

TEST(Scroll, RelativeCountsFromTheRowsetsFirstRow) {
  EXPECT_EQ(go(kBefore, SQL_FETCH_RELATIVE, 3), "3");
  EXPECT_EQ(go(kBefore, SQL_FETCH_RELATIVE, 0), "before");
  EXPECT_EQ(go(kBefore, SQL_FETCH_RELATIVE, -1), "before");
  EXPECT_EQ(go(kAfter, SQL_FETCH_RELATIVE, -3), "98");
  EXPECT_EQ(go(kAfter, SQL_FETCH_RELATIVE, 0), "after");
  EXPECT_EQ(go(kAfter, SQL_FETCH_RELATIVE, 1), "after");
  EXPECT_EQ(go(on(1), SQL_FETCH_RELATIVE, -1), "before");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, -3), "1!");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, -5), "1!");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, -6), "before");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, -2), "1");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, 0), "3");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, 97), "100");
  EXPECT_EQ(go(on(3), SQL_FETCH_RELATIVE, 98), "after");
}

TEST(Scroll, AbsoluteCountsFromEitherEnd) {
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, 1), "1");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, 100), "100");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, 101), "after");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, 0), "before");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, -1), "100");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, -100), "1");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, -101), "before");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, -4, 5, 3), "1!");
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, -6, 5, 3), "before");
}

TEST(Scroll, FirstAndLastAreWholeRowsetsWhereThereAreEnoughRows) {
  EXPECT_EQ(go(kAfter, SQL_FETCH_FIRST), "1");
  EXPECT_EQ(go(kBefore, SQL_FETCH_LAST), "96");
  EXPECT_EQ(go(kBefore, SQL_FETCH_LAST, 0, 5, 5), "1");
  EXPECT_EQ(go(kBefore, SQL_FETCH_LAST, 0, 5, 3), "1");
}

TEST(Scroll, ABookmarkIsARowToCountFrom) {
  const auto go_mark = [](std::uint64_t bookmark, SQLLEN offset) {
    return text_of(scroll(on(1), 100,
                          {.orientation = SQL_FETCH_BOOKMARK,
                           .offset = offset,
                           .rowset_size = 5,
                           .bookmark = bookmark}));
  };
  EXPECT_EQ(go_mark(7, 0), "7");
  EXPECT_EQ(go_mark(7, -6), "1");
  EXPECT_EQ(go_mark(7, -7), "before");
  EXPECT_EQ(go_mark(7, 93), "100");
  EXPECT_EQ(go_mark(7, 94), "after");
}

TEST(Scroll, AnEmptyResultHasNoRowToGoTo) {
  EXPECT_EQ(go(kBefore, SQL_FETCH_NEXT, 0, 5, 0), "after");
  EXPECT_EQ(go(kBefore, SQL_FETCH_FIRST, 0, 5, 0), "after");
  EXPECT_EQ(go(kBefore, SQL_FETCH_LAST, 0, 5, 0), "after");
  EXPECT_EQ(go(kAfter, SQL_FETCH_PRIOR, 0, 5, 0), "before");
  EXPECT_EQ(go(kAfter, SQL_FETCH_ABSOLUTE, -1, 5, 0), "before");
  EXPECT_EQ(go(kAfter, SQL_FETCH_ABSOLUTE, 1, 5, 0), "after");
}

TEST(Scroll, BearsTheGreatestOffsetsAndSizes) {
  constexpr auto kHuge = ~std::uint64_t{0};
  EXPECT_EQ(go(on(7), SQL_FETCH_ABSOLUTE, LONG_MIN), "before");
  EXPECT_EQ(go(on(7), SQL_FETCH_RELATIVE, LONG_MAX), "after");
  EXPECT_EQ(go(on(7), SQL_FETCH_RELATIVE, LONG_MIN), "before");
  EXPECT_EQ(go(on(7, kHuge), SQL_FETCH_NEXT), "after");
  EXPECT_EQ(go(on(7), SQL_FETCH_PRIOR, 0, kHuge), "1!");
  EXPECT_EQ(go(kBefore, SQL_FETCH_LAST, 0, kHuge), "1");
}

}  // namespace
}  // namespace driver::rows
