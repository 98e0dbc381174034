// Reads tests/data/convert/*.txt: one case a line, fields between '|', '#' begins a comment line.
// A field is trimmed; in double quotes its blanks stay. Escapes: \n \0 \\ \xHH \u{HEX}.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/source_tree.h"

namespace driver::convert::testing {

struct Case {
  std::string where;  ///< file:line
  std::vector<std::string> fields;
};

/// The files whose names begin so, in alphabetical order.
inline std::vector<std::string> case_files(std::string_view prefix) {
  std::vector<std::string> names;
  const std::string folder = test_support::source_file("tests/data/convert");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

inline std::vector<Case> read_cases(const std::string& name, std::size_t field_count) {
  std::ifstream file(test_support::source_file("tests/data/convert/" + name));
  if (!file) throw std::runtime_error("cannot read " + name);
  std::vector<Case> cases;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (trimmed(line).empty() || trimmed(line).front() == '#') continue;
    Case next{name + ":" + std::to_string(number), {}};
    std::size_t begin = 0;
    while (begin <= line.size()) {
      const std::size_t end = std::min(line.find('|', begin), line.size());
      next.fields.push_back(trimmed(std::string_view(line).substr(begin, end - begin)));
      begin = end + 1;
    }
    if (next.fields.size() != field_count) throw std::runtime_error("fields of " + next.where);
    cases.push_back(next);
  }
  return cases;
}

inline void append_utf8(std::string& out, unsigned long code_point) {
  const auto put = [&out](unsigned long bits) {
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(bits)));
  };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6U));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12U));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
  } else {
    put(0xF0 | (code_point >> 18U));
    put(0x80 | ((code_point >> 12U) & 0x3FU));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
  }
  put(0x80 | (code_point & 0x3FU));
}

inline std::string unescaped(std::string_view field) {
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
  }
  std::string out;
  for (std::size_t at = 0; at < field.size(); ++at) {
    if (field[at] != '\\') {
      out.push_back(field[at]);
      continue;
    }
    const char kind = field[++at];
    if (kind == 'x') {
      append_utf8(out, 0);
      out.back() = static_cast<char>(
          static_cast<std::uint8_t>(std::stoul(std::string(field.substr(at + 1, 2)), nullptr, 16)));
      at += 2;
    } else if (kind == 'u') {
      const std::size_t end = field.find('}', at);
      append_utf8(out, std::stoul(std::string(field.substr(at + 2, end - at - 2)), nullptr, 16));
      at = end;
    } else {
      out.push_back(kind == 'n' ? '\n' : kind == '0' ? '\0' : kind);
    }
  }
  return out;
}

inline std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back("0123456789ABCDEF"[byte >> 4U]);
    out.push_back("0123456789ABCDEF"[byte & 0xFU]);
  }
  return out;
}

/// "name(7,2)" taken apart.
struct Spec {
  std::string name;
  std::vector<long> arguments;
};

inline Spec parse_spec(std::string_view text) {
  Spec spec;
  const std::size_t open = text.find('(');
  spec.name = trimmed(text.substr(0, open));
  if (open == std::string_view::npos) return spec;
  std::string inside(text.substr(open + 1, text.find(')') - open - 1));
  for (std::size_t begin = 0; begin < inside.size();) {
    const std::size_t end = std::min(inside.find(',', begin), inside.size());
    spec.arguments.push_back(std::stol(inside.substr(begin, end - begin)));
    begin = end + 1;
  }
  return spec;
}

}  // namespace driver::convert::testing
