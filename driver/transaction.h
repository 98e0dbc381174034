// The transaction of a session, as far as its server's answers tell, and whether anything was done
// in it yet.
// Guarded by the connection's mutex.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "driver/sql/statement_facts.h"

namespace driver {

class Transaction {
 public:
  bool open = false;              ///< as of the last answer
  bool doubtful = false;          ///< an error may have ended it
  bool lost = false;              ///< with its link, and was not ended by the application since
  bool rollback_refused = false;  ///< by the server, since the last statement: XA

  /// A statement was executed. `at_server`: by the answer one is open.
  void answered(const sql::StatementFacts& facts, bool at_server, bool autocommit);
  /// A statement was refused; the packet of an error does not say whether it still stands.
  void refused(const sql::StatementFacts& facts, unsigned error, bool at_server, bool autocommit);
  /// Whatever came of the statement.
  void note_write(const sql::StatementFacts& facts, bool wrote);
  [[nodiscard]] bool wrote() const { return wrote_; }

  /// The statement was run by a route of its own.
  void note_run(const std::string& sql, const sql::StatementFacts& facts);
  /// BEGIN and SAVEPOINT were run, and nothing since: run on another server they begin it there.
  [[nodiscard]] bool only_begun() const { return open && !begin_texts_.empty(); }
  [[nodiscard]] std::vector<std::string> take_begin_texts() {
    return open ? std::exchange(begin_texts_, {}) : std::vector<std::string>();
  }

  /// The session leaves the connection.
  void leave();
  /// The connection is another process's.
  void lose() { lost |= std::exchange(open, false); }

 private:
  bool is_new_ = false;     ///< it was not open before the last answer
  bool wrote_ = false;      ///< and was not ended since
  bool announced_ = false;  ///< SET TRANSACTION was run, and nothing since
  std::vector<std::string> begin_texts_;
};

}  // namespace driver
