#include "tools/doctor/ini_file.h"

#include <gtest/gtest.h>

namespace tools::doctor {
namespace {

TEST(IniFile, KeepsLinesAndOrder) {
  const auto sections = parse_ini(
      "# a remark\nstray = 1\n\n[ orders ]\n; another\nServer = a = b\n  PWD=x\r\nflag\n[last]");
  ASSERT_EQ(sections.size(), 2u);
  EXPECT_EQ(sections[0].name, "orders");
  EXPECT_EQ(sections[0].line, 4u);
  ASSERT_EQ(sections[0].entries.size(), 3u);
  EXPECT_EQ(sections[0].entries[0].key, "Server");
  EXPECT_EQ(sections[0].entries[0].value, "a = b");
  EXPECT_EQ(sections[0].entries[0].line, 6u);
  EXPECT_EQ(sections[0].entries[1].value, "x");
  EXPECT_EQ(sections[0].entries[2].key, "flag");
  EXPECT_EQ(sections[0].entries[2].value, "");
  EXPECT_EQ(sections[1].line, 9u);
}

TEST(IniFile, FindsWhateverTheCaseTheFirst) {
  IniFile file;
  file.sections = parse_ini("[Orders]\nDriver = one\nDRIVER = two\n[orders]\nDriver = three\n");
  const IniSection* section = file.find("ORDERS");
  ASSERT_NE(section, nullptr);
  ASSERT_NE(section->find("driver"), nullptr);
  EXPECT_EQ(section->find("driver")->value, "one");
  EXPECT_EQ(section->find("nothing"), nullptr);
  EXPECT_EQ(file.find("others"), nullptr);
}

TEST(IniFile, TakesUnfinishedSections) {
  const auto sections = parse_ini("[open\nkey = value");
  ASSERT_EQ(sections.size(), 1u);
  EXPECT_EQ(sections[0].name, "open");
  EXPECT_EQ(sections[0].entries.size(), 1u);
}

TEST(IniFile, SaysWhyItCannotBeRead) {
  const IniFile file = read_ini("/nowhere/odbc.ini");
  EXPECT_FALSE(file.exists);
  EXPECT_EQ(file.problem, "No such file or directory");
}

}  // namespace
}  // namespace tools::doctor
