#include "driver/settings/dsn.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "driver/settings/connection_settings.h"
#include "fabric/base/error.h"

namespace driver::settings {
namespace {

/// A private odbc.ini for the life of a test.
class Dsn : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "dsn_test_XXXXXX";
    const int file = mkstemp(pattern.data());
    ASSERT_NE(file, -1);
    close(file);
    path_ = pattern;
    setenv("ODBCINI", path_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("ODBCINI");
    unlink(path_.c_str());
  }
  void write(const std::string& text) const { std::ofstream(path_) << text; }

 private:
  std::string path_;
};

using DsnEntries = Dsn;
using DsnSettings = Dsn;

TEST_F(DsnEntries, AreAllKeysOfTheSectionInOrder) {
  write("[other]\nServer=x\n[dsn_order]\nDriver = d\nServer = a,b:3307\nUser=u\nMade_Up = 1\n");
  const auto entries = dsn_entries("dsn_order");
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0].keyword, "Driver");
  EXPECT_EQ(entries[1].keyword, "Server");
  EXPECT_EQ(entries[1].value, "a,b:3307");
  EXPECT_EQ(entries[3].keyword, "Made_Up");
  EXPECT_EQ(entries[3].value, "1");
}

TEST_F(DsnEntries, AreNoneOfAnUnknownSection) {
  write("[dsn_known]\nServer=x\n");
  EXPECT_TRUE(dsn_entries("dsn_unknown").empty());
  EXPECT_TRUE(dsn_entries("").empty());
}

TEST_F(DsnEntries, AreReadWholeHoweverMany) {
  std::string text = "[dsn_many]\n";
  for (int i = 0; i < 300; ++i) {
    text += "A_rather_long_keyword_" + std::to_string(i) + " = value" + std::to_string(i) + "\n";
  }
  write(text);
  const auto entries = dsn_entries("dsn_many");
  ASSERT_EQ(entries.size(), 300U);
  EXPECT_EQ(entries[299].value, "value299");
}

TEST_F(DsnSettings, ComeFromTheSection) {
  write(
      "[dsn_plain]\nDriver=d\nDescription=x\nServer=h\nPort=3310\nUser=u\nPassword=p\nDatabase="
      "db\n");
  std::vector<Warning> warnings;
  const auto settings = settings_from_dsn("dsn_plain", nullptr, nullptr, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(settings.dsn, "dsn_plain");
  EXPECT_EQ(settings.servers.at(0).text(), "h:3310");
  EXPECT_EQ(settings.credentials.user, "u");
  EXPECT_EQ(settings.credentials.password, "p");
  EXPECT_EQ(settings.database, "db");
  EXPECT_EQ(completed_string(settings), "DSN=dsn_plain;");
}

TEST_F(DsnSettings, GiveWayToTheArgumentsOfSqlConnect) {
  write("[dsn_login]\nServer=h\nUser=u\nPassword=p\n");
  std::vector<Warning> warnings;
  const std::string user = "me";
  const std::string password = "mine";
  const auto settings = settings_from_dsn("dsn_login", &user, &password, warnings);
  EXPECT_EQ(settings.credentials.user, "me");
  EXPECT_EQ(settings.credentials.password, "mine");
}

TEST_F(DsnSettings, GiveWayToTheConnectionString) {
  write("[dsn_farm]\nDriver=d\nFabric_Nodes=n:3306\nFabric_Group=g1\nUser=u\nMax_Pool_Size=3\n");
  std::vector<Warning> warnings;
  const auto settings =
      settings_from_connection_string("DSN=dsn_farm;GROUP=g2;PWD=p;DATABASE=db", warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(settings.fabric.group, "g2");
  EXPECT_EQ(settings.credentials.user, "u");
  EXPECT_EQ(settings.pool.max_size, 3U);
  EXPECT_EQ(completed_string(settings), "DSN=dsn_farm;FABRIC_GROUP=g2;DATABASE=db;");
}

TEST_F(DsnSettings, AreNotReadWhenTheDriverIsNamedFirst) {
  write("[dsn_unread]\nServer=h\n");
  std::vector<Warning> warnings;
  const auto settings =
      settings_from_connection_string("DRIVER=d;DSN=dsn_unread;SERVER=other", warnings);
  EXPECT_EQ(settings.servers.at(0).host, "other");
  EXPECT_EQ(settings.dsn, "");
}

TEST_F(DsnSettings, AreMissedWhenTheSourceIsNotThere) {
  std::vector<Warning> warnings;
  write("[other_source]\nServer=h\n");
  try {
    settings_from_connection_string("DSN=dsn_missing_1", warnings);
    FAIL() << "there is no such source";
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), fabric::base::SqlState::kIM002);
  }
}

TEST_F(DsnSettings, WarnOfUnknownKeys) {
  write("[dsn_typo]\nServer=h\nPassword=p\nMax_Pol_Size=3\nNO_SSPS=1\n");
  std::vector<Warning> warnings;
  settings_from_dsn("dsn_typo", nullptr, nullptr, warnings);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].text,
            "The keyword 'Max_Pol_Size' is not known: did you mean MAX_POOL_SIZE?");
}

}  // namespace
}  // namespace driver::settings
