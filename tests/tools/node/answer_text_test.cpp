#include "tools/node/answer_text.h"

#include <gtest/gtest.h>

#include "tools/node/verbs.h"

namespace tools::node {
namespace {

using fabric::RpcTable;

const RpcTable kChange{.names = {"uuid", "finished", "success", "result"},
                       .rows = {{"u", "1", "1", "7"}}};
const RpcTable kLookup{.names = {"group_id", "description"}, .rows = {{"g1", {}}, {"g2", "a\nb"}}};

TEST(NodeAnswer, OfAChangeIsShort) {
  EXPECT_EQ(answer_text({kChange}, nullptr), "done\n");
  EXPECT_EQ(answer_text({}, nullptr), "done\n");
  EXPECT_EQ(answer_text({kChange}, "mapping"), "mapping 7\n");
  EXPECT_EQ(answer_json({kChange}, "mapping"), "{\n  \"done\": true,\n  \"mapping\": 7\n}\n");
}

TEST(NodeAnswer, OfAChangeIsATextWhereItIsNoNumber) {
  for (const std::string result : {"99999999999999999999", "7a", "-"}) {
    RpcTable change = kChange;
    change.rows.front().back() = result;
    EXPECT_EQ(answer_json({change}, "mapping"),
              "{\n  \"done\": true,\n  \"mapping\": \"" + result + "\"\n}\n");
  }
}

TEST(NodeAnswer, OfALookupIsATable) {
  EXPECT_EQ(answer_text({kLookup}, nullptr), "GROUP_ID  DESCRIPTION\ng1        -\ng2        a b\n");
}

TEST(NodeAnswer, LeavesNullOutOfJson) {
  const std::string json = answer_json({kLookup}, nullptr);
  EXPECT_EQ(json.find("description"), json.rfind("description"));
}

TEST(NodeVerbs, NameTheProcedure) {
  for (const Verb& verb : verbs()) {
    EXPECT_EQ(procedure_of(verb).find('-'), std::string::npos) << verb.name;
  }
  EXPECT_EQ(
      procedure_of(
          {.family = "server", .name = "set-status", .parameters = {}, .help = "", .example = ""}),
      "`server`.`set_status`");
}

}  // namespace
}  // namespace tools::node
