// Rows: SQLFetch into bound columns, SQLGetData in pieces.
#include "driver/pointers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::Cell;
using fabric::mysql::MysqlError;
using fabric::mysql::Row;

namespace {

bool is_error(SqlState state) {
  return state != SqlState::k00000 && state != SqlState::k01004 && state != SqlState::k01S07;
}

}  // namespace

void Statement::require_cursor() const {
  if (state_ == StatementState::kCursorOpen && reply_ != nullptr) return;
  if (state_ == StatementState::kCursorOpen) {
    throw Error(SqlState::k08S01,
                "The rest of this result was lost with its connection: run the statement again");
  }
  if (state_ == StatementState::kExecuted) {
    throw Error(SqlState::k24000, "The statement gave no result set: there is nothing to fetch");
  }
  throw Error(SqlState::kHY010, "No statement was executed");
}

const Row* Statement::next_row() {
  if (max_rows_ != 0 && rows_fetched_ >= max_rows_) return nullptr;
  for (bool again = false;; again = true) {
    try {
      const Row* row = reply_->fetch(deadline());
      if (row != nullptr) {
        rows_given_ = true;
        ++rows_fetched_;
      } else {
        note_finished();
      }
      return row;
    } catch (const MysqlError& error) {
      const bool was_live = live_;
      const StatementFacts facts = facts_;
      if (!was_live) throw;
      connection_.reading_failed(error, facts, rows_given_ || again);
      run_again();
    }
  }
}

SQLRETURN Statement::fetch() {
  require_cursor();
  const std::size_t wanted = ard_->array_size;
  SQLUSMALLINT* status = implicit_ird_.array_status_ptr;
  std::size_t rows = 0;
  std::size_t failed = 0;
  bool with_info = false;
  piece_column_ = 0;
  piece_ = {};
  std::optional<CancelPoint::Running> running;
  if (live_) running.emplace(connection_.cancel_point(), *this);
  for (; rows < wanted; ++rows) {
    row_ = next_row();
    if (row_ == nullptr) break;
    const SQLRETURN converted = convert_row(*row_, rows);
    if (converted == SQL_ERROR) ++failed;
    with_info = with_info || converted == SQL_SUCCESS_WITH_INFO;
    if (status != nullptr) {
      status[rows] = converted == SQL_ERROR               ? SQL_ROW_ERROR
                     : converted == SQL_SUCCESS_WITH_INFO ? SQL_ROW_SUCCESS_WITH_INFO
                                                          : SQL_ROW_SUCCESS;
    }
  }
  if (status != nullptr) {
    for (std::size_t i = rows; i < wanted; ++i) status[i] = SQL_ROW_NOROW;
  }
  if (implicit_ird_.rows_processed_ptr != nullptr) *implicit_ird_.rows_processed_ptr = rows;
  if (rows == 0) return SQL_NO_DATA;
  if (failed == rows) return SQL_ERROR;
  return failed > 0 || with_info ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

SQLRETURN Statement::fetch_scroll(SQLSMALLINT orientation, SQLLEN /*offset*/) {
  if (orientation != SQL_FETCH_NEXT) {
    throw Error(SqlState::kHY106, "The cursor is forward-only: only SQL_FETCH_NEXT is possible");
  }
  return fetch();
}

SQLRETURN Statement::convert_row(const Row& row, std::size_t index) {
  const auto& columns = reply_->columns();
  const SQLSMALLINT bound =
      std::min<SQLSMALLINT>(ard_->count(), static_cast<SQLSMALLINT>(row.size()));
  const std::ptrdiff_t base = ard_->bind_offset_ptr == nullptr ? 0 : *ard_->bind_offset_ptr;
  const bool by_column = ard_->bind_type == SQL_BIND_BY_COLUMN;
  SQLRETURN result = SQL_SUCCESS;
  for (SQLSMALLINT number = 1; number <= bound; ++number) {
    const DescriptorRecord& target = *ard_->find(number);
    if (target.data_ptr == nullptr && target.octet_length_ptr == nullptr) continue;
    const auto column = static_cast<std::size_t>(number - 1);
    const SQLLEN fixed = fixed_c_size(target.concise_type);
    const SQLLEN width = fixed != 0 ? fixed : target.octet_length;
    const auto row_step = static_cast<std::ptrdiff_t>(ard_->bind_type);
    const auto position = static_cast<std::ptrdiff_t>(index);
    const std::ptrdiff_t data_at = base + position * (by_column ? width : row_step);
    const std::ptrdiff_t length_at =
        base + position * (by_column ? static_cast<std::ptrdiff_t>(sizeof(SQLLEN)) : row_step);
    convert::CTarget c;
    c.c_type = target.concise_type;
    c.buffer = advance(static_cast<char*>(target.data_ptr), data_at);
    c.capacity = target.octet_length;
    c.length = advance(target.octet_length_ptr, length_at);
    c.indicator = advance(target.indicator_ptr, length_at);
    c.precision = target.precision;
    c.scale = target.scale;
    const SqlState state =
        convert::to_c(columns[column], reply_->format(), row[column], c, nullptr);
    if (state == SqlState::k00000) continue;
    diagnostics.add({.state = state,
                     .text = "Column " + std::to_string(number) + ": " +
                             std::string(fabric::base::text_of(state)),
                     .row_number = static_cast<SQLLEN>(index + 1),
                     .column_number = number});
    if (is_error(state)) {
      result = SQL_ERROR;
    } else if (result == SQL_SUCCESS) {
      result = SQL_SUCCESS_WITH_INFO;
    }
  }
  return result;
}

SQLRETURN Statement::get_data(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data,
                              SQLLEN capacity, SQLLEN* length_or_indicator) {
  require_cursor();
  if (row_ == nullptr) throw Error(SqlState::k24000, "The cursor is not on a row: fetch first");
  if (number == 0) throw Error(SqlState::k07009, "Bookmarks are off: columns are numbered from 1");
  if (number > row_->size()) {
    throw Error(SqlState::k07009, "There is no column " + std::to_string(number) +
                                      ": the result has " + std::to_string(row_->size()));
  }
  if (capacity < 0) throw Error(SqlState::kHY090, "The buffer length is negative");
  convert::CTarget target;
  target.c_type = c_type;
  target.buffer = data;
  target.capacity = capacity;
  target.length = length_or_indicator;
  target.indicator = length_or_indicator;
  if (c_type == SQL_ARD_TYPE) {
    const DescriptorRecord* bound = ard_->find(static_cast<SQLSMALLINT>(number));
    if (bound == nullptr) throw Error(SqlState::k07009, "The ARD has no such record");
    target.c_type = bound->concise_type;
    target.precision = bound->precision;
    target.scale = bound->scale;
  }
  if (!known_c_type(target.c_type)) {
    throw Error(SqlState::kHY003, "C type " + std::to_string(c_type) + " is not known");
  }
  if (data == nullptr) throw Error(SqlState::kHY009, "SQLGetData got a null buffer");
  if (piece_column_ != number) {
    piece_column_ = number;
    piece_ = {};
  }
  if (piece_.exhausted) return SQL_NO_DATA;
  const std::size_t column = number - 1U;
  const SqlState state =
      convert::to_c(reply_->columns()[column], reply_->format(), (*row_)[column], target, &piece_);
  if (state == SqlState::k00000) return SQL_SUCCESS;
  diagnostics.add({.state = state,
                   .text = "Column " + std::to_string(number) + ": " +
                           std::string(fabric::base::text_of(state)),
                   .column_number = static_cast<SQLINTEGER>(number)});
  return is_error(state) ? SQL_ERROR : SQL_SUCCESS_WITH_INFO;
}

}  // namespace driver
