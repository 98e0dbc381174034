// What the application has set up on its connection: what the driver can put back on a new physical
// connection, and what it cannot (the session is pinned by that).
// Guarded by the connection's mutex.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sql/statement_facts.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/server_connection.h"

namespace driver {

/// "READ COMMITTED" and its kin.
std::string_view name_of(sql::Isolation isolation);

/// How the error of an INITSTMT begins that the server refuses; its own words follow.
inline constexpr std::string_view kInitStatementFailed = "INITSTMT failed";

class Session {
 public:
  // What is wanted of every physical connection of this session. The pool puts the database right
  // at hand-over, restore() the rest.
  bool autocommit = true;
  std::string database;
  std::optional<sql::Isolation> isolation;
  std::optional<bool> read_only;
  bool pad_space = false;      ///< PAD_SPACE
  bool auto_is_null = false;   ///< AUTO_IS_NULL
  std::string init_statement;  ///< INITSTMT; empty: none

  /// A statement was executed: what it set up, or ended, is noted. `reply`: its answer, if there is
  /// one.
  void executed(const sql::StatementFacts& facts, const fabric::mysql::ServerConnection& connection,
                const fabric::mysql::Reply* reply);
  /// The server refused a statement: what it may have set up by then pins the session.
  void failed(const sql::StatementFacts& facts);
  /// A stored function ran that may have left something.
  void code_was_called() { pins_.add(sql::SessionEffect::kStoredCode); }
  /// Brings a connection fresh from the pool into this state, but for LAST_INSERT_ID(). True if
  /// anything had to be sent.
  bool restore(fabric::mysql::ServerConnection& connection, fabric::base::Deadline deadline);

  /// Its INITSTMT has still to run, and may hold a USE.
  [[nodiscard]] bool init_awaited() const { return !begun_ && !init_statement.empty(); }
  [[nodiscard]] bool pinned() const { return !pins_.none(); }
  /// The last values of sequences do not hold it to its connection: LASTVAL() is refused then.
  [[nodiscard]] bool may_move() const;
  /// Its character sets may be others than those of a login.
  [[nodiscard]] bool may_have_charsets() const;
  /// The names of what is lost with the connection, e.g. "temporary tables".
  [[nodiscard]] std::vector<std::string> pin_list() const { return names_of(pins_); }
  /// The same in one text, e.g. "temporary tables, user variables".
  [[nodiscard]] std::string pin_names() const { return describe(pins_); }
  /// The application has asked for READ ONLY transactions.
  [[nodiscard]] bool read_only_wanted() const {
    return next_read_only_.value_or(read_only.value_or(false));
  }
  /// SET TRANSACTION READ ONLY|WRITE, until the next statement.
  [[nodiscard]] std::optional<bool> next_read_only() const { return next_read_only_; }
  /// The connection at hand has a LAST_INSERT_ID() of this session.
  [[nodiscard]] bool has_insert_id() const { return has_insert_id_; }
  /// Before the session leaves it of its own will: takes that along.
  void keep_insert_id(fabric::mysql::ServerConnection& connection, fabric::base::Deadline deadline);
  /// The statement reads it, or may call code that does, and it may be on another connection.
  [[nodiscard]] bool misses_insert_id(const sql::StatementFacts& facts) const;
  /// True if anything had to be sent.
  bool put_insert_id_back(fabric::mysql::ServerConnection& connection,
                          fabric::base::Deadline deadline);
  /// The physical connection is gone: what could not be put back is forgotten.
  void forget_lost();
  /// True while LAST_INSERT_ID() would answer for another connection than the one that inserted.
  [[nodiscard]] bool insert_id_lost() const { return insert_id_lost_; }
  /// True while LASTVAL() would, likewise.
  [[nodiscard]] bool sequences_lost() const { return sequences_lost_; }
  /// A new life after SQLDisconnect; what was set by attributes stays.
  void disconnected();

 private:
  void run_init_statement(fabric::mysql::ServerConnection& connection,
                          fabric::base::Deadline deadline) const;

  void forget_pins();
  void note_locks(const sql::StatementFacts& facts);
  void note_temporary_tables(const sql::StatementFacts& facts);
  void note_settings(const sql::StatementFacts& facts);
  void note_database(const fabric::mysql::ServerConnection& connection);
  void settle_database(fabric::mysql::ServerConnection& connection,
                       fabric::base::Deadline deadline);
  [[nodiscard]] std::string settings_text(bool autocommit_differs) const;

  bool begun_ = false;         ///< it has been on a connection
  std::string told_database_;  ///< the connection's, when it was last looked at
  std::optional<std::string> charset_, collation_;
  bool collation_of_database_ = false;  ///< of the one at hand when it was set
  std::vector<sql::SessionSetting> variables_;
  sql::SessionEffects pins_;
  std::vector<sql::NamedTable> temporary_tables_;  ///< with their schemas
  bool unknown_temporary_ = false;                 ///< there may be others
  std::vector<std::string> locks_;                 ///< of GET_LOCK: as often as taken, or tried to
  bool unknown_locks_ = false;                     ///< there may be others
  std::optional<sql::Isolation> next_isolation_;   ///< SET TRANSACTION waits for the next statement
  std::optional<bool> next_read_only_;
  bool has_insert_id_ = false;
  std::optional<std::string> kept_insert_id_;  ///< taken along from another connection
  bool insert_id_put_back_ = false;            ///< the one at hand has the kept one, and no other
  bool insert_id_lost_ = false;
  bool sequences_lost_ = false;
};

}  // namespace driver
