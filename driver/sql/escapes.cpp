#include "driver/sql/escapes.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "driver/sql/escape_functions.h"
#include "driver/sql/escape_literals.h"
#include "driver/text/utf.h"
#include "fabric/base/ascii.h"
#include "fabric/base/error.h"

namespace driver::sql {
namespace {

using fabric::base::SqlState;

constexpr std::string_view kLongOpen = "--(*";
constexpr std::string_view kLongClose = "*)--";

/// Whether two characters side by side would be read as one thing: then a blank goes between.
bool fuse(char left, char right) {
  const auto kind = [](char c) {
    if (static_cast<unsigned char>(c) <= ' ' ||
        std::string_view("(),;").find(c) != std::string::npos) {
      return 0;
    }
    const bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                      std::string_view("_$@.'\"`?").find(c) != std::string::npos ||
                      static_cast<unsigned char>(c) >= 128;
    return word ? 1 : 2;
  };
  return kind(left) != 0 && kind(left) == kind(right);
}

void append(std::string& text, std::string_view more) {
  if (!text.empty() && !more.empty() && fuse(text.back(), more.front())) text += ' ';
  text += more;
}

/// Where an escape began, and in which of the two forms.
struct Opening {
  std::size_t at = std::string_view::npos;
  bool is_long = false;
  [[nodiscard]] bool none() const { return at == std::string_view::npos; }
};

class EscapeTranslator {
 public:
  EscapeTranslator(std::string_view sql, ScanOptions options)
      : sql_(sql), options_(options), scanner_(sql, options) {}

  NativeSql translate() {
    std::string text = body({});
    if (changed_) native_.sql = std::move(text);
    return std::move(native_);
  }

 private:
  [[noreturn]] static void refuse(const std::string& what, std::size_t position,
                                  SqlState state = SqlState::k42000) {
    throw fabric::base::Error(state, what + " at position " + std::to_string(position + 1));
  }

  Token next() {
    Token token = scanner_.next();
    token.offset += base_;
    position_ = token.offset + token.text.size();
    return token;
  }

  /// Scanning goes on from there: what lies before was not read by the rules of MySQL.
  void go_to(std::size_t position) {
    base_ = position_ = position;
    scanner_ = SqlScanner(sql_.substr(position), options_);
  }

  [[nodiscard]] std::string code(std::string_view text) const {
    return std::string(code_of(text, options_));
  }

  static bool at_end(const Token& token) {
    return token.kind == TokenKind::kEnd || token.kind == TokenKind::kUnterminated;
  }

  /// Takes what opens an escape, if the token begins one.
  bool opens(const Token& token) {
    if (token.conditional) return false;
    if (token.is('{')) return true;
    return token.is('-') && sql_.substr(token.offset, kLongOpen.size()) == kLongOpen &&
           opens_long(token);
  }

  bool opens_long(const Token& dash) {
    constexpr std::array<std::string_view, 2> kWords{"VENDOR(MICROSOFT)", "PRODUCT(ODBC)"};
    go_to(dash.offset + kLongOpen.size());
    std::string head;
    while (head.size() < kWords[0].size() + kWords[1].size() + 1) {
      const Token token = next();
      if (at_end(token)) break;
      head += token.text;
    }
    const std::string wanted = std::string(kWords[0]) + ',' + std::string(kWords[1]);
    if (equals_ignoring_case(head, wanted)) return true;
    go_to(dash.offset + dash.text.size());
    return false;
  }

  /// Takes what closes an escape of that form, if the token begins it.
  bool closes(const Token& token, Opening opening) {
    if (token.conditional) return false;
    if (!opening.is_long) return token.is('}');
    if (!token.is('*') || sql_.substr(token.offset, kLongClose.size()) != kLongClose) return false;
    go_to(token.offset + kLongClose.size());
    return true;
  }

  [[noreturn]] static void refuse_open(Opening opening) {
    refuse(std::string("No '") + (opening.is_long ? "*)--" : "}") + "' closes the escape",
           opening.at);
  }

  /// The translated text up to what closes the escape, or to the end of all.
  std::string body(Opening outer) {
    std::string text;
    std::size_t copied = position_;
    while (true) {
      const Token token = next();
      if (at_end(token)) {
        if (!outer.none()) refuse_open(outer);
        append(text, sql_.substr(copied));
        return text;
      }
      const auto before = sql_.substr(copied, token.offset - copied);
      if (!outer.none() && closes(token, outer)) {
        append(text, before);
        return text;
      }
      if (token.is('}') && !token.conditional) refuse("The '}' closes nothing", token.offset);
      if (!opens(token)) continue;
      append(text, before);
      append(text, escape({token.offset, token.is('-')}));
      copied = position_;
    }
  }

  std::string escape(Opening opening) {
    constexpr int kDeepest = 100;
    if (++depth_ > kDeepest) refuse("Escapes are nested too deeply", opening.at);
    changed_ = true;
    const Token word = next();
    std::string text =
        word.kind == TokenKind::kMarker ? call_with_result(opening) : escape_named(word, opening);
    --depth_;
    return text;
  }

  std::string escape_named(const Token& word, Opening opening) {
    if (word.is_word("D")) return escape_moment(MomentKind::kDate, opening);
    if (word.is_word("T")) return escape_moment(MomentKind::kTime, opening);
    if (word.is_word("TS")) return escape_moment(MomentKind::kTimestamp, opening);
    if (word.is_word("GUID")) return escape_guid(opening);
    if (word.is_word("INTERVAL")) return escape_interval(opening);
    if (word.is_word("FN")) return escape_function(opening);
    if (word.is_word("OJ")) return code(body(opening));
    if (word.is_word("CALL")) return call(opening);
    if (word.is_word("ESCAPE")) return escape_character(opening);
    if (word.is_word("LIMIT")) return "LIMIT " + code(body(opening));
    if (at_end(word)) refuse_open(opening);
    refuse(
        "The escape is not known (d, t, ts, fn, oj, call, ?=call, escape, interval, guid and limit "
        "are)",
        opening.at);
  }

  void expect_close(Opening opening) {
    const Token token = next();
    if (at_end(token)) refuse_open(opening);
    if (!closes(token, opening)) {
      refuse(std::string("A '") + (opening.is_long ? "*)--" : "}") + "' is expected", token.offset);
    }
  }

  /// A literal between quotes of either kind, or a marker, is all that is left in the escape.
  Token quoted_value(Opening opening) {
    Token value = next();
    const bool quoted = value.kind == TokenKind::kString ||
                        (value.kind == TokenKind::kQuotedIdentifier && value.text[0] == '"');
    if (!quoted && value.kind != TokenKind::kMarker) {
      refuse("A quoted value is expected in the escape", opening.at);
    }
    return value;
  }

  /// {d '2026-01-31'}, and {d ?}.
  std::string escape_moment(MomentKind kind, Opening opening) {
    const Token value = quoted_value(opening);
    expect_close(opening);
    return value.kind == TokenKind::kMarker ? "?" : moment_literal(kind, value.bare());
  }

  std::string escape_guid(Opening opening) {
    const Token value = quoted_value(opening);
    expect_close(opening);
    return std::string(value.text);
  }

  /// {INTERVAL [+|-] '10-11' YEAR(3) TO MONTH}
  std::string escape_interval(Opening opening) {
    SqlScanner ahead = scanner_;
    const Token sign = ahead.next();
    const bool negative = sign.is('-');
    if (negative || sign.is('+')) next();
    const Token value = quoted_value(opening);
    std::array<std::string, 2> fields;
    for (std::size_t field = 0;; field = 1) {
      Token token = next();
      if (token.kind != TokenKind::kWord)
        refuse("A unit of the interval is expected", token.offset);
      fields[field] = fabric::base::upper(token.text);
      token = next();
      if (token.is('(')) {
        while (!token.is(')')) {
          if (at_end(token)) refuse_open(opening);
          token = next();
        }
        token = next();
      }
      if (closes(token, opening)) break;
      if (at_end(token)) refuse_open(opening);
      if (field == 1 || !token.is_word("TO")) refuse("A '}' or TO is expected", token.offset);
    }
    return interval_literal({value.bare(), fields[0], fields[1], negative});
  }

  std::string escape_function(Opening opening) {
    const std::string call = code(body(opening));
    if (call.empty()) refuse("A function is expected in the escape", opening.at);
    return native_function(call, options_);
  }

  /// {escape '\'}: one character between quotes, a backslash being nothing special (ODBC 3.8,
  /// appendix C); MySQL's own '\\' is understood too.
  std::string escape_character(Opening opening) {
    const std::size_t quote = sql_.find_first_not_of(" \t\r\n", position_);
    if (quote == std::string_view::npos || sql_[quote] != '\'') {
      const Token marker = next();
      if (marker.kind != TokenKind::kMarker) {
        refuse("A quoted character is expected in the escape", opening.at);
      }
      expect_close(opening);
      return "ESCAPE ?";
    }
    constexpr std::string_view kOne = "'\\'";
    constexpr std::string_view kTwo = "'\\\\'";
    for (const std::string_view backslash : {kOne, kTwo}) {
      if (sql_.substr(quote, backslash.size()) != backslash) continue;
      go_to(quote + backslash.size());
      expect_close(opening);
      return "ESCAPE " + std::string(options_.no_backslash_escapes ? kOne : kTwo);
    }
    go_to(quote);
    const Token character = next();
    if (character.kind != TokenKind::kString) refuse("No quote closes the character", quote);
    if (character.text != "''''" && text::characters(character.bare()) != 1) {
      refuse(
          "The escape of LIKE is one character, not " + std::string(character.text.substr(0, 64)),
          quote, SqlState::k22019);
    }
    expect_close(opening);
    return "ESCAPE " + std::string(character.text);
  }

  std::string call(Opening opening) {
    const std::string procedure = code(body(opening));
    if (procedure.empty()) refuse("A procedure's name is expected in the escape", opening.at);
    native_.is_call = true;
    return "CALL " + procedure;
  }

  /// {?=call f(...)}: MySQL's functions are called in a SELECT.
  std::string call_with_result(Opening opening) {
    if (!next().is('=') || !next().is_word("CALL")) {
      refuse("'?=call' is expected in the escape", opening.at);
    }
    std::string function = code(body(opening));
    if (function.empty()) refuse("A function's name is expected in the escape", opening.at);
    if (function.find('(') == std::string::npos) function += "()";
    native_.is_call = native_.returns_value = true;
    return "SELECT " + function;
  }

  std::string_view sql_;
  ScanOptions options_;
  SqlScanner scanner_;
  std::size_t base_ = 0;      // where the scanner's text starts
  std::size_t position_ = 0;  // behind the last token
  int depth_ = 0;
  bool changed_ = false;
  NativeSql native_;
};

}  // namespace

NativeSql translate_escapes(std::string_view sql, ScanOptions options) {
  if (!may_have_escapes(sql)) return {};
  return EscapeTranslator(sql, options).translate();
}

bool may_have_escapes(std::string_view sql) {
  return sql.find('{') != sql.npos || sql.find(kLongOpen) != sql.npos;
}

bool translate_alike(std::string_view sql, ScanOptions one, ScanOptions other) {
  try {
    return translate_escapes(sql, one) == translate_escapes(sql, other);
  } catch (const fabric::base::Error&) {
    return false;
  }
}

}  // namespace driver::sql
