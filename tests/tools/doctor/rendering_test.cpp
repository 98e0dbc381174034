#include "tools/doctor/rendering.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

namespace tools::doctor {
namespace {

const Finding kGood{
    .level = Level::kOk, .check = "nodes", .subject = "node a:1", .text = "answers"};
const Finding kBad{.level = Level::kError,
                   .check = "servers",
                   .subject = "server b:2",
                   .text = "is locked",
                   .fix = {.where = "in SQL", .lines = "ALTER USER 'u'@'%';\nFLUSH HOSTS;"}};

TEST(DoctorRendering, PutsAFindingOnOneLine) {
  EXPECT_EQ(finding_text(kGood), "ok       node a:1: answers\n");
}

TEST(DoctorRendering, PutsTheFixBelowToBePasted) {
  EXPECT_EQ(finding_text(kBad),
            "error    server b:2: is locked\n"
            "         fix: in SQL:\n"
            "             ALTER USER 'u'@'%';\n"
            "             FLUSH HOSTS;\n");
}

TEST(DoctorRendering, ShowsAdviceWithoutLines) {
  EXPECT_EQ(finding_text({.level = Level::kWarning, .text = "odd", .fix = {.where = "as it says"}}),
            "warning  odd\n         fix: as it says\n");
}

TEST(DoctorRendering, LetsNoForeignWordsMoveTheCursor) {
  EXPECT_EQ(finding_text({.level = Level::kNote, .text = "a\x1b[2Jb\nc\x7f"}),
            "note     a [2Jb c \n");
  // C1, as UTF-8 and as bytes of their own.
  EXPECT_EQ(finding_text({.level = Level::kNote,
                          .text = "a\xC2\x9B"
                                  "2J\xC3\xA9"}),
            "note     a 2J\xC3\xA9\n");
  EXPECT_EQ(finding_text({.level = Level::kNote,
                          .text = "a\x9B"
                                  "2J"}),
            "note     a?2J\n");
}

TEST(DoctorRendering, CountsWhatIsWrong) {
  EXPECT_EQ(summary_text({kGood}), "no errors, no warnings\n");
  EXPECT_EQ(summary_text({kGood, kBad, {.level = Level::kWarning}, {.level = Level::kWarning}}),
            "1 error, 2 warnings\n");
}

TEST(DoctorRendering, MakesOneJsonObject) {
  Poco::JSON::Parser parser;
  const auto object =
      parser.parse(findings_json("orders", {kGood, kBad})).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(object->getValue<std::string>("dsn"), "orders");
  EXPECT_EQ(object->getValue<int>("errors"), 1);
  EXPECT_EQ(object->getValue<int>("warnings"), 0);
  const auto findings = object->getArray("findings");
  ASSERT_EQ(findings->size(), 2u);
  EXPECT_FALSE(findings->getObject(0)->has("fix"));
  const auto bad = findings->getObject(1);
  EXPECT_EQ(bad->getValue<std::string>("level"), "error");
  EXPECT_EQ(bad->getValue<std::string>("check"), "servers");
  EXPECT_EQ(bad->getValue<std::string>("subject"), "server b:2");
  EXPECT_EQ(bad->getValue<std::string>("text"), "is locked");
  EXPECT_EQ(bad->getObject("fix")->getValue<std::string>("lines"), kBad.fix.lines);
}

}  // namespace
}  // namespace tools::doctor
