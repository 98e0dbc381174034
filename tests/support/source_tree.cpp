#include "tests/support/source_tree.h"

namespace test_support {

std::string source_file(const std::string& path) { return FABRIC_SOURCE "/" + path; }

}  // namespace test_support
