#include "fabric/node_refusals.h"

#include <gtest/gtest.h>

namespace {

using fabric::NodeRefusal;
using fabric::text_of;

NodeRefusal refusal(const std::string& host, const std::string& why) {
  return {{host, 32275, {}}, why};
}

TEST(NodeRefusals, NameTheNodeOfASingleOne) {
  EXPECT_EQ(text_of({refusal("n1", "it refused")}), "n1:32275: it refused");
}

TEST(NodeRefusals, SayOnceWhatAllSaid) {
  EXPECT_EQ(text_of({refusal("n1", "it refused"), refusal("n2", "it refused"),
                     refusal("n3", "it refused")}),
            "all 3 nodes said: it refused");
}

TEST(NodeRefusals, NameTheNodesOfEachKind) {
  EXPECT_EQ(text_of({refusal("n1", "it refused"), refusal("n2", "no answer in time"),
                     refusal("n3", "it refused")}),
            "2 nodes (n1:32275, n3:32275) said: it refused; n2:32275: no answer in time");
}

TEST(NodeRefusals, CountWhatWouldBeALongList) {
  std::vector<NodeRefusal> refusals{refusal("odd", "it is busy")};
  for (int i = 1; i <= 5; ++i) refusals.push_back(refusal("n" + std::to_string(i), "it refused"));
  EXPECT_EQ(text_of(refusals),
            "odd:32275: it is busy; 5 nodes (n1:32275, n2:32275, n3:32275 and 2 more) said: it "
            "refused");
}

TEST(NodeRefusals, AreAlikeThoughEachNamesItsNode) {
  EXPECT_EQ(text_of({refusal("n1", "Cannot connect to n1:32275: refused"),
                     refusal("n2", "Cannot connect to n2:32275: refused")}),
            "both nodes said: cannot connect: refused");
}

}  // namespace
