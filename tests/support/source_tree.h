// Where the files of the repository lie that tests read: test data, documents, the node's SQL.
#pragma once

#include <string>

namespace test_support {

/// `path` is relative to the top of the repository: "tests/data/fabric/shard-vectors.json".
std::string source_file(const std::string& path);

}  // namespace test_support
