#include "driver/sql/scan.h"

#include <algorithm>
#include <array>

#include "driver/text/character.h"
#include "fabric/base/ascii.h"

namespace driver::sql {
namespace {

using fabric::base::upper;

constexpr bool is_hex_digit(char c) { return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'F'); }
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
/// Or ends a version comment.
constexpr bool may_begin_comment(char c) { return c == '-' || c == '#' || c == '/' || c == '*'; }
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

std::string unquoted_name(const Token& token) {
  std::string name;
  const std::string_view bare = token.bare();
  const char quote = token.kind == TokenKind::kQuotedIdentifier ? token.text.front() : '\0';
  for (std::size_t i = 0; i < bare.size(); ++i) {
    name += bare[i];
    if (bare[i] == quote && quote != '\0') ++i;
  }
  return name;
}

namespace {

/// What a backslash and `c` stand for in a string; LIKE's own two keep their backslash.
std::string unescaped(char c) {
  switch (c) {
    case '0':
      return std::string(1, '\0');
    case 'b':
      return "\b";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    case 'Z':
      return "\x1A";
    case '%':
    case '_':
      return std::string{'\\', c};
    default:
      return std::string(1, c);
  }
}

}  // namespace

std::string unquoted_text(const Token& token, ScanOptions options) {
  std::string text;
  const std::string_view bare = token.bare();
  const char quote = token.text.back();
  for (std::size_t i = 0; i < bare.size(); ++i) {
    if (bare[i] == '\\' && !options.no_backslash_escapes && i + 1 < bare.size()) {
      text += unescaped(bare[++i]);
      continue;
    }
    text += bare[i];
    if (bare[i] == quote) ++i;
  }
  return text;
}

void SqlScanner::next(Token& token) {
  const std::size_t start = position_;
  while (true) {
    while (position_ < sql_.size() && is_blank(sql_[position_])) ++position_;
    if (!may_begin_comment(at(position_))) break;
    const Skipped skipped = skip_comment();
    if (skipped == Skipped::kUnterminated) {
      token.after_space = token.conditional = false;
      return take(token, TokenKind::kUnterminated, sql_.size() - position_);
    }
    if (skipped == Skipped::kNothing) break;
  }
  const bool after_space = position_ != start;
  const bool conditional = in_version_comment_;
  const bool after_dot = after_dot_;
  const bool after_name = after_name_ && !after_space;

  const char c = at(position_);
  if (position_ >= sql_.size()) {
    take(token, TokenKind::kEnd, 0);
  } else if (c == '\'' || (c == '"' && !options_.ansi_quotes)) {
    take_quoted(token, TokenKind::kString, 0);
  } else if (c == '`' || c == '"') {
    take_quoted(token, TokenKind::kQuotedIdentifier, 0);
  } else if (c == '@') {
    take_variable(token);
  } else if (!after_dot &&
             (is_digit(c) || (c == '.' && !after_name && is_digit(at(position_ + 1))))) {
    take_number(token);
  } else if (is_word_char(c)) {
    take_word(token);
  } else {
    take_operator(token);
  }
  after_dot_ = token.is('.');
  after_name_ = token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier;
  gave_token_ = true;
  token.after_space = after_space;
  token.conditional = conditional;
}

SqlScanner::Skipped SqlScanner::skip_comment() {
  const char c = at(position_);
  const char c1 = at(position_ + 1);
  // Two dashes are a comment only before a blank, a control character or the end.
  const bool dashes =
      c == '-' && c1 == '-' &&
      static_cast<unsigned char>(at(position_ + 2)) <= static_cast<unsigned char>(' ');
  if (c == '#' || dashes) {
    position_ = std::min(sql_.find('\n', position_), sql_.size());
    return Skipped::kComment;
  }
  if (in_version_comment_ && c == '*' && c1 == '/') {
    in_version_comment_ = false;
    position_ += 2;
    return Skipped::kComment;
  }
  if (c != '/' || c1 != '*') return Skipped::kNothing;
  const bool of_mariadb = at(position_ + 2) == 'M' && at(position_ + 3) == '!';
  const bool versioned = of_mariadb || at(position_ + 2) == '!';
  if (versioned) {
    saw_version_comment_ = true;
    if (const std::size_t code = code_of_version_comment(position_ + (of_mariadb ? 3 : 2))) {
      in_version_comment_ = true;
      position_ = code;
      return Skipped::kComment;
    }
  }
  if (at(position_ + 2) == '+') saw_hint_ = true;
  const std::size_t end = end_of_comment(versioned && (options_.mariadb || !of_mariadb));
  if (end == std::string_view::npos) return Skipped::kUnterminated;
  note_fabric_comment(sql_.substr(position_ + 2, end - position_ - 2));
  position_ = end + 2;
  return Skipped::kComment;
}

/// Where the `*/` of the comment at hand is. What is not run of a version comment may hold
/// comments.
std::size_t SqlScanner::end_of_comment(bool may_hold_another) const {
  std::size_t from = position_ + 2;
  for (;;) {
    const std::size_t end = sql_.find("*/", from);
    const std::size_t inner = may_hold_another ? sql_.find("/*", from) : std::string_view::npos;
    if (inner >= end) return end;
    const std::size_t inner_end = sql_.find("*/", inner + 2);
    if (inner_end == std::string_view::npos) return inner_end;
    from = inner_end + 2;
  }
}

void SqlScanner::note_fabric_comment(std::string_view content) {
  constexpr std::string_view kMark = "FABRIC:";
  while (!content.empty() && is_blank(content.front())) content.remove_prefix(1);
  if (!equals_ignoring_case(content.substr(0, kMark.size()), kMark)) return;
  if (fabric_comment_.count++ == 0) fabric_comment_.text = content.substr(kMark.size());
  fabric_comment_.misplaced |= gave_token_;
}

/// `mark`: of the exclamation mark in `/*!`, `/*!50100` (five or six digits), MariaDB's `/*M!`.
/// 0 when the server takes it as a comment.
std::size_t SqlScanner::code_of_version_comment(std::size_t mark) const {
  constexpr unsigned kFirstOfMysqlAlone = 50700;  // to MariaDB
  constexpr unsigned kLastOfMysqlAlone = 99999;
  const bool of_mariadb = at(mark - 1) == 'M';
  unsigned version = 0;
  std::size_t digits = 0;
  for (; digits < 6 && is_digit(at(mark + 1 + digits)); ++digits) {
    version = version * 10 + static_cast<unsigned>(at(mark + 1 + digits) - '0');
  }
  const bool any_version = digits < 5;
  const std::size_t code = mark + 1 + (any_version ? 0 : digits);
  if (options_.server_version == 0) return code;
  if (of_mariadb && !options_.mariadb) return 0;
  if (any_version) return code;
  const bool of_mysql = options_.mariadb && !of_mariadb && version >= kFirstOfMysqlAlone &&
                        version <= kLastOfMysqlAlone;
  return version <= options_.server_version && !of_mysql ? code : 0;
}

void SqlScanner::take(Token& token, TokenKind kind, std::size_t length) {
  token.kind = kind;
  token.offset = position_;
  token.text = sql_.substr(position_, length);
  position_ += token.text.size();
}

/// From `prefix` bytes before an opening quote to its closing one.
void SqlScanner::take_quoted(Token& token, TokenKind kind, std::size_t prefix) {
  const char quote = at(position_ + prefix);
  const bool escapes =
      kind != TokenKind::kQuotedIdentifier && quote != '`' && !options_.no_backslash_escapes;
  std::size_t end = position_ + prefix + 1;
  while (end < sql_.size()) {
    if (sql_[end] == quote) {
      if (at(end + 1) != quote) return take(token, kind, end + 1 - position_);
      ++end;
    } else if (sql_[end] == '\\' && escapes) {
      ++end;
    }
    ++end;
  }
  take(token, TokenKind::kUnterminated, sql_.size() - position_);
}

void SqlScanner::take_variable(Token& token) {
  std::size_t length = 1;
  if (at(position_ + 1) == '@') {
    length = 2;
    if (at(position_ + 2) == '`') {
      take_quoted(token, TokenKind::kQuotedIdentifier, 2);
      if (token.kind != TokenKind::kUnterminated) token.kind = TokenKind::kSystemVariable;
      return;
    }
    while (is_word_char(at(position_ + length))) ++length;
    return take(token, TokenKind::kSystemVariable, length);
  }
  const char quote = at(position_ + 1);
  if (quote == '`' || quote == '\'' || quote == '"') {
    return take_quoted(token, TokenKind::kUserVariable, 1);
  }
  while (is_word_char(at(position_ + length)) || at(position_ + length) == '.') ++length;
  take(token, length == 1 ? TokenKind::kOperator : TokenKind::kUserVariable, length);
}

/// An identifier may start with a digit (`1st`, but not `1e5`), so a number that runs on is a word.
void SqlScanner::take_number(Token& token) {
  std::size_t end = position_;
  if (at(end) == '0' && (at(end + 1) == 'x' || at(end + 1) == 'b')) {
    const bool hex = at(end + 1) == 'x';
    end += 2;
    const std::size_t digits = end;
    while (hex ? is_hex_digit(at(end)) : (at(end) == '0' || at(end) == '1')) ++end;
    if (end == digits || is_word_char(at(end))) return take_word(token);
    return take(token, TokenKind::kNumber, end - position_);
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
        return take(token, TokenKind::kNumber, exponent - position_);
      }
    }
  }
  if (whole && is_word_char(at(end))) return take_word(token);
  take(token, TokenKind::kNumber, end - position_);
}

void SqlScanner::take_word(Token& token) {
  const char first = upper(at(position_));
  if (at(position_ + 1) == '\'') {
    if (first == 'N') return take_quoted(token, TokenKind::kString, 1);
    if (first == 'X' || first == 'B') return take_quoted(token, TokenKind::kNumber, 1);
  }
  std::size_t end = position_ + 1;
  while (end < sql_.size() && is_word_char(sql_[end])) ++end;
  take(token, TokenKind::kWord, end - position_);
}

void SqlScanner::take_operator(Token& token) {
  const char c = at(position_);
  if (c == '?') return take(token, TokenKind::kMarker, 1);
  if (c == ';') return take(token, TokenKind::kSemicolon, 1);
  take(token, TokenKind::kOperator, c == ':' && at(position_ + 1) == '=' ? 2 : 1);
}

std::string_view code_of(std::string_view sql, ScanOptions options) {
  SqlScanner scanner(sql, options);
  Token token = scanner.next();
  const std::size_t first = token.offset;
  std::size_t end = first;
  for (; token.kind != TokenKind::kEnd; scanner.next(token)) {
    end = token.offset + token.text.size();
    if (token.kind == TokenKind::kUnterminated) break;
  }
  return scanner.saw_version_comment() ? sql : sql.substr(first, end - first);
}

}  // namespace driver::sql
