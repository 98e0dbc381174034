// Output parameters: stored where they are bound, or given one by one by SQLParamData and
// SQLGetData (ODBC 3.8, "Retrieving Output Parameters Using SQLGetData").
#include <algorithm>
#include <deque>

#include "driver/out_parameters.h"
#include "driver/rows/memory_reply.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::Reply;
using fabric::mysql::Row;

namespace {

constexpr SQLSMALLINT kApdType = -100;  // SQL_APD_TYPE, which unixODBC's headers lack

}  // namespace

std::vector<SQLSMALLINT> Statement::output_numbers() const {
  if (returns_value_) return {1};
  std::vector<SQLSMALLINT> numbers;
  const ParameterSets sets = parameter_sets();
  for (SQLSMALLINT marker = 1; marker <= parameter_total(); ++marker) {
    const SQLSMALLINT number =
        call_order_.empty() ? marker : call_order_[static_cast<std::size_t>(marker - 1)];
    if (sets.takes_output(number)) numbers.push_back(number);
  }
  return numbers;
}

bool Statement::streams_output() const {
  const ParameterSets sets = parameter_sets();
  return std::ranges::any_of(output_numbers(),
                             [&](SQLSMALLINT number) { return sets.streams(number); });
}

bool Statement::at_outputs() const {
  return reply_ != nullptr && !own_ && (returns_value_ || reply_->out_parameters());
}

SQLRETURN Statement::read_outputs(Reply& reply, std::size_t set) {
  const Row* row = reply.fetch(answer_deadline());
  if (row == nullptr) return SQL_SUCCESS;
  return store_outputs(reply, *row, output_numbers(), parameter_sets(), set, diagnostics);
}

/// Of one set among several: given at SQLMoreResults, its row count behind it.
void Statement::keep_outputs(Reply& reply, std::size_t set, ArrayResults& results) {
  results.rows->take_result(reply, answer_deadline());
  rows::MemoryReply nothing({}, {});
  results.rows->take_result(nothing, Deadline::never());
  results.output_sets.push_back(set);
  results.has_rows = true;
}

/// A procedure's values, none of them streamed, of a single set of parameters.
bool Statement::at_output_row() const {
  return at_outputs() && !returns_value_ && output_sets_.empty() && !streams_output();
}

/// The values as columns would give them.
void Statement::show_as_columns(rows::SpooledReply& outputs,
                                std::span<const SQLSMALLINT> numbers) const {
  const ParameterSets sets = parameter_sets();
  const Row row = *outputs.row(0);
  std::deque<OutputValue> values;
  std::vector<fabric::mysql::Column> columns;
  std::vector<fabric::mysql::Cell> cells;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    values.emplace_back(outputs.columns()[i], row[i], sets.sql_type(numbers[i]));
    columns.push_back(values.back().column());
    cells.push_back(values.back().cell());
  }
  outputs.replace(0, cells);
  outputs.describe(std::move(columns));
}

/// They are stored where they are bound, and are a result of their own beside, of one row: what
/// programs know from other drivers.
SQLRETURN Statement::show_outputs() {
  if (stored_ == nullptr) keep_all();
  const std::uint64_t rows = stored_->row_count();
  SQLRETURN done = SQL_SUCCESS;
  if (rows != 0) {
    const std::vector<SQLSMALLINT> numbers = output_numbers();
    done = store_outputs(*reply_, *stored_->row(0), numbers, parameter_sets(), 0, diagnostics);
    if (numbers.size() == stored_->columns().size()) show_as_columns(*stored_, numbers);
  }
  if (!cursor_options_.scrollable()) stored_ = nullptr;
  show_result();
  set_row_count(static_cast<SQLLEN>(rows));
  return done;
}

/// The result at hand is output values: they are stored, or wait for the application. What follows,
/// the procedure's own row count, takes its place.
SQLRETURN Statement::take_outputs() {
  outputs_ = output_numbers();
  outputs_named_ = 0;
  rowset_.start(1, false);
  reading([this] {
    if (const Row* row = reply_->fetch(answer_deadline())) rowset_.add(*row, reply_->layout());
  });
  const Row* row = rowset_.current_row();
  if (row == nullptr) {
    end_outputs();
    return SQL_SUCCESS;
  }
  if (row->size() != outputs_.size() || !streams_output()) return finish_outputs();
  forget_description();
  state_ = StatementState::kGivesOutput;
  piece_column_ = kNoColumn;
  if (live_) connection_.note_streaming();
  return SQL_PARAM_DATA_AVAILABLE;
}

SQLRETURN Statement::name_output(SQLPOINTER* token) {
  const ParameterSets sets = parameter_sets();
  const auto streamed = [&](SQLSMALLINT number) { return sets.streams(number); };
  const auto begin = outputs_.begin() + static_cast<std::ptrdiff_t>(outputs_named_);
  const auto next = std::find_if(begin, outputs_.end(), streamed);
  if (next == outputs_.end()) {
    const SQLRETURN stored = finish_outputs();
    show_result();
    return stored;
  }
  outputs_named_ = static_cast<std::size_t>(next - outputs_.begin()) + 1;
  piece_column_ = kNoColumn;
  if (token != nullptr) *token = sets.target(*next, output_set()).buffer;
  return SQL_PARAM_DATA_AVAILABLE;
}

std::size_t Statement::output_set() const {
  return output_sets_.empty() ? 0 : output_sets_.front();
}

/// Of the output values at hand; 08S01 when they are gone.
const Row& Statement::output_row() {
  const Row* row = reply_ == nullptr ? nullptr : rowset_.current_row();
  if (row != nullptr) return *row;
  throw Error(SqlState::k08S01,
              "The output parameters were lost with their connection: call the procedure again");
}

/// What is bound is stored, what is streamed and was not read is given up.
SQLRETURN Statement::finish_outputs() {
  state_ = idle_state();
  const SQLRETURN stored =
      store_outputs(*reply_, output_row(), outputs_, parameter_sets(), output_set(), diagnostics);
  if (!output_sets_.empty()) output_sets_.pop_front();
  end_outputs();
  return stored;
}

void Statement::end_outputs() {
  rowset_.clear();
  reading([this] {
    if (reply_->next_result(answer_deadline())) return;
    note_finished();
    close_result();
  });
}

SQLRETURN Statement::get_output(const DataRequest& request) {
  if (outputs_named_ == 0) {
    throw Error(SqlState::kHY010, "SQLParamData tells which output parameter is to be read");
  }
  const std::size_t place = outputs_named_ - 1;
  const SQLSMALLINT number = outputs_[place];
  if (request.number != number) {
    throw Error(SqlState::k07009, "Output parameter " + std::to_string(number) +
                                      " is the one to be read, not " +
                                      std::to_string(request.number));
  }
  const Row& row = output_row();
  const ParameterSets sets = parameter_sets();
  convert::CTarget target{.c_type = request.c_type};
  if (request.c_type == kApdType) target = sets.target(number, output_set());
  if (request.c_type == SQL_C_DEFAULT) {
    target.c_type = default_c_type(sets.sql_type(number), false, connection_.type_rules());
  }
  if (!begin_piece(request, target)) return SQL_NO_DATA;
  const OutputValue value(reply_->columns()[place], row[place], sets.sql_type(number));
  return note_conversion(
      convert::to_c(value.column(), reply_->format(), value.cell(), target, &piece_),
      request.number);
}

}  // namespace driver
