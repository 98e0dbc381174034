#include "tools/init/answers.h"

#include <gtest/gtest.h>

#include "fabric/base/error.h"

namespace tools::init {
namespace {

Answers farm() {
  Answers answers;
  answers.dsn = "orders";
  answers.nodes = "n1:3306,n2:3306";
  answers.user = "app";
  answers.password = "geheim";
  answers.mode = "RW";
  return answers;
}

TEST(InitAnswers, LeaveOutWhatIsEmpty) {
  std::string keywords;
  for (const driver::settings::GivenPair& pair : entries_of(farm())) keywords += pair.keyword + " ";
  EXPECT_EQ(keywords, "DSN FABRIC_NODES FABRIC_MODE UID PWD ");
}

TEST(InitAnswers, TakeFurtherKeywords) {
  Answers answers = farm();
  answers.more = {"SSLCA=/etc/ca.pem", "INITSTMT=SET @a=1"};
  const auto entries = entries_of(answers);
  EXPECT_EQ(entries.back().keyword, "INITSTMT");
  EXPECT_EQ(entries.back().value, "SET @a=1");
  answers.more = {"SSLCA"};
  EXPECT_THROW(entries_of(answers), fabric::base::Error);
}

TEST(InitAnswers, ShowNoSecret) {
  Answers answers = farm();
  answers.more = {"FABRIC_PASSWORD=verborgen"};
  EXPECT_EQ(section_text(answers, entries_of(answers)),
            "[orders]\n"
            "Driver = MySQL Fabric ODBC\n"
            "FABRIC_NODES = n1:3306,n2:3306\n"
            "FABRIC_MODE = RW\n"
            "UID = app\n"
            "PWD = ...\n"
            "FABRIC_PASSWORD = ...\n");
}

}  // namespace
}  // namespace tools::init
