#include "driver/rows/spooled_reply.h"

#include <gtest/gtest.h>

#include <deque>

#include "driver/rows/memory_reply.h"
#include "fabric/base/error.h"
#include "tests/driver/reply_text.h"

namespace driver::rows {
namespace {

using fabric::base::Deadline;
using fabric::base::SqlState;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::Row;

constexpr std::size_t kAmple = 1U << 20U;
using Lines = std::vector<std::string>;

/// Several results in a row, or one whose link falls after its last row.
class Results final : public fabric::mysql::Reply {
 public:
  void add(std::vector<fabric::mysql::Column> columns, std::vector<Record> rows) {
    results_.push_back(std::make_unique<MemoryReply>(std::move(columns), std::move(rows)));
  }
  void fall() { falls_ = true; }

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override {
    return results_.front()->columns();
  }
  [[nodiscard]] fabric::mysql::RowFormat format() const override {
    return results_.front()->format();
  }
  [[nodiscard]] const fabric::mysql::Counts& counts() const override {
    return results_.front()->counts();
  }
  const Row* fetch(Deadline deadline) override {
    const Row* row = results_.front()->fetch(deadline);
    if (row == nullptr && falls_) {
      throw MysqlError(2013, "HY000", "lost in the middle", LinkLoss::kAfterSend);
    }
    return row;
  }
  bool next_result(Deadline /*deadline*/) override {
    if (results_.size() == 1) return false;
    results_.pop_front();
    return true;
  }
  [[nodiscard]] bool finished() const override { return results_.size() == 1; }

 private:
  std::deque<std::unique_ptr<MemoryReply>> results_;
  bool falls_ = false;
};

std::vector<Record> some_rows(std::size_t count, std::size_t size) {
  std::vector<Record> rows;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({std::to_string(i), std::string(size, static_cast<char>('a' + i % 26))});
  }
  return rows;
}

Lines lines_of(const std::vector<Record>& rows) {
  Lines all;
  for (const Record& row : rows) all.push_back(*row[0] + "|" + *row[1]);
  return all;
}

std::vector<fabric::mysql::Column> two_columns() {
  return {integer_column("N"), varchar_column("S", 100)};
}

TEST(SpooledReply, GivesNullsEmptyValuesAndRowsAsTheyCame) {
  MemoryReply live(two_columns(), {{"1", "one"}, {std::nullopt, ""}, {"3", std::nullopt}});
  SpooledReply spooled(kAmple);
  spooled.take(live, Deadline::never());
  EXPECT_TRUE(live.finished());
  EXPECT_FALSE(spooled.finished());
  EXPECT_EQ(column_names(spooled), "N S");
  EXPECT_EQ(lines(spooled), (Lines{"1|one", "~|", "3|~"}));
  EXPECT_TRUE(spooled.finished());
  EXPECT_EQ(spooled.fetch(Deadline::never()), nullptr);
}

TEST(SpooledReply, FindsAnyRowOfTheResultAtHand) {
  Results live;
  live.add({smallint_column("A")}, {{"7"}});
  live.add(two_columns(), some_rows(50, 10));
  SpooledReply spooled(500);
  spooled.take(live, Deadline::never());
  ASSERT_TRUE(spooled.next_result(Deadline::never()));
  EXPECT_EQ(spooled.row_count(), 50U);
  EXPECT_EQ((*spooled.row(49))[0].size, 2U);
  EXPECT_EQ((*spooled.row(0))[0].size, 1U);
  MemoryReply other(two_columns(), {{"x", std::nullopt}});
  spooled.replace(0, *other.fetch(Deadline::never()));
  Lines expected = lines_of(some_rows(50, 10));
  expected[0] = "x|~";
  EXPECT_EQ(lines(spooled), expected);
}

TEST(SpooledReply, GoesToAFileWhenMemoryIsFull) {
  const auto rows = some_rows(2000, 300);
  for (const std::size_t limit :
       {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{100'000}}) {
    MemoryReply live(two_columns(), rows);
    SpooledReply spooled(limit);
    spooled.take(live, Deadline::never());
    EXPECT_EQ(lines(spooled), lines_of(rows)) << limit;
  }
}

TEST(SpooledReply, ReadsAcrossTheBorderOfMemoryAndFileAtEveryOffset) {
  const auto rows = some_rows(3, 40);
  for (std::size_t limit = 0; limit < 220; ++limit) {
    MemoryReply live(two_columns(), rows);
    SpooledReply spooled(limit);
    spooled.take(live, Deadline::never());
    ASSERT_EQ(lines(spooled), lines_of(rows)) << limit;
  }
}

TEST(SpooledReply, KeepsSeveralResults) {
  Results live;
  live.add(two_columns(), some_rows(3, 10));
  live.add({}, {});
  live.add({smallint_column("A")}, {{"7"}});
  SpooledReply spooled(50);
  spooled.take(live, Deadline::never());
  EXPECT_EQ(lines(spooled), lines_of(some_rows(3, 10)));
  ASSERT_TRUE(spooled.next_result(Deadline::never()));
  EXPECT_TRUE(spooled.columns().empty());
  ASSERT_TRUE(spooled.next_result(Deadline::never()));
  EXPECT_EQ(column_names(spooled), "A");
  EXPECT_EQ(lines(spooled), (Lines{"7"}));
  EXPECT_FALSE(spooled.next_result(Deadline::never()));
  EXPECT_TRUE(spooled.finished());
}

TEST(SpooledReply, SkipsTheUnreadRowsOfAResult) {
  Results live;
  live.add(two_columns(), some_rows(100, 50));
  live.add({smallint_column("A")}, {{"7"}});
  SpooledReply spooled(500);
  spooled.take(live, Deadline::never());
  spooled.fetch(Deadline::never());
  ASSERT_TRUE(spooled.next_result(Deadline::never()));
  EXPECT_EQ(lines(spooled), (Lines{"7"}));
}

TEST(SpooledReply, GivesWhatItGotBeforeTheLinkFellAndThenSaysSo) {
  Results live;
  live.add(two_columns(), some_rows(2, 5));
  live.fall();
  SpooledReply spooled(kAmple);
  try {
    spooled.take(live, Deadline::never());
    FAIL() << "the loss was hidden";
  } catch (const MysqlError& error) {
    spooled.end_with(error);
  }
  EXPECT_FALSE(spooled.finished());
  EXPECT_NE(spooled.fetch(Deadline::never()), nullptr);
  EXPECT_NE(spooled.fetch(Deadline::never()), nullptr);
  EXPECT_THROW(spooled.fetch(Deadline::never()), MysqlError);
}

}  // namespace
}  // namespace driver::rows
