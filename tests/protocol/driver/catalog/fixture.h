// Catalog functions against the real servers: a source over a session with one of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "driver/catalog/queries.h"
#include "fabric/base/clock.h"
#include "fabric/mysql/server_connection.h"
#include "tests/driver/reply_text.h"
#include "tests/support/test_server.h"

namespace driver {

class ServerSource final : public catalog::CatalogSource {
 public:
  explicit ServerSource(fabric::mysql::ServerConnection& connection) : connection_(connection) {}

  std::vector<rows::Record> rows(const std::string& sql) override {
    statements.push_back(sql);
    std::vector<rows::Record> records;
    const auto reply = connection_.query(sql, fabric::base::Deadline::never());
    while (const auto* row = reply->fetch(fabric::base::Deadline::never())) {
      rows::Record& record = records.emplace_back();
      for (const auto& cell : *row) {
        record.push_back(cell.null() ? std::nullopt
                                     : std::optional(std::string(
                                           reinterpret_cast<const char*>(cell.data), cell.size)));
      }
    }
    return records;
  }
  std::string current_database() override { return connection_.database(); }
  bool no_backslash_escapes() override { return connection_.no_backslash_escapes(); }
  bool is_mariadb() override { return connection_.is_mariadb(); }
  bool may_have_temporary_tables() override { return !no_temporary_tables; }
  unsigned version_number() override { return connection_.version_number(); }

  std::vector<std::string> statements;  ///< asked so far
  bool no_temporary_tables = false;

 private:
  fabric::mysql::ServerConnection& connection_;
};

/// A database of its own for each test, `cat`, which is the session's default.
class CatalogTest : public testing::Test {
 protected:
  void connect(test_support::ServerKind kind) {
    auto options = test_support::TestServer::shared(kind).connect_options();
    connection =
        fabric::mysql::ServerConnection::open(options, watchdog_, fabric::base::Deadline::never());
    source = std::make_unique<ServerSource>(*connection);
    run({"SET SESSION sql_mode = ''", "DROP DATABASE IF EXISTS cat",
         "CREATE DATABASE cat CHARACTER SET utf8mb4"});
    connection->use("cat", fabric::base::Deadline::never());
  }
  void TearDown() override {
    if (connection != nullptr)
      run({"DROP DATABASE IF EXISTS cat", "DROP DATABASE IF EXISTS `C%t_2`"});
  }

  void run(const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) connection->run(sql, fabric::base::Deadline::never());
  }

 private:
  fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};

 protected:
  std::unique_ptr<fabric::mysql::ServerConnection> connection;
  std::unique_ptr<ServerSource> source;
};

class CatalogOnEveryServer : public CatalogTest,
                             public testing::WithParamInterface<test_support::ServerKind> {
 protected:
  void SetUp() override { connect(GetParam()); }
};

class CatalogOnMariaDb : public CatalogTest {
 protected:
  void SetUp() override { connect(test_support::ServerKind::kMariaDb); }
};

inline std::string kind_name(const testing::TestParamInfo<test_support::ServerKind>& info) {
  return test_support::name_of(info.param);
}

}  // namespace driver
