#include "driver/leftovers.h"

#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::Reply;

namespace {

std::string_view left_for_the_next(const sql::StatementFacts& facts, const Reply* reply,
                                   bool auto_is_null) {
  if (facts.counts_found_rows) return "the rows of SQL_CALC_FOUND_ROWS";
  if (reply == nullptr) return {};
  if (auto_is_null && reply->counts().insert_id != 0) return "the new row of AUTO_IS_NULL";
  return reply->counts().warnings > 0 ? std::string_view("warnings") : std::string_view();
}

}  // namespace

void Leftovers::answered(const sql::StatementFacts& facts, const Reply* reply, bool auto_is_null) {
  row_count_gone_ = false;
  if (facts.kind == sql::StatementKind::kSelect) found_rows_gone_ = false;
  error_ = LastError::kNone;
  for_the_next_ = left_for_the_next(facts, reply, auto_is_null);
}

/// ROW_COUNT() is of the statement before, FOUND_ROWS() of the last SELECT, however long ago.
void Leftovers::lose_counts() {
  if (ran_here_) row_count_gone_ = found_rows_gone_ = true;
}

void Leftovers::leave() {
  lose_counts();
  ran_here_ = false;
  if (error_ == LastError::kHere) error_ = LastError::kNone;
  for_the_next_ = {};
}

void Leftovers::lose() {
  lose_counts();
  if (error_ == LastError::kHere) error_ = LastError::kGone;
}

void Leftovers::forget() {
  row_count_gone_ = found_rows_gone_ = false;
  error_ = LastError::kNone;
}

void Leftovers::refuse_lost(const sql::StatementFacts& facts, bool lease_per_transaction) const {
  if (facts.reads_conditions && error_ == LastError::kGone) {
    throw Error(
        SqlState::k25000,
        "The error went with the connection that refused the statement before "
        "(POOL_MODE=TRANSACTION): SQLGetDiagRec told it; or use a transaction around both, or "
        "POOL_MODE=SESSION");
  }
  const bool gone =
      (facts.reads_row_count && row_count_gone_) || (facts.reads_found_rows && found_rows_gone_);
  if (!gone) return;
  if (!lease_per_transaction) {
    throw Error(
        SqlState::k08S01,
        "FOUND_ROWS() and ROW_COUNT() were left on the connection that the statement before "
        "ran on, as the session went to another server or lost it: use SQLRowCount");
  }
  throw Error(SqlState::k25000,
              "FOUND_ROWS() and ROW_COUNT() went with the connection that ran the statement before "
              "(POOL_MODE=TRANSACTION): use SQLRowCount, SQL_CALC_FOUND_ROWS, a transaction around "
              "both, or POOL_MODE=SESSION");
}

}  // namespace driver
