#include "driver/rows/memory_reply.h"

#include <gtest/gtest.h>

#include <string_view>

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
