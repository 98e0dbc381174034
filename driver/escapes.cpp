#include "driver/escapes.h"

#include <array>
#include <cstddef>

#include "driver/escape_functions.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

class EscapeTranslator {
 public:
  EscapeTranslator(std::string_view sql, ScanOptions options)
      : sql_(sql), options_(options), scanner_(sql, options) {}

  NativeSql translate() {
    std::string text = body(std::string_view::npos);
    if (changed_) native_.sql = std::move(text);
    return std::move(native_);
  }

 private:
  [[noreturn]] static void refuse(const std::string& what, std::size_t position) {
    throw fabric::base::Error(fabric::base::SqlState::k42000,
                              what + " at position " + std::to_string(position + 1));
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

  /// The translated text up to the brace that closes the one at `open`, or to the end of all.
  std::string body(std::size_t open) {
    const bool nested = open != std::string_view::npos;
    std::string text;
    std::size_t copied = position_;
    while (true) {
      const Token token = next();
      if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kUnterminated) {
        if (nested) refuse("No '}' closes the escape", open);
        return text.append(sql_.substr(copied));
      }
      if (!token.is('{') && !token.is('}')) continue;
      text.append(sql_.substr(copied, token.offset - copied));
      if (token.is('}')) {
        if (!nested) refuse("The '}' closes nothing", token.offset);
        return text;
      }
      text += escape(token.offset);
      copied = position_;
    }
  }

  std::string escape(std::size_t open) {
    constexpr int kDeepest = 100;
    if (++depth_ > kDeepest) refuse("Escapes are nested too deeply", open);
    changed_ = true;
    const Token word = next();
    std::string text =
        word.kind == TokenKind::kMarker ? call_with_result(open) : escape_named(word, open);
    --depth_;
    return text;
  }

  std::string escape_named(const Token& word, std::size_t open) {
    struct Literal {
      std::string_view escape, mysql;
    };
    constexpr std::array kLiterals{Literal{"D", "DATE"}, Literal{"T", "TIME"},
                                   Literal{"TS", "TIMESTAMP"}, Literal{"GUID", ""}};
    for (const Literal& literal : kLiterals) {
      if (word.is_word(literal.escape)) return escape_literal(literal.mysql, open);
    }
    if (word.is_word("FN")) return escape_function(open);
    if (word.is_word("OJ")) return std::string(trimmed(body(open)));
    if (word.is_word("CALL")) return call(open);
    if (word.is_word("ESCAPE")) return escape_character(open);
    refuse("The escape is not known (d, t, ts, fn, oj, call, ?=call, escape and guid are)", open);
  }

  void expect_close(std::size_t open) {
    const Token token = next();
    if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kUnterminated) {
      refuse("No '}' closes the escape", open);
    }
    if (!token.is('}')) refuse("A '}' is expected", token.offset);
  }

  /// {d '2026-01-31'}, and {d ?}.
  std::string escape_literal(std::string_view type, std::size_t open) {
    const Token value = next();
    if (value.kind != TokenKind::kString && value.kind != TokenKind::kMarker) {
      refuse("A quoted value is expected in the escape", open);
    }
    expect_close(open);
    if (value.kind == TokenKind::kMarker) return "?";
    return std::string(type) + std::string(value.text);
  }

  std::string escape_function(std::size_t open) {
    const std::string call = body(open);
    if (trimmed(call).empty()) refuse("A function is expected in the escape", open);
    return native_function(call, options_);
  }

  /// {escape '\'}: one character between quotes, a backslash being nothing special (ODBC 3.8,
  /// appendix C); MySQL's own '\\' is understood too.
  std::string escape_character(std::size_t open) {
    const std::size_t quote = sql_.find_first_not_of(" \t\r\n", position_);
    if (quote == std::string_view::npos || sql_[quote] != '\'') {
      refuse("A quoted character is expected in the escape", open);
    }
    constexpr std::string_view kOne = "'\\'";
    constexpr std::string_view kTwo = "'\\\\'";
    for (const std::string_view backslash : {kOne, kTwo}) {
      if (sql_.substr(quote, backslash.size()) != backslash) continue;
      go_to(quote + backslash.size());
      expect_close(open);
      return "ESCAPE " + std::string(options_.no_backslash_escapes ? kOne : kTwo);
    }
    go_to(quote);
    const Token character = next();
    if (character.kind != TokenKind::kString) refuse("No quote closes the character", quote);
    expect_close(open);
    return "ESCAPE " + std::string(character.text);
  }

  std::string call(std::size_t open) {
    const std::string procedure = body(open);
    if (trimmed(procedure).empty()) refuse("A procedure's name is expected in the escape", open);
    native_.is_call = true;
    return "CALL " + std::string(trimmed(procedure));
  }

  /// {?=call f(...)}: MySQL's functions are called in a SELECT.
  std::string call_with_result(std::size_t open) {
    if (!next().is('=') || !next().is_word("CALL")) {
      refuse("'?=call' is expected in the escape", open);
    }
    std::string function(trimmed(body(open)));
    if (function.empty()) refuse("A function's name is expected in the escape", open);
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
  if (sql.find('{') == std::string_view::npos) return {};
  return EscapeTranslator(sql, options).translate();
}

}  // namespace driver
