#include "driver/statement.h"

#include <utility>

#include "driver/positioned_work.h"
#include "driver/rows/spooled_reply.h"
#include "driver/sql/literals.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

namespace {

/// After SQL_ATTR_QUERY_TIMEOUT: for the KILL and the answer to it, before the link is given up.
constexpr std::chrono::seconds kToEndAtServer{2};

std::string generated_name(unsigned number) { return "SQL_CUR" + std::to_string(number); }

}  // namespace

Statement::Statement(Connection& connection)
    : Handle(kKind, connection.mutex()),
      connection_(connection),
      implicit_ard_(*this, connection, DescriptorRole::kApplication),
      implicit_apd_(*this, connection, DescriptorRole::kApplication),
      implicit_ird_(*this, connection, DescriptorRole::kImplementationRow),
      implicit_ipd_(*this, connection, DescriptorRole::kImplementationParam),
      ard_(&implicit_ard_),
      apd_(&implicit_apd_),
      rowset_(connection.settings().spool_memory),
      added_(connection.settings().spool_memory),
      metadata_id_(connection.metadata_id),
      direct_on_server_(connection.settings().options.direct_on_server),
      prepare_on_client_(connection.settings().options.client_side_prepare) {
  diagnostics.set_origin(connection.diagnostics.origin());
  diagnostics.odbc2_states = connection.odbc2();
  if (connection.settings().options.forward_only) cursor_options_.allow_forward_only_alone();
  if (connection.settings().options.dynamic_cursor) cursor_options_.allow_dynamic();
  for (const auto& [id, value] : connection.statement_defaults()) set_attribute(id, value);
  diagnostics.clear();  // what is substituted was told when the default was set
  connection_.add(*this);
}

Statement::~Statement() {
  close_result();
  connection_.remove(*this);
}

Deadline Statement::timeout() const {
  constexpr SQLULEN kLongest = 100'000'000;  // three years; more would overflow the clock
  if (query_timeout_ == 0 || query_timeout_ > kLongest) return Deadline::never();
  return Deadline::after(connection_.clock(),
                         std::chrono::seconds(static_cast<long long>(query_timeout_)));
}

Deadline Statement::deadline() const { return earliest(connection_.request_deadline(), timeout()); }

Deadline Statement::answer_deadline() const {
  const Deadline due = timeout();
  const Deadline request = connection_.request_deadline();
  // Of two limits of one length the query's counts: programs set both, and it keeps the link.
  if (due.is_never() || request.time() < due.time()) return request;
  return Deadline::at(due.time() + kToEndAtServer);
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

void Statement::require_no_wait(Sequence sequence) {
  const CancelLater cancel_later;
  if (sequence != Sequence::kWhileDataIsNeeded) require_no_data_needed();
  if (state_ == StatementState::kGivesOutput) apply_cancel();
  if (sequence != Sequence::kOrdinary || state_ != StatementState::kGivesOutput) return;
  throw Error(SqlState::kHY010,
              "Output parameters wait to be read (SQLParamData, SQLGetData): read them, or go on "
              "with SQLMoreResults");
}

void Statement::leave_cursor() {
  if (state_ != StatementState::kCursorOpen) return;
  if (!rowset_.empty() && !fetch_failed_) {
    throw Error(SqlState::k24000, "A cursor is on a row: close it first (SQLCloseCursor)");
  }
  free(SQL_CLOSE);
}

/// Any row of a scrollable cursor may be asked for at any time.
void Statement::keep_all() {
  for (;;) {
    auto stored = std::make_unique<rows::SpooledReply>(connection_.settings().spool_memory);
    try {
      stored->take(*reply_, answer_deadline());
    } catch (const MysqlError& error) {
      if (!live_) throw;
      connection_.reading_failed(error, facts_, false);
      run_again();
      continue;
    }
    stored_ = stored.get();
    const std::unique_ptr<Reply> read = std::exchange(reply_, std::move(stored));
    if (!live_) return;
    live_ = false;
    connection_.set_streaming(nullptr);
    return connection_.finished_reading(facts_, *read);
  }
}

/// Its fetches run the text again, with the values that the parameters have now.
void Statement::note_dynamic() {
  dynamic_sql_.clear();
  const bool one_select = facts_.kind == sql::StatementKind::kSelect && !own_ && data_.empty();
  if (!cursor_options_.dynamic() || !one_select) return;
  dynamic_sql_ =
      facts_.parameter_count == 0 ? sql_ : sql::with_literals(sql_, parameters_, scan_options_);
}

/// The rows of a dynamic cursor as they are now. Those that it has deleted itself are gone: what
/// came behind them in the rowset has moved up.
void Statement::look_again() {
  return_to_rows();
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  const QueryTimer::Alarm alarm = connection_.alarm(timeout());
  std::unique_ptr<Reply> reply = execute_dynamic();
  if (alarm.went_off() && reply != nullptr) {  // as in run_here()
    connection_.end_reading(*this, *reply, facts_);
    throw late_statement(facts_);
  }
  for (std::size_t i = 0; i < rowset_.size(); ++i) {
    if (deleted_.contains(rowset_.number_of(i)) && position_.rowset_size > 0) {
      --position_.rowset_size;
    }
  }
  deleted_.clear();
  rowset_.clear();
  changes_.reset();
  get_plan_.forget();
  fetch_plan_.forget();
  stored_ = nullptr;
  reply_ = std::move(reply);
  live_ = true;
  connection_.set_streaming(this);
  keep_all();
}

void Statement::open(std::unique_ptr<Reply> reply) {
  close_result();
  prepared_.give_back();
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
  if (added_.size() != 0) added_.clear();
  changes_.reset();
  position_ = {};
  deleted_.clear();
  rows_given_ = false;
  rows_read_ = 0;
  counting_given_up_ = false;
  extended_.reset();
  piece_column_ = kNoColumn;
  get_plan_.forget();
  if (reply_ == nullptr || reply_->columns().empty()) {
    forget_description();
    state_ = StatementState::kExecuted;
    set_row_count(reply_ == nullptr ? 0 : static_cast<SQLLEN>(reply_->counts().affected_rows));
  } else {
    describe_result();
    state_ = StatementState::kCursorOpen;
    const bool empty = live_ && reply_->finished();  // its first row would wait
    set_row_count(stored_ != nullptr ? static_cast<SQLLEN>(last_row()) : SQLLEN{empty ? 0 : -1});
  }
  described_ = true;
  note_finished();
  if (live_) connection_.note_streaming();
}

void Statement::set_row_count(SQLLEN rows) {
  row_count_ = rows;
  diagnostics.row_count = rows;
}

void Statement::note_finished() {
  if (!live_ || reply_ == nullptr || !reply_->finished()) return;
  live_ = false;
  if (connection_.streaming() == this) connection_.set_streaming(nullptr);
  connection_.finished_reading(facts_, *reply_);
}

void Statement::close_result() {
  rowset_.clear();
  if (added_.size() != 0) added_.clear();
  changes_.reset();
  work_.reset();
  stored_ = nullptr;
  dynamic_sql_.clear();
  if (reply_ == nullptr) return;
  if (live_) {
    connection_.end_reading(*this, *reply_, facts_);
    if (connection_.streaming() == this) connection_.set_streaming(nullptr);
  }
  reply_.reset();
  live_ = false;
}

/// Its values and text may be long, and must not lie here until the next one.
void Statement::forget_execution() {
  parameters_.clear();
  gathered_.clear();
  storage_.clear();
  data_.clear();
  if (prepared_by_application_) return;
  sql_.clear();
  sql_.shrink_to_fit();  // an assignment may keep the memory
}

void Statement::close_cursor() {
  if (state_ != StatementState::kCursorOpen && state_ != StatementState::kGivesOutput) {
    throw Error(SqlState::k24000, "No cursor is open");
  }
  free(SQL_CLOSE);
}

void Statement::free(SQLUSMALLINT option) {
  switch (option) {
    case SQL_CLOSE:
      close_result();
      forget_execution();
      if (state_ != StatementState::kAllocated) state_ = idle_state();
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

std::string Statement::cursor_name() {
  if (!cursor_name_.empty()) return cursor_name_;
  if (!cursor_number_) cursor_number_ = connection_.next_cursor_number();
  return generated_name(*cursor_number_);
}

bool Statement::has_cursor_name(std::string_view name) const {
  if (!cursor_name_.empty()) return sql::equals_ignoring_case(cursor_name_, name);
  return cursor_number_ && sql::equals_ignoring_case(generated_name(*cursor_number_), name);
}

void Statement::set_cursor_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const bool generated =
      sql::equals_ignoring_case(std::string_view(name).substr(0, 7), "SQL_CUR") ||
      sql::equals_ignoring_case(std::string_view(name).substr(0, 6), "SQLCUR");
  if (name.empty() || name.size() > kLongest || generated) {
    throw Error(SqlState::k34000,
                "A cursor's name has 1 to 64 characters and does not start with SQL_CUR or SQLCUR");
  }
  if (state_ == StatementState::kCursorOpen || state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement was executed: name its cursor before");
  }
  for (const Statement* statement : connection_.statements()) {
    if (statement != this && sql::equals_ignoring_case(statement->cursor_name_, name)) {
      throw Error(SqlState::k3C000, "Another cursor of this connection has that name");
    }
  }
  cursor_name_ = name;
}

void Statement::spool() {
  if (!live_ || reply_ == nullptr) return;
  auto spooled = std::make_unique<rows::SpooledReply>(connection_.settings().spool_memory);
  rowset_.keep();
  try {
    spooled->take(*reply_, Deadline::never());
  } catch (const MysqlError& error) {
    spooled->end_with(error);  // told when the application reads that far
  }
  const std::unique_ptr<Reply> read = std::exchange(reply_, std::move(spooled));
  get_plan_.forget();
  live_ = false;
  connection_.finished_reading(facts_, *read);
}

void Statement::forget_prepared() {
  if (live_) {
    rowset_.clear();
    reply_.reset();
    live_ = false;
  }
  data_.sent_any() ? prepared_.drop() : prepared_.give_back();
  data_.lose_sent();
}

void Statement::abandon_after_fork() noexcept {
  prepared_.abandon();
  data_.lose_sent();
  if (!live_) return;
  rowset_.clear();
  static_cast<void>(reply_.release());  // reads of the parent's socket: leaked on purpose
  live_ = false;
}

void Statement::descriptor_freed(const Descriptor& descriptor) {
  fetch_plan_.forget();
  planned_for_.reset();
  if (ard_ == &descriptor) ard_ = &implicit_ard_;
  if (apd_ == &descriptor) apd_ = &implicit_apd_;
}

}  // namespace driver
