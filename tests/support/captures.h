// What a real Fabric node sent over MySQL-RPC, as captured in tests/data/fabric/mysqlrpc, to be
// replayed by a FakeServer byte for byte.
#pragma once

#include <string>
#include <vector>

#include "tests/support/fake_server.h"

namespace test_support {

/// The answer to the statement in the capture (a file's name without .json). Throws
/// std::runtime_error when the capture has no such statement.
FakeAnswer captured_answer(const std::string& capture, const std::string& statement);

struct CapturedExchange {
  std::string capture, statement;
  FakeAnswer answer;
};
/// Every statement of every capture, in the order of the files' names.
std::vector<CapturedExchange> captured_exchanges();

/// One connection of a client to the node, from the greeting on. Its scramble is as random as any,
/// but once recorded it is part of the bytes: who knows the password sends the same token to it.
struct CapturedSession {
  struct Command {
    std::string payload;  ///< with the byte that says which it is; never COM_QUIT
    FakeAnswer answer;    ///< its end: the node closed, or never answered
  };
  std::string capture, greeting, login;
  FakeAnswer login_answer;
  std::vector<Command> commands;
};
std::vector<CapturedSession> captured_sessions();

/// Where a login's user begins: behind the client's own wishes (capabilities, longest packet,
/// character set) and a filler.
inline constexpr std::size_t kLoginUserAt = 32;

/// The greeting of a real node: release, and the capabilities that it offers.
FakeServer::Options real_node();

}  // namespace test_support
