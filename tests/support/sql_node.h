// The Fabric node in SQL, installed on a real server of a test.
#pragma once

#include "tests/support/test_server.h"

namespace test_support {

/// Runs fabric/node/*.sql there; throws with what the client says when one fails.
void install_sql_node(const TestServer& server);

}  // namespace test_support
