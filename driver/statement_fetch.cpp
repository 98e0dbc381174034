// Rows: rowsets into bound columns, SQLGetData in pieces.
#include <cstring>

#include "driver/convert/wire_value.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::Cell;
using fabric::mysql::MysqlError;
using fabric::mysql::Row;
using fabric::mysql::RowFormat;

namespace {

bool is_error(SqlState state) {
  return state != SqlState::k00000 && state != SqlState::k01004 && state != SqlState::k01S07;
}

}  // namespace

void Statement::require_cursor() {
  if (work_ != nullptr && cancelled_.exchange(false)) abandon_positioned();
  if (state_ != StatementState::kCursorOpen || reply_ == nullptr) refuse_without_cursor();
}

void Statement::refuse_without_cursor() const {
  if (state_ == StatementState::kCursorOpen) {
    throw Error(SqlState::k08S01,
                "The rest of this result was lost with its connection: run the statement again");
  }
  if (state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement gave no result set: there is nothing to fetch");
  }
  throw Error(SqlState::kHY010, "No statement was executed");
}

void Statement::require_cursor_of(bool extended) {
  require_cursor();
  if (extended_.value_or(extended) != extended) {
    throw Error(SqlState::kHY010,
                "SQLExtendedFetch does not mix with SQLFetch and SQLFetchScroll on one result");
  }
  extended_ = extended;
}

/// What stands around a wait for the server.
struct Statement::AtServer {
  explicit AtServer(Statement& statement)
      : running(statement.connection_.cancel_point(), statement),
        alarm(statement.connection_.alarm(statement.timeout())) {}

  const CancelLater cancel_later;
  const CancelPoint::Running running;
  const QueryTimer::Alarm alarm;
};

const Row* Statement::next_row(std::optional<AtServer>& at_server) {
  if (cursor_options_.max_rows() != 0 && rows_read_ >= cursor_options_.max_rows()) return nullptr;
  for (bool again = false;; again = true) {
    try {
      const Row* row = reply_->fetch_at_hand();
      if (row == nullptr) {
        if (live_ && !at_server) at_server.emplace(*this);
        row = reply_->fetch(answer_deadline());
      }
      if (row != nullptr) {
        rows_given_ = true;
        ++rows_read_;
      } else {
        if (row_count_ < 0) set_row_count(static_cast<SQLLEN>(rows_read_));
        note_finished();
      }
      return row;
    } catch (const MysqlError& error) {
      const bool was_live = live_;
      const sql::StatementFacts facts = facts_;
      if (!was_live) throw;
      if (!at_server) at_server.emplace(*this);
      connection_.reading_failed(error, facts, rows_given_ || again);
      run_again();
      plan_fetch();
    }
  }
}

/// As those do who use SQLGetData alone.
inline bool Statement::fetches_one_unbound() const {
  return state_ == StatementState::kCursorOpen && reply_ != nullptr && stored_ == nullptr &&
         dynamic_sql_.empty() && !extended_.value_or(false) && ard_->array_size == 1 &&
         !gives_bound() && implicit_ird_.array_status_ptr == nullptr;
}

/// What fetch_rowset() comes to then.
inline SQLRETURN Statement::fetch_one_unbound() {
  extended_ = false;
  piece_column_ = kNoColumn;
  rowset_status_ = nullptr;
  rowset_size_ = 1;
  rowset_.start(rows_read_ + 1, false);
  if (live_) connection_.note_streaming();
  std::optional<AtServer> at_server;
  const Row* row = next_row(at_server);
  if (row != nullptr) rowset_.show(*row);
  SQLULEN* const fetched = implicit_ird_.rows_processed_ptr;
  if (fetched != nullptr) *fetched = row == nullptr ? 0 : 1;
  if (row == nullptr) return SQL_NO_DATA;
  fetch_failed_ = false;
  return SQL_SUCCESS;
}

SQLRETURN Statement::fetch() {
  return fetches_one_unbound() ? fetch_one_unbound() : fetch_scroll(SQL_FETCH_NEXT, 0);
}

SQLRETURN Statement::fetch_scroll(SQLSMALLINT orientation, SQLLEN offset) {
  require_cursor_of(false);
  if (orientation == SQL_FETCH_BOOKMARK) {
    return fetch_rowset({.orientation = orientation,
                         .offset = offset,
                         .rowset_size = ard_->array_size,
                         .bookmark = bookmark_from(cursor_options_.fetch_bookmark())},
                        {implicit_ird_.array_status_ptr, implicit_ird_.rows_processed_ptr});
  }
  return fetch_rowset(
      {.orientation = orientation, .offset = offset, .rowset_size = ard_->array_size},
      {implicit_ird_.array_status_ptr, implicit_ird_.rows_processed_ptr});
}

SQLRETURN Statement::extended_fetch(SQLUSMALLINT orientation, SQLLEN offset, SQLULEN* rows,
                                    SQLUSMALLINT* status) {
  require_cursor_of(true);
  const SQLULEN own_size = cursor_options_.rowset_size();
  rows::ScrollRequest request{.orientation = static_cast<SQLSMALLINT>(orientation),
                              .offset = offset,
                              .rowset_size = own_size == 0 ? ard_->array_size : own_size};
  if (orientation == SQL_FETCH_BOOKMARK) {  // here the offset is the bookmark
    request.offset = 0;
    request.bookmark = bookmark_from(&offset);
  }
  const SQLRETURN result = fetch_rowset(request, {status, rows});
  SQLUSMALLINT* const kept = implicit_ird_.array_status_ptr;
  if (status != nullptr && kept != nullptr) {
    std::copy_n(status, std::min<SQLULEN>(request.rowset_size, ard_->array_size), kept);
  }
  if (result != SQL_ERROR) return result;
  diagnostics.warn(SqlState::k01S01, "Rows could not be given: their status says which");
  return SQL_SUCCESS_WITH_INFO;
}

std::uint64_t Statement::bookmark_from(const void* place) const {
  if (!cursor_options_.bookmarks()) {
    throw Error(SqlState::kHY106,
                "Bookmarks are off: set SQL_ATTR_USE_BOOKMARKS before the statement is executed");
  }
  std::uint64_t bookmark = 0;
  if (place != nullptr) std::memcpy(&bookmark, place, sizeof bookmark);
  if (bookmark == 0 || (bookmark > last_row() && !was_added(bookmark))) {
    throw Error(SqlState::kHY111, "The bookmark is not one of this result");
  }
  return bookmark;
}

std::uint64_t Statement::last_row() const {
  if (stored_ == nullptr) return rows_read_;
  const SQLULEN most = cursor_options_.max_rows();
  return most == 0 ? stored_->row_count() : std::min<std::uint64_t>(most, stored_->row_count());
}

SQLRETURN Statement::fetch_rowset(const rows::ScrollRequest& request, const RowsetTarget& target) {
  const bool known =
      request.orientation == SQL_FETCH_BOOKMARK ||
      (request.orientation >= SQL_FETCH_NEXT && request.orientation <= SQL_FETCH_RELATIVE);
  if (!known) {
    throw Error(SqlState::kHY106,
                "Fetch orientation " + std::to_string(request.orientation) + " is not known");
  }
  if (stored_ == nullptr && request.orientation != SQL_FETCH_NEXT) {
    throw Error(SqlState::kHY106,
                "The cursor is forward-only: only SQL_FETCH_NEXT is possible; set "
                "SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC before the statement is executed");
  }
  if (!dynamic_sql_.empty()) look_again();
  piece_column_ = kNoColumn;
  plan_fetch();
  rowset_status_ = target.status;
  rowset_size_ = request.rowset_size;
  const Delivered delivered =
      stored_ != nullptr ? scroll_stored(request, target) : stream_rowset(request, target);
  if (target.status != nullptr) {
    std::fill(target.status + delivered.rows, target.status + request.rowset_size,
              SQLUSMALLINT{SQL_ROW_NOROW});
  }
  if (target.fetched != nullptr) *target.fetched = delivered.rows;
  if (delivered.rows == 0) return SQL_NO_DATA;
  fetch_failed_ = delivered.failed == delivered.rows;
  if (fetch_failed_) return SQL_ERROR;
  return delivered.failed > 0 || delivered.with_info ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

Statement::Delivered Statement::scroll_stored(const rows::ScrollRequest& request,
                                              const RowsetTarget& target) {
  const rows::Scrolled scrolled = scroll(position_, last_row(), request);
  position_ = scrolled.to;
  Delivered delivered;
  if (position_.at != rows::CursorPosition::At::kOnRows) {
    rowset_.clear();
    return delivered;
  }
  if (scrolled.cut) {
    diagnostics.warn(SqlState::k01S06,
                     "The rowset would start before the first row: it starts at the first");
  }
  const std::uint64_t left = last_row() - position_.start + 1;
  const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(request.rowset_size, left));
  rowset_.show(*stored_, position_.start, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    deliver(*rowset_.row(i), i, target, delivered);
    if (target.status != nullptr && deleted_.contains(rowset_.number_of(i))) {
      target.status[i] = SQL_ROW_DELETED;
    }
  }
  return delivered;
}

Statement::Delivered Statement::stream_rowset(const rows::ScrollRequest& request,
                                              const RowsetTarget& target) {
  const bool several = request.rowset_size > 1;
  std::optional<AtServer> at_server;  // one row is waited for seldom
  if (live_) {
    if (several) at_server.emplace(*this);
    connection_.note_streaming();
  }
  rowset_.start(rows_read_ + 1, several);
  Delivered delivered;
  while (delivered.rows < request.rowset_size) {
    const Row* row = next_row(at_server);
    if (row == nullptr) break;
    rowset_.add(*row, reply_->layout());
    deliver(*row, delivered.rows, target, delivered);
  }
  return delivered;
}

void Statement::deliver(const Row& row, std::size_t index, const RowsetTarget& target,
                        Delivered& delivered) {
  const SQLRETURN converted = cursor_options_.retrieves_data()
                                  ? convert_row(row, index, rowset_.number_of(index))
                                  : SQL_SUCCESS;
  ++delivered.rows;
  if (converted == SQL_ERROR) ++delivered.failed;
  delivered.with_info = delivered.with_info || converted == SQL_SUCCESS_WITH_INFO;
  if (target.status == nullptr) return;
  target.status[index] = converted == SQL_ERROR               ? SQL_ROW_ERROR
                         : converted == SQL_SUCCESS_WITH_INFO ? SQL_ROW_SUCCESS_WITH_INFO
                                                              : SQL_ROW_SUCCESS;
}

SQLRETURN Statement::note_conversion(SqlState state, SQLUSMALLINT number, SQLLEN row) {
  if (state == SqlState::k00000) return SQL_SUCCESS;
  diagnostics.add(
      {.state = state,
       .text = (state_ == StatementState::kGivesOutput ? "Output parameter " : "Column ") +
               std::to_string(number) + ": " + std::string(fabric::base::text_of(state)),
       .row_number = row,
       .column_number = static_cast<SQLINTEGER>(number)});
  return is_error(state) ? SQL_ERROR : SQL_SUCCESS_WITH_INFO;
}

/// The columns and the buffers are, as a rule, those of the fetch before.
void Statement::plan_fetch() {
  if (!gives_bound()) return fetch_plan_.forget();
  const FetchPlan::Basis basis(*ard_, *reply_, cursor_options_.bookmarks());
  if (fetch_plan_.stands_on(basis)) return;
  fetch_plan_.make(basis, implicit_ird_, connection_.type_rules());
}

SQLRETURN Statement::convert_row(const Row& row, std::size_t index, std::uint64_t number_of_row) {
  if (fetch_plan_.columns().empty()) return SQL_SUCCESS;
  const RowFormat format = reply_->format();
  const bool limits = cursor_options_.max_length() != 0;
  SQLRETURN result = SQL_SUCCESS;
  for (FetchPlan::Bound& bound : fetch_plan_.columns()) {
    bound.aim(index);
    SqlState state = SqlState::k00000;
    if (bound.column == nullptr) {
      state = convert_bookmark(number_of_row, bound.target, nullptr);
    } else {
      const Cell& cell = row[bound.number - 1U];
      state = bound.convert(format, limits ? limited(*bound.column, cell) : cell);
    }
    if (state == SqlState::k00000) continue;
    const SQLRETURN noted = note_conversion(state, bound.number, static_cast<SQLLEN>(index + 1));
    if (result != SQL_ERROR) result = noted;
  }
  return result;
}

SqlState Statement::convert_bookmark(std::uint64_t row, const convert::CTarget& target,
                                     convert::Piece* piece) {
  const Cell cell{.data = reinterpret_cast<const std::uint8_t*>(&row), .size = sizeof row};
  convert::CTarget concrete = target;
  if (concrete.c_type == SQL_C_DEFAULT) concrete.c_type = SQL_C_VARBOOKMARK;
  return convert::to_c(bookmark_column(), fabric::mysql::RowFormat::kBinary, cell, concrete, piece);
}

/// SQL_ATTR_MAX_LENGTH: so much of a text or of bytes is all there is; characters stay whole.
Cell Statement::limited(const fabric::mysql::Column& column, const Cell& cell) const {
  const SQLULEN most = cursor_options_.max_length();
  if (most == 0 || cell.null() || cell.size <= most) return cell;
  switch (convert::wire_kind(column)) {
    case convert::WireKind::kBytes:
      return {.data = cell.data, .size = most};
    case convert::WireKind::kText: {
      std::size_t size = most;
      while (size > 0 && (cell.data[size] & 0xC0U) == 0x80U) --size;
      return {.data = cell.data, .size = size};
    }
    default:
      return cell;
  }
}

SQLRETURN Statement::get_data(const DataRequest& request) {
  if (state_ == StatementState::kGivesOutput) return get_output(request);
  require_cursor();
  const Row* row = rowset_.current_row();
  if (row == nullptr) throw Error(SqlState::k24000, "The cursor is not on a row: fetch first");
  const bool of_row = request.number > 0 && request.number <= row->size();
  if (of_row && !cursor_options_.retrieves_data()) return SQL_SUCCESS;
  if (of_row && get_plan_.find(request.number - std::size_t{1}, request.c_type) == nullptr) {
    get_plan_.choose(request.number - std::size_t{1}, request.c_type, *reply_,
                     connection_.type_rules());
  }
  return get_piece(request, *row);
}

namespace {

/// ODBC 3.8, SQLGetData: SQL_ARD_TYPE is the record's type, and of SQL_C_NUMERIC and intervals the
/// record says how many digits there are.
void take_digits(const DescriptorRecord* record, convert::CTarget& target) {
  if (target.c_type == SQL_ARD_TYPE) {
    if (record == nullptr) throw Error(SqlState::k07009, "The ARD has no such record");
    target.c_type = record->concise_type;
  }
  if (record == nullptr) return;
  const bool same = record->concise_type == target.c_type;
  if (!same && record->concise_type != SQL_C_DEFAULT) return;
  target.precision = record->precision;
  target.scale = record->scale;
  if (same) target.seconds_precision = record->precision;
}

}  // namespace

SQLRETURN Statement::get_piece(const DataRequest& request, const Row& row) {
  const SQLUSMALLINT number = request.number;
  if (number == 0 && !cursor_options_.bookmarks()) {
    throw Error(SqlState::k07009, "Bookmarks are off: columns are numbered from 1");
  }
  if (number > row.size()) {
    throw Error(SqlState::k07009, "Invalid descriptor index: there is no column " +
                                      std::to_string(number) + ", the result has " +
                                      std::to_string(row.size()));
  }
  convert::CTarget target{.c_type = request.c_type};
  take_digits(ard_->find(static_cast<SQLSMALLINT>(number)), target);
  if (!begin_piece(request, target)) return SQL_NO_DATA;
  if (number == 0) {
    return note_conversion(convert_bookmark(rowset_.number_of(rowset_.current()), target, &piece_),
                           number);
  }
  const fabric::mysql::Column& column = reply_->columns()[number - 1U];
  const Cell cell = limited(column, row[number - 1U]);
  return note_conversion(convert::to_c(column, reply_->format(), cell, target, &piece_), number);
}

/// Completes `target`, whose types are known, for the next piece; false when none is left.
bool Statement::begin_piece(const DataRequest& request, convert::CTarget& target) {
  if (request.capacity < 0) throw Error(SqlState::kHY090, "The buffer length is negative");
  if (!known_c_type(target.c_type)) {
    throw Error(SqlState::kHY003, "C type " + std::to_string(request.c_type) + " is not known");
  }
  if (request.data == nullptr) throw Error(SqlState::kHY009, "SQLGetData got a null buffer");
  target.rules = connection_.type_rules();
  target.buffer = request.data;
  target.capacity = request.capacity;
  target.length = target.indicator = request.length_or_indicator;
  if (piece_column_ != request.number) {
    piece_column_ = request.number;
    piece_ = {};
  }
  return !piece_.exhausted;
}

}  // namespace driver
