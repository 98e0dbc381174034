#include "driver/statement.h"

#include <algorithm>

#include "driver/escapes.h"
#include "driver/positioned_work.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

Statement::Statement(Connection& connection)
    : Handle(kKind, connection.mutex()),
      connection_(connection),
      implicit_ard_(connection, connection.mutex(), DescriptorRole::kApplication, true),
      implicit_apd_(connection, connection.mutex(), DescriptorRole::kApplication, true),
      implicit_ird_(connection, connection.mutex(), DescriptorRole::kImplementationRow, true),
      implicit_ipd_(connection, connection.mutex(), DescriptorRole::kImplementationParam, true),
      ard_(&implicit_ard_),
      apd_(&implicit_apd_),
      rowset_(connection.settings().spool_memory),
      query_timeout_(connection.default_query_timeout),
      metadata_id_(connection.metadata_id) {
  diagnostics.set_origin(connection.diagnostics.origin());
  connection_.add(*this);
}

Statement::~Statement() {
  close_result();
  connection_.remove(*this);
}

Deadline Statement::deadline() const {
  if (query_timeout_ == 0) return Deadline::never();
  return Deadline::after(connection_.clock(),
                         std::chrono::seconds(static_cast<long long>(query_timeout_)));
}

bool Statement::data_needed() {
  if (state_ == StatementState::kNeedData) apply_cancel();
  return state_ == StatementState::kNeedData;
}

void Statement::require_no_data_needed() {
  if (data_needed()) {
    throw Error(SqlState::kHY010,
                "Parameters are being given (SQLParamData): finish or cancel first");
  }
}

void Statement::require_closed() const {
  if (state_ == StatementState::kCursorOpen) {
    throw Error(SqlState::k24000, "A cursor is open: close it first (SQLCloseCursor)");
  }
}

SQLLEN Statement::row_count() const {
  if (state_ == StatementState::kAllocated || state_ == StatementState::kPrepared) {
    throw Error(SqlState::kHY010, "No statement was executed");
  }
  return row_count_;
}

void Statement::set_text(const std::string& sql) {
  apply_cancel();
  require_closed();
  connection_.require_connected();
  close_result();
  prepared_.reset();
  described_ = false;
  state_ = StatementState::kAllocated;
  const ScanOptions options = connection_.scan_options(sql);
  NativeSql native;
  if (noscan_ == SQL_NOSCAN_OFF) native = translate_escapes(sql, options);
  if (native.returns_value) {
    throw Error(SqlState::kHYC00,
                "{?=call ...} is not supported yet: write SELECT f(...) and read its row");
  }
  sql_ = native.sql ? std::move(*native.sql) : sql;
  current_of_ = current_of(sql_, options);
  // No server knows cursors of ours: the row's place in the table is put in when it is run.
  if (current_of_) sql_ = sql_.substr(0, current_of_->where) + "WHERE FALSE";
  facts_ = facts_of(sql_, options);
}

void Statement::prepare_on(ServerConnection& connection) {
  if (prepared_ != nullptr) return;
  try {
    prepared_ = connection.prepare(sql_, deadline());
  } catch (const MysqlError& error) {
    if (error.loss() != LinkLoss::kAfterSend) throw;
    // Preparing executes nothing, so whatever the link did, the statement was not executed.
    throw MysqlError(error.number(), std::string(fabric::base::code_of(error.state())),
                     error.what(), LinkLoss::kBeforeSend, error.ended());
  }
}

void Statement::prepare(const std::string& sql) {
  set_text(sql);
  if (facts_.parameter_count > 0) {
    connection_.without_effect([this](ServerConnection& connection) { prepare_on(connection); },
                               deadline());
  }
  prepared_by_application_ = true;
  state_ = StatementState::kPrepared;
}

SQLRETURN Statement::execute_direct(const std::string& sql) {
  set_text(sql);
  prepared_by_application_ = false;
  return start();
}

SQLRETURN Statement::execute() {
  apply_cancel();
  if (!prepared_by_application_) {
    throw Error(SqlState::kHY010, "No statement is prepared: call SQLPrepare first");
  }
  require_closed();
  close_result();
  return start();
}

SQLRETURN Statement::start() {
  find_data_at_execution();
  if (!data_wanted_.empty()) {
    data_current_ = 0;
    state_ = StatementState::kNeedData;
    return SQL_NEED_DATA;
  }
  return run_all();
}

SQLRETURN Statement::run_all() {
  const auto fallback =
      prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
  state_ = fallback;
  const std::size_t sets = facts_.parameter_count > 0 ? apd_->array_size : 1;
  if (sets > 1) return run_array(sets);
  if (implicit_ipd_.rows_processed_ptr != nullptr) *implicit_ipd_.rows_processed_ptr = 1;
  try {
    run_one(0);
  } catch (...) {
    if (implicit_ipd_.array_status_ptr != nullptr) {
      implicit_ipd_.array_status_ptr[0] = SQL_PARAM_ERROR;
    }
    throw;
  }
  if (implicit_ipd_.array_status_ptr != nullptr) {
    implicit_ipd_.array_status_ptr[0] = SQL_PARAM_SUCCESS;
  }
  const bool searched = !current_of_ && (facts_.kind == StatementKind::kUpdate ||
                                         facts_.kind == StatementKind::kDelete);
  return searched && row_count_ == 0 && connection_.environment().odbc_version != SQL_OV_ODBC2
             ? SQL_NO_DATA
             : SQL_SUCCESS;
}

void Statement::run_one(std::size_t set) {
  if (current_of_) return run_at_cursor(set);
  convert_parameters(set);
  run_sql();
}

void Statement::run_sql() {
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  present(connection_.execute(
      facts_, [this](ServerConnection& connection) { return send(connection); }, deadline()));
}

/// UPDATE and DELETE ... WHERE CURRENT OF.
void Statement::run_at_cursor(std::size_t set) {
  const auto& statements = connection_.statements();
  const auto cursor =
      std::find_if(statements.begin(), statements.end(), [this](const Statement* statement) {
        return statement != this &&
               equals_ignoring_case(statement->cursor_name(), current_of_->cursor);
      });
  if (cursor == statements.end()) {
    throw Error(SqlState::k34000, "No cursor is named " + current_of_->cursor);
  }
  const CursorChanges::Found found = (*cursor)->current_target(current_of_->table);
  sql_ = sql_.substr(0, current_of_->where) + "WHERE " + found.where + " LIMIT 1";
  facts_ = facts_of(sql_, connection_.scan_options(sql_));
  prepared_.reset();
  convert_parameters(set);
  run_sql();
  const bool none = reply_ == nullptr || matched_rows(reply_->counts()) == 0;
  if (none || found.hit != CursorChanges::Hit::kOne) {
    diagnostics.warn(SqlState::k01001, none ? kNoRowHit : kSeveralRowsHit);
  }
  if (!none) (*cursor)->current_changed(facts_.kind == StatementKind::kDelete);
}

std::unique_ptr<Reply> Statement::send(ServerConnection& connection) {
  if (facts_.parameter_count == 0) return connection.query(sql_, deadline());
  prepare_on(connection);
  if (prepared_->parameter_count() != parameters_.size()) {
    throw Error(SqlState::k07002,
                "The statement has " + std::to_string(prepared_->parameter_count()) +
                    " parameters, " + std::to_string(parameters_.size()) + " are bound");
  }
  return prepared_->execute(parameters_, deadline());
}

void Statement::run_again() {
  reply_.reset();
  reply_ = connection_.execute(
      facts_, [this](ServerConnection& connection) { return send(connection); }, deadline());
  live_ = reply_ != nullptr;
  connection_.set_streaming(live_ && !reply_->finished() ? this : nullptr);
}

void Statement::present(std::unique_ptr<Reply> reply) {
  reply_ = std::move(reply);
  live_ = reply_ != nullptr;
  if (live_) connection_.set_streaming(this);
  if (live_ && cursor_options_.scrollable()) keep_all();
  show_result();
}

/// Any row of a scrollable cursor may be asked for at any time.
void Statement::keep_all() {
  for (;;) {
    auto stored = std::make_unique<SpooledReply>(connection_.settings().spool_memory);
    try {
      stored->take(*reply_, deadline());
    } catch (const MysqlError& error) {
      if (!live_) throw;
      connection_.reading_failed(error, facts_, false);
      run_again();
      continue;
    }
    stored_ = stored.get();
    reply_ = std::move(stored);
    if (!live_) return;
    live_ = false;
    connection_.set_streaming(nullptr);
    return connection_.finished_reading(facts_);
  }
}

void Statement::open(std::unique_ptr<Reply> reply) {
  close_result();
  prepared_.reset();
  prepared_by_application_ = false;
  reply_ = std::move(reply);
  live_ = false;
  const auto rows = static_cast<SQLLEN>(reply_->counts().affected_rows);
  if (cursor_options_.scrollable()) keep_all();
  show_result();
  if (stored_ == nullptr) diagnostics.row_count = row_count_ = rows;
}

void Statement::show_result() {
  rowset_.clear();
  changes_.reset();
  position_ = {};
  deleted_.clear();
  rows_given_ = false;
  rows_read_ = 0;
  extended_.reset();
  piece_begun_ = false;
  if (reply_ == nullptr || reply_->columns().empty()) {
    implicit_ird_.clear();
    state_ = StatementState::kExecuted;
    row_count_ = reply_ == nullptr ? 0 : static_cast<SQLLEN>(reply_->counts().affected_rows);
  } else {
    fill_ird(reply_->columns());
    state_ = StatementState::kCursorOpen;
    row_count_ = stored_ != nullptr ? static_cast<SQLLEN>(last_row()) : -1;
  }
  described_ = true;
  diagnostics.row_count = row_count_;
  note_finished();
  if (live_) connection_.note_streaming();
}

void Statement::note_finished() {
  if (!live_ || reply_ == nullptr || !reply_->finished()) return;
  live_ = false;
  if (connection_.streaming() == this) connection_.set_streaming(nullptr);
  connection_.finished_reading(facts_);
}

SQLRETURN Statement::more_results() {
  if (reply_ == nullptr) return SQL_NO_DATA;
  bool more = false;
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  try {
    more = reply_->next_result(deadline());
  } catch (const MysqlError& error) {
    close_result();
    state_ = prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
    connection_.reading_failed(error, facts_, true);
    throw;
  }
  if (!more) {
    note_finished();
    close_result();
    state_ = prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
    return SQL_NO_DATA;
  }
  show_result();
  return SQL_SUCCESS;
}

void Statement::close_result() {
  rowset_.clear();
  changes_.reset();
  work_.reset();
  stored_ = nullptr;
  if (reply_ == nullptr) return;
  if (live_) {
    connection_.end_reading(*this, *reply_, facts_);
    if (connection_.streaming() == this) connection_.set_streaming(nullptr);
  }
  reply_.reset();
  live_ = false;
}

void Statement::close_cursor() {
  if (state_ != StatementState::kCursorOpen) {
    throw Error(SqlState::k24000, "No cursor is open");
  }
  free(SQL_CLOSE);
}

void Statement::free(SQLUSMALLINT option) {
  switch (option) {
    case SQL_CLOSE:
      close_result();
      if (state_ == StatementState::kCursorOpen || state_ == StatementState::kExecuted) {
        state_ = prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
      }
      return;
    case SQL_UNBIND:
      ard_->clear();
      return;
    case SQL_RESET_PARAMS:
      apd_->clear();
      implicit_ipd_.clear();
      return;
    default:
      throw Error(SqlState::kHY092,
                  "Option " + std::to_string(option) + " of SQLFreeStmt is not known");
  }
}

std::string Statement::cursor_name() const {
  if (!cursor_name_.empty()) return cursor_name_;
  std::size_t place = 1;
  for (const Statement* statement : connection_.statements()) {
    if (statement == this) break;
    ++place;
  }
  return "SQL_CUR" + std::to_string(place);
}

void Statement::set_cursor_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  if (name.empty() || name.size() > kLongest || name.starts_with("SQL_CUR") ||
      name.starts_with("SQLCUR")) {
    throw Error(SqlState::k34000,
                "A cursor's name has 1 to 64 characters and does not start with SQL_CUR or SQLCUR");
  }
  if (state_ == StatementState::kCursorOpen || state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement was executed: name its cursor before");
  }
  for (const Statement* statement : connection_.statements()) {
    if (statement != this && statement->cursor_name_ == name) {
      throw Error(SqlState::k3C000, "Another cursor of this connection has that name");
    }
  }
  cursor_name_ = name;
}

void Statement::spool() {
  if (!live_ || reply_ == nullptr) return;
  auto spooled = std::make_unique<SpooledReply>(connection_.settings().spool_memory);
  rowset_.keep();
  try {
    spooled->take(*reply_, Deadline::never());
  } catch (const MysqlError& error) {
    spooled->end_with(error);  // told when the application reads that far
  }
  reply_ = std::move(spooled);
  live_ = false;
  connection_.finished_reading(facts_);
}

void Statement::forget_prepared() {
  if (live_) {
    rowset_.clear();
    reply_.reset();
    live_ = false;
  }
  prepared_.reset();
}

void Statement::abandon_after_fork() noexcept {
  static_cast<void>(prepared_.release());
  if (!live_) return;
  rowset_.clear();
  static_cast<void>(reply_.release());  // reads of the parent's socket: leaked on purpose
  live_ = false;
}

void Statement::descriptor_freed(const Descriptor& descriptor) {
  if (ard_ == &descriptor) ard_ = &implicit_ard_;
  if (apd_ == &descriptor) apd_ = &implicit_apd_;
}

}  // namespace driver
