// Parameters: binding, conversion, arrays, data at execution.
#include <algorithm>
#include <climits>
#include <cstring>

#include "driver/pointers.h"
#include "driver/statement.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

void Statement::bind_parameter(const ParameterBinding& binding) {
  if (binding.number == 0) {
    throw Error(SqlState::k07009, "Parameters are numbered from 1");
  }
  if (!known_c_type(binding.c_type)) {
    throw Error(SqlState::kHY003, "C type " + std::to_string(binding.c_type) + " is not known");
  }
  if (!known_sql_type(binding.sql_type)) {
    throw Error(SqlState::kHY004, "SQL type " + std::to_string(binding.sql_type) + " is not known");
  }
  if (binding.buffer_length < 0) {
    throw Error(SqlState::kHY090, "The buffer length of a parameter is negative");
  }
  switch (binding.input_output) {
    case SQL_PARAM_INPUT:
      break;
    case SQL_PARAM_INPUT_OUTPUT:
    case SQL_PARAM_OUTPUT:
      throw Error(SqlState::kHYC00,
                  "Output parameters are not supported yet: SELECT what the procedure sets");
    default:
      throw Error(SqlState::kHY105,
                  "Parameter type " + std::to_string(binding.input_output) + " is not known");
  }
  const auto number = static_cast<SQLSMALLINT>(binding.number);
  apd_->bind(number, binding.c_type, binding.value, binding.buffer_length,
             binding.length_or_indicator);
  DescriptorRecord& described = implicit_ipd_.record(number);
  set_concise_type(described, binding.sql_type);
  described.parameter_type = binding.input_output;
  described.length = binding.column_size;
  described.precision = static_cast<SQLSMALLINT>(
      std::min<SQLULEN>(binding.column_size, static_cast<SQLULEN>(SHRT_MAX)));
  described.scale = binding.decimal_digits;
}

SQLSMALLINT Statement::parameter_count() {
  if (!prepared_by_application_ && state_ != StatementState::kNeedData) {
    throw Error(SqlState::kHY010, "No statement is prepared");
  }
  return static_cast<SQLSMALLINT>(facts_.parameter_count);
}

convert::CSource Statement::parameter_source(SQLSMALLINT number, std::size_t set) const {
  const DescriptorRecord* bound = apd_->find(number);
  const bool unbound =
      bound == nullptr || (bound->data_ptr == nullptr && bound->indicator_ptr == nullptr &&
                           bound->octet_length_ptr == nullptr);
  if (unbound) {
    throw Error(SqlState::k07002, "Parameter " + std::to_string(number) + " is not bound");
  }
  const DescriptorRecord* described = implicit_ipd_.find(number);
  convert::CSource source;
  source.c_type = bound->concise_type;
  if (described != nullptr) {
    source.sql_type = described->concise_type;
    source.column_size = described->length;
    source.decimal_digits = described->scale;
  }
  const auto index = static_cast<std::ptrdiff_t>(set);
  const std::ptrdiff_t base = apd_->bind_offset_ptr == nullptr ? 0 : *apd_->bind_offset_ptr;
  std::ptrdiff_t data_step = static_cast<std::ptrdiff_t>(apd_->bind_type);
  std::ptrdiff_t length_step = data_step;
  if (apd_->bind_type == SQL_PARAM_BIND_BY_COLUMN) {
    const SQLLEN fixed = fixed_c_size(bound->concise_type);
    data_step = fixed != 0 ? fixed : bound->octet_length;
    length_step = sizeof(SQLLEN);
  }
  source.data = advance(static_cast<char*>(bound->data_ptr), base + index * data_step);
  source.length = advance(bound->octet_length_ptr, base + index * length_step);
  source.indicator = advance(bound->indicator_ptr, base + index * length_step);
  return source;
}

void Statement::find_data_at_execution() {
  data_wanted_.clear();
  long_data_.assign(facts_.parameter_count, {});
  const std::size_t sets = apd_->array_size;
  for (std::size_t i = 0; i < facts_.parameter_count; ++i) {
    const auto number = static_cast<SQLSMALLINT>(i + 1);
    const convert::CSource source = parameter_source(number, 0);
    if (source.indicator == nullptr || !at_execution(*source.indicator)) continue;
    if (sets > 1) {
      throw Error(
          SqlState::kHYC00,
          "Data at execution in arrays of parameters is not supported yet: execute the sets "
          "one by one");
    }
    data_wanted_.push_back(number);
  }
}

void Statement::convert_parameters(std::size_t set) {
  parameters_.clear();
  if (facts_.parameter_count == 0) return;
  storage_.clear();
  parameters_.resize(facts_.parameter_count);
  for (std::size_t i = 0; i < facts_.parameter_count; ++i) {
    const auto number = static_cast<SQLSMALLINT>(i + 1);
    convert::CSource source = parameter_source(number, set);
    SQLLEN given_length = 0;
    LongData& given = long_data_[i];
    if (given.given) {
      given_length = given.null ? SQL_NULL_DATA : static_cast<SQLLEN>(given.bytes.size());
      source.data = given.bytes.data();
      source.length = &given_length;
      source.indicator = &given_length;
    }
    const SqlState state = convert::from_c(source, storage_, parameters_[i]);
    if (state != SqlState::k00000) {
      throw Error(state, "Parameter " + std::to_string(number) + ": " +
                             std::string(fabric::base::text_of(state)));
    }
  }
}

SQLRETURN Statement::run_array(std::size_t sets) {
  SQLLEN total = 0;
  std::size_t failed = 0;
  SQLUSMALLINT* status = implicit_ipd_.array_status_ptr;
  const SQLUSMALLINT* operation = apd_->array_status_ptr;
  if (status != nullptr) std::fill_n(status, sets, SQLUSMALLINT{SQL_PARAM_UNUSED});
  for (std::size_t set = 0; set < sets; ++set) {
    if (implicit_ipd_.rows_processed_ptr != nullptr) *implicit_ipd_.rows_processed_ptr = set + 1;
    if (operation != nullptr && operation[set] == SQL_PARAM_IGNORE) continue;
    try {
      run_one(set);
      total += std::max<SQLLEN>(row_count_, 0);
      if (status != nullptr) status[set] = SQL_PARAM_SUCCESS;
      if (state_ == StatementState::kCursorOpen && set + 1 < sets) close_result();
    } catch (const Error& error) {
      ++failed;
      if (status != nullptr) status[set] = SQL_PARAM_ERROR;
      diagnostics.add({.state = error.state(),
                       .native = error.native(),
                       .text = error.what(),
                       .row_number = static_cast<SQLLEN>(set + 1)});
      if (!connection_.has_lease()) {  // the link is lost: the rest stays unused
        failed = sets;
        break;
      }
    }
  }
  row_count_ = total;
  diagnostics.row_count = total;
  if (failed == sets) return SQL_ERROR;
  if (state_ != StatementState::kCursorOpen) state_ = StatementState::kExecuted;
  return failed > 0 ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

SQLRETURN Statement::param_data(SQLPOINTER* token) {
  apply_cancel();
  if (state_ != StatementState::kNeedData) {
    throw Error(SqlState::kHY010, "No parameter waits for data");
  }
  if (work_ != nullptr) return positioned_param_data(token);
  if (data_current_ != 0 && !long_data_[static_cast<std::size_t>(data_current_ - 1)].given) {
    throw Error(SqlState::kHY010, "The parameter has no data yet: call SQLPutData first");
  }
  if (data_wanted_.empty()) {
    data_current_ = 0;
    return run_all();
  }
  data_current_ = data_wanted_.front();
  data_wanted_.pop_front();
  if (token != nullptr) *token = apd_->record(data_current_).data_ptr;
  return SQL_NEED_DATA;
}

void Statement::put_data(SQLPOINTER data, SQLLEN length) {
  apply_cancel();
  if (work_ != nullptr) return positioned_put_data(data, length);
  if (state_ != StatementState::kNeedData || data_current_ == 0) {
    throw Error(SqlState::kHY010, "SQLPutData is only for a parameter that SQLParamData named");
  }
  append_long_data(long_data_[static_cast<std::size_t>(data_current_ - 1)],
                   apd_->record(data_current_).concise_type, data, length);
}

void Statement::cancel() {
  if (!connection_.cancel_point().cancel(this)) cancelled_ = true;
}

void Statement::apply_cancel() {
  if (!cancelled_.exchange(false)) return;
  if (state_ == StatementState::kCursorOpen)
    return free(SQL_CLOSE);  // the driver manager thinks so
  if (state_ != StatementState::kNeedData) return;
  if (work_ != nullptr) return abandon_positioned();
  data_wanted_.clear();
  data_current_ = 0;
  long_data_.clear();
  state_ = prepared_by_application_ ? StatementState::kPrepared : StatementState::kAllocated;
}

}  // namespace driver
