#include "driver/settings/connection_string.h"

#include <algorithm>
#include <utility>

#include "fabric/base/error.h"

namespace driver::settings {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

constexpr std::string_view kBlanks = " \t\r\n";

class PairReader {
 public:
  explicit PairReader(std::string_view text) : text_(text) {}

  /// False at the end of the text.
  bool next(GivenPair& pair) {
    position_ = std::min(text_.find_first_not_of(" \t\r\n;", position_), text_.size());
    if (position_ == text_.size()) return false;
    pair.keyword = read_keyword();
    pair.braced = false;
    skip_blanks();
    pair.value = position_ < text_.size() && text_[position_] == '{' ? read_braced(pair.braced)
                                                                     : read_plain();
    return true;
  }

 private:
  void skip_blanks() {
    position_ = std::min(text_.find_first_not_of(kBlanks, position_), text_.size());
  }

  [[noreturn]] static void refuse(const std::string& what, std::size_t position,
                                  const std::string& hint = {}) {
    throw Error(SqlState::kHY000, "The connection string is malformed: " + what + " at position " +
                                      std::to_string(position + 1) + hint);
  }

  std::string read_keyword() {
    const std::size_t start = position_;
    const std::size_t end = text_.find_first_of("=;", start);
    if (end == std::string_view::npos || text_[end] == ';') {
      refuse("no '=' follows the keyword", start, "; a value that holds ';' must be in braces");
    }
    if (end == start) refuse("no keyword before the '='", start);
    position_ = end + 1;
    const std::string_view keyword = text_.substr(start, end - start);
    return std::string(keyword.substr(0, keyword.find_last_not_of(kBlanks) + 1));
  }

  std::string read_braced(bool& braced) {
    braced = true;
    const std::size_t open = position_++;
    std::string value;
    for (;; ++position_) {
      if (position_ == text_.size()) refuse("no '}' closes the '{'", open);
      if (text_[position_] == '}') {
        ++position_;
        if (position_ == text_.size() || text_[position_] != '}') break;
      }
      value += text_[position_];
    }
    skip_blanks();
    if (position_ < text_.size() && text_[position_] != ';') {
      refuse("no ';' follows the '}' (a '}' within braces is written twice)", position_);
    }
    return value;
  }

  std::string read_plain() {
    const std::size_t end = std::min(text_.find(';', position_), text_.size());
    const std::string_view value = text_.substr(position_, end - position_);
    position_ = end;
    return std::string(value.substr(0, value.find_last_not_of(kBlanks) + 1));
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

/// A keyword that is not known may be the tail of a password with a ';' in it: then it is not
/// shown.
Warning unknown_keyword(const std::string& keyword, std::string_view secret_before) {
  constexpr std::size_t kMost = 64;
  // Of a line without '=' the whole is the keyword: "PWD secret".
  const std::string shown = keyword.substr(0, std::min(kMost, keyword.find_first_of(" \t:")));
  if (secret_before.empty() && shown != keyword && find_keyword(shown) != nullptr) {
    return {SqlState::k01S00, "No '=' follows the keyword '" + shown + "'", true};
  }
  const std::string_view nearest = nearest_keyword(keyword);
  std::string text = secret_before.empty() ? "The keyword '" + shown + "'"
                                           : "A keyword after " + std::string(secret_before);
  text += " is not known";
  if (!nearest.empty()) text += ": did you mean " + std::string(nearest) + "?";
  if (!secret_before.empty()) {
    text += nearest.empty() ? ":" : " Or";
    text += " a value that holds ';' must be in braces";
  }
  return {SqlState::k01S00, text, true};
}

}  // namespace

std::string unknown_keyword_sentences(const std::vector<Warning>& warnings) {
  std::string sentences;
  for (const Warning& warning : warnings) {
    if (warning.unknown_keyword) sentences += ". " + warning.text;
  }
  return sentences;
}

std::vector<GivenPair> parse_connection_string(std::string_view text) {
  std::vector<GivenPair> pairs;
  PairReader reader(text);
  GivenPair pair;
  while (reader.next(pair)) pairs.push_back(std::move(pair));
  return pairs;
}

std::string quoted_value(std::string_view value) {
  const bool plain = value.find_first_of("[]{}();?*=!@") == std::string_view::npos &&
                     value.find_first_of(kBlanks) != 0 &&
                     value.find_last_of(kBlanks) + 1 != std::max<std::size_t>(value.size(), 1);
  if (plain) return std::string(value);
  std::string quoted = "{";
  for (const char c : value) {
    quoted += c;
    if (c == '}') quoted += c;
  }
  return quoted + "}";
}

void GivenAttributes::add(const std::vector<GivenPair>& pairs, GivenBy source,
                          std::vector<Warning>& warnings) {
  std::string_view secret_before;
  for (const GivenPair& pair : pairs) {
    const KeywordRow* row = find_keyword(pair.keyword);
    if (row == nullptr && !manager_keyword(pair.keyword).empty()) continue;
    if (row == nullptr) {
      warnings.push_back(unknown_keyword(pair.keyword, secret_before));
      continue;
    }
    const bool open_secret =
        row->kind == ValueKind::kSecret && !pair.braced && source == GivenBy::kApplication;
    secret_before = open_secret ? row->name : std::string_view{};
    add(row->keyword, pair.value, source);
  }
}

void GivenAttributes::add(Keyword keyword, std::string value, GivenBy source) {
  if (find(keyword) == nullptr) given_.push_back({keyword, std::move(value), source});
}

const std::string* GivenAttributes::find(Keyword keyword) const {
  const auto found = std::ranges::find(given_, keyword, &Given::keyword);
  return found == given_.end() ? nullptr : &found->value;
}

std::string GivenAttributes::dsn() const {
  for (const Given& given : given_) {
    if (given.keyword == Keyword::kDriver && given.source == GivenBy::kApplication) return {};
    if (given.keyword == Keyword::kDsn) return given.value;
  }
  return {};
}

std::string GivenAttributes::completed_string() const {
  const bool by_dsn = !dsn().empty();
  std::string text;
  for (const Given& given : given_) {
    const KeywordRow& row = row_of(given.keyword);
    const bool overruled = given.keyword == (by_dsn ? Keyword::kDriver : Keyword::kDsn);
    if (given.source == GivenBy::kDsn || row.kind == ValueKind::kSecret || overruled) continue;
    text += std::string(row.name) + "=" + quoted_value(given.value) + ";";
  }
  return text;
}

}  // namespace driver::settings
