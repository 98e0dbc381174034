// Keywords that the MySQL drivers read otherwise than we do, or do not agree upon.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

/// HOME with a .my.cnf of this text, as long as it lives.
class HomeWithOptionFile {
 public:
  explicit HomeWithOptionFile(const std::string& text) {
    std::string pattern = (fs::temp_directory_path() / "fabric-home-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = pattern;
    std::ofstream(folder_ / ".my.cnf") << text;
    if (const char* home = std::getenv("HOME")) before_ = home;
    setenv("HOME", folder_.c_str(), 1);
  }
  ~HomeWithOptionFile() {
    if (before_) {
      setenv("HOME", before_->c_str(), 1);
    } else {
      unsetenv("HOME");
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  HomeWithOptionFile(const HomeWithOptionFile&) = delete;
  HomeWithOptionFile& operator=(const HomeWithOptionFile&) = delete;

 private:
  fs::path folder_;
  std::optional<std::string> before_;
};

class PeerKeywords : public ServerCase {
 protected:
  /// The SQLSTATEs of the warnings of connecting at `host` with these keywords.
  std::string connect(const std::string& keywords, const std::string& host = "127.0.0.1") {
    fabric::base::Endpoint endpoint = server_.endpoint();
    endpoint.host = host;
    other_.emplace(environment_);
    other_->connect(connection_string(endpoint, keywords));
    std::string states;
    for (const OdbcDiagnostic& record : other_->diagnostics()) states += record.state + " ";
    return states;
  }
  std::string ask_other(std::string_view sql) { return OdbcStatement(*other_).value(sql); }

  std::optional<OdbcConnection> other_;
};

TEST_P(PeerKeywords, CharsetChangesNoText) {
  for (const char* name : {"utf8", "UTF8MB4"}) {
    EXPECT_EQ(connect(std::string("CHARSET=") + name), "") << name;
    EXPECT_EQ(ask_other("SELECT HEX('\xC3\xA9')"), "C3A9") << name;
  }
  EXPECT_THROW(connect("CHARSET=wrong"), OdbcError);
  EXPECT_EQ(connect("CHARSET=latin1"), "01S00 ");
  EXPECT_EQ(ask_other("SELECT HEX('\xC3\xA9')"), "C3A9");
  EXPECT_EQ(ask_other("SELECT CONCAT(@@character_set_client, @@character_set_results)"),
            "utf8mb4utf8mb4");
}

TEST_P(PeerKeywords, OptionFilesAreNotRead) {
  const HomeWithOptionFile home("[client]\nuser=nobody\n[odbc]\nuser=nobody\n");
  EXPECT_EQ(connect("USE_MYCNF=1"), "01S00 ");
  EXPECT_EQ(ask_other("SELECT USER() LIKE 'app@%'"), "1");
  EXPECT_EQ(connect("OPTION=65536"), "01S00 ");
  EXPECT_EQ(connect("USE_MYCNF=0"), "");
}

TEST_P(PeerKeywords, LocalhostIsTcp) {
  EXPECT_EQ(connect("", "localhost"), "");
  EXPECT_EQ(ask_other("SELECT HOST LIKE '%:%' FROM information_schema.PROCESSLIST "
                      "WHERE ID = CONNECTION_ID()"),
            "1");
}

// As INITSTMT was called in MySQL Connector/ODBC 3.51.
TEST_P(PeerKeywords, StmtIsTheInitialStatement) {
  EXPECT_EQ(connect("STMT=SET @init = 7"), "");
  EXPECT_EQ(ask_other("SELECT @init"), "7");
}

TEST_P(PeerKeywords, AServerIsCalledByTheNameThatTheProgramKnows) {
  const auto name = [this](const std::string& keywords) {
    EXPECT_EQ(connect(keywords), "");
    std::array<char, 32> text{};
    other_->check(SQLGetInfo(other_->raw(), SQL_DBMS_NAME, text.data(), text.size(), nullptr));
    return std::string(text.data());
  };
  const bool mariadb = ask("SELECT VERSION() LIKE '%MariaDB%'") == "1";
  EXPECT_EQ(name(""), mariadb ? "MariaDB" : "MySQL");
  EXPECT_EQ(name("DBMS_NAME=MySQL"), "MySQL");
  EXPECT_EQ(name("DBMS_NAME=mariadb"), "MariaDB");
  EXPECT_THROW(connect("DBMS_NAME=Oracle"), OdbcError);
}

FOR_EVERY_SERVER(PeerKeywords);

}  // namespace
}  // namespace test_support
