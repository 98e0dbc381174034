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

/// The greeting of a real node: release, and the capabilities that it offers.
FakeServer::Options real_node();

}  // namespace test_support
