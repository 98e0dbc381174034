// What each leading keyword means: one small reader a verb, one table of verbs.
#include <algorithm>
#include <array>
#include <utility>

#include "driver/sql/statement_reader.h"

namespace driver::sql {
namespace {

using Kind = StatementKind;
using Effect = SessionEffect;

void read_select(StatementReader& reader) {
  reader.facts().kind = Kind::kSelect;
  reader.skip_statement();
}

/// WITH ... and then SELECT, UPDATE or DELETE outside all parentheses.
void read_with(StatementReader& reader) {
  reader.facts().kind = Kind::kSelect;
  int depth = 0;
  for (; !reader.at_end(); reader.advance()) {
    if (reader.tokens().current().is('(')) ++depth;
    if (reader.tokens().current().is(')')) --depth;
    if (depth != 0) continue;
    if (reader.at_word("SELECT")) break;
    if (reader.at_word("UPDATE")) reader.facts().kind = Kind::kUpdate;
    if (reader.at_word("DELETE")) reader.facts().kind = Kind::kDelete;
  }
  reader.skip_statement();
}

template <Kind kKind>
void read_plain(StatementReader& reader) {
  reader.facts().kind = kKind;
  reader.skip_statement();
}

template <Kind kKind>
void read_committing(StatementReader& reader) {
  reader.facts().implicit_commit = true;
  read_plain<kKind>(reader);
}

std::optional<NamedTable> read_table_name(StatementReader& reader) {
  const auto name = [&reader]() -> std::optional<std::string> {
    if (!is_identifier(reader.tokens().current())) return {};
    std::string text = unquoted_name(reader.tokens().current());
    reader.advance();
    return text;
  };
  std::optional<std::string> first = name();
  if (!first) return {};
  if (!reader.tokens().current().is('.')) return NamedTable{{}, std::move(*first)};
  reader.advance();
  std::optional<std::string> second = name();
  if (!second) return {};
  return NamedTable{std::move(*first), std::move(*second)};
}

/// At the verb of a statement that changes rows: the table, where it stands alone before them.
void read_written(StatementReader& reader) {
  reader.advance();
  while (reader.at_any(
      {"LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "INTO", "FROM"})) {
    reader.advance();
  }
  std::optional<NamedTable> table = read_table_name(reader);
  const bool alone = reader.at_end() || reader.tokens().current().is('(') ||
                     reader.at_any({"SET", "VALUES", "VALUE", "WHERE", "SELECT", "ORDER", "LIMIT"});
  if (alone) reader.facts().written = std::move(table);
}

template <Kind kKind>
void read_changing(StatementReader& reader) {
  reader.facts().kind = kKind;
  read_written(reader);
  reader.skip_statement();
}

/// Values and assignments may hold a SELECT too, which is no query whose rows are inserted.
template <Kind kKind>
void read_inserting(StatementReader& reader) {
  StatementFacts& facts = reader.facts();
  facts.kind = kKind;
  facts.sets_insert_id = true;
  read_written(reader);
  for (int depth = 0; !reader.at_end() && !facts.inserts_query; reader.advance()) {
    if (reader.tokens().current().is('(')) ++depth;  // of column names, or around the query
    if (reader.tokens().current().is(')')) --depth;
    if (depth == 0 && reader.at_any({"VALUES", "VALUE", "SET"})) break;
    facts.inserts_query = reader.at_any({"SELECT", "WITH", "TABLE"});
  }
  reader.skip_statement();
}

template <Kind kKind, Effect kEffect>
void read_leaving(StatementReader& reader) {
  reader.facts().leaves.add(kEffect);
  read_plain<kKind>(reader);
}

void read_load(StatementReader& reader) {
  reader.advance();
  if (!reader.at_any({"DATA", "XML"})) return read_committing<Kind::kAdmin>(reader);
  reader.facts().kind = Kind::kLoadData;
  reader.facts().sets_insert_id = true;
  for (; !reader.at_end(); reader.advance()) {
    if (reader.tokens().current().kind == TokenKind::kUserVariable) {
      reader.facts().leaves.add(Effect::kUserVariables);
    }
  }
}

/// True at the body of a routine, whose semicolons end no statement of ours.
bool find_routine(StatementReader& reader) {
  while (!reader.at_end()) {
    if (reader.at_any({"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"})) return true;
    if (reader.tokens().current().is('(') ||
        reader.at_any({"TABLE", "VIEW", "DATABASE", "SCHEMA", "INDEX", "USER", "ROLE", "SERVER",
                       "SEQUENCE", "TABLESPACE", "LOGFILE"})) {
      return false;
    }
    reader.advance();
  }
  return false;
}

/// At TABLE of CREATE TEMPORARY TABLE or DROP TABLE.
void read_named_tables(StatementReader& reader, bool drops) {
  if (!reader.skip_word("TABLE") && !(drops && reader.skip_word("TABLES"))) return;
  if (reader.skip_word("IF")) {
    reader.skip_word("NOT");
    reader.skip_word("EXISTS");
  }
  while (std::optional<NamedTable> table = read_table_name(reader)) {
    reader.facts().named_tables.push_back(std::move(*table));
    if (!drops || !reader.tokens().current().is(',')) return;
    reader.advance();
  }
}

/// At DATABASE of DROP DATABASE.
void read_dropped_database(StatementReader& reader) {
  reader.advance();
  if (reader.skip_word("IF")) reader.skip_word("EXISTS");
  if (!is_identifier(reader.tokens().current())) return;
  reader.facts().dropped_databases.push_back(unquoted_name(reader.tokens().current()));
}

/// CREATE, ALTER and DROP.
void read_ddl(StatementReader& reader) {
  StatementFacts& facts = reader.facts();
  facts.kind = Kind::kDdl;
  const bool creates = reader.skip_word("CREATE");
  const bool drops = !creates && reader.skip_word("DROP");
  if (drops && reader.at_word("PREPARE")) return read_plain<Kind::kPrepare>(reader);
  if (drops && reader.at_any({"DATABASE", "SCHEMA"})) read_dropped_database(reader);
  facts.drops_index = drops && reader.at_word("INDEX");
  if (creates && reader.at_word("OR")) {
    reader.advance();
    reader.advance();
  }
  const bool temporary = reader.at_word("TEMPORARY");
  facts.implicit_commit = !temporary;
  if (creates && temporary) facts.leaves.add(Effect::kTemporaryTable);
  facts.renames_tables = !creates && !drops;
  if (temporary) reader.advance();
  if (temporary || drops) read_named_tables(reader, drops);
  if (!drops && !temporary && find_routine(reader)) return reader.skip_body();
  reader.skip_statement();
}

/// A block of code outside any routine: MariaDB's BEGIN NOT ATOMIC, IF, LOOP and so on.
void read_compound(StatementReader& reader) {
  reader.facts().leaves.add(Effect::kStoredCode);
  reader.facts().kind = Kind::kUnknown;
  reader.facts().implicit_commit = true;
  reader.skip_body();
}

void read_begin(StatementReader& reader) {
  reader.advance();
  reader.skip_word("WORK");
  if (!reader.at_end()) return read_compound(reader);
  reader.facts().kind = Kind::kBegin;
  reader.facts().begins_transaction = reader.facts().implicit_commit = true;
}

void read_start(StatementReader& reader) {
  reader.advance();
  if (!reader.at_word("TRANSACTION")) return read_committing<Kind::kAdmin>(reader);
  StatementFacts& facts = reader.facts();
  facts.kind = Kind::kBegin;
  facts.implicit_commit = facts.begins_transaction = true;
  for (; !reader.at_end(); reader.advance()) {
    if (!reader.at_word("READ")) continue;
    if (reader.tokens().next().is_word("ONLY")) facts.begins_read_only = true;
    if (reader.tokens().next().is_word("WRITE")) facts.begins_read_only = false;
  }
}

/// COMMIT and ROLLBACK [WORK] [AND [NO] CHAIN] [[NO] RELEASE], ROLLBACK TO.
void read_transaction_end(StatementReader& reader) {
  reader.facts().kind = reader.at_word("COMMIT") ? Kind::kCommit : Kind::kRollback;
  reader.advance();
  reader.skip_word("WORK");
  if (reader.at_word("TO")) return read_plain<Kind::kSavepoint>(reader);
  reader.facts().ends_transaction = true;
  if (reader.skip_word("AND")) reader.facts().begins_transaction = reader.at_word("CHAIN");
  reader.skip_statement();
}

void read_xa(StatementReader& reader) {
  reader.advance();
  reader.facts().begins_transaction = reader.at_any({"START", "BEGIN"});
  reader.facts().ends_transaction = reader.at_any({"COMMIT", "ROLLBACK", "PREPARE"});
  read_plain<Kind::kXa>(reader);
}

void read_use(StatementReader& reader) {
  reader.advance();
  reader.facts().kind = Kind::kUse;
  const Token& name = reader.tokens().current();
  if (is_identifier(name)) {
    std::string database(name.bare());
    if (name.kind == TokenKind::kQuotedIdentifier) {
      const std::string twice(2, name.text.front());
      for (auto at = database.find(twice); at != std::string::npos;
           at = database.find(twice, at + 1)) {
        database.erase(at, 1);
      }
    }
    reader.facts().database = std::move(database);
    reader.facts().settings_only = true;
  }
  reader.skip_statement();
}

/// SHOW WARNINGS, SHOW COUNT(*) ERRORS: of the statement before.
bool shows_conditions(const StatementReader& reader) {
  return reader.at_any({"WARNINGS", "ERRORS"}) ||
         (reader.at_word("COUNT") && reader.tokens().next().is('('));
}

/// SHOW [SESSION] VARIABLES
bool shows_variables(StatementReader& reader) {
  if (!reader.skip_word("SESSION") && !reader.skip_word("LOCAL")) reader.skip_word("GLOBAL");
  return reader.at_word("VARIABLES");
}

/// Only what shows definitions is a pure read: most of the rest shows the session or the moment.
void read_show(StatementReader& reader) {
  reader.facts().kind = Kind::kShow;
  reader.watch_purity();
  reader.advance();
  if (shows_conditions(reader)) {
    reader.facts().reads_conditions = true;
    reader.reads(ReadScope::kSession);
    return reader.skip_statement();
  }
  if (shows_variables(reader)) {
    reader.reads(ReadScope::kServer);
    return reader.skip_statement();
  }
  reader.skip_word("FULL");
  bool definitions = reader.at_any({"TABLES", "COLUMNS", "FIELDS", "INDEX", "INDEXES", "KEYS",
                                    "DATABASES", "SCHEMAS", "TRIGGERS", "COLLATION", "ENGINES"});
  if (reader.skip_word("TABLE")) {
    definitions = reader.at_word("STATUS");
  } else if (reader.skip_word("CREATE")) {
    definitions = reader.at_any({"TABLE", "VIEW", "DATABASE", "SCHEMA"});
  }
  if (!definitions) reader.no_pure_read();
  reader.skip_statement();
}

/// DESCRIBE t shows a table; DESCRIBE SELECT is an EXPLAIN.
void read_explain(StatementReader& reader) {
  const bool shows_table =
      is_identifier(reader.tokens().next()) &&
      std::ranges::none_of(
          std::array{"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "ANALYZE", "FORMAT",
                     "EXTENDED", "PARTITIONS", "FOR", "TABLE", "SET"},
          [&](const char* verb) { return reader.tokens().next().is_word(verb); });
  if (!shows_table) return read_plain<Kind::kExplain>(reader);
  reader.watch_purity();
  read_plain<Kind::kShow>(reader);
}

/// MariaDB's ANALYZE SELECT runs the statement; ANALYZE TABLE gathers statistics.
void read_analyze(StatementReader& reader) {
  const bool tables =
      std::ranges::any_of(std::array{"TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG"},
                          [&](const char* word) { return reader.tokens().next().is_word(word); });
  if (tables) return read_committing<Kind::kAdmin>(reader);
  reader.facts().kind = Kind::kExplain;
  int depth = 0;
  for (; !reader.at_end(); reader.advance()) {
    if (reader.tokens().current().is('(')) ++depth;
    if (reader.tokens().current().is(')')) --depth;
    const bool verb = reader.at_any({"INSERT", "REPLACE", "UPDATE", "DELETE"});
    // INSERT(...) and REPLACE(...) are functions too, FOR UPDATE only locks.
    if (!verb || depth != 0 || reader.tokens().next().is('(')) continue;
    reader.facts().writes |= !reader.tokens().previous().is_word("FOR");
  }
}

void read_handler(StatementReader& reader) {
  reader.facts().kind = Kind::kHandler;
  for (; !reader.at_end(); reader.advance()) {
    if (reader.at_word("OPEN")) reader.facts().leaves.add(Effect::kHandler);
  }
}

void read_lock(StatementReader& reader) {
  reader.advance();
  reader.facts().leaves.add(reader.at_word("INSTANCE") ? Effect::kBackupLock : Effect::kTableLocks);
  read_committing<Kind::kLock>(reader);
}

void read_unlock(StatementReader& reader) {
  reader.advance();
  if (reader.at_any({"TABLES", "TABLE"})) reader.facts().ends.add(Effect::kTableLocks);
  read_committing<Kind::kLock>(reader);
}

void read_flush(StatementReader& reader) {
  reader.facts().kind = Kind::kAdmin;
  reader.facts().implicit_commit = true;
  for (; !reader.at_end(); reader.advance()) {
    const bool locks = (reader.at_word("READ") && reader.tokens().next().is_word("LOCK")) ||
                       (reader.at_word("FOR") && reader.tokens().next().is_word("EXPORT"));
    if (!locks) continue;
    reader.facts().kind = Kind::kLock;
    reader.facts().leaves.add(Effect::kTableLocks);
  }
}

/// GET DIAGNOSTICS puts what it tells into variables.
void read_get(StatementReader& reader) {
  reader.facts().reads_conditions = true;
  read_leaving<Kind::kAdmin, Effect::kUserVariables>(reader);
}

struct Verb {
  std::string_view word;
  void (*read)(StatementReader&);
};

constexpr std::array kVerbs{
    Verb{"ALTER", read_ddl},
    Verb{"ANALYZE", read_analyze},
    Verb{"BACKUP", read_leaving<Kind::kLock, Effect::kBackupLock>},
    Verb{"BEGIN", read_begin},
    Verb{"BINLOG", read_plain<Kind::kAdmin>},
    Verb{"CACHE", read_committing<Kind::kAdmin>},
    Verb{"CALL", read_leaving<Kind::kCall, Effect::kStoredCode>},
    Verb{"CASE", read_compound},
    Verb{"CHANGE", read_committing<Kind::kAdmin>},
    Verb{"CHECK", read_committing<Kind::kAdmin>},
    Verb{"CHECKSUM", read_plain<Kind::kAdmin>},
    Verb{"COMMIT", read_transaction_end},
    Verb{"CREATE", read_ddl},
    Verb{"DEALLOCATE", read_plain<Kind::kPrepare>},
    Verb{"DECLARE", read_compound},
    Verb{"DELETE", read_changing<Kind::kDelete>},
    Verb{"DESC", read_explain},
    Verb{"DESCRIBE", read_explain},
    Verb{"DO", read_plain<Kind::kDo>},
    Verb{"DROP", read_ddl},
    Verb{"EXECUTE", read_leaving<Kind::kExecute, Effect::kStoredCode>},
    Verb{"EXPLAIN", read_explain},
    Verb{"FLUSH", read_flush},
    Verb{"FOR", read_compound},
    Verb{"GET", read_get},
    Verb{"GRANT", read_committing<Kind::kDdl>},
    Verb{"HANDLER", read_handler},
    Verb{"HELP", read_plain<Kind::kShow>},
    Verb{"IF", read_compound},
    Verb{"INSERT", read_inserting<Kind::kInsert>},
    Verb{"INSTALL", read_committing<Kind::kAdmin>},
    Verb{"KILL", read_plain<Kind::kAdmin>},
    Verb{"LOAD", read_load},
    Verb{"LOCK", read_lock},
    Verb{"LOOP", read_compound},
    Verb{"OPTIMIZE", read_committing<Kind::kAdmin>},
    Verb{"PREPARE", read_leaving<Kind::kPrepare, Effect::kPreparedSql>},
    Verb{"PURGE", read_plain<Kind::kAdmin>},
    Verb{"RELEASE", read_plain<Kind::kSavepoint>},
    Verb{"RENAME", read_ddl},
    Verb{"REPAIR", read_committing<Kind::kAdmin>},
    Verb{"REPEAT", read_compound},
    Verb{"REPLACE", read_inserting<Kind::kReplace>},
    Verb{"RESET", read_committing<Kind::kAdmin>},
    Verb{"REVOKE", read_committing<Kind::kDdl>},
    Verb{"ROLLBACK", read_transaction_end},
    Verb{"SAVEPOINT", read_plain<Kind::kSavepoint>},
    Verb{"SELECT", read_select},
    Verb{"SET", read_set},
    Verb{"SHOW", read_show},
    Verb{"SHUTDOWN", read_plain<Kind::kAdmin>},
    Verb{"SIGNAL", read_plain<Kind::kAdmin>},
    Verb{"START", read_start},
    Verb{"STOP", read_committing<Kind::kAdmin>},
    Verb{"TABLE", read_plain<Kind::kValues>},
    Verb{"TRUNCATE", read_committing<Kind::kDdl>},
    Verb{"UNINSTALL", read_committing<Kind::kAdmin>},
    Verb{"UNLOCK", read_unlock},
    Verb{"UPDATE", read_changing<Kind::kUpdate>},
    Verb{"USE", read_use},
    Verb{"VALUES", read_plain<Kind::kValues>},
    Verb{"WHILE", read_compound},
    Verb{"WITH", read_with},
    Verb{"XA", read_xa},
};
static_assert(std::ranges::is_sorted(kVerbs, {}, &Verb::word));

const Verb* verb_of(const Token& token) {
  const auto found =
      std::ranges::find_if(kVerbs, [&token](const Verb& verb) { return token.is_word(verb.word); });
  return found == kVerbs.end() ? nullptr : &*found;
}

}  // namespace

void read_statement(StatementReader& reader) {
  if (const Verb* verb = verb_of(reader.tokens().current())) return verb->read(reader);
  reader.facts().kind = Kind::kUnknown;
  reader.facts().leaves.add(Effect::kUnknown);
  reader.skip_statement();
}

}  // namespace driver::sql
