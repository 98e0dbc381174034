// tests/data/convert has a line for every cell of the conversion tables of ODBC 3.8, appendix D:
// each type of a column with each C type, each C type with each SQL type. A NULL is not counted.
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "tests/driver/convert/c_types.h"
#include "tests/driver/convert/case_file.h"
#include "tests/driver/convert/wire_cell.h"

namespace driver::convert {
namespace {

using Cells = std::set<std::pair<std::string, std::string>>;

std::string first_word(const std::string& text) {
  return text.substr(0, text.find_first_of(" (="));
}

/// "decimal unsigned" of "decimal(10,2) unsigned".
std::string kind_of_column(const std::string& declared) {
  const std::string name = first_word(declared);
  const bool is_unsigned = declared.find("unsigned") != std::string::npos;
  return is_unsigned && name != "year" ? name + " unsigned" : name;
}

Cells cells_with_lines() {
  Cells found;
  for (const std::string& file : testing::case_files("cell_")) {
    for (const testing::Case& line : testing::read_cases(file, 6)) {
      if (line.fields[1] == "NULL") continue;
      found.emplace(kind_of_column(line.fields[0]), first_word(line.fields[2]));
    }
  }
  return found;
}

Cells parameters_with_lines() {
  Cells found;
  for (const std::string& file : testing::case_files("parameter_")) {
    for (const testing::Case& line : testing::read_cases(file, 5)) {
      found.emplace(first_word(line.fields[0]), first_word(line.fields[2]));
    }
  }
  return found;
}

bool may_be_unsigned(std::string_view column) {
  return column.ends_with("int") || column == "decimal";
}

TEST(ConversionTables, HaveALineForEachCellFromSqlToC) {
  const Cells found = cells_with_lines();
  for (const testing::NamedColumn& column : testing::kNamedColumns) {
    if (column.name == "null") continue;  // it is never anything else
    for (const testing::NamedType& type : testing::kCTypeNames) {
      const std::string c_type(type.name);
      std::string kind(column.name);
      EXPECT_TRUE(found.contains({kind, c_type})) << kind << " to " << c_type;
      if (!may_be_unsigned(column.name)) continue;
      kind += " unsigned";
      EXPECT_TRUE(found.contains({kind, c_type})) << kind << " to " << c_type;
    }
  }
}

TEST(ConversionTables, HaveALineForEachCellFromCToSql) {
  const Cells found = parameters_with_lines();
  for (const testing::NamedType& from : testing::kCTypeNames) {
    for (const testing::NamedType& to : testing::kSqlTypeNames) {
      EXPECT_TRUE(found.contains({std::string(from.name), std::string(to.name)}))
          << from.name << " to " << to.name;
    }
  }
}

}  // namespace
}  // namespace driver::convert
