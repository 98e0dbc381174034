// SQLConnect and SQLDriverConnect: strings, buffers, data sources, what is said when they fail.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/driver_manager/server_case.h"
#include "tests/support/fake_server.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

SQLCHAR* bytes(const std::string& text) {
  return const_cast<SQLCHAR*>(reinterpret_cast<const SQLCHAR*>(text.data()));
}

class ConnectString : public ServerCase {
 protected:
  /// "SERVER=...;PORT=...;" and more.
  [[nodiscard]] std::string at_server(const std::string& more) const {
    return "DRIVER={fabric};SERVER=127.0.0.1;PORT=" + std::to_string(server_.endpoint().port) +
           ";" + more;
  }
  SQLRETURN driver_connect(const std::string& text, SQLCHAR* out, SQLSMALLINT capacity,
                           SQLSMALLINT* length, SQLUSMALLINT completion = SQL_DRIVER_NOPROMPT) {
    return SQLDriverConnect(other_.raw(), nullptr, bytes(text),
                            static_cast<SQLSMALLINT>(text.size()), out, capacity, length,
                            completion);
  }
  std::string value(std::string_view sql) { return OdbcStatement(other_).value(sql); }
  /// State of the first record, or "00000".
  std::string warned() {
    const auto records = other_.diagnostics();
    return records.empty() ? "00000" : records.front().state;
  }
  std::string refusal(const std::string& text) {
    try {
      OdbcConnection(environment_).connect(text);
    } catch (const OdbcError& error) {
      sentence_ = error.what();
      return error.state();
    }
    return "00000";
  }

  OdbcConnection other_{environment_};
  std::string sentence_;
};

TEST_P(ConnectString, IsGivenOutCutWithItsWholeLength) {
  const std::string text = at_server("UID=app;PWD=apppw;DATABASE=test");
  for (const auto capacity : std::to_array<SQLSMALLINT>({1, 2, 20})) {
    std::array<SQLCHAR, 24> out;
    out.fill(0xEE);
    SQLSMALLINT length = 0;
    EXPECT_EQ(driver_connect(text, out.data(), capacity, &length), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(warned(), "01004");
    EXPECT_GT(length, 40);
    EXPECT_EQ(std::strlen(reinterpret_cast<char*>(out.data())),
              static_cast<std::size_t>(capacity) - 1);
    EXPECT_EQ(out[static_cast<std::size_t>(capacity)], 0xEE);
    other_.disconnect();
  }
  SQLSMALLINT length = 0;
  EXPECT_EQ(driver_connect(text, nullptr, 0, &length), SQL_SUCCESS);
  other_.disconnect();
  EXPECT_EQ(driver_connect(text, nullptr, 0, nullptr), SQL_SUCCESS);
}

TEST_P(ConnectString, GivenOutConnectsAgain) {
  const std::string completed =
      other_.connect(at_server("uid=app;Password=apppw;DB={test};INITSTMT={SET @a = 'x;}}y'};"));
  EXPECT_EQ(completed.find("apppw"), std::string::npos) << completed;
  other_.disconnect();
  other_.connect(completed + "PWD=apppw");
  EXPECT_EQ(value("SELECT @a"), "x;}y");
}

TEST_P(ConnectString, EndsAtItsLength) {
  const std::string text = at_server("UID=app;PWD=apppw;DATABASE=test;DATABASE=nowhere;=;=");
  const auto used = static_cast<SQLSMALLINT>(text.size() - std::strlen(";=;="));
  other_.check(SQLDriverConnect(other_.raw(), nullptr, bytes(text), used, nullptr, 0, nullptr,
                                SQL_DRIVER_NOPROMPT));
  EXPECT_EQ(value("SELECT DATABASE()"), "test") << "the first occurrence wins";
}

TEST_P(ConnectString, EndsAtANulBeforeItsLength) {
  const std::string text = at_server("UID=app;PWD=apppw;DATABASE=test") + '\0' + "rest of a buffer";
  other_.check(SQLDriverConnect(other_.raw(), nullptr, bytes(text),
                                static_cast<SQLSMALLINT>(text.size()), nullptr, 0, nullptr,
                                SQL_DRIVER_NOPROMPT));
  EXPECT_EQ(value("SELECT DATABASE()"), "test");
}

TEST_P(ConnectString, BearsBlanksEmptyValuesAndSemicolons) {
  other_.connect(at_server(" UID = app ; PWD=apppw;; CHARSET=;OPTION=; DATABASE = {test} ;;"));
  EXPECT_EQ(value("SELECT DATABASE()"), "test");
}

TEST_P(ConnectString, HoldsAnyPasswordAndName) {
  const std::string password = "a;b{c}d=e f'g\"h\\i\xC3\xA9[]@!";
  OdbcStatement admin(connection_);
  admin.execute("CREATE DATABASE IF NOT EXISTS `b\xC3\xA9ta`");
  admin.execute("GRANT ALL ON *.* TO 'odd'@'%' IDENTIFIED BY 'a;b{c}d=e f''g\"h\\\\i\xC3\xA9[]@!'");
  std::string quoted;
  for (const char c : password) quoted += c == '}' ? std::string("}}") : std::string(1, c);
  const std::string text = at_server("UID=odd;DATABASE=b\xC3\xA9ta;PWD={" + quoted + "}");
  other_.connect(text);
  EXPECT_EQ(value("SELECT DATABASE()"), "b\xC3\xA9ta");
  other_.disconnect();
  const std::u16string wide = utf16_of(text);
  std::u16string out(200, u'?');
  SQLSMALLINT length = 0;
  other_.check(SQLDriverConnectW(
      other_.raw(), nullptr, const_cast<SQLWCHAR*>(reinterpret_cast<const SQLWCHAR*>(wide.data())),
      static_cast<SQLSMALLINT>(wide.size()), reinterpret_cast<SQLWCHAR*>(out.data()), 200, &length,
      SQL_DRIVER_NOPROMPT));
  EXPECT_EQ(value("SELECT DATABASE()"), "b\xC3\xA9ta");
  const std::string completed =
      utf8_of(std::u16string_view(out).substr(0, static_cast<std::size_t>(length)));
  EXPECT_NE(completed.find("b\xC3\xA9ta"), std::string::npos) << completed;
  other_.disconnect();
  write_dsn("odd", "SERVER = 127.0.0.1\nPORT = " + std::to_string(server_.endpoint().port) + "\n");
  const std::string dsn = "odd";
  const std::string user = "odd";
  other_.check(SQLConnect(other_.raw(), bytes(dsn), SQL_NTS, bytes(user), 3, bytes(password),
                          static_cast<SQLSMALLINT>(password.size())));
  EXPECT_EQ(value("SELECT USER()"), "odd@127.0.0.1");
}

TEST_P(ConnectString, IsCompleteForEveryKindOfCompletion) {
  for (const auto completion : std::to_array<SQLUSMALLINT>(
           {SQL_DRIVER_NOPROMPT, SQL_DRIVER_COMPLETE, SQL_DRIVER_COMPLETE_REQUIRED})) {
    EXPECT_EQ(driver_connect(at_server("UID=app;PWD=apppw"), nullptr, 0, nullptr, completion),
              SQL_SUCCESS)
        << completion;
    other_.disconnect();
  }
  EXPECT_EQ(driver_connect(at_server("UID=app"), nullptr, 0, nullptr, 77), SQL_ERROR);
  EXPECT_EQ(warned(), "HY110");
}

TEST_P(ConnectString, IsRefusedOnAnOpenConnection) {
  other_.connect(at_server("UID=app;PWD=apppw"));
  EXPECT_EQ(driver_connect(at_server("UID=app;PWD=apppw"), nullptr, 0, nullptr), SQL_ERROR);
  EXPECT_EQ(warned(), "08002");
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(ConnectString, IsStrongerThanItsDataSource) {
  write_dsn("strong", "SERVER = 127.0.0.1\nPORT = " + std::to_string(server_.endpoint().port) +
                          "\nUID = app\nPWD = apppw\nDATABASE = test\n");
  const std::string completed = other_.connect("DSN=strong;DATABASE=mysql");
  EXPECT_EQ(value("SELECT DATABASE()"), "mysql");
  EXPECT_EQ(completed.find("DRIVER"), std::string::npos) << completed;
  other_.disconnect();
  other_.connect("DRIVER={fabric};DSN=strong;" + at_server("UID=app;PWD=apppw"));
  EXPECT_EQ(value("SELECT DATABASE()"), "NULL") << "the first of DRIVER and DSN counts";
}

TEST_P(ConnectString, SuggestsTheNearestKeyword) {
  other_.connect(at_server("UID=app;PWD=apppw;DATABSE=test"));
  EXPECT_EQ(warned(), "01S00");
  EXPECT_NE(other_.diagnostics().front().text.find("did you mean DATABASE?"), std::string::npos);
  write_dsn("typing", "SERVER = 127.0.0.1\nPORT = " + std::to_string(server_.endpoint().port) +
                          "\nUID = app\nPWD = apppw\nInitStatment = SET @a = 1\n");
  OdbcConnection dsn(environment_);
  dsn.connect("DSN=typing");
  EXPECT_EQ(dsn.diagnostics().front().state, "01S00");
}

TEST_P(ConnectString, ThatFailsSaysWhy) {
  EXPECT_EQ(refusal("DSN=no-such-source"), "IM002");
  EXPECT_EQ(refusal(at_server("UID=app;PWD=wrong")), "28000");
  EXPECT_EQ(refusal(at_server("UID=app;PWD=apppw;DATABASE=nowhere")), "42000");
  EXPECT_NE(sentence_.find("nowhere"), std::string::npos) << sentence_;
  EXPECT_EQ(refusal("DRIVER={fabric};SERVER=no-such.invalid;UID=app"), "08001");
  EXPECT_NE(sentence_.find("no-such.invalid"), std::string::npos) << sentence_;
  const std::uint16_t closed = FakeServer().endpoint().port;
  EXPECT_EQ(refusal("DRIVER={fabric};SERVER=127.0.0.1;UID=app;FAILOVER_TIMEOUT=500ms;PORT=" +
                    std::to_string(closed)),
            "08001");
  EXPECT_NE(sentence_.find("nobody listens"), std::string::npos) << sentence_;
  EXPECT_EQ(refusal(at_server("UID=app;PWD={apppw")), "HY000");
  EXPECT_EQ(refusal(at_server("UID=app;MAX_POOL_SIZE=x")), "HY024") << sentence_;
}

/// A port where somebody listens who never says a word.
class SilentListener {
 public:
  SilentListener() : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (bind(fd_, raw, size) != 0 || listen(fd_, 8) != 0) throw std::runtime_error("listen");
    getsockname(fd_, raw, &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentListener() { close(fd_); }
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

TEST_P(ConnectString, WaitsNoLongerThanTheLoginTimeout) {
  const SilentListener silent;
  other_.check(SQLSetConnectAttr(other_.raw(), SQL_ATTR_LOGIN_TIMEOUT, attribute_value(1), 0));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(driver_connect("DRIVER={fabric};SERVER=127.0.0.1;UID=app;PORT=" + silent.port(),
                           nullptr, 0, nullptr),
            SQL_ERROR);
  EXPECT_EQ(warned(), "HYT00");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST_P(ConnectString, HonoursWhatWasSetBefore) {
  const std::string catalog = "mysql";
  const auto set = [&](SQLINTEGER id, std::size_t value) {
    other_.check(SQLSetConnectAttr(other_.raw(), id, attribute_value(value), 0));
  };
  set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE);
  set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  other_.check(SQLSetConnectAttr(other_.raw(), SQL_ATTR_CURRENT_CATALOG, bytes(catalog), SQL_NTS));
  other_.connect(at_server("UID=app;PWD=apppw"));
  EXPECT_EQ(value("SELECT @@tx_isolation"), "SERIALIZABLE");
  EXPECT_EQ(value("SELECT @@autocommit"), "0");
  EXPECT_EQ(value("SELECT DATABASE()"), "mysql");
}

TEST_P(ConnectString, ComesFromAFileAndGoesToOne) {
  std::string pattern = (fs::temp_directory_path() / "filedsn-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::ofstream(folder / "one.dsn")
      << "[ODBC]\nDRIVER=fabric\nSERVER=127.0.0.1\nPORT=" << server_.endpoint().port
      << "\nUID=app\nDATABASE=test\n";
  other_.connect("FILEDSN=" + (folder / "one.dsn").string() + ";PWD=apppw");
  EXPECT_EQ(value("SELECT DATABASE()"), "test");
  other_.disconnect();
  const fs::path saved = folder / "saved.dsn";
  other_.connect("SAVEFILE=" + saved.string() + ";" + at_server("UID=app;PWD=apppw;DATABASE=test"));
  EXPECT_EQ(value("SELECT DATABASE()"), "test");
  std::stringstream text;
  text << std::ifstream(saved).rdbuf();
  EXPECT_EQ(text.str().find("apppw"), std::string::npos) << text.str();
  other_.disconnect();
  if (fs::exists(saved)) {
    other_.connect("FILEDSN=" + saved.string() + ";PWD=apppw");
    EXPECT_EQ(value("SELECT DATABASE()"), "test");
  }
  fs::remove_all(folder);
}

TEST_P(ConnectString, ShowsNoSecretHoweverItFails) {
  const std::string secret = "s3cr3t-T0ken";
  const std::string port = std::to_string(server_.endpoint().port);
  const std::vector<std::string> attempts{
      at_server("UID=app;PWD=" + secret),
      at_server("UID=app;PASSWORD={" + secret + "}"),
      at_server("UID=app;PWD={" + secret),
      at_server("UID=app;PWD={" + secret + "}x"),
      at_server("UID=app;PWD=apppw;" + secret),
      at_server("UID=app;PWD=apppw;" + secret + "=1"),
      at_server("UID=app;PWD2=" + secret + ";PWD3=" + secret),
      at_server("UID=app;PWD=x;TLSKEYPWD=" + secret +
                ";SSLKEY=/none;SSLCERT=/none;SSLMODE=REQUIRED"),
      at_server("UID=app;PWD=" + secret + ";MAX_POOL_SIZE=x"),
      at_server("UID=app;PWD=" + secret + ";DATABASE=nowhere"),
      at_server("UID=app;PWD=" + secret + ";DEFAULT_AUTH=no_such_plugin"),
      "DRIVER={fabric};SERVER=no-such.invalid;UID=app;PWD=" + secret,
      "DSN=no-such-source;PWD=" + secret,
      "DRIVER={no-such-driver};PWD=" + secret,
      "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + port + ";FABRIC_PROTOCOL=mysql;FABRIC_USER=app;" +
          "FABRIC_PASSWORD=" + secret + ";FABRIC_GROUP=g;FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=500ms",
      "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + port + ";FABRIC_PROTOCOL=mysql;UID=app;PWD=" +
          secret + ";FABRIC_GROUP=g;FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=500ms"};
  for (const std::string& text : attempts) {
    OdbcConnection connection(environment_);
    std::array<SQLCHAR, 1024> out{};
    SQLSMALLINT length = 0;
    SQLDriverConnect(connection.raw(), nullptr, bytes(text), SQL_NTS, out.data(), 1024, &length,
                     SQL_DRIVER_NOPROMPT);
    std::string said = reinterpret_cast<const char*>(out.data());
    for (const OdbcDiagnostic& record : connection.diagnostics()) said += record.text + "\n";
    EXPECT_NE(said, "") << text;
    EXPECT_EQ(said.find(secret), std::string::npos) << text << "\nsays: " << said;
  }
}

FOR_EVERY_SERVER(ConnectString);

}  // namespace
}  // namespace test_support
