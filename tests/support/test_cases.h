// What a page names as its tests, and what is in those files: for tests of the documentation.
// Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace test_support {

struct SourceCase {
  std::string name;  ///< "Suite.Name" of a .cpp file, "Class.test_name" of a .py file
  std::string body;
};

struct TestSource {
  std::vector<SourceCase> cases;
  std::string rest;  ///< what is in no case: fixtures, tables; without comments

  /// Null when there is none of that name.
  [[nodiscard]] const SourceCase* find(std::string_view name) const;
};

/// Throws std::runtime_error when there is no such file.
TestSource read_test_source(const std::string& path);

struct NamedTest {
  std::string path;
  std::vector<std::string> cases;
};

/// Of "`tests/a_test.cpp` (`Suite.Name`, `Suite.Other`), `tests/b_test.cpp` (`Suite.Name`)".
std::vector<NamedTest> named_tests(std::string_view text);

/// Whether a text has this word, `_` and `-` left aside: NO_SSPS in "NO_SSPS=1".
bool mentions(const std::string& text, std::string_view word);

/// What is wrong with naming these as the tests of `words`: a file or a case that is not there, or
/// none that mentions any of the words, in the case or in what its file's cases share. Empty: all
/// is well.
std::string fault_of(const std::vector<NamedTest>& named, const std::vector<std::string>& words);

}  // namespace test_support
