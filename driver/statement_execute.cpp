// Running a statement: preparing it, by the server or by literals in its text, its parameter sets,
// what the server answers.
#include <algorithm>
#include <climits>

#include "driver/rows/spooled_reply.h"
#include "driver/sql/escapes.h"
#include "driver/sql/literals.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::Parameter;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

namespace {

constexpr unsigned kUnknownPrepared = 1243;
constexpr unsigned kCannotPrepare = 1295;
constexpr unsigned kNeedsPreparing = 1615;

}  // namespace

void Statement::set_text(std::string sql) {
  apply_cancel();
  leave_cursor();
  connection_.require_connected();
  close_result();
  prepared_.give_back();
  cannot_prepare_ = false;
  described_ = false;
  remembered_.reset();
  call_order_.clear();
  procedure_parameters_.reset();
  described_parameters_.reset();
  state_ = StatementState::kAllocated;
  shape_ = connection_.known_shapes().find(sql, taken_out_);
  if (shape_ != nullptr) {
    own_.reset();
    current_of_.reset();
    returns_value_ = false;
    scan_options_ = {.no_backslash_escapes = connection_.no_backslash_escapes()};
    facts_ = shape_->facts;
    sql_ = std::move(sql);
    facts_.fabric_comment = plain_hint(sql_, taken_out_);
  } else {
    read_text(std::move(sql));
  }
  if (facts_.parameter_count > SHRT_MAX) {
    throw Error(SqlState::kHY000, "The statement has " + std::to_string(facts_.parameter_count) +
                                      " parameters, and ODBC counts to 32767: send the rows as an "
                                      "array of parameters, or in several statements");
  }
}

void Statement::read_text(std::string sql) {
  scan_options_ = connection_.scan_options(sql);
  sql::NativeSql native;
  own_ = fabric_statement(sql, scan_options_);
  if (own_ && own_->verb == FabricVerb::kExplain) sql = own_->explained;
  if (noscan_ == SQL_NOSCAN_OFF) native = sql::translate_escapes(sql, scan_options_);
  returns_value_ = native.returns_value;
  sql_ = native.sql ? std::move(*native.sql) : std::move(sql);
  current_of_ = sql::current_of(sql_, scan_options_);
  // No server knows cursors of ours: the row's place in the table is put in when it is run.
  if (current_of_) sql_ = sql_.substr(0, current_of_->where) + "WHERE FALSE";
  facts_ = facts_of(sql_, scan_options_);
  if (returns_value_)
    facts_.kind = sql::StatementKind::kCall;  // a function may do what a procedure may
  const bool as_it_is = !own_ && !native.sql && !current_of_;
  if (as_it_is) shape_ = connection_.known_shapes().add(sql_, facts_, taken_out_);
}

bool Statement::by_text() const {
  return cannot_prepare_ || prepare_on_client_ || facts_.kind == sql::StatementKind::kMulti;
}

/// What is wrong with it the server says at SQLPrepare, as programs know it from other drivers, at
/// the price of a round trip; most of the rest a server cannot prepare.
bool Statement::told_of_when_prepared() const {
  switch (facts_.kind) {
    case sql::StatementKind::kSelect:
    case sql::StatementKind::kValues:
    case sql::StatementKind::kInsert:
    case sql::StatementKind::kUpdate:
    case sql::StatementKind::kDelete:
    case sql::StatementKind::kReplace:
    case sql::StatementKind::kCall:
    case sql::StatementKind::kDdl:
    case sql::StatementKind::kShow:
    case sql::StatementKind::kExplain:
    case sql::StatementKind::kUnknown:
      return true;
    default:
      return facts_.parameter_count > 0;
  }
}

/// Numbers and dates come cheaper in the binary protocol, to which only prepared statements speak.
bool Statement::wants_binary_rows() const {
  if (!prepared_by_application_ || facts_.kind != sql::StatementKind::kSelect) return false;
  return std::ranges::any_of(ard_->records, [](const DescriptorRecord& record) {
    return record.data_ptr != nullptr && fixed_c_size(record.concise_type) != 0;
  });
}

bool Statement::goes_as_text() const {
  if (facts_.parameter_count > 0 || wants_binary_rows()) return false;
  return !direct_on_server_ || prepared_by_application_ || by_text();
}

/// On the connection that the session has now.
void Statement::prepare_on_lease(pool::Lease::Wanted wanted) {
  if (prepared_) return;
  try {
    prepared_ = connection_.prepare(sql_, deadline(), wanted);
    prepared_in_ = connection_.current_database();
  } catch (const MysqlError& error) {
    const bool no_room =
        error.number() == fabric::mysql::kTooManyPrepared && output_numbers().empty();
    if (error.number() == kCannotPrepare || no_room) {
      cannot_prepare_ = true;
      return;
    }
    throw_not_executed(error);
  }
}

/// Preparing and sending pieces execute nothing, so whatever the link did, the statement was not
/// executed.
void Statement::throw_not_executed(const MysqlError& error) {
  if (error.loss() != LinkLoss::kAfterSend) throw error;
  throw MysqlError(error.number(), fabric::base::code_of(error.state()), error.what(),
                   LinkLoss::kInSend, error.ended());
}

void Statement::prepare(std::string sql) {
  set_text(std::move(sql));
  if (told_of_when_prepared() && !by_text() && !own_) {
    take_route_to_prepare();
    connection_.without_effect(
        facts_, [this](ServerConnection&) { prepare_on_lease(); }, deadline());
  }
  prepared_by_application_ = true;
  state_ = StatementState::kPrepared;
}

SQLRETURN Statement::execute_direct(std::string sql) {
  set_text(std::move(sql));
  prepared_by_application_ = false;
  return start();
}

SQLRETURN Statement::execute() {
  apply_cancel();
  if (!prepared_by_application_) {
    throw Error(SqlState::kHY010, "No statement is prepared: call SQLPrepare first");
  }
  leave_cursor();
  close_result();
  return start();
}

SQLRETURN Statement::start() {
  find_data_at_execution();
  if (data_.empty()) return run_all();
  state_ = StatementState::kNeedData;
  return SQL_NEED_DATA;
}

StatementState Statement::idle_state() const {
  return prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
}

SQLRETURN Statement::run_all() {
  state_ = idle_state();
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  parameter_sets().begin();
  const bool array = parameter_total() > 0 && parameter_sets().count() > 1 && !own_;
  if (array) require_one_route();
  const SQLRETURN result = array ? run_array() : run_one();
  const bool searched =
      !current_of_ && (facts_.kind == sql::StatementKind::kUpdate ||
                       facts_.kind == sql::StatementKind::kDelete || facts_.inserts_query);
  const bool nothing_found = result == SQL_SUCCESS && searched && row_count_ == 0 &&
                             state_ == StatementState::kExecuted &&
                             connection_.environment().odbc_version != SQL_OV_ODBC2;
  return nothing_found ? SQL_NO_DATA : result;
}

std::unique_ptr<Reply> Statement::run_set(std::size_t set) {
  if (own_) return answer(set);
  return current_of_ ? run_at_cursor(set) : run_sql(set);
}

/// Of another type it is not known.
void Statement::name_lock() {
  facts_.lock_name.clear();
  const Parameter& name = parameters_.front();
  if (const auto* text = std::get_if<fabric::mysql::TextValue>(&name))
    facts_.lock_name = text->utf8;
}

std::unique_ptr<Reply> Statement::run_sql(std::size_t set) {
  convert_parameters(set);
  if (facts_.lock_name_bound) name_lock();
  std::unique_ptr<Reply> reply;
  for (;;) {
    take_route();
    try {
      reply = run_here();
      break;
    } catch (const RouteMoved&) {  // nothing was sent
    }
  }
  connection_.note_run(sql_, facts_);
  Connection::warn_of_charset(facts_, diagnostics);
  return reply;
}

std::unique_ptr<Reply> Statement::run_here() {
  const Connection::Replannable replannable(connection_, planned_by_);
  const QueryTimer::Alarm alarm = connection_.alarm(timeout());
  const auto command = [this](ServerConnection& connection) {
    require_route();
    return send(connection);
  };
  std::unique_ptr<Reply> reply = connection_.execute(facts_, command, deadline());
  // Some reads answer a KILL with rows (SLEEP): late all the same.
  const bool reads = facts_.kind == sql::StatementKind::kSelect;
  if (!reads || !alarm.went_off() || reply == nullptr) return reply;
  connection_.end_reading(*this, *reply, facts_);
  throw late_statement(facts_);
}

/// Without a server.
std::unique_ptr<Reply> Statement::answer(std::size_t set) {
  if (own_->verb != FabricVerb::kExplain) return connection_.answer(*own_, deadline());
  convert_parameters(set);
  return connection_.explain({sql_, facts_, parameters_, scan_options_, wishes_}, deadline());
}

/// UPDATE and DELETE ... WHERE CURRENT OF.
std::unique_ptr<Reply> Statement::run_at_cursor(std::size_t set) {
  const auto& statements = connection_.statements();
  const auto cursor =
      std::find_if(statements.begin(), statements.end(), [this](const Statement* statement) {
        return statement != this && statement->has_cursor_name(current_of_->cursor);
      });
  if (cursor == statements.end()) {
    throw Error(SqlState::k34000, "No cursor is named " + current_of_->cursor);
  }
  const CursorChanges::Found found = (*cursor)->current_target(current_of_->table);
  const std::string change = sql_.substr(0, current_of_->where);
  sql_ = change + "WHERE " + found.where + " LIMIT 1";
  facts_ = facts_of(sql_, scan_options_);
  prepared_.drop();
  convert_parameters(set);
  connection_.go_to((*cursor)->ran_in_);
  planned_by_.reset();  // where the row came from, whatever became of its shard
  (*cursor)->require_row_stays(sql_, facts_, parameters_);
  const bool deletes = facts_.kind == sql::StatementKind::kDelete;
  CursorChanges::Foreseen now;
  if (!deletes) now = (*cursor)->foresee(found, change, parameters_);
  std::unique_ptr<Reply> reply = run_here();
  const bool none = reply == nullptr || matched_rows(reply->counts()) == 0;
  if (none || found.hit != CursorChanges::Hit::kOne) {
    diagnostics.warn(SqlState::k01001, none ? kNoRowHit : kSeveralRowsHit);
  }
  if (none) return reply;
  deletes ? (*cursor)->current_deleted() : (*cursor)->current_changed(now);
  return reply;
}

SQLRETURN Statement::run_one() {
  const ParameterSets sets = parameter_sets();
  sets.processed(1);
  if (parameter_total() > 0 && sets.ignored(0)) {
    show_result();
    set_row_count(0);
    return SQL_SUCCESS;
  }
  try {
    const SQLRETURN result = present(run_set(0));
    sets.mark(0, result == SQL_SUCCESS_WITH_INFO ? SQL_PARAM_SUCCESS_WITH_INFO : SQL_PARAM_SUCCESS);
    return result;
  } catch (const Error& error) {
    sets.mark(0, SQL_PARAM_ERROR);
    if (refused_parameter_ == 0) throw;
    add_diagnostic(error, 1);
    return SQL_ERROR;
  }
}

std::unique_ptr<Reply> Statement::send(ServerConnection& connection) {
  if (goes_as_text()) return connection.query(sql_, answer_deadline());
  require_pieces();
  // The text protocol has no output parameters.
  if (!by_text() || !output_numbers().empty()) prepare_on_lease();
  if (!prepared_) {
    sql::ScanOptions options = scan_options_;
    options.no_backslash_escapes = connection.no_backslash_escapes();
    return connection.query(sql::with_literals(sql_, parameters_, options), answer_deadline());
  }
  return run_prepared([this] { return prepared_->execute(parameters_, answer_deadline()); });
}

/// The sets that were gathered, as one command.
std::unique_ptr<Reply> Statement::send_rows(ServerConnection& connection, std::size_t rows) {
  const bool bulk = connection.takes_bulk() && !by_text();
  if (bulk) prepare_on_lease();
  if (bulk && prepared_) {
    return run_prepared(
        [this, rows] { return prepared_->execute_rows(gathered_, rows, answer_deadline()); });
  }
  sql::ScanOptions options = scan_options_;
  options.no_backslash_escapes = connection.no_backslash_escapes();
  return connection.query(with_rows(sql_, *insert_, gathered_, rows, options), answer_deadline());
}

std::unique_ptr<Reply> Statement::run_prepared(
    fabric::base::FunctionRef<std::unique_ptr<Reply>()> execute) {
  if (prepared_->parameter_count() != parameters_.size()) {
    throw Error(SqlState::k07002,
                "The statement has " + std::to_string(prepared_->parameter_count()) +
                    " parameters, " + std::to_string(parameters_.size()) + " are bound");
  }
  try {
    return execute();
  } catch (const MysqlError& error) {
    if (error.number() != kNeedsPreparing && error.number() != kUnknownPrepared) throw;
  }
  data_.lose_sent();
  require_pieces();
  prepared_.drop();
  prepare_on_lease(pool::Lease::Wanted::kNew);
  if (!prepared_) throw Error(SqlState::kHY014, "The server takes no more prepared statements");
  return execute();
}

/// What a dynamic cursor shows now.
std::unique_ptr<Reply> Statement::execute_dynamic() {
  const auto again = [this](ServerConnection& connection) {
    return connection.query(dynamic_sql_, answer_deadline());
  };
  return connection_.execute(facts_, again, deadline());
}

/// After its link was lost: wherever it belongs by now.
std::unique_ptr<Reply> Statement::execute_again() {
  const auto again = [this](ServerConnection& connection) {
    require_route();
    return send(connection);
  };
  for (;;) {
    take_route();
    try {
      const Connection::Replannable replannable(connection_, planned_by_);
      return connection_.execute(facts_, again, deadline());
    } catch (const RouteMoved&) {  // nothing was sent
    }
  }
}

void Statement::run_again() {
  reply_.reset();
  get_plan_.forget();
  fetch_plan_.forget();
  reply_ = dynamic_sql_.empty() ? execute_again() : execute_dynamic();
  live_ = reply_ != nullptr;
  connection_.set_streaming(live_ && !reply_->finished() ? this : nullptr);
}

SQLRETURN Statement::present(std::unique_ptr<Reply> reply) {
  reply_ = std::move(reply);
  live_ = reply_ != nullptr && !own_;
  if (live_) connection_.set_streaming(this);
  return present_next();
}

/// The result at hand, or the output values that it is.
SQLRETURN Statement::present_next() {
  if (at_output_row()) return show_outputs();
  const SQLRETURN outputs = at_outputs() ? take_outputs() : SQLRETURN{SQL_SUCCESS};
  if (outputs == SQL_PARAM_DATA_AVAILABLE) return outputs;
  if (reply_ != nullptr && stored_ == nullptr && cursor_options_.scrollable()) {
    keep_all();
    note_dynamic();
  }
  show_result();
  return outputs;
}

SQLRETURN Statement::more_results() {
  if (state_ == StatementState::kGivesOutput) static_cast<void>(finish_outputs());
  if (reply_ == nullptr) {
    if (state_ == StatementState::kExecuted) state_ = idle_state();
    return SQL_NO_DATA;
  }
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  const QueryTimer::Alarm alarm = connection_.alarm(timeout());
  if (!reading([this] { return reply_->next_result(answer_deadline()); })) {
    note_finished();
    close_result();
    state_ = idle_state();
    return SQL_NO_DATA;
  }
  return present_next();
}

}  // namespace driver
