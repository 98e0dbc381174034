#include "driver/auto_mode.h"

namespace driver {
namespace {

using Kind = sql::StatementKind;

bool is_read(const sql::StatementFacts& facts) { return facts.pure_read || facts.server_read; }

bool begins_read_only(const sql::StatementFacts& facts, const AutoContext& now) {
  if (facts.begins_read_only) return *facts.begins_read_only;
  return now.next_read_only.value_or(now.read_only.value_or(false));
}

/// Outside a transaction.
bool may_go_to_secondary(const sql::StatementFacts& facts, const AutoContext& now) {
  if (now.wrote_lately) return false;
  if (facts.kind == Kind::kBegin) return begins_read_only(facts, now);
  return is_read(facts) && (now.autocommit || begins_read_only(facts, now));
}

/// It depends on the connection the session is on, or on none.
bool belongs_here(const sql::StatementFacts& facts) {
  return facts.settings_only || facts.session_read || facts.kind == Kind::kEmpty ||
         facts.kind == Kind::kCommit || facts.kind == Kind::kRollback;
}

}  // namespace

AutoChoice auto_choice(const sql::StatementFacts& facts, const AutoContext& now) {
  if (now.in_transaction || belongs_here(facts)) return AutoChoice::kStay;
  const bool secondary = may_go_to_secondary(facts, now);
  if (now.pinned) {
    return now.on_secondary && !secondary ? AutoChoice::kRefuse : AutoChoice::kStay;
  }
  if (reads_counts(facts) && now.on_secondary && !secondary) return AutoChoice::kRefuse;
  return secondary ? AutoChoice::kSecondary : AutoChoice::kPrimary;
}

bool may_write(const sql::StatementFacts& facts, bool transaction_wrote) {
  switch (facts.kind) {
    case Kind::kCommit:
    case Kind::kBegin:
      return transaction_wrote;
    case Kind::kEmpty:
    case Kind::kRollback:
    case Kind::kSavepoint:
    case Kind::kUse:
    case Kind::kShow:
    case Kind::kPrepare:
    case Kind::kHandler:
    case Kind::kLock:
      return false;
    case Kind::kSet:
      return !facts.settings_only || (facts.implicit_commit && transaction_wrote);
    case Kind::kSelect:
      return !is_read(facts) && !facts.session_read;
    default:
      return true;
  }
}

}  // namespace driver
