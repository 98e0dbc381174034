// Arrays of parameter sets: one set after the other, or, where that comes to the same, many as one
// command (docs/adr/0006-arrays-of-parameters.md).
#include <algorithm>

#include "driver/rows/spooled_reply.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/error_traits.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::MysqlError;
using fabric::mysql::Parameter;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

namespace {

/// Fewer are not worth the question about their table.
constexpr std::size_t kFewSets = 10;
constexpr std::size_t kLargestCommand = std::size_t{1} << 20U;
/// Of a value, beside its characters.
constexpr std::size_t kValueHead = 32;

/// After it nothing may be run in the name of the same call.
bool ends_array(const Error& error) {
  return error.state() == SqlState::k40001 || error.state() == SqlState::k25S03 ||
         error.state() == SqlState::kHY008 || error.native() == fabric::mysql::kInterrupted;
}

/// As a literal, every byte of which may be escaped or written as two digits.
std::size_t literal_bytes(const Parameter& value) {
  if (const auto* text = std::get_if<fabric::mysql::TextValue>(&value)) {
    return kValueHead + 2 * text->utf8.size();
  }
  if (const auto* bytes = std::get_if<fabric::mysql::BytesValue>(&value)) {
    return kValueHead + 2 * bytes->bytes.size();
  }
  return kValueHead;
}

}  // namespace

void Statement::add_diagnostic(const Error& error, SQLLEN row) {
  diagnostics.add(
      {.state = error.state(),
       .native = error.native(),
       .text = error.what(),
       .row_number = row,
       .column_number = refused_parameter_ != 0 ? refused_parameter_ : SQL_NO_COLUMN_NUMBER});
}

/// Row counts are summed up (SQL_PARC_NO_BATCH), the rows of a SELECT are one result
/// (SQL_PAS_NO_BATCH); those of CALL and the like are kept one behind the other for SQLMoreResults.
SQLRETURN Statement::run_array() {
  const ParameterSets sets = parameter_sets();
  ArrayResults results{std::make_unique<rows::SpooledReply>(connection_.settings().spool_memory)};
  std::size_t alone_until = may_go_together(sets) ? 0 : sets.count();
  for (std::size_t set = 0; set < sets.count() && !results.over;) {
    if (set < alone_until) {
      run_alone(sets, set++, results);
      continue;
    }
    const Gathered gathered = gather(sets, set);
    if (gathered.rows > 1 && run_together(sets, set, gathered, results)) {
      set = gathered.end;
    } else {
      alone_until = std::max(gathered.end, set + 1);
    }
  }
  return show_array(results);
}

void Statement::run_alone(const ParameterSets& sets, std::size_t set, ArrayResults& results) {
  sets.processed(set + 1);
  if (sets.ignored(set)) return;
  try {
    const SQLRETURN result = collect(*run_set(set), set, results);
    sets.mark(set, result == SQL_SUCCESS ? SQL_PARAM_SUCCESS : SQL_PARAM_SUCCESS_WITH_INFO);
    results.any_done = true;
  } catch (const Error& error) {
    sets.mark(set, SQL_PARAM_ERROR);
    add_diagnostic(error, static_cast<SQLLEN>(set + 1));
    results.any_failed = true;
    // What is not tried stays SQL_PARAM_UNUSED.
    results.over = !connection_.has_lease() || ends_array(error);
  }
}

SQLRETURN Statement::show_array(ArrayResults& results) {
  if (results.has_rows) {
    if (cursor_options_.scrollable()) stored_ = results.rows.get();
    reply_ = std::move(results.rows);
  }
  output_sets_ = std::move(results.output_sets);
  live_ = false;
  if (!results.any_done && results.any_failed) return SQL_ERROR;
  if (at_outputs()) return take_outputs();
  show_result();
  if (!results.has_rows) set_row_count(results.affected_rows);
  return diagnostics.empty() ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

SQLRETURN Statement::collect(Reply& reply, std::size_t set, ArrayResults& results) {
  SQLRETURN outputs = SQL_SUCCESS;
  try {
    bool more = true;
    for (bool first = true; more; first = false) {
      const bool output = reply.out_parameters() || (returns_value_ && first);
      if (output && streams_output()) {
        keep_outputs(reply, set, results);
      } else if (output) {
        outputs = read_outputs(reply, set);
      } else if (reply.columns().empty()) {
        results.affected_rows += static_cast<SQLLEN>(reply.counts().affected_rows);
      } else {
        if (facts_.kind == sql::StatementKind::kSelect) {
          results.rows->take_behind(reply, answer_deadline());
        } else {
          results.rows->take_result(reply, answer_deadline());
        }
        results.has_rows = true;
      }
      more = reply.next_result(answer_deadline());
    }
  } catch (const MysqlError& error) {
    connection_.reading_failed(error, facts_, true);
    throw;
  }
  connection_.finished_reading(facts_, reply);
  return outputs;
}

/// An INSERT of one row into a table where it is undone whole, and nothing is given by SQLPutData.
/// What is wrong is told when the sets run one by one.
bool Statement::may_go_together(const ParameterSets& sets) {
  insert_.reset();
  const bool plain = facts_.kind == sql::StatementKind::kInsert && !current_of_ && data_.empty();
  if (!plain || sets.count() < kFewSets || facts_.parameter_count == 0) return false;
  if (connection_.may_have_temporary_tables()) return false;  // one may hide the table
  insert_ = row_insert(sql_, scan_options_);
  if (!insert_) return false;
  try {
    parameters_.assign(facts_.parameter_count, {});
    storage_.clear();
    std::size_t first = 0;
    while (first + 1 < sets.count() && sets.ignored(first)) ++first;
    convert_set(first, parameters_);
    take_route();
    // While shards are split or moved, each row may have another way.
    if (has_key_markers()) return false;
    insert_target_ = ask_insert_target();
    return insert_target_.undone_whole && (insert_target_.strict || !insert_->has_null);
  } catch (const Error& error) {
    if (ends_array(error)) throw;
    connection_.tell_with_next(error);
    return false;
  }
}

/// Where the statement will run.
InsertTarget Statement::ask_insert_target() {
  const std::string query = target_query(*insert_);
  const auto known = connection_.insert_targets().find(query);
  if (known != connection_.insert_targets().end()) return known->second;
  InsertTarget target;
  connection_.without_effect(
      facts_,
      [&](ServerConnection& connection) {
        try {
          const std::unique_ptr<Reply> reply = connection.query(query, answer_deadline());
          target = target_from(rows::rows_of(*reply, answer_deadline()));
        } catch (const MysqlError& error) {
          throw_not_executed(error);
        }
      },
      deadline());
  connection_.insert_targets().insert_or_assign(query, target);
  return target;
}

/// After a failure, when the table may have become another one.
bool Statement::was_undone_whole() {
  connection_.insert_targets().clear();
  try {
    return ask_insert_target().undone_whole;
  } catch (const Error& error) {
    connection_.tell_with_next(error);
    return false;
  }
}

/// False for a set that cannot be converted.
bool Statement::converted(std::size_t set, std::span<Parameter> values) try {
  convert_set(set, values);
  return true;
} catch (const Error&) {
  return false;
}

/// Sets from `first` on, their values in gathered_, until something keeps the next one out: it is
/// refused or of other kinds, or the command would be too long.
Statement::Gathered Statement::gather(const ParameterSets& sets, std::size_t first) {
  gathered_.clear();
  storage_.clear();
  kinds_.assign(facts_.parameter_count, 0);
  Gathered all{.rows = 0, .end = first};
  const std::size_t most = std::min(kLargestCommand, insert_target_.largest_packet / 2);
  std::size_t bytes = sql_.size();
  for (; all.end < sets.count(); ++all.end) {
    if (sets.ignored(all.end)) continue;
    const std::size_t begin = gathered_.size();
    gathered_.resize(begin + facts_.parameter_count);
    const std::span<Parameter> values = std::span(gathered_).subspan(begin);
    bytes += insert_->behind - insert_->row;
    if (!converted(all.end, values) || !fits(values, bytes) || bytes > most) {
      gathered_.resize(begin);
      break;
    }
    ++all.rows;
  }
  return all;
}

/// A set into the command that is being gathered; `bytes` is its length so far.
bool Statement::fits(std::span<const Parameter> values, std::size_t& bytes) {
  for (std::size_t index = 0; index < values.size(); ++index) {
    bytes += literal_bytes(values[index]);
    const std::size_t kind = values[index].index();
    if (kind == 0 && !insert_target_.strict) return false;  // it would become a default
    if (kind == 0) continue;
    if (kinds_[index] != 0 && kinds_[index] != kind) return false;
    kinds_[index] = kind;
  }
  return true;
}

/// False when nothing came of it, and each set is to be run by itself.
bool Statement::run_together(const ParameterSets& sets, std::size_t first, const Gathered& gathered,
                             ArrayResults& results) {
  const auto mark = [&](SQLUSMALLINT status) {
    sets.processed(gathered.end);
    for (std::size_t set = first; set < gathered.end; ++set) {
      if (!sets.ignored(set)) sets.mark(set, status);
    }
  };
  refused_parameter_ = 0;
  try {
    const auto width = static_cast<std::ptrdiff_t>(facts_.parameter_count);
    parameters_.assign(gathered_.begin(), gathered_.begin() + width);
    take_route();
    const Connection::Replannable replannable(connection_, planned_by_);
    const QueryTimer::Alarm alarm = connection_.alarm(timeout());
    const auto command = [&](ServerConnection& connection) {
      require_route();
      return send_rows(connection, gathered.rows);
    };
    const std::unique_ptr<Reply> reply = connection_.execute(facts_, command, deadline());
    connection_.note_run(sql_, facts_);
    collect(*reply, first, results);
    mark(SQL_PARAM_SUCCESS);
    results.any_done = true;
  } catch (const RouteMoved&) {
    return false;
  } catch (const Error& error) {
    results.over = !connection_.has_lease() || ends_array(error) ||
                   error.native() == fabric::mysql::kLockWaitTimeout || !was_undone_whole();
    if (!results.over) return false;
    // Whose fault it was, and whether all were undone, is not known.
    mark(SQL_PARAM_DIAG_UNAVAILABLE);
    add_diagnostic(error, SQL_ROW_NUMBER_UNKNOWN);
    results.any_failed = true;
  }
  return true;
}

}  // namespace driver
