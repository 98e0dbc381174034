#include <algorithm>
#include <array>

#include "driver/sql/statement_reader.h"

namespace driver::sql {
namespace {

enum class Scope : std::uint8_t {
  kUnsaid,
  kSession,
  kGlobal,
  kAfterGlobal,  // unsaid, but some servers carry an earlier GLOBAL on
  kNextOnly      // @@tx_isolation without a scope counts for the next transaction
};

std::optional<bool> bool_of(const Token& token) {
  const std::string_view text = token.bare();
  for (const auto yes : {"1", "ON", "TRUE"}) {
    if (equals_ignoring_case(text, yes)) return true;
  }
  for (const auto no : {"0", "OFF", "FALSE"}) {
    if (equals_ignoring_case(text, no)) return false;
  }
  return std::nullopt;
}

std::optional<Isolation> isolation_of(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNames{"READ-UNCOMMITTED", "READ-COMMITTED",
                                                   "REPEATABLE-READ", "SERIALIZABLE"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (equals_ignoring_case(text, kNames[i])) return static_cast<Isolation>(i);
  }
  return std::nullopt;
}

bool at_assignment(const Token& token) { return token.is('=') || token.text == ":="; }

bool names_scope(const Token& token, Scope& scope) {
  const std::string_view text = token.bare();
  if (equals_ignoring_case(text, "SESSION") || equals_ignoring_case(text, "LOCAL")) {
    scope = Scope::kSession;
    return true;
  }
  for (const auto global : {"GLOBAL", "PERSIST", "PERSIST_ONLY"}) {
    if (equals_ignoring_case(text, global)) {
      scope = Scope::kGlobal;
      return true;
    }
  }
  return false;
}

/// To the comma that ends an assignment; commas in parentheses belong to it.
void skip_item(StatementReader& reader) {
  int depth = 0;
  while (!reader.at_end()) {
    const Token& token = reader.tokens().current();
    if (depth == 0 && token.is(',')) return;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    reader.advance();
  }
}

/// A value of one token, or a null token when it is an expression.
Token simple_value(StatementReader& reader) {
  const Token value = reader.tokens().current();
  const Token& next = reader.tokens().next();
  const bool alone = next.kind == TokenKind::kEnd || next.kind == TokenKind::kSemicolon ||
                     next.is(',') || next.is_word("COLLATE");
  const bool constant =
      value.kind == TokenKind::kNumber || value.kind == TokenKind::kString || is_identifier(value);
  return alone && constant ? value : Token{};
}

void set_isolation(StatementFacts& facts, Scope scope, std::optional<Isolation> level) {
  if (!level) {
    facts.leaves.add(SessionEffect::kSessionVariables);
  } else if (scope == Scope::kNextOnly) {
    facts.next_isolation = level;
  } else {
    facts.isolation = level;
  }
}

void set_read_only(StatementFacts& facts, Scope scope, std::optional<bool> read_only) {
  if (!read_only) {
    facts.leaves.add(SessionEffect::kSessionVariables);
  } else if (scope == Scope::kNextOnly) {
    facts.next_read_only = read_only;
  } else {
    facts.read_only = read_only;
  }
}

/// These act once, belong to one link, or change what the driver reads of a session.
constexpr std::array<std::string_view, 17> kOfOneLink{
    "AUTOCOMMIT",     "GTID_NEXT",       "GTID_SEQ_NO", "IDENTITY",          "INSERT_ID",
    "LAST_INSERT_ID", "OPTIMIZER_TRACE", "PROFILING",   "PSEUDO_SLAVE_MODE", "PSEUDO_THREAD_ID",
    "RAND_SEED1",     "RAND_SEED2",      "SERVER_ID",   "SQL_AUTO_IS_NULL",  "SQL_LOG_BIN",
    "TIMESTAMP",      "WSREP_ON"};

/// The constant means the same when it is set again, whatever sql_mode is then.
bool can_be_put_back(std::string_view name, const Token& value) {
  const auto is = [name](std::string_view upper) { return equals_ignoring_case(name, upper); };
  return value.kind != TokenKind::kEnd && std::ranges::none_of(kOfOneLink, is) &&
         value.text.find_first_of("\\\"") == std::string_view::npos;
}

void set_variable(StatementFacts& facts, Scope scope, std::string_view name, const Token& value) {
  const auto is = [name](std::string_view upper) { return equals_ignoring_case(name, upper); };
  if (scope == Scope::kGlobal) {
    facts.settings_only = false;
    return;
  }
  if (scope != Scope::kAfterGlobal) {
    if (is("AUTOCOMMIT") && bool_of(value)) {
      facts.autocommit = bool_of(value);
      facts.implicit_commit |= *facts.autocommit;
      return;
    }
    if (is("TX_ISOLATION") || is("TRANSACTION_ISOLATION")) {
      return set_isolation(facts, scope, isolation_of(value.bare()));
    }
    if (is("TX_READ_ONLY") || is("TRANSACTION_READ_ONLY")) {
      return set_read_only(facts, scope, bool_of(value));
    }
    if (can_be_put_back(name, value)) {
      return facts.variables.push_back({std::string(name), std::string(value.text)});
    }
  }
  facts.outlives_reset |= is("PROFILING") || is("OPTIMIZER_TRACE") || is("INSERT_ID");
  facts.leaves.add(SessionEffect::kSessionVariables);
}

/// ISOLATION LEVEL x, READ ONLY, READ WRITE; the token at hand follows TRANSACTION.
void read_transaction(StatementReader& reader, Scope scope) {
  StatementFacts ignored;
  StatementFacts& facts = scope == Scope::kGlobal ? ignored : reader.facts();
  if (scope == Scope::kGlobal) reader.facts().settings_only = false;
  if (scope == Scope::kUnsaid) scope = Scope::kNextOnly;
  while (!reader.at_end()) {
    if (reader.skip_word("ISOLATION")) {
      reader.skip_word("LEVEL");
      const bool read = reader.skip_word("READ");
      std::string level = read ? "READ-" : "";
      level += reader.tokens().current().text;
      if (reader.at_word("REPEATABLE")) level += "-READ";
      set_isolation(facts, scope, isolation_of(level));
    } else if (reader.skip_word("READ")) {
      if (reader.at_any({"ONLY", "WRITE"})) set_read_only(facts, scope, reader.at_word("ONLY"));
    }
    if (!reader.at_end()) reader.advance();
  }
}

/// SET NAMES x [COLLATE y], SET CHARACTER SET x; the token at hand is x.
void read_charset(StatementReader& reader, bool of_database) {
  const Token value = simple_value(reader);
  if (value.kind == TokenKind::kEnd) {
    reader.facts().leaves.add(SessionEffect::kSessionVariables);
    return skip_item(reader);
  }
  reader.facts().charset = std::string(value.bare());
  reader.facts().collation.reset();
  reader.facts().collation_of_database = of_database;
  reader.advance();
  if (reader.skip_word("COLLATE")) {
    reader.facts().collation = std::string(reader.tokens().current().bare());
  }
  skip_item(reader);
}

/// The variable's name, after a scope in either spelling; leaves the token at hand at `=`.
std::string_view read_name(StatementReader& reader, Scope& scope) {
  const Token first = reader.tokens().current();
  const bool at_sign = first.kind == TokenKind::kSystemVariable;
  reader.advance();
  if (at_sign && reader.tokens().current().is('.') && names_scope(first, scope)) {
    reader.advance();
  } else if (at_sign) {
    if (scope == Scope::kUnsaid) scope = Scope::kNextOnly;
    return first.bare();
  } else {
    return first.bare();
  }
  const std::string_view name = reader.tokens().current().bare();
  reader.advance();
  return name;
}

void read_assignment(StatementReader& reader, bool& global_before) {
  Scope scope = Scope::kUnsaid;
  const bool scoped = reader.tokens().current().kind == TokenKind::kWord &&
                      is_identifier(reader.tokens().next()) &&
                      names_scope(reader.tokens().current(), scope);
  if (scoped) reader.advance();
  if (reader.skip_word("TRANSACTION")) return read_transaction(reader, scope);
  if (scope == Scope::kGlobal) global_before = true;
  if (!scoped && !at_assignment(reader.tokens().next())) {
    if (reader.skip_word("NAMES")) return read_charset(reader, false);
    if (reader.skip_word("CHARSET")) return read_charset(reader, true);
    if (reader.at_word("CHARACTER") && reader.tokens().next().is_word("SET")) {
      reader.advance();
      reader.advance();
      return read_charset(reader, true);
    }
  }
  if (reader.tokens().current().kind == TokenKind::kUserVariable) {
    reader.facts().leaves.add(SessionEffect::kUserVariables);
    return skip_item(reader);
  }
  if (scope == Scope::kUnsaid && global_before) scope = Scope::kAfterGlobal;
  const std::string_view name = read_name(reader, scope);
  if (at_assignment(reader.tokens().current())) {
    reader.advance();
    set_variable(reader.facts(), scope, name, simple_value(reader));
  } else {
    reader.facts().leaves.add(SessionEffect::kSessionVariables);
  }
  skip_item(reader);
}

/// SET STATEMENT a=1, b=2 FOR <statement>: the variables are put back by the server.
void read_set_statement(StatementReader& reader) {
  while (!reader.at_end() && !reader.at_word("FOR")) reader.advance();
  if (reader.skip_word("FOR")) read_statement(reader);
  reader.no_pure_read();
}

}  // namespace

void read_set(StatementReader& reader) {
  StatementFacts& facts = reader.facts();
  facts.kind = StatementKind::kSet;
  reader.advance();
  const bool assigned = at_assignment(reader.tokens().next());
  if (!assigned && reader.skip_word("STATEMENT")) return read_set_statement(reader);
  if (reader.at_word("PASSWORD") || (reader.at_word("DEFAULT") && !assigned)) {
    facts.implicit_commit = true;  // accounts and default roles are tables of the server
    return reader.skip_statement();
  }
  if (reader.at_any({"ROLE", "RESOURCE"}) && !assigned) {
    facts.leaves.add(reader.at_word("ROLE") ? SessionEffect::kRole
                                            : SessionEffect::kSessionVariables);
    return reader.skip_statement();
  }
  bool global_before = false;
  facts.settings_only = !reader.at_end();
  while (!reader.at_end()) {
    read_assignment(reader, global_before);
    if (!reader.at_end()) reader.advance();
  }
  if (!facts.leaves.none()) facts.settings_only = false;
}

}  // namespace driver::sql
