// Changing rows through the cursor: SQLSetPos and SQLBulkOperations.
#include <algorithm>

#include "driver/bound_cell.h"
#include "driver/positioned_work.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::Row;
using Change = PositionedWork::Change;

SQLRETURN Statement::set_position(SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
  require_cursor();
  if (operation > SQL_ADD) {
    throw Error(SqlState::kHY092, "Operation " + std::to_string(operation) + " is not known");
  }
  if (lock > SQL_LOCK_UNLOCK) {
    throw Error(SqlState::kHY092, "Lock type " + std::to_string(lock) + " is not known");
  }
  if (lock != SQL_LOCK_NO_CHANGE) {
    throw Error(SqlState::kHYC00, "Rows are not locked by a cursor: SELECT ... FOR UPDATE does it");
  }
  if (rowset_.empty() && operation != SQL_ADD) {
    throw Error(SqlState::k24000, "The cursor is not on a row: fetch first");
  }
  const SQLULEN size = extended_.value_or(false) ? rowset_size_ : ard_->array_size;
  const std::uint64_t rows = operation == SQL_ADD ? size : rowset_.size();
  if (row > std::max<std::uint64_t>(rows, rowset_size_)) {
    throw Error(SqlState::kHY107, "Row " + std::to_string(row) + " is not in the rowset");
  }
  if (operation == SQL_POSITION && row == 0) {
    throw Error(SqlState::kHY109, "SQL_POSITION needs one row: from 1");
  }
  if (row > rows) throw row_gone();
  rowset_.keep();
  piece_column_ = kNoColumn;
  const auto place = static_cast<std::size_t>(row == 0 ? 0 : row - 1);
  if (operation != SQL_ADD) {
    if (row != 0 && deleted_.contains(rowset_.number_of(place))) throw row_gone();
    rowset_.position(place);
  }
  if (operation == SQL_POSITION) return SQL_SUCCESS;
  auto work = std::make_unique<PositionedWork>();
  work->change = operation == SQL_REFRESH  ? Change::kRefresh
                 : operation == SQL_UPDATE ? Change::kUpdate
                 : operation == SQL_DELETE ? Change::kDelete
                                           : Change::kAdd;
  work->single = row != 0;
  work->status = rowset_status_;
  if (row != 0) {
    work->places.push_back(place);
  } else {
    for (std::size_t i = 0; i < rows; ++i) work->places.push_back(i);
  }
  return start_positioned(std::move(work));
}

SQLRETURN Statement::bulk_operation(SQLUSMALLINT operation) {
  require_cursor();
  if (extended_.value_or(false)) {
    throw Error(SqlState::kHY010, "SQLBulkOperations does not go with SQLExtendedFetch");
  }
  auto work = std::make_unique<PositionedWork>();
  switch (operation) {
    case SQL_ADD:
      work->change = Change::kAdd;
      break;
    case SQL_UPDATE_BY_BOOKMARK:
      work->change = Change::kUpdate;
      break;
    case SQL_DELETE_BY_BOOKMARK:
      work->change = Change::kDelete;
      break;
    case SQL_FETCH_BY_BOOKMARK:
      work->change = Change::kFetch;
      break;
    default:
      throw Error(SqlState::kHY092, "Operation " + std::to_string(operation) + " is not known");
  }
  work->by_bookmark = work->change != Change::kAdd;
  if (work->by_bookmark && !cursor_options_.bookmarks()) {
    throw Error(SqlState::kHY092,
                "Bookmarks are off: set SQL_ATTR_USE_BOOKMARKS before the statement is executed");
  }
  rowset_.keep();
  piece_column_ = kNoColumn;
  work->status = implicit_ird_.array_status_ptr;
  for (std::size_t i = 0; i < ard_->array_size; ++i) work->places.push_back(i);
  return start_positioned(std::move(work));
}

SQLRETURN Statement::start_positioned(std::unique_ptr<PositionedWork> work) {
  const bool reads = work->change == Change::kRefresh || work->change == Change::kFetch;
  if (!reads && cursor_options_.read_only_wanted()) {
    throw Error(SqlState::kHY092, "The cursor is read-only (SQL_ATTR_CONCURRENCY)");
  }
  if (!work->single && ard_->array_status_ptr != nullptr) {
    std::erase_if(work->places, [&](std::size_t place) {
      return ard_->array_status_ptr[place] == SQL_ROW_IGNORE;
    });
  }
  if (!work->by_bookmark && work->change != Change::kAdd) {
    std::erase_if(work->places,
                  [&](std::size_t place) { return deleted_.contains(rowset_.number_of(place)); });
  }
  if (!reads) static_cast<void>(changes());  // refused before any data is asked for
  work_ = std::move(work);
  if (work_->change == Change::kUpdate || work_->change == Change::kAdd) {
    ask_for_long_data(*work_);
  }
  if (work_->data.empty()) return run_positioned();
  cancelled_ = false;  // of a call before this one
  state_ = StatementState::kNeedData;
  return SQL_NEED_DATA;
}

void Statement::ask_for_long_data(PositionedWork& work) {
  const SQLSMALLINT bound = std::min(ard_->count(), implicit_ird_.count());
  const TypeRules rules = connection_.type_rules();
  for (const std::size_t place : work.places) {
    for (SQLSMALLINT number = 1; number <= bound; ++number) {
      const DescriptorRecord& record = *ard_->find(number);
      if (!record.bound()) continue;
      const SQLSMALLINT c_type = c_type_of(record, *implicit_ird_.find(number), rules);
      const BoundCell cell = BoundCells(*ard_, record, c_type).at(place);
      const convert::CSource source{
          .c_type = c_type, .data = cell.data, .length = cell.length, .indicator = cell.indicator};
      if (ExecutionData::wanted(source)) work.data.want(place, number, source);
    }
  }
}

SQLRETURN Statement::positioned_param_data(SQLPOINTER* token) {
  if (!work_->data.next()) {
    state_ = StatementState::kCursorOpen;
    return run_positioned();
  }
  if (token != nullptr) *token = work_->data.token();
  return SQL_NEED_DATA;
}

void Statement::positioned_put_data(SQLPOINTER data, SQLLEN length) {
  if (!work_->data.named()) {
    throw Error(SqlState::kHY010, "SQLPutData is only for a column that SQLParamData named");
  }
  try {
    work_->data.put(data, length);
  } catch (...) {  // as for parameters
    abandon_positioned();
    throw;
  }
}

void Statement::abandon_positioned() {
  const CancelLater cancel_later;
  work_.reset();
  state_ = StatementState::kCursorOpen;
}

SQLRETURN Statement::run_positioned() {
  const std::unique_ptr<PositionedWork> work = std::move(work_);
  std::size_t failed = 0;
  std::size_t fetched = 0;
  for (const std::size_t place : work->places) {
    try {
      run_place(*work, place);
      ++fetched;
    } catch (const Error& error) {
      ++failed;
      if (work->status != nullptr) work->status[place] = SQL_ROW_ERROR;
      diagnostics.add({.state = error.state(),
                       .native = error.native(),
                       .text = error.what(),
                       .row_number = static_cast<SQLLEN>(place + 1)});
      if (state_ != StatementState::kCursorOpen || reply_ == nullptr) return SQL_ERROR;
    }
  }
  if (work->change == Change::kFetch && implicit_ird_.rows_processed_ptr != nullptr) {
    *implicit_ird_.rows_processed_ptr = fetched;
  }
  if (work->change != Change::kFetch && work->change != Change::kRefresh) {
    set_row_count(work->affected);
  }
  if (failed == 0) return SQL_SUCCESS;
  if (failed == work->places.size()) return SQL_ERROR;
  diagnostics.warn(SqlState::k01S01, "Some rows failed: their status says which");
  return SQL_SUCCESS_WITH_INFO;
}

}  // namespace driver
