// POOL_MODE=TRANSACTION: a session that nothing holds gives its connection back between two calls.
#include <algorithm>

#include "driver/connection.h"
#include "driver/sql/literals.h"
#include "driver/sql/stored_function.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;

void Connection::rest() noexcept {
  if (streaming_ != nullptr || transaction_.open) return;
  try {
    if (is_held() || is_held_by_functions()) return;
    leftovers_.lose();
    const fabric::Server server = borrowed_.server;
    leave_lease(Deadline::after(clock(), settings_.failover_timeout));
    borrowed_.server = server;
    rested_ = true;
  } catch (...) {
    // No memory for the names, or no answer about a function: it is kept for now.
  }
}

/// What a stored function sets up is not in the statement's text: its own text is asked for.
bool Connection::is_held_by_functions() {
  if (called_.empty() || borrowed_.lease.connection().broken()) return false;
  for (const sql::CalledFunction& function : called_) {
    if (function_leaves_state(function)) session_.code_was_called();
  }
  called_.clear();
  return is_held();
}

bool Connection::function_leaves_state(const sql::CalledFunction& function) {
  const routing::CachedName key = name_here(function, routing::NameUse::kCalled);
  routing::FactCache<bool>& cache = runtime_->facts().leaving;
  if (const auto known = cache.find(key, clock().now())) return *known;
  leftovers_.lose();  // the question's own take their place
  const auto definitions =
      definitions_of(key, Deadline::after(clock(), settings_.failover_timeout));
  const bool leaves = std::ranges::any_of(definitions, [](const routing::Definition& one) {
    return !one.harmless && sql::may_leave_state(one.text, one.options);
  });
  cache.put(key, std::make_shared<const bool>(leaves), clock().now());
  return leaves;
}

/// On the server at hand.
routing::CachedName Connection::name_here(const sql::NamedTable& name, routing::NameUse use) const {
  return {.group = borrowed_.server.endpoint.text(),
          .schema = name.schema.empty() ? session_.database : name.schema,
          .name = name.name,
          .use = use};
}

std::vector<routing::Definition> Connection::definitions_of(const routing::CachedName& name,
                                                            Deadline deadline) {
  const std::string sql =
      routing::definitions_query(name.use, sql::sql_text(name.schema), sql::sql_text(name.name));
  return routing::definitions_from(
      rows::rows_of(*borrowed_.lease.connection().query(sql, deadline), deadline));
}

bool Connection::is_held() {
  const std::vector<std::string> held_by = pins();
  for (const std::string& pin : held_by) {
    if (noted_pins_.insert(pin).second) borrowed_.lease.note_pin(pin);
  }
  return !held_by.empty();
}

/// Why the session needs this very connection, outside transactions.
std::vector<std::string> Connection::pins() const {
  std::vector<std::string> names = session_.pin_list();
  if (!leftovers_.for_the_next().empty()) names.emplace_back(leftovers_.for_the_next());
  for (const Statement* statement : statements_) {
    if (!statement->has_sent_pieces()) continue;
    names.emplace_back("pieces of long data");
    break;
  }
  return names;
}

/// The first statement on a connection that reads what others may have left there.
void Connection::clean_if_it_shows(const sql::StatementFacts& facts, Deadline deadline) {
  const bool shows =
      facts.session_read || reads_counts(facts) ||
      (facts.kind == sql::StatementKind::kShow && !facts.pure_read && !facts.server_read);
  if (!shows || leftovers_.ran_here() || borrowed_.lease.spotless()) return;
  for (Statement* statement : statements_) statement->forget_prepared();
  borrowed_.lease.clean(deadline);
  if (session_.restore(borrowed_.lease.connection(), deadline)) {
    borrowed_.lease.left_behind(pool::Residue::kSession);
  }
}

/// What the session needs at its server before the statement.
void Connection::ready_session(const sql::StatementFacts& facts, Deadline deadline) {
  try {
    guard_repeated_read(facts, deadline);
    if (session_.misses_insert_id(facts) && may_read_insert_id(facts, deadline) &&
        session_.put_insert_id_back(borrowed_.lease.connection(), deadline)) {
      borrowed_.lease.left_behind(pool::Residue::kSession);
    }
  } catch (const MysqlError& error) {
    if (error.loss() != fabric::mysql::LinkLoss::kAfterSend) throw;
    // Whatever the link did, the statement itself was not sent.
    throw MysqlError(error.number(), fabric::base::code_of(error.state()), error.what(),
                     fabric::mysql::LinkLoss::kBeforeSend, error.ended());
  }
}

/// The rows of a table without triggers are changed without any code that could.
bool Connection::may_read_insert_id(const sql::StatementFacts& facts, Deadline deadline) {
  if (facts.reads_insert_id || !facts.called.empty() || !facts.written) return true;
  const sql::NamedTable& table = *facts.written;
  const routing::CachedName key = name_here(table, routing::NameUse::kWritten);
  routing::FactCache<bool>& cache = runtime_->facts().code_behind;
  if (const auto known = cache.find(key, clock().now())) return *known;
  const auto definitions = definitions_of(key, deadline);
  const bool plain = definitions.size() == 1 && definitions.front().kind == "BASE TABLE";
  cache.put(key, std::make_shared<const bool>(!plain), clock().now());
  return !plain;
}

/// A view may call a function that writes, and its reader looks like any: what was lost after it
/// had been sent is run again where it cannot write a second time. Error 1792 tells that it would.
void Connection::guard_repeated_read(const sql::StatementFacts& facts, Deadline deadline) {
  if (!lost_read_ && !guarded_) return;
  guarded_ = false;
  if (facts.kind != sql::StatementKind::kSelect || !facts.pure_read) lost_read_.reset();
  if (session_.read_only_wanted() || transaction_.open) return;
  borrowed_.lease.left_behind(pool::Residue::kSession);
  borrowed_.lease.connection().run(
      lost_read_ ? "SET TRANSACTION READ ONLY" : "SET TRANSACTION READ WRITE", deadline);
  guarded_ = lost_read_.has_value();
}

}  // namespace driver
