// What the captured answers of a real node hold: as this client reads them, and as another program
// read the same bytes (tests/data/fabric/*-answers.txt), in one form to be compared.
#pragma once

#include <map>
#include <string>

#include "fabric/rpc_call.h"

namespace test_support {

/// A line `ttl N`; for each table `-- ` with its columns, and a line a row. Cells are parted by
/// '|'; NULL is nothing.
std::string captured_form(const fabric::RpcAnswer& answer);

/// By the capture's name, of a file in tests/data/fabric. Empty lines are left out.
std::map<std::string, std::string> expected_answers(const std::string& file);

/// By the capture's name, of `xmlrpc-servers.txt`: what each server may do, by dump.servers.
std::map<std::string, std::string> expected_servers();
/// As that file has it: `PORT@GROUP=wr*WEIGHT`, parted by blanks.
std::string captured_servers_form(const fabric::RpcAnswer& answer);

}  // namespace test_support
