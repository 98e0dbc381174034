// The setup library through unixODBC's installer library, as editors of data sources and odbcinst's
// callers use it, with an odbcinst.ini and odbc.ini of the test's own.
#include <gtest/gtest.h>
#include <odbcinstext.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "driver/settings/keywords.h"

namespace {

constexpr const char* kDriver = "MySQL Fabric ODBC";
const std::string kOurs = "[d]\nDriver=MySQL Fabric ODBC\n";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder of the process's: the installer library keeps the first path that it has seen.
class Folder {
 public:
  Folder() {
    std::string pattern = testing::TempDir() + "setup_test_XXXXXX";
    path_ = mkdtemp(pattern.data());
    setenv("ODBCSYSINI", path_.c_str(), 1);
    setenv("ODBCINI", (path_ / "user.ini").c_str(), 1);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Setup : public testing::Test {
 protected:
  Setup() {
    std::ofstream(folder() / "odbcinst.ini")
        << "[" << kDriver << "]\nDriver = libfabricodbc.so\nSetup = " << FABRIC_ODBC_SETUP_LIBRARY
        << "\n";
    std::filesystem::remove_all(user_file());
    std::ofstream(user_file()).close();
    std::ofstream(system_file()).close();
  }

  static std::filesystem::path user_file() { return folder() / "user.ini"; }
  static std::filesystem::path system_file() { return folder() / "odbc.ini"; }

 private:
  static const std::filesystem::path& folder() {
    static const Folder folder;
    return folder.path();
  }
};

class ConfigDsn : public Setup {
 protected:
  /// What the installer says when it fails, empty when it does not.
  std::string configure(WORD request, const std::vector<std::string>& attributes) {
    std::string list;
    for (const std::string& attribute : attributes) list += attribute + '\0';
    list += '\0';
    if (SQLConfigDataSource(nullptr, request, kDriver, list.c_str()) != 0) return {};
    std::string text(512, '\0');
    WORD length = 0;
    code_ = 0;
    EXPECT_EQ(SQLInstallerError(1, &code_, text.data(), 512, &length), SQL_SUCCESS);
    return text.substr(0, length);
  }

  DWORD code_ = 0;  ///< of the last failure
};

TEST_F(ConfigDsn, AddsADataSourceForTheUser) {
  EXPECT_EQ(configure(ODBC_ADD_DSN, {"DSN=new", "SERVER=db1,db2:3307", "uid=app", "Pass-Word=s;e=c",
                                     "SSLMODE=required", "CPTimeout=60"}),
            "");
  EXPECT_EQ(text_of(user_file()),
            "[new]\nDriver=MySQL Fabric ODBC\nSERVER=db1,db2:3307\nUID=app\nPWD=s;e=c\n"
            "SSLMODE=required\nCPTimeout=60\n\n");
  EXPECT_EQ(text_of(system_file()), "");
}

TEST_F(ConfigDsn, AddsADataSourceForAll) {
  EXPECT_EQ(configure(ODBC_ADD_SYS_DSN, {"DSN=new", "SERVER=db1"}), "");
  EXPECT_EQ(text_of(system_file()), "[new]\nDriver=MySQL Fabric ODBC\nSERVER=db1\n\n");
  EXPECT_EQ(text_of(user_file()), "");
}

TEST_F(ConfigDsn, KeepsValuesThatComeBackAsTheyWere) {
  const std::vector<std::string> values{"a=b;c#d",
                                        "#x",
                                        ";x",
                                        "[x]",
                                        "{a}b",
                                        "=x",
                                        "h\xc3\xa9 \xf0\x9f\x98\x80",
                                        std::string(995, 'x')};
  for (const std::string& value : values) {
    EXPECT_EQ(configure(ODBC_ADD_DSN, {"DSN=kept", "PWD=" + value}), "");
    std::string read(2000, '\0');
    const int length = SQLGetPrivateProfileString("kept", "PWD", "", read.data(), 2000, "odbc.ini");
    EXPECT_EQ(read.substr(0, static_cast<std::size_t>(length)), value);
  }
}

TEST_F(ConfigDsn, ReplacesWhatIsAddedAgain) {
  std::ofstream(user_file()) << "[old]\nDriver=/x/libfabricodbc.so\nUID=old\n\n[kept]\nDriver=y\n\n"
                                "[OLD]\nUID=older\n";
  EXPECT_EQ(configure(ODBC_ADD_DSN, {"DSN=old", "SERVER=db1", "HOST=db2"}), "");
  EXPECT_EQ(text_of(user_file()),
            "[kept]\nDriver=y\n\n[old]\nDriver=MySQL Fabric ODBC\nSERVER=db1\n\n");
}

TEST_F(ConfigDsn, ChangesAddsAndTakesAwayEntries) {
  std::ofstream(user_file()) << kOurs << "user=a\nPORT=1\nDATABASE=b\n";
  EXPECT_EQ(configure(ODBC_CONFIG_DSN, {"DSN=d", "UID=c", "PORT=", "POOL_TIMEOUT=5s"}), "");
  EXPECT_EQ(text_of(user_file()), kOurs + "DATABASE=b\nUID=c\nPOOL_TIMEOUT=5s\n\n");
}

TEST_F(ConfigDsn, ChangesAndTakesAwayEveryLineOfAKeyword) {
  const std::string twice = "UID=a\nCP Timeout=1\nuser=b\nPWD=x\nuid=c\nPassword=y\npwd=z\n";
  std::ofstream(user_file()) << kOurs << twice;
  EXPECT_EQ(configure(ODBC_CONFIG_DSN, {"DSN=d", "UID=e", "PWD=", "cp_timeout=60"}), "");
  EXPECT_EQ(text_of(user_file()), kOurs + "UID=e\nCPTimeout=60\n\n");
}

TEST_F(ConfigDsn, ChangesADataSourceWithoutEntries) {
  std::ofstream(user_file()) << "[d]\n";
  EXPECT_EQ(configure(ODBC_CONFIG_DSN, {"DSN=d", "UID=a"}), "");
  EXPECT_EQ(text_of(user_file()), "[d]\nUID=a\n\n");
  std::ofstream(user_file()) << "[d]\n";
  EXPECT_EQ(configure(ODBC_REMOVE_DSN, {"DSN=d"}), "");
  EXPECT_EQ(text_of(user_file()).find("[d]"), std::string::npos);
}

TEST_F(ConfigDsn, TakesTheDriverOfTheCallAsGiven) {
  std::ofstream(user_file()) << kOurs;
  EXPECT_EQ(configure(ODBC_CONFIG_DSN, {"DSN=d", "DRIVER=mysql fabric odbc", "UID=a"}), "");
  EXPECT_EQ(text_of(user_file()), kOurs + "UID=a\n\n");
}

TEST_F(ConfigDsn, LeavesOtherDriversDataSourcesAlone) {
  // Not of a name used above: the installer library may remember values for a while.
  const std::string file =
      "[theirs]\nDriver=Other\n\n[too]\nDriver64=/x/libother.so\nDriver=libfabricodbc.so\n";
  std::ofstream(user_file()) << file;
  for (const WORD request : std::vector<WORD>{ODBC_ADD_DSN, ODBC_CONFIG_DSN, ODBC_REMOVE_DSN}) {
    for (const auto* dsn : {"DSN=theirs", "DSN=too"}) {
      const std::string said = configure(request, {dsn, "UID=a"});
      EXPECT_NE(said.find("ther"), std::string::npos) << said;
      EXPECT_EQ(code_, DWORD{ODBC_ERROR_INVALID_DSN});
    }
  }
  EXPECT_EQ(text_of(user_file()), file);
}

TEST_F(ConfigDsn, RemovesADataSource) {
  std::ofstream(user_file()) << kOurs << "\n[kept]\nDriver=y\n";
  EXPECT_EQ(configure(ODBC_REMOVE_DSN, {"DSN=d"}), "");
  EXPECT_EQ(text_of(user_file()), "[kept]\nDriver=y\n\n");
}

TEST_F(ConfigDsn, RefusesWithASentenceAndWritesNothing) {
  std::ofstream(user_file()) << kOurs;
  struct Case {
    WORD request;
    std::vector<std::string> attributes;
    DWORD code;
    std::string text;
  };
  const std::vector<Case> cases{
      {ODBC_ADD_DSN, {"SERVER=db1"}, ODBC_ERROR_INVALID_DSN, "give DSN=name"},
      {ODBC_ADD_DSN, {"DSN=", "SERVER=db1"}, ODBC_ERROR_INVALID_DSN, "give DSN=name"},
      {ODBC_ADD_DSN, {"DSN=a[b"}, ODBC_ERROR_INVALID_DSN, "'a[b' cannot name a data source"},
      {ODBC_ADD_DSN, {"DSN= n"}, ODBC_ERROR_INVALID_DSN, "no blanks at its ends"},
      {ODBC_ADD_DSN, {"DSN=n\v"}, ODBC_ERROR_INVALID_DSN, "no blanks at its ends"},
      {ODBC_ADD_DSN, {"DSN=n\n[m"}, ODBC_ERROR_INVALID_DSN, "no line breaks"},
      {ODBC_REMOVE_DSN, {"DSN=d\r"}, ODBC_ERROR_INVALID_DSN, "no line breaks"},
      {ODBC_ADD_DSN, {"DSN=odbc"}, ODBC_ERROR_INVALID_DSN, "use another name"},
      {ODBC_ADD_DSN, {"DSN=Default"}, ODBC_ERROR_INVALID_DSN, "use another name"},
      {ODBC_ADD_DSN, {"DSN=ODBC Data sources"}, ODBC_ERROR_INVALID_DSN, "use another name"},
      {ODBC_ADD_DSN, {"DSN=h\xe9"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "with UTF-8"},
      {ODBC_ADD_DSN,
       {"DSN=n", "PWD=h\xe9"},
       ODBC_ERROR_INVALID_KEYWORD_VALUE,
       "Attribute 2 is not"},
      {ODBC_ADD_DSN, {"DSN=n;UID=a"}, ODBC_ERROR_INVALID_DSN, "a zero byte, not ';'"},
      {ODBC_ADD_DSN, {"DSN=n", "UID=a;PWD=b"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "UID='a' is"},
      {ODBC_ADD_DSN, {"DSN=n", "PORT=1;X=b"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "PORT='1' is"},
      {ODBC_CONFIG_DSN, {"DSN=d", "DRIVER=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "DRIVER is not"},
      {ODBC_ADD_DSN, {"DSN=n", "Driver64=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "Driver64 is not"},
      {ODBC_REMOVE_DEFAULT_DSN, {"SERVR=x"}, ODBC_ERROR_INVALID_REQUEST_TYPE, "can be asked for"},
      {ODBC_ADD_DSN, {"DSN=n", "SERVR=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "mean SERVER?"},
      {ODBC_ADD_DSN, {"DSN=n", "db1"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "Attribute 2"},
      {ODBC_ADD_DSN, {"DSN=n", "POOLING=2"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "POOLING='2'"},
      {ODBC_ADD_DSN, {"DSN=n", "FABRIC_TTL=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "10min"},
      {ODBC_ADD_DSN, {"DSN=n", "SPOOL_MEMORY=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "64M"},
      {ODBC_ADD_DSN, {"DSN=n", "PORT=99999"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "1 to 65535"},
      {ODBC_ADD_DSN, {"DSN=n", "MAX_POOL_SIZE=0"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "from 1 to"},
      {ODBC_ADD_DSN, {"DSN=n", "FABRIC_NODES=a:b:c"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "='a:b:c'"},
      {ODBC_ADD_DSN, {"DSN=n", "SERVER=a:0"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "1 to 65535"},
      {ODBC_ADD_DSN, {"DSN=n", "FABRIC_TIMEOUT=0"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "at least"},
      {ODBC_ADD_DSN,
       {"DSN=n", "FAILURE_DETECTION_TIME=99ms"},
       ODBC_ERROR_INVALID_KEYWORD_VALUE,
       "100ms at least"},
      {ODBC_ADD_DSN, {"DSN=n", "FAILOVER_TIMEOUT=1ms"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "100ms"},
      {ODBC_ADD_DSN,
       {"DSN=n", "FABRIC_NODES=file:f"},
       ODBC_ERROR_INVALID_KEYWORD_VALUE,
       "absolute"},
      {ODBC_ADD_DSN,
       {"DSN=n", "FABRIC_SSL_MODE=preferred"},
       ODBC_ERROR_INVALID_KEYWORD_VALUE,
       "use one of DISABLED, REQUIRED"},
      {ODBC_ADD_DSN, {"DSN=n", "PORT=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "PORT='x'"},
      {ODBC_ADD_DSN, {"DSN=n", "FABRIC_MODE=x"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "RW, RO, AUTO"},
      {ODBC_ADD_DSN, {"DSN=n", "UID=a\nPWD=b"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "line breaks"},
      {ODBC_ADD_DSN, {"DSN=n", "PWD=b "}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "of PWD cannot"},
      {ODBC_ADD_DSN, {"DSN=n", "PWD=\fb"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "of PWD cannot"},
      {ODBC_ADD_DSN, {"DSN=n", "PWD=b\v"}, ODBC_ERROR_INVALID_KEYWORD_VALUE, "of PWD cannot"},
      {ODBC_ADD_DSN,
       {"DSN=n", "UID=" + std::string(996, 'x')},
       ODBC_ERROR_INVALID_KEYWORD_VALUE,
       "at most 995 bytes"},
      {ODBC_CONFIG_DSN, {"DSN=n", "UID=a"}, ODBC_ERROR_INVALID_DSN, "no data source 'n'"},
      {ODBC_REMOVE_DSN, {"DSN=n"}, ODBC_ERROR_INVALID_DSN, "no data source 'n'"},
      {ODBC_CONFIG_SYS_DSN, {"DSN=d", "UID=a"}, ODBC_ERROR_INVALID_DSN, "no data source 'd'"},
  };
  for (const Case& tried : cases) {
    const std::string said = configure(tried.request, tried.attributes);
    EXPECT_NE(said.find(tried.text), std::string::npos) << said << "\nwanted: " << tried.text;
    EXPECT_EQ(code_, tried.code) << said;
  }
  EXPECT_EQ(text_of(user_file()), kOurs);
  EXPECT_EQ(text_of(system_file()), "");
}

TEST_F(ConfigDsn, NeverShowsASecret) {
  const std::vector<std::vector<std::string>> tried{{"DSN=n", "PWD=hidden\n"},
                                                    {"DSN=n;UID=a;PWD=hidden"},
                                                    {"DSN=n", "POOLING=1;PWD=hidden"},
                                                    {"DSN=n", "POOLING=1;word=hidden"},
                                                    {"DSN=n", "UID=a;PWD=hidden"},
                                                    {"DSN=n", "SERVR;hidden=1"},
                                                    {"DSN=n", "CPTimeout=1;P=a;PWD=hidden"}};
  for (const std::vector<std::string>& attributes : tried) {
    const std::string said = configure(ODBC_ADD_DSN, attributes);
    EXPECT_NE(said, "");
    EXPECT_EQ(said.find("hidden"), std::string::npos) << said;
  }
  EXPECT_EQ(text_of(user_file()), "");
}

TEST_F(ConfigDsn, SaysWhatToDoWhereTheFileCannotBeWritten) {
  std::filesystem::remove(user_file());
  std::filesystem::create_directory(user_file());
  EXPECT_NE(configure(ODBC_ADD_DSN, {"DSN=n", "SERVER=db1"}).find("odbcinst -j"),
            std::string::npos);
  EXPECT_EQ(code_, DWORD{ODBC_ERROR_REQUEST_FAILED});
}

class Properties : public Setup {
 protected:
  Properties() {
    std::string name = kDriver;
    EXPECT_EQ(ODBCINSTConstructProperties(name.data(), &first_), ODBCINST_SUCCESS);
  }
  ~Properties() override {
    if (first_ != nullptr) ODBCINSTDestructProperties(&first_);
  }

  [[nodiscard]] const ODBCINSTPROPERTY* find(std::string_view name) const {
    const ODBCINSTPROPERTY* property = first_;
    while (property != nullptr && property->szName != name) property = property->pNext;
    return property;
  }
  [[nodiscard]] std::vector<std::string> choices(std::string_view name) const {
    std::vector<std::string> texts;
    const ODBCINSTPROPERTY* property = find(name);
    if (property == nullptr || property->aPromptData == nullptr) return texts;
    for (char** text = property->aPromptData; *text != nullptr; ++text) texts.emplace_back(*text);
    return texts;
  }

  HODBCINSTPROPERTY first_ = nullptr;
};

using driver::settings::KeywordUse;
using driver::settings::ValueKind;

TEST_F(Properties, AreTheKeywordsThatDoSomething) {
  for (const driver::settings::KeywordRow& row : driver::settings::all_keywords()) {
    if (row.name == "DSN" || row.name == "DRIVER") continue;
    const ODBCINSTPROPERTY* property = find(row.name);
    EXPECT_EQ(property != nullptr, row.use == KeywordUse::kUsed) << row.name;
    if (property == nullptr) continue;
    EXPECT_STREQ(property->szValue, "") << row.name;
    EXPECT_TRUE(std::string_view(property->pszHelp).starts_with(row.help)) << row.name;
    EXPECT_EQ(property->nPromptType == ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD,
              row.kind == ValueKind::kSecret)
        << row.name;
    EXPECT_EQ(property->nPromptType == ODBCINST_PROMPTTYPE_COMBOBOX,
              row.kind == ValueKind::kBool || row.kind == ValueKind::kChoice)
        << row.name;
  }
}

TEST_F(Properties, OfferChoicesAndTellKindAndDefault) {
  EXPECT_EQ(choices("POOLING"), (std::vector<std::string>{"", "1", "0"}));
  EXPECT_EQ(choices("POOL_MODE"), (std::vector<std::string>{"", "SESSION", "TRANSACTION"}));
  EXPECT_EQ(choices("SERVER"), std::vector<std::string>{});
  ASSERT_NE(find("SSLCA"), nullptr);
  EXPECT_EQ(find("SSLCA")->nPromptType, ODBCINST_PROMPTTYPE_FILENAME);
  EXPECT_EQ(find("UID")->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT);
  EXPECT_STREQ(find("POOL_TIMEOUT")->pszHelp,
               "wait for a free connection. A time: 500ms, 30s, 10min, or seconds. Default: 30s");
}

}  // namespace
