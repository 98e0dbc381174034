#include "pool/residue.h"

namespace pool {

Cleaning cleaning_after(Residue residue, ResetPolicy policy, const SessionFacts& facts) {
  if (policy == ResetPolicy::kNever) {
    return facts.in_transaction ? Cleaning::kRollback : Cleaning::kNone;
  }
  // The classifier cannot vouch for a session whose own flags say otherwise.
  const bool touched = residue != Residue::kNothing || facts.in_transaction || !facts.autocommit ||
                       facts.database_to_lose;
  if (!touched && policy != ResetPolicy::kAlways) return Cleaning::kNone;
  if (residue == Residue::kLasting) return Cleaning::kClose;
  // COM_RESET_CONNECTION keeps the database.
  return facts.database_to_lose ? Cleaning::kWhole : Cleaning::kReset;
}

}  // namespace pool
