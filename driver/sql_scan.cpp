#include "driver/sql_scan.h"

#include <algorithm>
#include <array>

namespace driver {
namespace {

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(char c) { return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'F'); }
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// What an unquoted identifier is made of; every byte of a UTF-8 sequence counts.
constexpr auto kWordChars = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    table[i] =
        is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_' || c == '$' || i >= 128;
  }
  return table;
}();
bool is_word_char(char c) { return kWordChars[static_cast<unsigned char>(c)]; }

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return upper(x) == upper(y); });
}

std::string_view Token::bare() const {
  std::string_view body = text;
  if (kind == TokenKind::kSystemVariable) body.remove_prefix(2);
  if (kind == TokenKind::kUserVariable) body.remove_prefix(1);
  if (kind == TokenKind::kString && !body.empty() && upper(body[0]) == 'N') body.remove_prefix(1);
  const bool quoted = body.size() >= 2 && body.front() == body.back() &&
                      (body[0] == '\'' || body[0] == '"' || body[0] == '`');
  return quoted ? body.substr(1, body.size() - 2) : body;
}

Token SqlScanner::next() {
  Token blanks;
  while (skip_blanks(blanks)) {
    if (blanks.kind == TokenKind::kUnterminated) return blanks;
  }
  const bool after_space = blanks.after_space;
  const bool conditional = in_version_comment_;
  const bool after_dot = after_dot_;
  const bool after_name = after_name_ && !after_space;

  const char c = at(position_);
  Token token;
  if (position_ >= sql_.size()) {
    token = take(TokenKind::kEnd, 0);
  } else if (c == '\'' || (c == '"' && !options_.ansi_quotes)) {
    token = take_quoted(TokenKind::kString, 0);
  } else if (c == '`' || c == '"') {
    token = take_quoted(TokenKind::kQuotedIdentifier, 0);
  } else if (c == '@') {
    token = take_variable();
  } else if (!after_dot &&
             (is_digit(c) || (c == '.' && !after_name && is_digit(at(position_ + 1))))) {
    token = take_number();
  } else if (is_word_char(c)) {
    token = take_word();
  } else {
    token = take_operator();
  }
  after_dot_ = token.is('.');
  after_name_ = token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier;
  token.after_space = after_space;
  token.conditional = conditional;
  return token;
}

/// Skips one run of blanks or one comment; false when code or the end comes next.
bool SqlScanner::skip_blanks(Token& token) {
  const std::size_t start = position_;
  while (position_ < sql_.size() && is_blank(sql_[position_])) ++position_;
  if (position_ == start && !skip_comment(token)) return false;
  token.after_space = true;
  return true;
}

bool SqlScanner::skip_comment(Token& token) {
  const char c = at(position_);
  if (c != '-' && c != '#' && c != '/' && c != '*') return false;
  const char c1 = at(position_ + 1);
  // Two dashes are a comment only before a blank, a control character or the end.
  const bool dashes =
      c == '-' && c1 == '-' &&
      static_cast<unsigned char>(at(position_ + 2)) <= static_cast<unsigned char>(' ');
  if (c == '#' || dashes) {
    position_ = std::min(sql_.find('\n', position_), sql_.size());
    return true;
  }
  if (in_version_comment_ && c == '*' && c1 == '/') {
    in_version_comment_ = false;
    position_ += 2;
    return true;
  }
  if (c != '/' || c1 != '*') return false;
  if (open_version_comment()) return true;
  if (at(position_ + 2) == '+') saw_hint_ = true;
  const std::size_t end = sql_.find("*/", position_ + 2);
  if (end == std::string_view::npos) {
    token = take(TokenKind::kUnterminated, sql_.size() - position_);
  } else {
    position_ = end + 2;
  }
  return true;
}

/// `/*!`, `/*!50100` (five or six digits), and MariaDB's `/*M!`.
bool SqlScanner::open_version_comment() {
  std::size_t after = position_ + 2;
  if (at(after) == 'M') ++after;
  if (at(after) != '!') return false;
  ++after;
  std::size_t digits = 0;
  while (digits < 6 && is_digit(at(after + digits))) ++digits;
  position_ = digits >= 5 ? after + digits : after;
  in_version_comment_ = true;
  saw_version_comment_ = true;
  return true;
}

Token SqlScanner::take(TokenKind kind, std::size_t length) {
  Token token;
  token.kind = kind;
  token.offset = position_;
  token.text = sql_.substr(position_, length);
  position_ += token.text.size();
  return token;
}

/// From `prefix` bytes before an opening quote to its closing one.
Token SqlScanner::take_quoted(TokenKind kind, std::size_t prefix) {
  const char quote = at(position_ + prefix);
  const bool escapes =
      kind != TokenKind::kQuotedIdentifier && quote != '`' && !options_.no_backslash_escapes;
  std::size_t end = position_ + prefix + 1;
  while (end < sql_.size()) {
    if (sql_[end] == quote) {
      if (at(end + 1) != quote) return take(kind, end + 1 - position_);
      ++end;
    } else if (sql_[end] == '\\' && escapes) {
      ++end;
    }
    ++end;
  }
  return take(TokenKind::kUnterminated, sql_.size() - position_);
}

Token SqlScanner::take_variable() {
  std::size_t length = 1;
  if (at(position_ + 1) == '@') {
    length = 2;
    if (at(position_ + 2) == '`') {
      Token token = take_quoted(TokenKind::kQuotedIdentifier, 2);
      if (token.kind != TokenKind::kUnterminated) token.kind = TokenKind::kSystemVariable;
      return token;
    }
    while (is_word_char(at(position_ + length))) ++length;
    return take(TokenKind::kSystemVariable, length);
  }
  const char quote = at(position_ + 1);
  if (quote == '`' || quote == '\'' || quote == '"') {
    return take_quoted(TokenKind::kUserVariable, 1);
  }
  while (is_word_char(at(position_ + length)) || at(position_ + length) == '.') ++length;
  return take(length == 1 ? TokenKind::kOperator : TokenKind::kUserVariable, length);
}

/// An identifier may start with a digit (`1st`, but not `1e5`), so a number that runs on is a word.
Token SqlScanner::take_number() {
  std::size_t end = position_;
  if (at(end) == '0' && (at(end + 1) == 'x' || at(end + 1) == 'b')) {
    const bool hex = at(end + 1) == 'x';
    end += 2;
    const std::size_t digits = end;
    while (hex ? is_hex_digit(at(end)) : (at(end) == '0' || at(end) == '1')) ++end;
    if (end > digits && !is_word_char(at(end))) return take(TokenKind::kNumber, end - position_);
    return take_word();
  }
  while (is_digit(at(end))) ++end;
  const bool whole = end > position_ && at(end) != '.';
  if (at(end) == '.') {
    ++end;
    while (is_digit(at(end))) ++end;
  }
  if (upper(at(end)) == 'E') {
    const bool sign = at(end + 1) == '+' || at(end + 1) == '-';
    std::size_t exponent = end + (sign ? 2 : 1);
    if (is_digit(at(exponent))) {
      while (is_digit(at(exponent))) ++exponent;
      if (sign || !whole || !is_word_char(at(exponent))) {
        return take(TokenKind::kNumber, exponent - position_);
      }
    }
  }
  if (whole && is_word_char(at(end))) return take_word();
  return take(TokenKind::kNumber, end - position_);
}

Token SqlScanner::take_word() {
  const char first = upper(at(position_));
  if (at(position_ + 1) == '\'') {
    if (first == 'N') return take_quoted(TokenKind::kString, 1);
    if (first == 'X' || first == 'B') return take_quoted(TokenKind::kNumber, 1);
  }
  std::size_t length = 1;
  while (is_word_char(at(position_ + length))) ++length;
  return take(TokenKind::kWord, length);
}

Token SqlScanner::take_operator() {
  const char c = at(position_);
  if (c == '?') return take(TokenKind::kMarker, 1);
  if (c == ';') return take(TokenKind::kSemicolon, 1);
  return take(TokenKind::kOperator, c == ':' && at(position_ + 1) == '=' ? 2 : 1);
}

}  // namespace driver
