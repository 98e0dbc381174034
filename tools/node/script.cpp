#include "tools/node/script.h"

#include <algorithm>

namespace tools::node {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kDelimiterWord = "DELIMITER ";

class Script {
 public:
  explicit Script(std::string_view text) : rest_(text) {}

  std::vector<std::string> take_apart() {
    bool line_begins = true;
    while (!rest_.empty()) {
      if (line_begins && rest_.starts_with(kDelimiterWord)) {
        rest_.remove_prefix(kDelimiterWord.size());
        const auto wanted = trimmed(take_line());
        if (!wanted.empty()) delimiter_ = wanted;
        continue;  // a line begins again
      }
      if (rest_.starts_with("-- ")) {
        take_line();
        statement_ += '\n';
        line_begins = true;
        continue;
      }
      if (rest_.starts_with(delimiter_)) {
        rest_.remove_prefix(delimiter_.size());
        finish();
        line_begins = false;
        continue;
      }
      line_begins = rest_.front() == '\n';
      take_piece();
    }
    finish();
    return std::move(statements_);
  }

 private:
  static std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  }

  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }

  /// A character, or what stands in quotes.
  void take_piece() {
    const char quote = rest_.front();
    std::size_t length = 1;
    if (quote == '\'' || quote == '"' || quote == '`') {
      while (length < rest_.size() && rest_[length] != quote) {
        length += rest_[length] == '\\' && quote != '`' ? 2 : 1;
      }
      length = std::min(length + 1, rest_.size());
    }
    statement_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  void finish() {
    const std::string_view whole = trimmed(statement_);
    if (!whole.empty()) statements_.emplace_back(whole);
    statement_.clear();
  }

  std::string_view rest_;
  std::string_view delimiter_ = ";";
  std::string statement_;
  std::vector<std::string> statements_;
};

}  // namespace

std::vector<std::string> statements_of(std::string_view script) {
  return Script(script).take_apart();
}

}  // namespace tools::node
