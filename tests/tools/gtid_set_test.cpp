#include "tools/watch/gtid_set.h"

#include <gtest/gtest.h>

#include "fabric/base/error.h"

namespace tools::watch {
namespace {

constexpr const char* kUuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

GtidSet mysql(const std::string& intervals) {
  return GtidSet::of_mysql(std::string(kUuid) + ":" + intervals);
}

TEST(GtidSet, ReadsWhatMySqlWrites) {
  const GtidSet set = GtidSet::of_mysql("3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5:11,\nother:7");
  EXPECT_EQ(set.text(), std::string(kUuid) + ":1-5:11,other:7");
  EXPECT_TRUE(GtidSet::of_mysql("").empty());
}

TEST(GtidSet, JoinsIntervalsThatTouch) {
  GtidSet set = mysql("1-5:11");
  set.add(mysql("6-10"));
  EXPECT_EQ(set, mysql("1-11"));
  set.add(mysql("20"));
  set.add(mysql("15-30"));
  EXPECT_EQ(set, mysql("1-11:15-30"));
}

TEST(GtidSet, SubtractsFromBothEndsAndTheMiddle) {
  EXPECT_EQ(mysql("1-10").without(mysql("4-6")), mysql("1-3:7-10"));
  EXPECT_EQ(mysql("1-10").without(mysql("1-3:9-20")), mysql("4-8"));
  EXPECT_TRUE(mysql("4-6").without(mysql("1-10")).empty());
  EXPECT_EQ(mysql("1-3").without(GtidSet::of_mysql("other:1-3")), mysql("1-3"));
}

TEST(GtidSet, ComparesMariaDbPositionsByDomain) {
  const GtidSet ahead = GtidSet::of_mariadb_position("2-21-12,3-32-7");
  EXPECT_TRUE(ahead.contains(GtidSet::of_mariadb_position("3-31-5,2-21-12")));
  EXPECT_FALSE(ahead.contains(GtidSet::of_mariadb_position("2-21-13")));
  EXPECT_FALSE(ahead.contains(GtidSet::of_mariadb_position("4-1-1")));
}

TEST(GtidSet, TellsPartedMariaDbHistoriesByTheWriter) {
  // The old primary (31) wrote 8, which nobody received; the new one (32) went on from 7.
  const GtidSet old_primary = GtidSet::of_mariadb_state("3-31-8");
  const GtidSet new_primary = GtidSet::of_mariadb_state("3-31-7,3-32-20");
  EXPECT_EQ(old_primary.without(new_primary).text(), "3-31:8");
  EXPECT_TRUE(new_primary.contains(GtidSet::of_mariadb_state("3-31-7")));
}

TEST(GtidSet, RefusesWhatIsNone) {
  for (const char* text : {"x", "uuid:5-4", "uuid:0", ":1", "uuid:1-x"}) {
    EXPECT_THROW(GtidSet::of_mysql(text), fabric::base::Error) << text;
  }
  for (const char* text : {"1", "1-2", "1-2-x", "-"}) {
    EXPECT_THROW(GtidSet::of_mariadb_state(text), fabric::base::Error) << text;
  }
}

TEST(GtidSet, CountsItsTransactions) {
  EXPECT_EQ(GtidSet().count(), 0U);
  EXPECT_EQ(GtidSet::of_mysql("a:1-5:7,b:3").count(), 7U);
}

}  // namespace
}  // namespace tools::watch
