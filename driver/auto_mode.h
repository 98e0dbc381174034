// FABRIC_MODE=AUTO: which server of its group a statement needs, by what its text tells and what
// the session is in the middle of. docs/adr/0001-auto-mode.md says why. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "driver/sql/statement_facts.h"

namespace driver {

/// The session when a statement is about to run.
struct AutoContext {
  bool in_transaction = false;
  bool pinned = false;  ///< state exists that no other connection can be given
  bool on_secondary = false;
  bool autocommit = true;
  std::optional<bool> read_only = {};       ///< SET SESSION TRANSACTION READ ONLY|WRITE
  std::optional<bool> next_read_only = {};  ///< SET TRANSACTION READ ONLY|WRITE
  bool wrote_lately = false;                ///< less than READ_AFTER_WRITE ago
};

enum class AutoChoice : std::uint8_t {
  kStay,  ///< where the session is, if it is anywhere
  kPrimary,
  kSecondary,  ///< the primary if there is none
  kRefuse,     ///< needs the primary, but the session cannot leave its secondary
};

AutoChoice auto_choice(const sql::StatementFacts& facts, const AutoContext& now);

/// Whether reads have to stay on the primary after it. What only ends a transaction does if that
/// one wrote.
bool may_write(const sql::StatementFacts& facts, bool transaction_wrote);

}  // namespace driver
