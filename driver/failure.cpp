#include "driver/failure.h"

#include "fabric/mysql/error_traits.h"

namespace driver {
namespace {

using fabric::base::SqlState;
using fabric::mysql::Ended;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;

FailureVerdict lost(SqlState state, bool transaction_lost = false) {
  return {FailureAction::kTellLost, state, transaction_lost};
}

bool single_and_plain(const StatementFacts& facts) {
  return facts.kind != StatementKind::kMulti && facts.kind != StatementKind::kCall;
}

/// Statements that cannot commit by themselves, so that with autocommit off their loss undoes all.
bool transactional(const StatementFacts& facts) {
  switch (facts.kind) {
    case StatementKind::kSelect:
    case StatementKind::kInsert:
    case StatementKind::kReplace:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
      return true;
    default:
      return false;
  }
}

/// Surely not executed and no transaction open: retry, or say why not.
FailureVerdict not_executed(const FailureContext& context) {
  if (context.pinned) return lost(SqlState::k08S01);
  if (context.retry_allowed) return {.action = FailureAction::kRetry};
  return lost(SqlState::k08S02);
}

FailureVerdict judge_loss(const MysqlError& error, const StatementFacts& facts,
                          const FailureContext& context) {
  const bool sent = error.loss() != LinkLoss::kBeforeSend;
  if (facts.kind == StatementKind::kRollback && (context.in_transaction || !context.autocommit)) {
    return {.action = FailureAction::kCountAsSuccess};
  }
  if (facts.kind == StatementKind::kCommit && (context.in_transaction || !context.autocommit)) {
    return lost(sent ? SqlState::k08007 : SqlState::k40001);
  }
  if (context.in_transaction) {
    const bool may_have_committed = sent && (facts.implicit_commit || !single_and_plain(facts));
    return lost(may_have_committed ? SqlState::k08007 : SqlState::k40001, true);
  }
  if (!sent) return not_executed(context);
  if (!context.autocommit && transactional(facts)) return lost(SqlState::k40001, true);
  if (facts.pure_read) {
    if (context.rows_given) return lost(context.pinned ? SqlState::k08S01 : SqlState::k08S02);
    return not_executed(context);
  }
  return lost(SqlState::k08007);
}

}  // namespace

FailureVerdict judge(const MysqlError& error, const StatementFacts& facts,
                     const FailureContext& context) {
  const auto traits =
      fabric::mysql::traits_of(error.number(), error.what(), fabric::base::code_of(error.state()));
  if (error.ended() == Ended::kDeadline) {
    const bool undone = context.in_transaction || (!context.autocommit && transactional(facts));
    return lost(SqlState::kHYT00, undone);
  }
  const bool link_lost = error.loss() != LinkLoss::kNone || traits.connection_lost;
  const bool refused = traits.refused_whole && single_and_plain(facts) && !context.rows_given;
  if (refused && context.other_server_possible) {
    if (context.in_transaction) return lost(SqlState::k40001, true);
    return not_executed(context);
  }
  if (!link_lost) return {.action = FailureAction::kTell, .state = error.state()};
  return judge_loss(error, facts, context);
}

std::string advice_for(const FailureVerdict& verdict) {
  switch (verdict.state) {
    case SqlState::k08S02:
      return "; the statement was not executed or had no effect, and the session is intact: run it "
             "again";
    case SqlState::k08007:
      return "; whether it took effect is unknown: look before running it again";
    case SqlState::k40001:
      return "; the transaction was rolled back: run it again from its start";
    case SqlState::k08S01:
      return "; the statement was not executed, but session state was lost: set it up again";
    case SqlState::kHYT00:
      return "; the statement timeout passed and its link was closed";
    default:
      return {};
  }
}

}  // namespace driver
