#include "driver/rows/read_ahead_reply.h"

#include <gtest/gtest.h>

#include "driver/rows/memory_reply.h"
#include "fabric/mysql/mysql_error.h"
#include "tests/driver/reply_text.h"

namespace driver::rows {
namespace {

using fabric::base::Deadline;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::Row;

constexpr std::size_t kPlenty = 1U << 20U;
using Lines = std::vector<std::string>;

std::unique_ptr<MemoryReply> three_rows() {
  return std::make_unique<MemoryReply>(
      std::vector<fabric::mysql::Column>{integer_column("N"), varchar_column("S", 100)},
      std::vector<Record>{{"1", "one"}, {"2", std::nullopt}, {"3", ""}});
}

/// Loses its link after `rows` rows.
class Falling final : public fabric::mysql::Reply {
 public:
  explicit Falling(int rows) : left_(rows) {}
  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override {
    return rows_->columns();
  }
  [[nodiscard]] fabric::mysql::RowFormat format() const override { return rows_->format(); }
  [[nodiscard]] const fabric::mysql::Counts& counts() const override { return rows_->counts(); }
  const Row* fetch(Deadline deadline) override {
    if (left_-- == 0) throw MysqlError(2013, "HY000", "lost in the middle", LinkLoss::kAfterSend);
    return rows_->fetch(deadline);
  }
  bool next_result(Deadline deadline) override { return rows_->next_result(deadline); }
  [[nodiscard]] bool finished() const override { return false; }

 private:
  std::unique_ptr<MemoryReply> rows_ = three_rows();
  int left_;
};

TEST(ReadAheadReply, GivesWhatIsKeptAndThenTheRest) {
  for (int ahead = 0; ahead <= 3; ++ahead) {
    ReadAheadReply reply(three_rows(), kPlenty);
    for (int i = 0; i < ahead; ++i) EXPECT_GT(reply.step(Deadline::never()), 0U);
    EXPECT_EQ(lines(reply), (Lines{"1|one", "2|~", "3|"})) << ahead;
    EXPECT_TRUE(reply.finished());
  }
}

TEST(ReadAheadReply, FreesTheWireAtTheEnd) {
  ReadAheadReply reply(three_rows(), kPlenty);
  while (reply.step(Deadline::never()) != 0) {
  }
  EXPECT_TRUE(reply.wire_free());
  EXPECT_FALSE(reply.finished());
  EXPECT_EQ(lines(reply).size(), 3U);
  EXPECT_TRUE(reply.finished());
}

TEST(ReadAheadReply, ReadsOnBetweenFetches) {
  ReadAheadReply reply(three_rows(), kPlenty);
  ASSERT_NE(reply.fetch(Deadline::never()), nullptr);
  EXPECT_GT(reply.step(Deadline::never()), 0U);
  ASSERT_NE(reply.fetch(Deadline::never()), nullptr);
  EXPECT_GT(reply.step(Deadline::never()), 0U);
  EXPECT_EQ(lines(reply), (Lines{"3|"}));
}

TEST(ReadAheadReply, TellsALostLinkToWhoReadsThatFar) {
  ReadAheadReply reply(std::make_unique<Falling>(1), kPlenty);
  while (reply.step(Deadline::never()) != 0) {
  }
  EXPECT_FALSE(reply.wire_free());
  ASSERT_NE(reply.fetch(Deadline::never()), nullptr);
  EXPECT_THROW(reply.fetch(Deadline::never()), MysqlError);
  EXPECT_THROW(reply.next_result(Deadline::never()), MysqlError);
  EXPECT_FALSE(reply.finished());
}

}  // namespace
}  // namespace driver::rows
