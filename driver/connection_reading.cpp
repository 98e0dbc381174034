// How the session's servers read its texts, where that is not what the driver takes for granted.
#include "driver/connection.h"
#include "driver/router.h"
#include "driver/routing/sharded_tables.h"

namespace driver {

using fabric::base::Deadline;

/// What is between double quotes is a string or a name by ANSI_QUOTES, of which servers tell only
/// when asked; and a backslash means something by what a server tells of itself.
sql::ScanOptions Connection::routing_options(const RoutedStatement& statement, Deadline deadline) {
  sql::ScanOptions options = statement.options;
  if (statement.of_shape != nullptr) return options;  // has neither
  const bool quotes = statement.sql.find('"') != std::string::npos;
  if (!quotes && statement.sql.find('\\') == std::string::npos) return options;
  if (!borrowed_.lease) ensure_lease(deadline);
  options.no_backslash_escapes = no_backslash_escapes();
  if (!quotes) return options;
  if (!asked_.ansi_quotes) {
    const auto rows = ask_group({group_pool_->group()},
                                "SELECT FIND_IN_SET('ANSI_QUOTES', @@sql_mode)", deadline);
    asked_.ansi_quotes = rows.at(0).at(0).value_or("0") != "0";
  }
  options.ansi_quotes = asked_.ansi_quotes.value_or(false);
  return options;
}

/// Null: utf8mb4, since the application cannot have set other character sets.
const routing::SessionText* Connection::session_text(Deadline deadline) {
  if (!session_.may_have_charsets()) return nullptr;
  if (!asked_.text) {
    if (!borrowed_.lease) ensure_lease(deadline);
    const auto rows =
        ask_group({group_pool_->group()},
                  "SELECT @@character_set_client, @@character_set_connection", deadline);
    asked_.text =
        routing::SessionText{rows.at(0).at(0).value_or(""), rows.at(0).at(1).value_or("")};
  }
  return &*asked_.text;
}

/// `Orders` is another table than `orders`, if there is one: where the session is, and where a
/// statement goes that names no sharded table. Servers should agree on it, but need not.
bool Connection::names_have_case(const fabric::Topology& topology, Deadline deadline) {
  const auto have_case = [&](const std::string& group) {
    const auto known = asked_.names_have_case.find(group);
    if (known != asked_.names_have_case.end()) return known->second;
    const auto rows = ask_group({group}, "SELECT @@lower_case_table_names", deadline);
    return asked_.names_have_case[group] = rows.at(0).at(0).value_or("0") == "0";
  };
  return have_case(group_pool_->group()) && have_case(start_group(settings_.fabric, topology));
}

/// Quotes and names could be others to the server than to the driver.
void Connection::refuse_unreadable(const RouteQuestion& question, StatementRoute& plan) {
  if (!session_.may_have_charsets()) return;
  const bool plain = routing::ascii(question.statement.sql);
  if (!plan.refusal.empty() || (plain && plan.subject == routing::Subject::kNothing)) return;
  const routing::SessionText& text = *session_text(question.deadline);
  const bool names =
      !plain && !text.utf8() && routing::ShardedTables(*plan.topology).beyond_ascii();
  if (text.readable() && !names) return;
  plan.refusal = "The driver reads statements as UTF-8, the session's server as " + text.client +
                 ": SET NAMES utf8mb4, or state the route (/*fabric: key=... */)";
}

/// After a statement that may have changed it.
void Connection::forget_reading(const sql::StatementFacts& facts) {
  if (!facts.leaves.none() || !facts.variables.empty() || facts.charset) asked_ = {};
  const bool changes_tables = facts.kind == sql::StatementKind::kDdl ||
                              facts.kind == sql::StatementKind::kMulti || facts.outlives_reset;
  if (facts.database || changes_tables) asked_.insert_targets.clear();
  // Again: somebody may have asked between the plan and the change.
  if (facts.kind == sql::StatementKind::kDdl) runtime_->facts().forget();
}

}  // namespace driver
