// What statements leave on their connection for the next one to ask for: row counts, an error,
// warnings; and whether they are there still.
// Guarded by the connection's mutex.
#pragma once

#include <cstdint>
#include <string_view>

#include "driver/sql/statement_facts.h"
#include "fabric/mysql/reply.h"

namespace driver {

class Leftovers {
 public:
  /// A statement is run, and may fail.
  void ran() { ran_here_ = true; }
  /// One of this session was, on the connection at hand.
  [[nodiscard]] bool ran_here() const { return ran_here_; }
  void answered(const sql::StatementFacts& facts, const fabric::mysql::Reply* reply,
                bool auto_is_null);
  void refused() { error_ = LastError::kHere; }

  /// The session leaves the connection. Whoever asks for the error behind a lost link is answered.
  void leave();
  /// The driver gives it back of its own will, or asks on it for something else.
  void lose();
  void forget();

  /// What only the next statement can ask for; empty: nothing.
  [[nodiscard]] std::string_view for_the_next() const { return for_the_next_; }
  /// Throws base::Error where the statement asks for what is gone.
  void require(const sql::StatementFacts& facts, bool lease_per_transaction) const {
    const bool gone = row_count_gone_ || found_rows_gone_ || error_ == LastError::kGone;
    if (gone) refuse_lost(facts, lease_per_transaction);
  }

 private:
  enum class LastError : std::uint8_t { kNone, kHere, kGone };

  void lose_counts();
  void refuse_lost(const sql::StatementFacts& facts, bool lease_per_transaction) const;

  bool ran_here_ = false;
  bool row_count_gone_ = false;
  bool found_rows_gone_ = false;
  LastError error_ = LastError::kNone;
  std::string_view for_the_next_;
};

}  // namespace driver
