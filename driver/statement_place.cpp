// One row that SQLSetPos or SQLBulkOperations is about, and what the cursor then shows of it.
#include <algorithm>

#include "driver/bound_cell.h"
#include "driver/positioned_work.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::Row;
using Change = PositionedWork::Change;

namespace {

/// What the application says of a buffer: SQL_COLUMN_IGNORE, SQL_NULL_DATA, a length.
SQLLEN said_of(const BoundCell& cell) {
  const auto indicator = convert::load_length(cell.indicator);
  if (indicator && *indicator < 0) return *indicator;
  return convert::load_length(cell.length).value_or(SQL_NTS);
}

}  // namespace

CursorChanges& Statement::changes() {
  return_to_rows();
  if (changes_ == nullptr) {
    changes_ = std::make_unique<CursorChanges>(*this, reply_->columns(), reply_->format(), sql_);
  }
  return *changes_;
}

const Row& Statement::row_numbered(std::uint64_t number) {
  if (deleted_.contains(number)) throw row_gone();
  if (!rowset_.empty() && number >= rowset_.number_of(0) &&
      number < rowset_.number_of(rowset_.size())) {
    return *rowset_.row(static_cast<std::size_t>(number - rowset_.number_of(0)));
  }
  if (was_added(number)) return *added_.read(number - kAddedRows - 1);
  if (stored_ == nullptr || number == 0 || number > last_row()) throw row_gone();
  rowset_.source_changed();  // its view shows another row now
  return *stored_->row(number - 1);
}

std::uint64_t Statement::row_of(const PositionedWork& work, std::size_t place) const {
  if (!work.by_bookmark) return rowset_.number_of(place);
  const DescriptorRecord& bound = *ard_->find(0);
  if (bound.data_ptr == nullptr) {
    throw Error(SqlState::kHY111, "Column 0 is not bound: no bookmark is given");
  }
  const SQLSMALLINT c_type = c_type_of(bound, *implicit_ird_.find(0), {});
  return bookmark_from(BoundCells(*ard_, bound, c_type).at(place).data);
}

void Statement::run_place(PositionedWork& work, std::size_t place) {
  switch (work.change) {
    case Change::kUpdate:
      return update_place(work, place);
    case Change::kDelete:
      return delete_place(work, place);
    case Change::kAdd:
      return add_place(work, place);
    default:
      return fetch_place(work, place, work.change == Change::kRefresh);
  }
}

std::vector<std::size_t> Statement::convert_bound(PositionedWork& work, std::size_t place) {
  std::vector<std::size_t> columns;
  parameters_.clear();
  storage_.clear();
  const SQLSMALLINT bound = std::min(ard_->count(), implicit_ird_.count());
  const TypeRules rules = connection_.type_rules();
  for (SQLSMALLINT number = 1; number <= bound; ++number) {
    const DescriptorRecord& record = *ard_->find(number);
    if (!record.bound()) continue;
    const DescriptorRecord& described = *implicit_ird_.find(number);
    const SQLSMALLINT c_type = c_type_of(record, described, rules);
    const BoundCell cell = BoundCells(*ard_, record, c_type).at(place);
    SQLLEN said = said_of(cell);
    if (said == SQL_COLUMN_IGNORE) continue;
    const auto column = static_cast<std::size_t>(number - 1);
    const std::string name = "Column " + std::to_string(number);
    if (!changes().locator().of_table(column)) {
      throw Error(SqlState::kHYC00, name +
                                        " is an expression and cannot be written: unbind it, or "
                                        "set its length to SQL_COLUMN_IGNORE");
    }
    if (changes().is_generated(column)) continue;  // as programs read and bind it with the rest
    convert::CSource source{.c_type = c_type,
                            .sql_type = described.concise_type,
                            .data = cell.data,
                            .length = &said,
                            .indicator = &said};
    source.moments = connection_.moment_rules();
    const bool given = work.data.replace(place, number, source, said);
    if (!given && fixed_c_size(source.c_type) == 0 && said > record.octet_length) {
      throw Error(SqlState::k22001, name +
                                        ": its length is beyond its buffer; set the length, or "
                                        "SQL_COLUMN_IGNORE where a cut value was read");
    }
    fabric::mysql::Parameter value;
    const SqlState state = convert::from_c(source, storage_, value);
    if (state != SqlState::k00000) {
      throw Error(state, name + ": " + std::string(fabric::base::text_of(state)));
    }
    columns.push_back(column);
    parameters_.push_back(value);
  }
  return columns;
}

void Statement::note_hit(CursorChanges::Hit hit, std::size_t place) {
  if (hit == CursorChanges::Hit::kOne) return;
  diagnostics.add({.state = SqlState::k01001,
                   .text = hit == CursorChanges::Hit::kNone ? kNoRowHit : kSeveralRowsHit,
                   .row_number = static_cast<SQLLEN>(place + 1)});
}

void Statement::update_place(PositionedWork& work, std::size_t place) {
  const std::uint64_t number = row_of(work, place);
  const std::vector<std::size_t> columns = convert_bound(work, place);
  if (columns.empty()) {
    throw Error(SqlState::k21S02, "No column is bound, or all are SQL_COLUMN_IGNORE");
  }
  const Row& row = row_numbered(number);
  const auto hit = changes().update(changes().find(row, cursor_options_), columns, parameters_);
  note_hit(hit, place);
  if (hit == CursorChanges::Hit::kNone) {
    if (work.status != nullptr) work.status[place] = SQL_ROW_SUCCESS_WITH_INFO;
    return;
  }
  ++work.affected;
  if (work.status != nullptr) work.status[place] = SQL_ROW_UPDATED;
  show_changed(number, columns, parameters_);
}

/// The row as it is now, its `columns` set to `values`; one that is not found stays as it was.
void Statement::show_changed(std::uint64_t number, CursorChanges::Chosen columns,
                             CursorChanges::Values values) {
  try {
    changes().read_again(row_numbered(number), columns, values,
                         [&](const Row& now) { replace_row(number, now); });
  } catch (const Error& error) {
    connection_.tell_with_next(error);  // the change itself is done
  }
}

CursorChanges::Found Statement::current_target(const std::string& table) {
  if (state_ != StatementState::kCursorOpen || reply_ == nullptr) {
    throw Error(SqlState::k34000, "The cursor of WHERE CURRENT OF is not open");
  }
  const bool on_row = !rowset_.empty() && !deleted_.contains(rowset_.number_of(rowset_.current()));
  if (!on_row) {
    throw Error(SqlState::k24000, "The cursor of WHERE CURRENT OF is not on a row: fetch first");
  }
  if (cursor_options_.read_only_wanted()) {
    throw Error(SqlState::k42000, "The cursor is read-only (SQL_ATTR_CONCURRENCY)");
  }
  rowset_.keep();
  if (!sql::equals_ignoring_case(table, changes().locator().table_name())) {
    throw Error(SqlState::k42000, "The cursor's rows are of table " + changes().locator().table() +
                                      ", not of " + table);
  }
  return changes().find(*rowset_.current_row(), cursor_options_);
}

void Statement::current_deleted() { deleted_.insert(rowset_.number_of(rowset_.current())); }

void Statement::current_changed(const CursorChanges::Foreseen& now) {
  show_changed(rowset_.number_of(rowset_.current()), now.columns, now.values);
}

void Statement::delete_place(PositionedWork& work, std::size_t place) {
  const std::uint64_t number = row_of(work, place);
  const Row& row = row_numbered(number);
  const auto hit = changes().remove(changes().find(row, cursor_options_));
  note_hit(hit, place);
  if (hit == CursorChanges::Hit::kNone) {
    if (work.status != nullptr) work.status[place] = SQL_ROW_SUCCESS_WITH_INFO;
    return;
  }
  ++work.affected;
  deleted_.insert(number);
  if (work.status != nullptr) work.status[place] = SQL_ROW_DELETED;
}

void Statement::add_place(PositionedWork& work, std::size_t place) {
  const std::vector<std::size_t> columns = convert_bound(work, place);
  const std::uint64_t insert_id = changes().insert(columns, parameters_);
  ++work.affected;
  if (work.status != nullptr) work.status[place] = SQL_ROW_ADDED;
  give_bookmark(place, columns, insert_id);
}

/// ODBC 3.8, SQLBulkOperations: into column 0 if it is bound. The new row is none of the result: by
/// its bookmark alone it is found again.
void Statement::give_bookmark(std::size_t place, CursorChanges::Chosen columns,
                              std::uint64_t insert_id) {
  const DescriptorRecord* bound = ard_->find(0);
  if (!cursor_options_.bookmarks() || bound == nullptr || bound->data_ptr == nullptr) return;
  bool found = false;
  try {
    found = changes().read_added(columns, parameters_, insert_id,
                                 [this](const Row& row) { added_.append(row); });
  } catch (const Error& error) {
    connection_.tell_with_next(error);  // the row is there
  }
  if (!found) {
    diagnostics.add({.state = SqlState::k01000,
                     .text = "The row was added, and has no bookmark: its key is not known",
                     .row_number = static_cast<SQLLEN>(place + 1)});
    return;
  }
  const SQLSMALLINT c_type = c_type_of(*bound, *implicit_ird_.find(0), {});
  const BoundCell cell = BoundCells(*ard_, *bound, c_type).at(place);
  const convert::CTarget target{.c_type = c_type,
                                .buffer = cell.data,
                                .capacity = bound->octet_length,
                                .length = cell.length,
                                .indicator = cell.indicator};
  note_conversion(convert_bookmark(kAddedRows + added_.size(), target, nullptr), 0,
                  static_cast<SQLLEN>(place + 1));
}

void Statement::fetch_place(PositionedWork& work, std::size_t place, bool again) {
  const std::uint64_t number = row_of(work, place);
  const Row* row = &row_numbered(number);
  bool gone = false;
  if (again && can_change() && changes().locator().has_key()) {
    gone = !changes().read_again(*row, {}, {}, [&](const Row& now) { replace_row(number, now); });
    row = &row_numbered(number);
  }
  plan_fetch();
  const SQLRETURN converted = convert_row(*row, place, number);
  if (work.status == nullptr) return;
  work.status[place] = gone                                 ? SQL_ROW_DELETED
                       : converted == SQL_ERROR             ? SQL_ROW_ERROR
                       : converted == SQL_SUCCESS_WITH_INFO ? SQL_ROW_SUCCESS_WITH_INFO
                                                            : SQL_ROW_SUCCESS;
}

/// Whether the rows are of one table; the reason why not is not told.
bool Statement::can_change() {
  try {
    static_cast<void>(changes());
    return true;
  } catch (const Error& error) {
    if (error.state() != SqlState::kHYC00) throw;
    return false;
  }
}

void Statement::replace_row(std::uint64_t number, const Row& row) {
  if (was_added(number)) return added_.replace(number - kAddedRows - 1, row);
  const bool shown = !rowset_.empty() && number >= rowset_.number_of(0) &&
                     number < rowset_.number_of(rowset_.size());
  if (stored_ != nullptr) {
    stored_->replace(number - 1, row);
    rowset_.source_changed();
  } else if (shown) {
    rowset_.replace(static_cast<std::size_t>(number - rowset_.number_of(0)), row);
  }
}

}  // namespace driver
