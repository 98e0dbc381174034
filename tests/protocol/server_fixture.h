// What the tests against real servers share: one server of each kind for the whole executable, and
// a connection for each test.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/mysql/server_connection.h"
#include "tests/support/test_server.h"

namespace fabric::mysql {

using test_support::ServerKind;
using test_support::TestServer;

inline base::Deadline soon(std::chrono::milliseconds time = std::chrono::seconds(30)) {
  return base::Deadline::after(base::SystemClock(), time);
}

/// The bytes of a cell; nullopt is SQL NULL.
inline std::optional<std::string> text_of(const Cell& cell) {
  if (cell.null()) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(cell.data), cell.size);
}

using Texts = std::vector<std::optional<std::string>>;

inline Texts texts_of(const Row& row) {
  Texts texts;
  for (const Cell& cell : row) texts.push_back(text_of(cell));
  return texts;
}

/// All rows of the current result.
inline std::vector<Texts> all_rows(Reply& reply) {
  std::vector<Texts> rows;
  while (const Row* row = reply.fetch(soon())) rows.push_back(texts_of(*row));
  return rows;
}

/// The first column of the first row.
inline std::string scalar(ServerConnection& connection, const std::string& sql) {
  const auto reply = connection.query(sql, soon());
  const auto rows = all_rows(*reply);
  return rows.empty() ? "(no row)" : rows[0][0].value_or("NULL");
}

template <class Call>
MysqlError error_of(Call&& call) {
  try {
    call();
  } catch (const MysqlError& error) {
    return error;
  }
  ADD_FAILURE() << "no MysqlError was thrown";
  return {0, "", ""};
}

class ServerTest : public testing::TestWithParam<ServerKind> {
 protected:
  ServerTest() : server(TestServer::shared(GetParam())) {}

  std::unique_ptr<ServerConnection> open() { return open(server.connect_options()); }
  std::unique_ptr<ServerConnection> open(const ConnectOptions& options) {
    return ServerConnection::open(options, watchdog, soon());
  }

  TestServer& server;
  base::SystemClock clock;
  Watchdog watchdog{clock};
};

inline std::string kind_name(const testing::TestParamInfo<ServerKind>& info) {
  return test_support::name_of(info.param);
}

}  // namespace fabric::mysql
