#include "tests/support/info_types.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/source_tree.h"

namespace test_support {
namespace {

std::string next_field(std::istringstream& line) {
  std::string field;
  std::getline(line, field, '|');
  const auto begin = field.find_first_not_of(' ');
  if (begin == std::string::npos) throw std::runtime_error("a field of info_types.txt is missing");
  field = field.substr(begin, field.find_last_not_of(' ') - begin + 1);
  return field == "\"\"" ? std::string() : field;
}

}  // namespace

std::vector<InfoTypeRow> read_info_types() {
  std::ifstream file(source_file("tests/data/info_types.txt"));
  if (!file) throw std::runtime_error("cannot read tests/data/info_types.txt");
  std::vector<InfoTypeRow> rows;
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text.front() == '#') continue;
    std::istringstream line(text);
    InfoTypeRow row;
    row.type = static_cast<unsigned short>(std::stoul(next_field(line)));
    row.name = next_field(line);
    row.width = next_field(line);
    row.mariadb = next_field(line);
    row.mysql56 = next_field(line);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace test_support
