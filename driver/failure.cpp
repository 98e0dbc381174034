#include "driver/failure.h"

#include <optional>

#include "fabric/mysql/error_traits.h"

namespace driver {
namespace {

using fabric::base::SqlState;
using fabric::mysql::Ended;
using fabric::mysql::ErrorTraits;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;

FailureVerdict lost(SqlState state, bool transaction_lost = false) {
  return {FailureAction::kTellLost, state, transaction_lost};
}

bool single_and_plain(const sql::StatementFacts& facts) {
  return facts.kind != sql::StatementKind::kMulti && facts.kind != sql::StatementKind::kCall &&
         !facts.leaves.has(sql::SessionEffect::kStoredCode);
}

/// Something may be committed when it has run, or a part of it has.
bool may_commit(const sql::StatementFacts& facts) {
  return facts.implicit_commit || facts.ends_transaction ||
         facts.kind == sql::StatementKind::kCommit || !single_and_plain(facts);
}

/// Statements that cannot commit by themselves, so that with autocommit off their loss undoes all.
bool transactional(const sql::StatementFacts& facts) {
  switch (facts.kind) {
    case sql::StatementKind::kSelect:
    case sql::StatementKind::kInsert:
    case sql::StatementKind::kReplace:
    case sql::StatementKind::kUpdate:
    case sql::StatementKind::kDelete:
      return true;
    default:
      return false;
  }
}

/// All that it did was to the session, which died with its link; settings are put back in the next.
bool gone_with_its_session(const sql::StatementFacts& facts) {
  return facts.settings_only && !facts.implicit_commit;
}

/// A link lost with it rolls back all that the statement did.
bool undone_with_its_link(const sql::StatementFacts& facts, const FailureContext& context) {
  return facts.kind == sql::StatementKind::kBegin || (!context.autocommit && transactional(facts));
}

/// Surely not executed and no transaction open: retry, or say why not.
FailureVerdict not_executed(const FailureContext& context) {
  if (context.pinned) return lost(SqlState::k08S01);
  if (context.retry_allowed) return {.action = FailureAction::kRetry};
  return lost(SqlState::k08S02);
}

/// The end of a transaction by the loss of its link; nothing when none was open.
std::optional<FailureVerdict> judge_transaction(bool sent, const sql::StatementFacts& facts,
                                                const FailureContext& context) {
  const bool ends_one = context.in_transaction || !context.autocommit;
  if (facts.kind == sql::StatementKind::kRollback && ends_one) {
    return FailureVerdict{.action = FailureAction::kCountAsSuccess};
  }
  if (facts.kind == sql::StatementKind::kCommit && ends_one) {
    return lost(sent ? SqlState::k08007 : SqlState::k40001);
  }
  if (!context.in_transaction) return std::nullopt;
  const bool may_have_committed = sent && (may_commit(facts) || context.transaction_doubtful);
  return lost(may_have_committed ? SqlState::k08007 : SqlState::k40001, true);
}

bool was_sent(const MysqlError& error) {
  return error.loss() != LinkLoss::kBeforeSend && error.loss() != LinkLoss::kInSend;
}

FailureVerdict judge_loss(const MysqlError& error, const sql::StatementFacts& facts,
                          const FailureContext& context) {
  const bool sent = was_sent(error);
  if (const auto verdict = judge_transaction(sent, facts, context)) return *verdict;
  const bool again = context.reruns < kMostReruns;
  if (!sent && (again || error.loss() == LinkLoss::kBeforeSend)) return not_executed(context);
  if (!sent) return lost(context.pinned ? SqlState::k08S01 : SqlState::k08S02);
  if (undone_with_its_link(facts, context)) return lost(SqlState::k40001, true);
  const bool harmless = facts.pure_read || gone_with_its_session(facts);
  if (!harmless) return lost(SqlState::k08007);
  if (!context.rows_given && again) return not_executed(context);
  return lost(context.pinned ? SqlState::k08S01 : SqlState::k08S02);
}

/// The driver has ended the call, and with it the link: a loss whose state tells why, unless that
/// would hide that a transaction may have been committed.
FailureVerdict judge_late(const MysqlError& error, const sql::StatementFacts& facts,
                          const FailureContext& context) {
  const bool sent = was_sent(error);
  auto verdict = judge_transaction(sent, facts, context);
  if (!verdict) return lost(error.state(), undone_with_its_link(facts, context));
  if (verdict->transaction_lost && verdict->state == SqlState::k40001) {
    verdict->state = error.state();
  }
  return *verdict;
}

constexpr unsigned kServerShutdown = 1053;
constexpr unsigned kOfflineMode = 3032;
constexpr unsigned kDeadlock = 1213;  // also what a cluster says of a transaction that it aborted

/// The server's answer proves that nothing of the statement was executed.
bool surely_refused(const MysqlError& error, const ErrorTraits& traits,
                    const sql::StatementFacts& facts, const FailureContext& context) {
  // These two also end a statement that runs, and a table without transactions keeps its half.
  const bool may_cut_short = error.number() == kServerShutdown || error.number() == kOfflineMode;
  return traits.refused_whole && !may_cut_short && single_and_plain(facts) && !context.rows_given;
}

/// Another server, or the same over a new link, may take what this one refused.
bool another_may_take_it(const MysqlError& error, const ErrorTraits& traits,
                         const FailureContext& context) {
  if (traits.connection_lost) return true;
  if (!context.farm) return false;
  if (error.number() == fabric::mysql::kReadOnlyTransaction) {
    return context.read_write && !context.read_only_session && !context.in_transaction &&
           context.reruns < kMostReruns;
  }
  return context.read_write || !traits.read_only_server;
}

FailureVerdict judge_refusal(const sql::StatementFacts& facts, const FailureContext& context) {
  const bool ends_one = context.in_transaction || !context.autocommit;
  if (facts.kind == sql::StatementKind::kRollback && ends_one) {
    return {.action = FailureAction::kCountAsSuccess};  // the link is given up, and with it all
  }
  if (facts.kind == sql::StatementKind::kCommit) return lost(SqlState::k40001);
  if (context.in_transaction) return lost(SqlState::k40001, true);
  return not_executed(context);
}

}  // namespace

FailureVerdict judge(const MysqlError& error, const sql::StatementFacts& facts,
                     const FailureContext& context) {
  const ErrorTraits traits =
      fabric::mysql::traits_of(error.number(), error.what(), fabric::base::code_of(error.state()));
  if (error.ended() == Ended::kDeadline || error.ended() == Ended::kLinkTimeout) {
    return judge_late(error, facts, context);
  }
  if (context.auto_read && traits.read_only_server &&
      surely_refused(error, traits, facts, context)) {
    return {.action = FailureAction::kRunOnPrimary};
  }
  if (surely_refused(error, traits, facts, context) &&
      another_may_take_it(error, traits, context)) {
    return judge_refusal(facts, context);
  }
  const bool link_lost = error.loss() != LinkLoss::kNone || traits.connection_lost;
  if (link_lost) return judge_loss(error, facts, context);
  if (facts.kind == sql::StatementKind::kRollback && error.number() == kDeadlock) {
    return {.action = FailureAction::kRolledBack};
  }
  return {.action = FailureAction::kTell, .state = error.state()};
}

fabric::base::Error late_statement(const sql::StatementFacts& facts) {
  const char* const what = may_commit(facts) ? "what it had done until then stands where it was "
                                               "committed: look before running it again"
                                             : "what it had changed in transactional tables was "
                                               "undone, and an open transaction goes on";
  return {SqlState::kHYT00,
          std::string("The statement was not done within SQL_ATTR_QUERY_TIMEOUT and was ended at "
                      "the server: ") +
              what,
          fabric::mysql::kInterrupted};
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
      return "; the statement was not executed or had no effect, but session state was lost: set "
             "it up again";
    case SqlState::kHYT00:
    case SqlState::kHYT01:
      return verdict.transaction_lost
                 ? "; its link was closed and so the transaction rolled back: run it again from "
                   "its start"
                 : "; its link was closed: if the statement writes, look whether it took effect";
    default:
      return {};
  }
}

}  // namespace driver
