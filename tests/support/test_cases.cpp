#include "tests/support/test_cases.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "tests/support/source_tree.h"

namespace test_support {
namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool is_comment(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin != std::string_view::npos &&
         (line.substr(begin, 2) == "//" || line.substr(begin, 3) == "///");
}

/// In .cpp files a case ends with its closing bracket, in .py files where its indentation does.
class Reader {
 public:
  explicit Reader(bool python) : python_(python) {}

  void line(const std::string& text) {
    if (is_comment(text)) return;
    python_ ? python_line(text) : cpp_line(text);
  }
  TestSource take() { return std::move(source_); }

 private:
  void cpp_line(const std::string& text) {
    static const std::regex kBegin(R"(^TEST(?:_F|_P)?\((\w+),\s*(\w+)\).*)");
    std::smatch found;
    if (std::regex_match(text, found, kBegin)) begin(found[1].str() + "." + found[2].str());
    append(text);
    if (open_ && (text == "}" || (text.ends_with("}") && text.starts_with("TEST")))) open_ = false;
  }

  void python_line(const std::string& text) {
    static const std::regex kClass(R"(^class (\w+).*)");
    static const std::regex kTest(R"(^    def (test_\w+)\(.*)");
    std::smatch found;
    const bool inside = text.starts_with("     ") || is_blank(text);
    if (!inside) open_ = false;
    if (std::regex_match(text, found, kClass)) class_ = found[1].str();
    if (std::regex_match(text, found, kTest)) begin(class_ + "." + found[1].str());
    append(text);
  }

  void begin(std::string name) {
    source_.cases.push_back({std::move(name), {}});
    open_ = true;
  }
  void append(const std::string& text) {
    (open_ ? source_.cases.back().body : source_.rest) += text + "\n";
  }

  const bool python_;
  bool open_ = false;
  std::string class_;
  TestSource source_;
};

bool of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::string without_fillers(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != '_' && c != '-') kept.push_back(c);
  }
  return kept;
}

}  // namespace

const SourceCase* TestSource::find(std::string_view name) const {
  const auto found = std::ranges::find(cases, name, &SourceCase::name);
  return found == cases.end() ? nullptr : &*found;
}

TestSource read_test_source(const std::string& path) {
  std::ifstream file(source_file(path));
  if (!file) throw std::runtime_error("there is no " + path);
  Reader reader(path.ends_with(".py"));
  for (std::string text; std::getline(file, text);) reader.line(text);
  return reader.take();
}

std::vector<NamedTest> named_tests(std::string_view text) {
  static const std::regex kQuoted("`([^`]*)`");
  const std::string whole(text);
  std::vector<NamedTest> named;
  for (std::sregex_iterator found(whole.begin(), whole.end(), kQuoted), end; found != end;
       ++found) {
    const std::string token = (*found)[1].str();
    if (token.starts_with("tests/")) {
      named.push_back({token, {}});
    } else if (!named.empty() && token.find('.') != std::string::npos) {
      named.back().cases.push_back(token);
    }
  }
  return named;
}

bool mentions(const std::string& text, std::string_view word) {
  const std::string wanted = without_fillers(word);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && of_word(text[end])) ++end;
    if (end != at && without_fillers(std::string_view(text).substr(at, end - at)) == wanted) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

std::string fault_of(const std::vector<NamedTest>& named, const std::vector<std::string>& words) {
  bool case_named = false;
  bool mentioned = false;
  for (const NamedTest& test : named) {
    TestSource source;
    try {
      source = read_test_source(test.path);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    for (const std::string& name : test.cases) {
      const SourceCase* found = source.find(name);
      if (found == nullptr) return test.path + " has no " + name;
      case_named = true;
      for (const std::string& word : words) {
        mentioned = mentioned || mentions(found->body, word) || mentions(source.rest, word);
      }
    }
  }
  if (!case_named) return "no test case is named";
  return mentioned ? "" : "no named case mentions it";
}

}  // namespace test_support
