#include "driver/rows/row_store.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace driver::rows {
namespace {

using fabric::mysql::Cell;

Cell cell_of(const std::string& text) {
  return {.data = reinterpret_cast<const std::uint8_t*>(text.data()), .size = text.size()};
}

std::string text_of(const Cell& cell) {
  return cell.null() ? "~" : std::string(reinterpret_cast<const char*>(cell.data), cell.size);
}

void append(RowStore& store, const std::string& first, const std::string& second) {
  const std::array cells{cell_of(first), Cell{}, cell_of(second)};
  store.append(cells);
}

void expect_row(RowStore& store, std::uint64_t index, const std::string& first,
                const std::string& second) {
  const fabric::mysql::Row& row = *store.read(index);
  ASSERT_EQ(row.size(), 3U);
  EXPECT_EQ(text_of(row[0]), first) << index;
  EXPECT_TRUE(row[1].null());
  EXPECT_EQ(text_of(row[2]), second) << index;
}

std::string long_text(std::uint64_t index) {
  return std::string(index % 97 == 5 ? 100'000 : index % 300, static_cast<char>('a' + index % 26));
}

class RowStoreOfLimit : public testing::TestWithParam<std::size_t> {};

TEST_P(RowStoreOfLimit, FindsRowsForwardsBackwardsAndAtRandom) {
  RowStore store(GetParam());
  constexpr std::uint64_t kRows = 1000;
  for (std::uint64_t i = 0; i < kRows; ++i) append(store, std::to_string(i), long_text(i));
  ASSERT_EQ(store.size(), kRows);
  for (std::uint64_t i = 0; i < kRows; ++i) expect_row(store, i, std::to_string(i), long_text(i));
  for (std::uint64_t i = kRows; i-- > 0;) expect_row(store, i, std::to_string(i), long_text(i));
  std::minstd_rand random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t index = random() % kRows;
    expect_row(store, index, std::to_string(index), long_text(index));
  }
}

TEST_P(RowStoreOfLimit, PutsARowInThePlaceOfAnother) {
  RowStore store(GetParam());
  for (std::uint64_t i = 0; i < 100; ++i) append(store, std::to_string(i), long_text(i));
  const std::string first = "first";
  const std::string second(5000, 'z');
  const std::array cells{cell_of(first), Cell{}, cell_of(second)};
  store.replace(42, cells);
  append(store, "last", "");
  expect_row(store, 41, "41", long_text(41));
  expect_row(store, 42, first, second);
  expect_row(store, 43, "43", long_text(43));
  expect_row(store, 100, "last", "");
}

TEST_P(RowStoreOfLimit, StartsAnewWhenCleared) {
  RowStore store(GetParam());
  for (int round = 0; round < 3; ++round) {
    for (std::uint64_t i = 0; i < 200; ++i) append(store, std::to_string(round), long_text(i));
    for (std::uint64_t i = 0; i < 200; ++i) {
      expect_row(store, i, std::to_string(round), long_text(i));
    }
    store.clear();
    EXPECT_EQ(store.size(), 0U);
  }
}

TEST_P(RowStoreOfLimit, KeepsWhatLiesInOnePacket) {
  RowStore store(GetParam());
  for (std::uint64_t i = 0; i < 300; ++i) {
    // Lengths lie between the cells, and bytes before the first and behind the last.
    const std::string packet = "#" + std::to_string(i) + "##" + long_text(i) + "#";
    const Cell whole = cell_of(packet);
    const Cell first{.data = whole.data + 1, .size = std::to_string(i).size()};
    const Cell last{.data = first.data + first.size + 2, .size = long_text(i).size()};
    store.append(std::array{first, Cell{}, last}, fabric::mysql::RowLayout::kPacket);
    store.append(std::array{Cell{}, first, Cell{}}, fabric::mysql::RowLayout::kPacket);
    store.append(std::array{Cell{}, Cell{}}, fabric::mysql::RowLayout::kPacket);
  }
  for (std::uint64_t i = 0; i < 300; ++i) {
    expect_row(store, 3 * i, std::to_string(i), long_text(i));
    const fabric::mysql::Row& one = *store.read(3 * i + 1);
    EXPECT_TRUE(one[0].null() && one[2].null());
    EXPECT_EQ(text_of(one[1]), std::to_string(i));
    const fabric::mysql::Row& none = *store.read(3 * i + 2);
    EXPECT_TRUE(none.size() == 2 && none[0].null() && none[1].null());
  }
}

INSTANTIATE_TEST_SUITE_P(Limits, RowStoreOfLimit,
                         testing::Values(0, 1, 100, 5000, 70'000, 1U << 20U, 64U << 20U));

TEST(RowStore, LeavesRowsInMemoryWhereTheyAre) {
  RowStore store(1U << 20U);
  append(store, "one", "two");
  const Cell cell = (*store.read(0))[2];
  for (std::uint64_t i = 0; i < 1000; ++i) append(store, "more", long_text(i % 90));
  store.read(500);
  EXPECT_EQ((*store.read(0))[2].data, cell.data);
  EXPECT_EQ(text_of(cell), "two");
}

}  // namespace
}  // namespace driver::rows
