// A table of tests/data/states: a line for each function, a column for each state of a handle.
// Immutable once read.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/source_tree.h"

namespace test_support {

struct StateCell {
  std::string function;
  std::string from;    ///< the state at the call
  std::string direct;  ///< what is to come of it, without a driver manager
  std::string managed;
};

inline std::vector<StateCell> read_state_table(const std::string& name) {
  const std::string path = source_file("tests/data/states/" + name);
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<StateCell> cells;
  std::vector<std::string> states;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string function;
    words >> function;
    std::vector<std::string> answers;
    for (std::string word; words >> word;) answers.push_back(word);
    if (states.empty()) {
      states = answers;
      continue;
    }
    if (answers.size() != states.size()) throw std::runtime_error("a cell is missing: " + line);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const std::size_t slash = answers[i].find('/');
      const bool both = slash == std::string::npos;
      cells.push_back({function, states[i], answers[i].substr(0, slash),
                       both ? answers[i] : answers[i].substr(slash + 1)});
    }
  }
  return cells;
}

}  // namespace test_support
