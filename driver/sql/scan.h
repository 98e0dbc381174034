// Tokens of a MySQL or MariaDB statement: enough of the server's lexical rules to tell code from
// strings and comments. Allocates nothing; tokens are views into the text, which the caller keeps.
// A scanner belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace driver::sql {

/// How the session reads SQL text; the first two follow sql_mode.
struct ScanOptions {
  bool ansi_quotes = false;           ///< "x" is an identifier, not a string
  bool no_backslash_escapes = false;  ///< a backslash in a string stands for itself
  unsigned server_version = 0;        ///< e.g. 50624; 0: it runs every version comment
  bool mariadb = false;
};

/// ASCII only, as keywords are.
bool equals_ignoring_case(std::string_view a, std::string_view b);

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,              ///< keyword or unquoted identifier
  kQuotedIdentifier,  ///< `x`, or "x" with ansi_quotes
  kString,            ///< 'x', "x", N'x'; the quotes are part of the text
  kNumber,            ///< also 0xFF, x'FF', 0b01, b'01'
  kUserVariable,      ///< @x, @`x`, @'x'
  kSystemVariable,    ///< @@x; what follows a dot is a token of its own
  kMarker,            ///< ? outside strings and comments
  kSemicolon,
  kOperator,      ///< ( ) , . := and the like; `text` says which
  kUnterminated,  ///< a string, quoted name or comment without its end: the rest of the text
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  std::size_t offset = 0;    ///< in bytes from the start of the statement
  bool after_space = false;  ///< blanks or a comment lie before it
  bool conditional = false;  ///< inside a version comment: other servers may not run it

  [[nodiscard]] bool is(char c) const {
    return kind == TokenKind::kOperator && text.size() == 1 && text[0] == c;
  }
  /// A word, compared without case; `upper` is given in upper case.
  [[nodiscard]] bool is_word(std::string_view upper) const {
    return kind == TokenKind::kWord && text.size() == upper.size() &&
           ((text[0] ^ upper[0]) & 0x5F) == 0 && equals_ignoring_case(text, upper);
  }
  /// Without quotes; doubled quotes and backslashes stay as written.
  [[nodiscard]] std::string_view bare() const;
};

/// An unquoted or quoted name.
inline bool is_identifier(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier;
}

/// Without quotes and with doubled quotes as one: of a word or a quoted identifier.
std::string unquoted_name(const Token& token);

/// What a string stands for; nothing else than a kString.
std::string unquoted_text(const Token& token, ScanOptions options);

/// Comments that begin with "fabric:", which this driver reads as hints.
struct FabricComment {
  std::string_view text;  ///< of the first one, behind the colon
  unsigned count = 0;
  bool misplaced = false;  ///< one stands behind the first token

  friend bool operator==(const FabricComment&, const FabricComment&) = default;
};

class SqlScanner {
 public:
  explicit SqlScanner(std::string_view sql, ScanOptions options = {})
      : sql_(sql), options_(options) {}

  /// Tokens of kind kEnd for ever once the text is used up.
  Token next() {
    Token token;
    next(token);
    return token;
  }
  /// The same in place.
  void next(Token& token);

  /// So far: /*! */ or /*M! */. Their content was given out as code where the server runs it.
  [[nodiscard]] bool saw_version_comment() const { return saw_version_comment_; }
  /// So far: /*+ */, which some servers read and others skip.
  [[nodiscard]] bool saw_hint() const { return saw_hint_; }
  /// So far.
  [[nodiscard]] const FabricComment& fabric_comment() const { return fabric_comment_; }

 private:
  enum class Skipped : std::uint8_t { kNothing, kComment, kUnterminated };
  Skipped skip_comment();
  [[nodiscard]] std::size_t code_of_version_comment(std::size_t mark) const;
  [[nodiscard]] std::size_t end_of_comment(bool may_hold_another) const;
  void note_fabric_comment(std::string_view content);
  void take(Token& token, TokenKind kind, std::size_t length);
  void take_quoted(Token& token, TokenKind kind, std::size_t prefix);
  void take_variable(Token& token);
  void take_number(Token& token);
  void take_word(Token& token);
  void take_operator(Token& token);
  [[nodiscard]] char at(std::size_t index) const {
    return index < sql_.size() ? sql_[index] : '\0';
  }

  std::string_view sql_;
  ScanOptions options_;
  std::size_t position_ = 0;
  bool after_dot_ = false;  // t.1 and t.1e5 are names
  bool after_name_ = false;
  bool in_version_comment_ = false;
  bool saw_version_comment_ = false;
  bool saw_hint_ = false;
  bool gave_token_ = false;
  FabricComment fabric_comment_;
};

/// `sql` from its first token to the end of its last: without the blanks and comments around it, so
/// that anything may follow in the same line. As it is when a version comment is in it.
std::string_view code_of(std::string_view sql, ScanOptions options = {});

}  // namespace driver::sql
