// What the application has set up on its connection: what the driver can put back on a new physical
// connection, and what it cannot (the session is pinned by that).
// Guarded by the connection's mutex.
#pragma once

#include <optional>
#include <string>

#include "driver/statement_facts.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/server_connection.h"

namespace driver {

/// "READ COMMITTED" and its kin.
std::string_view name_of(Isolation isolation);

class Session {
 public:
  // What is wanted of every physical connection of this session. The pool puts the database right
  // at hand-over, restore() the rest.
  bool autocommit = true;
  std::string database;
  std::optional<Isolation> isolation;
  std::optional<bool> read_only;
  bool pad_space = false;      ///< PAD_SPACE
  bool auto_is_null = false;   ///< AUTO_IS_NULL
  std::string init_statement;  ///< INITSTMT; empty: none

  /// A statement was executed: what it set up, or ended, is noted.
  void executed(const StatementFacts& facts, const fabric::mysql::ServerConnection& connection);
  /// Brings a connection fresh from the pool into this state. True if anything had to be sent.
  bool restore(fabric::mysql::ServerConnection& connection, fabric::base::Deadline deadline) const;

  [[nodiscard]] bool pinned() const { return !pins_.none() || next_transaction_set_; }
  /// The names of what is lost with the connection, e.g. "temporary tables, user variables".
  [[nodiscard]] std::string pin_names() const;
  /// The application has asked for READ ONLY transactions.
  [[nodiscard]] bool read_only_wanted() const {
    return read_only.value_or(false) || next_transaction_set_;
  }
  /// The physical connection is gone: what could not be put back is forgotten.
  void forget_lost();
  /// True while LAST_INSERT_ID() would answer for another connection than the one that inserted.
  [[nodiscard]] bool insert_id_lost() const { return insert_id_lost_; }
  /// A new life after SQLDisconnect; what was set by attributes stays.
  void disconnected();

 private:
  void run_init_statement(fabric::mysql::ServerConnection& connection,
                          fabric::base::Deadline deadline) const;

  std::optional<std::string> charset_, collation_;
  SessionEffects pins_;
  bool next_transaction_set_ = false;  ///< SET TRANSACTION waits for the next statement
  bool has_insert_id_ = false;
  bool insert_id_lost_ = false;
};

}  // namespace driver
