// Answers of a Fabric node over MySQL-RPC, for a FakeServer: a small healthy farm, of which a test
// replaces what it wants to break. Not thread-safe: set up before the server is asked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/fake_server.h"

namespace test_support {

class ScriptedNode {
 public:
  using Cells = std::vector<FakeServer::Cell>;

  /// Group g1 with primary u1 and secondary u2; mapping 1 (RANGE) of shop.orders: s1 from 1, s2
  /// from 100. TTL 3.
  ScriptedNode();

  /// `command` is e.g. `dump.servers`.
  void answer(const std::string& command, FakeAnswer answer) { answers_[command] = answer; }
  void rows(const std::string& command, const std::vector<Cells>& rows);
  void server_row(Cells row) { rows("dump.servers", {std::move(row)}); }
  /// A command error, as the info result set carries it.
  void command_error(const std::string& command, const std::string& message);
  /// As a stored procedure does: with an OK packet after the result sets.
  void close_with_ok() { closing_ok_ = true; }

  /// 1305 for what it does not know, as a plain server says.
  [[nodiscard]] FakeAnswer operator()(std::string_view sql) const;

  /// The info result set followed by the tables given.
  static FakeAnswer with_info(const FakeServer::Cell& ttl, const FakeServer::Cell& message,
                              const FakeAnswer& tables);

 private:
  std::map<std::string, FakeAnswer> answers_;
  bool closing_ok_ = false;
};

}  // namespace test_support
