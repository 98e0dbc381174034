#include "driver/rows/memory_reply.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace driver::rows {
namespace {

using fabric::base::Deadline;
using fabric::mysql::Cell;
using fabric::mysql::WireType;

std::string_view text(const Cell& cell) {
  return {reinterpret_cast<const char*>(cell.data), cell.size};
}

TEST(MemoryReply, GivesItsRowsInOrderAndThenNull) {
  MemoryReply reply({integer_column("N"), varchar_column("S", 10)},
                    {{"1", "one"}, {"2", std::nullopt}, {"3", ""}});
  const auto* first = reply.fetch(Deadline::never());
  ASSERT_NE(first, nullptr);
  ASSERT_EQ(first->size(), 2U);
  EXPECT_EQ(text((*first)[0]), "1");
  EXPECT_EQ(text((*first)[1]), "one");
  const auto* second = reply.fetch(Deadline::never());
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(text((*second)[0]), "2");
  EXPECT_TRUE((*second)[1].null());
  const auto* third = reply.fetch(Deadline::never());
  ASSERT_NE(third, nullptr);
  EXPECT_FALSE((*third)[1].null());
  EXPECT_EQ((*third)[1].size, 0U);
  EXPECT_FALSE(reply.finished());
  EXPECT_EQ(reply.fetch(Deadline::never()), nullptr);
  EXPECT_TRUE(reply.finished());
  EXPECT_EQ(reply.fetch(Deadline::never()), nullptr);
}

/// One row of the binary protocol.
class BinaryRow final : public fabric::mysql::Reply {
 public:
  BinaryRow(std::vector<fabric::mysql::Column> columns, std::vector<Cell> cells)
      : columns_(std::move(columns)), cells_(std::move(cells)), row_(cells_) {}

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override {
    return columns_;
  }
  [[nodiscard]] fabric::mysql::RowFormat format() const override {
    return fabric::mysql::RowFormat::kBinary;
  }
  [[nodiscard]] const fabric::mysql::Counts& counts() const override { return counts_; }
  const fabric::mysql::Row* fetch(Deadline /*deadline*/) override {
    return std::exchange(read_, true) ? nullptr : &row_;
  }
  bool next_result(Deadline /*deadline*/) override { return false; }
  [[nodiscard]] bool finished() const override { return read_; }

 private:
  const std::vector<fabric::mysql::Column> columns_;
  const std::vector<Cell> cells_;
  const fabric::mysql::Row row_;
  const fabric::mysql::Counts counts_{};
  bool read_ = false;
};

TEST(RowsOf, SpellsTheWholeNumbersOfTheBinaryProtocol) {
  const std::array<std::uint8_t, 8> minus_two{0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  fabric::mysql::Column large = bigint_column("U");
  large.flags = static_cast<std::uint16_t>(large.flags | 32U);  // UNSIGNED
  BinaryRow reply({bigint_column("A"), smallint_column("B"), large, varchar_column("T", 9),
                   integer_column("N")},
                  {{minus_two.data(), 8},
                   {minus_two.data(), 2},
                   {minus_two.data(), 8},
                   {reinterpret_cast<const std::uint8_t*>("12"), 2},
                   {}});
  EXPECT_EQ(rows_of(reply, Deadline::never()),
            (std::vector<Record>{{"-2", "-2", "18446744073709551614", "12", std::nullopt}}));
}

TEST(MemoryReply, KeepsItsColumnsWhenItHasNoRows) {
  MemoryReply reply({smallint_column("A")}, {});
  EXPECT_EQ(reply.columns().size(), 1U);
  EXPECT_EQ(reply.fetch(Deadline::never()), nullptr);
  EXPECT_EQ(reply.columns().size(), 1U);
  EXPECT_EQ(reply.counts().affected_rows, 0U);
}

TEST(MemoryReply, IsOneResultAndSkippingItFinishesIt) {
  MemoryReply reply({smallint_column("A")}, {{"1"}, {"2"}});
  EXPECT_FALSE(reply.finished());
  EXPECT_FALSE(reply.next_result(Deadline::never()));
  EXPECT_TRUE(reply.finished());
  EXPECT_EQ(reply.fetch(Deadline::never()), nullptr);
}

TEST(MemoryReply, AnnouncesColumnsAsAServerWould) {
  EXPECT_EQ(smallint_column("A").type, WireType::kShort);
  EXPECT_EQ(integer_column("A").type, WireType::kLong);
  EXPECT_EQ(bigint_column("A").type, WireType::kLongLong);
  const auto text_column = varchar_column("T", 64);
  EXPECT_EQ(text_column.type, WireType::kVarString);
  EXPECT_EQ(text_column.length, 256U);
  EXPECT_FALSE(text_column.is_binary());
  EXPECT_FALSE(text_column.not_null());
  EXPECT_TRUE(not_null(text_column).not_null());
  EXPECT_EQ(text_column.name, "T");
}

}  // namespace
}  // namespace driver::rows
