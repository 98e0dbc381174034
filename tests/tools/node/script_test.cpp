#include "tools/node/script.h"

#include <gtest/gtest.h>

namespace tools::node {
namespace {

using Statements = std::vector<std::string>;

TEST(NodeScript, EndsStatementsAtSemicolons) {
  EXPECT_EQ(statements_of("SELECT 1;\nSELECT 2 ;\n"), (Statements{"SELECT 1", "SELECT 2"}));
}

TEST(NodeScript, TakesTheLastWithoutAnEnd) {
  EXPECT_EQ(statements_of("SELECT 1;\n\nSELECT 2\n"), (Statements{"SELECT 1", "SELECT 2"}));
}

TEST(NodeScript, LeavesOutCommentsWithWhateverIsInThem) {
  EXPECT_EQ(statements_of("-- it's; said\nSELECT 1; -- so\nSELECT 2;\n--   GRANT a TO b;\n"),
            (Statements{"SELECT 1", "SELECT 2"}));
}

TEST(NodeScript, SeesNoDelimiterInQuotes) {
  EXPECT_EQ(statements_of("SELECT 'a;''b\\';', `c;`, \"d;\";"),
            (Statements{"SELECT 'a;''b\\';', `c;`, \"d;\""}));
}

TEST(NodeScript, ChangesTheDelimiter) {
  EXPECT_EQ(statements_of("SET a = 1;\nDELIMITER $$\nBEGIN\n  SET b = 2; -- isn't $$\nEND $$\n"
                          "SELECT 3 $$\nDELIMITER ;\nSELECT 4;\n"),
            (Statements{"SET a = 1", "BEGIN\n  SET b = 2; \nEND", "SELECT 3", "SELECT 4"}));
}

TEST(NodeScript, StandsWhatIsNotClosed) {
  EXPECT_EQ(statements_of("SELECT 'a"), (Statements{"SELECT 'a"}));
  EXPECT_EQ(statements_of("SELECT 'a\\"), (Statements{"SELECT 'a\\"}));
  EXPECT_EQ(statements_of("DELIMITER "), Statements{});
}

}  // namespace
}  // namespace tools::node
