// Walks one statement token by token and notes, on the way, what any statement may hold: parameter
// markers, assignments to user variables, calls that leave something in the session.
#pragma once

#include "driver/sql/pure_read.h"
#include "driver/sql/statement_facts.h"
#include "driver/sql/token_stream.h"

namespace driver::sql {

class StatementReader {
 public:
  StatementReader(TokenStream& tokens, StatementFacts& facts) : tokens_(tokens), facts_(facts) {}

  [[nodiscard]] const TokenStream& tokens() const { return tokens_; }
  [[nodiscard]] StatementFacts& facts() const { return facts_; }
  [[nodiscard]] bool at_end() const { return tokens_.at_end(); }
  [[nodiscard]] bool at_word(std::string_view upper) const { return tokens_.at_word(upper); }
  [[nodiscard]] bool at_any(std::initializer_list<std::string_view> upper) const {
    return tokens_.at_any(upper);
  }

  void advance();
  /// Advances if that word is at hand.
  bool skip_word(std::string_view upper);
  void skip_statement();
  /// To the end of the text, semicolons included: the body of a stored routine.
  void skip_body();

  /// From the token at hand on, the classifier of pure reads watches.
  void watch_purity() { watching_ = true; }
  void no_pure_read() { watching_ = false; }
  void reads(ReadScope scope) { check_.widen(scope); }
  [[nodiscard]] ReadScope read_scope() const {
    return watching_ ? check_.scope() : ReadScope::kNoRead;
  }

 private:
  void note(const Token& token);
  void note_variable(std::string_view name);
  void note_call(const Token& name);
  void note_function(const Token& name);

  TokenStream& tokens_;
  StatementFacts& facts_;
  PureReadCheck check_;
  bool watching_ = false;
};

/// What SET does: facts about the session's variables. The token at hand is SET.
void read_set(StatementReader& reader);

/// Reads one statement of any kind from its first token.
void read_statement(StatementReader& reader);

}  // namespace driver::sql
