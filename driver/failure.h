// What a failed statement means to the application: design table "what a failure says", as one pure
// function. It decides; the connection acts.
#pragma once

#include <cstdint>
#include <string>

#include "driver/sql/statement_facts.h"
#include "fabric/base/error.h"
#include "fabric/base/sqlstate.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

/// What was true when the statement was given to the server.
struct FailureContext {
  bool in_transaction = false;  ///< one was open before this statement
  /// An error inside the transaction may have ended it on the server (1205, an implicit commit).
  bool transaction_doubtful = false;
  bool autocommit = true;
  bool pinned = false;        ///< session state exists that cannot be put back
  bool rows_given = false;    ///< the application has seen a row of this result
  bool retry_allowed = true;  ///< FAILOVER_RETRY=SAFE, and FAILOVER_TIMEOUT has not passed
  bool farm = true;           ///< it may have another server, now or soon
  bool read_write = true;     ///< the primary is wanted
  bool auto_read = false;     ///< FABRIC_MODE=AUTO took it for a read, and no secondary is needed
  bool read_only_session = false;  ///< the application asked for READ ONLY transactions
  unsigned reruns = 0;             ///< how often this statement was run again already
};

/// A read that has lost its link so often may itself be what kills servers, and a statement that
/// never got there whole what they refuse.
inline constexpr unsigned kMostReruns = 2;

enum class FailureAction : std::uint8_t {
  kTell,            ///< the server's own answer; the link stands
  kTellLost,        ///< tell `state`; the lease is lost
  kRetry,           ///< run it again, unseen, on another lease
  kRunOnPrimary,    ///< it is no read after all: run it again there, unseen
  kCountAsSuccess,  ///< ROLLBACK on a dead link: the server has rolled back
  kRolledBack,      ///< ROLLBACK of what a cluster has rolled back already; the link stands
};

struct FailureVerdict {
  FailureAction action = FailureAction::kTell;
  fabric::base::SqlState state = fabric::base::SqlState::kHY000;
  bool transaction_lost = false;  ///< 25S03 until SQLEndTran
};

FailureVerdict judge(const fabric::mysql::MysqlError& error, const sql::StatementFacts& facts,
                     const FailureContext& context);

/// Of a statement that was ended at its server, whose link goes on: HYT00, 1317.
fabric::base::Error late_statement(const sql::StatementFacts& facts);

/// What to do about it, in words, behind the server's own text.
std::string advice_for(const FailureVerdict& verdict);

}  // namespace driver
