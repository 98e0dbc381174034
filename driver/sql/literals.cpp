#include "driver/sql/literals.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <type_traits>

#include "fabric/base/error.h"

namespace driver::sql {
namespace {

using fabric::mysql::BytesValue;
using fabric::mysql::DateTimeValue;
using fabric::mysql::DateValue;
using fabric::mysql::Parameter;
using fabric::mysql::TextValue;
using fabric::mysql::TimeValue;

void append_hex(std::string& sql, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  sql += "X'";
  for (const char byte : bytes) {
    const auto value = static_cast<std::uint8_t>(byte);
    sql += kDigits[value >> 4U];
    sql += kDigits[value & 15U];
  }
  sql += '\'';
}

template <class Integer>
void append_number(std::string& sql, Integer value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  // "a-?" must not become the comment "a-- 5".
  if (value < Integer{}) sql += ' ';
  sql.append(text.data(), end);
}

/// With an exponent always: without one it would be a DECIMAL.
void append_real(std::string& sql, double value) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific)
          .ptr;
  if (text[0] == '-') sql += ' ';
  sql.append(text.data(), end);
}

void append_quoted(std::string& sql, std::string_view text, char quote) {
  sql += quote;
  for (std::size_t from = 0;;) {
    const std::size_t inner = text.find(quote, from);
    sql += text.substr(from, inner - from);
    if (inner == std::string_view::npos) break;
    sql.append(2, quote);
    from = inner + 1;
  }
  sql += quote;
}

/// A backslash escapes or does not, by sql_mode, and is a part of letters in some character sets of
/// a session. In hexadecimal digits it is neither.
void append_text(std::string& sql, std::string_view utf8) {
  if (utf8.find('\\') == std::string_view::npos) return append_quoted(sql, utf8, '\'');
  sql += "_utf8mb4 ";
  append_hex(sql, utf8);
}

/// As DATE'...' a zero date would be an error under NO_ZERO_DATE; as text the server judges it
/// where it is used, as it does a parameter.
void append_moment(std::string& sql, std::string_view type, bool typed, std::string_view text) {
  if (typed) sql += type;
  sql += '\'';
  sql += text;
  sql += '\'';
}

template <class... Values>
std::string_view print(std::array<char, 80>& out, const char* format, Values... values) {
  const int size = std::snprintf(out.data(), out.size(), format, values...);
  return {out.data(), static_cast<std::size_t>(size)};
}

bool whole(const DateValue& date) { return date.year != 0 && date.month != 0 && date.day != 0; }

void append(std::string& sql, const DateValue& date) {
  std::array<char, 80> text;
  append_moment(sql, "DATE", whole(date),
                print(text, "%04d-%02u-%02u", date.year, date.month, date.day));
}

void append(std::string& sql, const TimeValue& time) {
  std::array<char, 80> text;
  append_moment(
      sql, "TIME", true,
      print(text, time.microseconds == 0 ? "%s%02u:%02u:%02u" : "%s%02u:%02u:%02u.%06u",
            time.negative ? "-" : "", time.hours, time.minutes, time.seconds, time.microseconds));
}

void append(std::string& sql, const DateTimeValue& moment) {
  std::array<char, 80> text;
  append_moment(sql, "TIMESTAMP", whole(moment.date),
                print(text,
                      moment.time.microseconds == 0 ? "%04d-%02u-%02u %02u:%02u:%02u"
                                                    : "%04d-%02u-%02u %02u:%02u:%02u.%06u",
                      moment.date.year, moment.date.month, moment.date.day, moment.time.hours,
                      moment.time.minutes, moment.time.seconds, moment.time.microseconds));
}

}  // namespace

void append_literal(std::string& sql, const Parameter& value) {
  const auto visitor = [&sql](const auto& given) {
    using Given = std::decay_t<decltype(given)>;
    if constexpr (std::is_same_v<Given, std::monostate>) {
      sql += "NULL";
    } else if constexpr (std::is_integral_v<Given>) {
      append_number(sql, given);
    } else if constexpr (std::is_same_v<Given, double>) {
      append_real(sql, given);
    } else if constexpr (std::is_same_v<Given, TextValue>) {
      append_text(sql, given.utf8);
    } else if constexpr (std::is_same_v<Given, BytesValue>) {
      sql += "_binary ";  // without it a number where a number is expected
      append_hex(sql, given.bytes);
    } else if constexpr (std::is_same_v<Given, fabric::mysql::SentValue>) {
      throw fabric::base::Error(fabric::base::SqlState::kHY000,
                                "The pieces of a value were sent: it has no literal");
    } else {
      append(sql, given);
    }
  };
  std::visit(visitor, value);
}

namespace {

/// "x?" would join the literal's letters to a name, "?1" its digits to a number. Behind "--" a
/// blank would begin a comment.
void append_apart(std::string& sql, const Parameter& value) {
  if (sql.ends_with("--")) {
    sql += '(';
    append_literal(sql, value);
    sql += ')';
    return;
  }
  const bool joined = !sql.empty() && sql.back() != ' ' && sql.back() != '(' && sql.back() != ',' &&
                      sql.back() != '=';
  if (joined) sql += ' ';
  append_literal(sql, value);
}

/// Follows a text up to its next marker: whether that stands for a number of rows (LIMIT ?, ?),
/// which servers take from text only of a prepared statement.
class RowCountPlace {
 public:
  void pass(const Token& token) {
    const bool list = token.is(',') || token.kind == TokenKind::kNumber;
    in_limit_ = token.is_word("LIMIT") || (in_limit_ && (list || token.is_word("OFFSET")));
  }
  [[nodiscard]] bool here() const { return in_limit_; }

 private:
  bool in_limit_ = false;
};

Parameter number_of_rows(const Parameter& value) {
  const auto* text = std::get_if<TextValue>(&value);
  if (text == nullptr) return value;
  std::uint64_t number = 0;
  const char* end = text->utf8.data() + text->utf8.size();
  const auto [stop, error] = std::from_chars(text->utf8.data(), end, number);
  return error == std::errc() && stop == end ? Parameter(number) : value;
}

}  // namespace

std::string sql_text(std::string_view utf8) {
  std::string sql;
  append_text(sql, utf8);
  return sql;
}

std::string sql_quoted(std::string_view text) {
  std::string sql;
  append_quoted(sql, text, '\'');
  return sql;
}

std::string sql_name(std::string_view name) {
  std::string sql;
  append_quoted(sql, name, '`');
  return sql;
}

std::string with_literals(std::string_view sql, std::span<const Parameter> values,
                          ScanOptions options) {
  std::string text;
  text.reserve(sql.size() + values.size() * 16);
  SqlScanner scanner(sql, options);
  std::size_t copied = 0;
  std::size_t used = 0;
  RowCountPlace row_count;
  for (Token token = scanner.next(); token.kind != TokenKind::kEnd; scanner.next(token)) {
    if (token.kind != TokenKind::kMarker) {
      row_count.pass(token);
      continue;
    }
    if (used == values.size()) {
      used = values.size() + 1;
      break;
    }
    text += sql.substr(copied, token.offset - copied);
    const Parameter& value = values[used++];
    append_apart(text, row_count.here() ? number_of_rows(value) : value);
    copied = token.offset + 1;
    if (copied < sql.size() && sql[copied] != ' ' && sql[copied] != ')' && sql[copied] != ',') {
      text += ' ';
    }
  }
  if (used != values.size()) {
    throw fabric::base::Error(fabric::base::SqlState::k07002,
                              "The statement's markers are not as many as its parameters, read as "
                              "the session reads text now: has its sql_mode changed since it was "
                              "prepared?");
  }
  text += sql.substr(copied);
  return text;
}

}  // namespace driver::sql
