#include "driver/sql/statement_facts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "driver/sql/statement_reader.h"

namespace driver::sql {
namespace {

using Kind = StatementKind;
using Effect = SessionEffect;

/// What SELECT or DO of one function of locks does to them: anything around it might keep it from
/// being called, or call it twice. `ahead` stands on the function.
void read_lock_call(TokenStream ahead, ScanOptions options, StatementFacts& facts) {
  const bool all = ahead.at_word("RELEASE_ALL_LOCKS");
  const bool takes = ahead.at_word("GET_LOCK");
  const auto pass = [&ahead](bool there) {
    if (there) ahead.advance();
    return there;
  };
  ahead.advance();
  if (!pass(ahead.current().is('('))) return;
  const Token name = ahead.current();
  const bool bound = name.kind == TokenKind::kMarker;
  if (!all && !pass(bound || name.kind == TokenKind::kString)) return;
  const auto number = [&ahead] {
    return ahead.current().kind == TokenKind::kNumber || ahead.current().kind == TokenKind::kMarker;
  };
  if (takes && !(pass(ahead.current().is(',')) && pass(number()))) return;
  if (!pass(ahead.current().is(')'))) return;
  if (!all && pass(ahead.at_word("AS"))) ahead.advance();
  if (!ahead.at_end()) return;
  if (all) {
    facts.ends.add(Effect::kAdvisoryLock);
  } else {
    facts.lock_name_bound = bound;
    if (!bound) facts.lock_name = unquoted_text(name, options);
    facts.releases_lock = !takes;
  }
}

bool calls_lock_function(const TokenStream& tokens) {
  const auto next_is = [&](std::string_view upper) { return tokens.next().is_word(upper); };
  return tokens.at_any({"SELECT", "DO"}) &&
         (next_is("GET_LOCK") || next_is("RELEASE_LOCK") || next_is("RELEASE_ALL_LOCKS"));
}

template <class T>
void take_over(std::optional<T>& into, std::optional<T>& from) {
  if (from) into = std::move(from);
}

/// `next` was read after `all`.
void merge(StatementFacts& all, StatementFacts& next) {
  all.kind = Kind::kMulti;
  all.pure_read = all.server_read = all.session_read = all.settings_only = false;
  all.parameter_count += next.parameter_count;
  all.statement_count += next.statement_count;
  all.reads_insert_id |= next.reads_insert_id;
  all.sets_insert_id |= next.sets_insert_id;
  all.reads_row_count |= next.reads_row_count;
  all.reads_found_rows |= next.reads_found_rows;
  all.reads_conditions |= next.reads_conditions;
  all.reads_sequence |= next.reads_sequence;
  all.reads_locks |= next.reads_locks;
  all.lock_name.clear();
  all.lock_name_bound = false;
  all.writes |= next.writes;
  all.outlives_reset |= next.outlives_reset;
  all.named_tables.clear();  // what there is in the end is not counted
  all.written.reset();
  all.renames_tables |= next.renames_tables;
  std::ranges::move(next.called, std::back_inserter(all.called));
  for (std::string& dropped : next.dropped_databases) {
    if (all.database == dropped) all.database = "";
    all.dropped_databases.push_back(std::move(dropped));
  }
  all.counts_found_rows = next.counts_found_rows;
  all.leaves.remove(next.ends);
  all.leaves.add(next.leaves);
  all.ends.add(next.ends);
  all.implicit_commit |= next.implicit_commit;
  all.begins_transaction |= next.begins_transaction;
  all.ends_transaction |= next.ends_transaction;
  take_over(all.autocommit, next.autocommit);
  take_over(all.isolation, next.isolation);
  take_over(all.next_isolation, next.next_isolation);
  take_over(all.read_only, next.read_only);
  take_over(all.next_read_only, next.next_read_only);
  // The collation was taken from the database that the batch leaves.
  const bool leaves_database = next.database || !next.dropped_databases.empty();
  if (leaves_database && all.collation_of_database) all.leaves.add(Effect::kSessionVariables);
  if (next.charset) {
    all.collation = std::move(next.collation);
    all.collation_of_database = next.collation_of_database;
  }
  take_over(all.charset, next.charset);
  take_over(all.database, next.database);
  std::ranges::move(next.variables, std::back_inserter(all.variables));
}

bool writes(const StatementFacts& facts) {
  switch (facts.kind) {
    case Kind::kInsert:
    case Kind::kReplace:
    case Kind::kUpdate:
    case Kind::kDelete:
    case Kind::kLoadData:
      return true;
    case Kind::kDdl:
      return facts.implicit_commit;  // else it is of a temporary table
    default:
      return false;
  }
}

StatementFacts read_one(TokenStream& tokens, ScanOptions options) {
  StatementFacts facts;
  tokens.forget_previous();
  if (calls_lock_function(tokens)) {
    TokenStream ahead = tokens;
    ahead.advance();
    read_lock_call(ahead, options, facts);
  }
  StatementReader reader(tokens, facts);
  if (tokens.current().is('(') || tokens.at_any({"SELECT", "WITH"})) reader.watch_purity();
  while (tokens.current().is('(')) reader.advance();
  read_statement(reader);
  facts.statement_count = 1;
  if (facts.kind == Kind::kDdl) facts.called.clear();  // types, tables and keys look the same
  facts.writes |= writes(facts);
  if (facts.kind == Kind::kSelect || facts.kind == Kind::kShow) {
    facts.pure_read = reader.read_scope() == ReadScope::kData;
    facts.server_read = reader.read_scope() == ReadScope::kServer;
    facts.session_read = reader.read_scope() == ReadScope::kSession;
  }
  return facts;
}

}  // namespace

StatementFacts facts_of(std::string_view sql, ScanOptions options) {
  TokenStream tokens(sql, options);
  StatementFacts all;
  for (; tokens.current().kind != TokenKind::kEnd;) {
    if (tokens.current().kind == TokenKind::kSemicolon) {
      tokens.advance();
      continue;
    }
    StatementFacts one = read_one(tokens, options);
    if (all.statement_count == 0) {
      all = std::move(one);
    } else {
      merge(all, one);
    }
  }
  all.fabric_comment = tokens.scanner().fabric_comment();
  // Only some servers read these, and which ones cannot be told from the text.
  if (tokens.scanner().saw_version_comment() || tokens.scanner().saw_hint()) {
    all.pure_read = all.server_read = all.session_read = all.settings_only = false;
  }
  return all;
}

std::vector<std::string> names_of(SessionEffects effects) {
  constexpr std::array<std::pair<Effect, std::string_view>, 12> kNames{
      {{Effect::kTemporaryTable, "temporary tables"},
       {Effect::kUserVariables, "user variables"},
       {Effect::kAdvisoryLock, "GET_LOCK locks"},
       {Effect::kTableLocks, "table locks"},
       {Effect::kSessionVariables, "session variables"},
       {Effect::kPreparedSql, "statements of PREPARE"},
       {Effect::kHandler, "open HANDLERs"},
       {Effect::kRole, "the role of SET ROLE"},
       {Effect::kSequence, "last sequence values"},
       {Effect::kStoredCode, "what stored code set up"},
       {Effect::kBackupLock, "backup locks"},
       {Effect::kUnknown, "what an unknown statement set up"}}};
  std::vector<std::string> names;
  for (const auto& [effect, name] : kNames) {
    if (effects.has(effect)) names.emplace_back(name);
  }
  return names;
}

std::string describe(SessionEffects effects) {
  std::string text;
  for (const std::string& name : names_of(effects)) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace driver::sql
