// tests/data/info_types.txt: the information types of SQLGetInfo. Immutable once read.
#pragma once

#include <string>
#include <vector>

namespace test_support {

struct InfoTypeRow {
  unsigned short type;
  std::string name;
  std::string width;    ///< "text", "2" or "4"
  std::string mariadb;  ///< its value there; "*" where it is a list
  std::string mysql56;
};

/// In ascending order.
std::vector<InfoTypeRow> read_info_types();

}  // namespace test_support
