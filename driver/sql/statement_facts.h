// What can be told of a statement from its text alone: its kind, its parameters, what it leaves in
// the session, and whether it is surely a pure read. Strict: what is not known is not pure.
// Pure functions; callable from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sql/scan.h"

namespace driver::sql {

enum class StatementKind : std::uint8_t {
  kEmpty,  ///< blanks and comments only
  kSelect,
  kValues,  ///< VALUES (...), TABLE t
  kInsert,
  kUpdate,
  kDelete,
  kReplace,
  kLoadData,
  kCall,
  kDo,
  kDdl,  ///< CREATE, ALTER, DROP, RENAME, TRUNCATE, GRANT, REVOKE
  kBegin,
  kCommit,
  kRollback,
  kSavepoint,  ///< SAVEPOINT, RELEASE SAVEPOINT, ROLLBACK TO
  kXa,
  kSet,
  kUse,
  kShow,     ///< SHOW, DESCRIBE of a table, HELP
  kExplain,  ///< EXPLAIN or DESCRIBE of a statement, ANALYZE of a statement
  kPrepare,  ///< PREPARE, DEALLOCATE
  kExecute,  ///< EXECUTE, EXECUTE IMMEDIATE
  kHandler,
  kLock,   ///< LOCK TABLES, UNLOCK TABLES, FLUSH TABLES WITH READ LOCK
  kAdmin,  ///< FLUSH, ANALYZE TABLE, OPTIMIZE, KILL, CHANGE MASTER ...
  kMulti,  ///< several statements: the other facts are their union
  kUnknown
};

/// What stays in the session and cannot be put back on another connection.
enum class SessionEffect : std::uint16_t {
  kTemporaryTable = 1U << 0U,
  kUserVariables = 1U << 1U,
  kAdvisoryLock = 1U << 2U,
  kTableLocks = 1U << 3U,  ///< LOCK TABLES or FLUSH TABLES WITH READ LOCK
  kSessionVariables = 1U << 4U,
  kPreparedSql = 1U << 5U,
  kHandler = 1U << 6U,
  kRole = 1U << 7U,
  kSequence = 1U << 8U,     ///< what LASTVAL and PREVIOUS VALUE read
  kStoredCode = 1U << 9U,   ///< CALL or EXECUTE: may have left user variables, locks and the rest
  kBackupLock = 1U << 10U,  ///< BACKUP STAGE, LOCK INSTANCE
  kUnknown = 1U << 11U,     ///< a statement this driver does not know
};

class SessionEffects {
 public:
  constexpr SessionEffects() = default;
  constexpr SessionEffects(SessionEffect one) : bits_(static_cast<std::uint16_t>(one)) {}
  [[nodiscard]] constexpr bool has(SessionEffect one) const {
    return (bits_ & static_cast<std::uint16_t>(one)) != 0;
  }
  [[nodiscard]] constexpr bool none() const { return bits_ == 0; }
  constexpr void add(SessionEffects more) {
    bits_ = static_cast<std::uint16_t>(bits_ | more.bits_);
  }
  constexpr void remove(SessionEffects ended) {
    bits_ = static_cast<std::uint16_t>(bits_ & ~ended.bits_);
  }
  friend constexpr SessionEffects operator|(SessionEffects a, SessionEffects b) {
    a.add(b);
    return a;
  }
  friend constexpr bool operator==(SessionEffects, SessionEffects) = default;

 private:
  std::uint16_t bits_ = 0;
};

constexpr SessionEffects operator|(SessionEffect a, SessionEffect b) {
  return SessionEffects(a) | SessionEffects(b);
}

std::vector<std::string> names_of(SessionEffects effects);
/// For messages, e.g. "temporary tables, user variables".
std::string describe(SessionEffects effects);

enum class Isolation : std::uint8_t {
  kReadUncommitted,
  kReadCommitted,
  kRepeatableRead,
  kSerializable
};

/// A table as a statement names it; without a schema: in the session's.
struct NamedTable {
  std::string schema, name;

  friend bool operator==(const NamedTable&, const NamedTable&) = default;
};

/// A function that is not known to be built in; without a schema: in the session's.
using CalledFunction = NamedTable;

/// A session variable that was set to a constant.
struct SessionSetting {
  std::string name;   ///< as written
  std::string value;  ///< the constant's own text

  friend bool operator==(const SessionSetting&, const SessionSetting&) = default;
};

struct StatementFacts {
  StatementKind kind = StatementKind::kEmpty;
  std::size_t parameter_count = 0;  ///< markers outside strings and comments
  std::size_t statement_count = 0;  ///< that are not empty

  /// One SELECT that reads no session state, has no effect and leaves nothing behind: it may be run
  /// again elsewhere unseen, and its connection needs no cleaning. Whether a table it names is
  /// temporary, or is a view that calls a stored function, cannot be seen in the text.
  bool pure_read = false;
  /// The same but for variables and names of the server that answers (@@port, DATABASE()): any
  /// server may answer it.
  bool server_read = false;
  /// The same but for what the link and its last statement left (FOUND_ROWS(), SHOW WARNINGS): to
  /// be answered where the session is.
  bool session_read = false;
  /// With autocommit off too: a read of no table, which is known once it is routed, or a question
  /// of the driver's own.
  bool opens_no_transaction = false;
  bool reads_sequence = false;    ///< LASTVAL(), CURRVAL, PREVIOUS VALUE FOR
  bool reads_locks = false;       ///< IS_FREE_LOCK(), IS_USED_LOCK()
  bool reads_row_count = false;   ///< ROW_COUNT(): of the statement before
  bool reads_found_rows = false;  ///< FOUND_ROWS(): of the last SELECT
  bool reads_conditions = false;  ///< SHOW WARNINGS, @@error_count: of the statement before
  bool reads_insert_id = false;   ///< LAST_INSERT_ID(), @@identity, @@last_insert_id, LASTVAL()
  bool sets_insert_id = false;    ///< an INSERT, REPLACE, LOAD DATA, or LAST_INSERT_ID(expression)

  /// Of one CREATE TEMPORARY TABLE, or one DROP [TEMPORARY] TABLE; empty: not known.
  std::vector<NamedTable> named_tables;
  /// That one INSERT, REPLACE, UPDATE or DELETE changes, where the text names no other table
  /// before.
  std::optional<NamedTable> written;
  std::vector<CalledFunction> called;  ///< may be stored ones; of a definition: not told
  bool renames_tables = false;         ///< RENAME, ALTER: temporary ones too
  std::vector<std::string> dropped_databases;
  bool drops_index = false;    ///< DROP INDEX
  bool inserts_query = false;  ///< INSERT or REPLACE of the rows of a query

  /// Of one GET_LOCK or RELEASE_LOCK and nothing else, with a constant or the first parameter,
  /// whose value is put here when it is known. Empty: none.
  std::string lock_name;
  bool lock_name_bound = false;  ///< by the first parameter
  bool releases_lock = false;    ///< lock_name

  /// Changes rows or definitions that other sessions see, as its first word says.
  bool writes = false;

  SessionEffects leaves;  ///< what it may leave in the session
  SessionEffects ends;    ///< what it surely clears, before `leaves` counts

  bool implicit_commit = false;          ///< ends an open transaction by itself
  bool begins_transaction = false;       ///< BEGIN, START TRANSACTION, XA START
  std::optional<bool> begins_read_only;  ///< START TRANSACTION READ ONLY|WRITE
  bool ends_transaction = false;  ///< COMMIT, ROLLBACK without TO; AND CHAIN begins one as well

  bool outlives_reset = false;     ///< sets what a reset of the connection does not clear
  bool counts_found_rows = false;  ///< SQL_CALC_FOUND_ROWS: for a FOUND_ROWS() that follows

  /// SET or USE of nothing but what follows.
  bool settings_only = false;
  // Settings of the session that the driver can put back itself. Of several the last counts.
  std::optional<bool> autocommit;           ///< SET autocommit=0|1 of the session
  std::optional<Isolation> isolation;       ///< SET SESSION TRANSACTION ISOLATION LEVEL
  std::optional<Isolation> next_isolation;  ///< SET TRANSACTION ...: the next transaction only
  std::optional<bool> read_only;            ///< SET SESSION TRANSACTION READ ONLY|WRITE
  std::optional<bool> next_read_only;       ///< SET TRANSACTION READ ONLY|WRITE
  std::optional<std::string> charset;       ///< SET NAMES, SET CHARACTER SET; "default" too
  std::optional<std::string> collation;     ///< SET NAMES x COLLATE y
  bool collation_of_database = false;       ///< SET CHARACTER SET: the link gets the database's
  std::optional<std::string> database;      ///< USE db
  std::vector<SessionSetting> variables;    ///< the rest that were set to a constant, in order

  /// Its hints, views into its text.
  FabricComment fabric_comment;

  friend bool operator==(const StatementFacts&, const StatementFacts&) = default;
};

[[nodiscard]] inline bool reads_counts(const StatementFacts& facts) {
  return facts.reads_row_count || facts.reads_found_rows;
}

/// After it the same text may mean something else: by sql_mode, character set or database. Stored
/// code cannot do that: servers restore these when it ends.
[[nodiscard]] inline bool may_change_reading(const StatementFacts& facts) {
  return facts.charset || facts.database || !facts.variables.empty() ||
         facts.leaves.has(SessionEffect::kSessionVariables) ||
         facts.leaves.has(SessionEffect::kUnknown) || facts.kind == StatementKind::kExecute;
}

/// Never throws but bad_alloc; broken text is kUnknown and not pure.
StatementFacts facts_of(std::string_view sql, ScanOptions options = {});

}  // namespace driver::sql
