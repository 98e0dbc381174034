// Parameters: binding, conversion, data at execution.
#include <algorithm>
#include <climits>
#include <cstring>

#include "driver/sql/parameter_columns.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

namespace {

/// From so much on, a value goes to the server in pieces of that size.
constexpr std::size_t kPiece = std::size_t{1} << 20U;
/// The same where another server may have to take the statement over (docs/adr/0003-long-data.md).
constexpr std::size_t kKeptForAnother = std::size_t{16} << 20U;

bool is_null(const convert::CSource& source) {
  SQLLEN value = 0;
  if (source.indicator != nullptr) std::memcpy(&value, source.indicator, sizeof value);
  return value == SQL_NULL_DATA;
}

}  // namespace

void Statement::bind_parameter(const ParameterBinding& binding) {
  if (binding.number == 0) {
    throw Error(SqlState::k07009, "Parameters are numbered from 1");
  }
  check_binding(binding.input_output, binding.c_type, binding.sql_type, binding.buffer_length);
  check_decimal(binding.sql_type, binding.column_size, binding.decimal_digits);
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

SQLSMALLINT Statement::parameter_total() const {
  return static_cast<SQLSMALLINT>(facts_.parameter_count + (returns_value_ ? 1 : 0));
}

SQLSMALLINT Statement::parameter_count() {
  if (state_ == StatementState::kAllocated || state_ == StatementState::kNeedData) {
    throw Error(SqlState::kHY010, "No statement is prepared or executed");
  }
  return parameter_total();
}

Statement::DescribedParameter Statement::describe_parameter(SQLUSMALLINT number) {
  if (number == 0 || number > parameter_count()) {
    throw Error(SqlState::k07009, "There is no parameter " + std::to_string(number));
  }
  if (!described_parameters_) described_parameters_ = describe_parameters();
  const std::size_t at = number - 1U;
  return at < described_parameters_->size() ? (*described_parameters_)[at] : DescribedParameter{};
}

/// Servers describe no parameters. Programs make their buffers as long as this says, so a text is
/// as long as the column takes it; where that is longer than buffers for many rows should be, 0.
std::vector<Statement::DescribedParameter> Statement::describe_parameters() {
  const sql::ParameterColumns known =
      own_ ? sql::ParameterColumns{} : parameter_columns(sql_, scan_options_);
  std::vector<DescribedParameter> described(known.markers.size());
  const bool any =
      std::ranges::any_of(known.markers, [](const sql::ParameterColumns::Place& place) {
        return place.position != 0 || !place.column.empty();
      });
  if (!any) return described;
  std::vector<fabric::mysql::Column> columns;
  try {
    connection_.ask_here(
        [&](ServerConnection& server) {
          const auto prepared =
              server.prepare("SELECT * FROM " + known.table + " LIMIT 0", deadline());
          columns = prepared->columns();
        },
        deadline());
  } catch (const Error& error) {
    // Programs do not mind an error of SQLDescribeParam, and then go by 40001 of the statement.
    connection_.tell_with_next(error);
    return described;  // of a table that cannot be read nothing is known
  }
  const TypeRules rules = connection_.type_rules();
  for (std::size_t i = 0; i < described.size(); ++i) {
    const sql::ParameterColumns::Place& place = known.markers[i];
    const auto column = place.position != 0
                            ? columns.begin() + static_cast<std::ptrdiff_t>(
                                                    std::min(place.position - 1, columns.size()))
                            : std::ranges::find_if(columns, [&](const auto& one) {
                                return sql::equals_ignoring_case(one.base_name, place.column);
                              });
    if (column == columns.end()) continue;
    const ColumnDescription size = describe(*column, rules);
    const bool text = ParameterSets::is_text(size.sql_type);
    if (!text || size.column_size <= described[i].size) continue;
    const bool is_long = size.sql_type == SQL_LONGVARCHAR || size.sql_type == SQL_WLONGVARCHAR;
    described[i] = is_long ? DescribedParameter{SQL_LONGVARCHAR, 0}
                           : DescribedParameter{SQL_VARCHAR, size.column_size};
  }
  return described;
}

ParameterSets Statement::parameter_sets() const { return {*apd_, implicit_ipd_}; }

/// Of a CALL whose parameters all have names in the IPD: the marker of a parameter of the procedure
/// stands for the record of that name.
void Statement::order_parameters() {
  call_order_.clear();
  if (facts_.kind != sql::StatementKind::kCall || returns_value_) return;
  std::vector<std::string> names;
  for (const PlannedParameter& parameter : planned_) {
    const DescriptorRecord* described = implicit_ipd_.find(parameter.number);
    if (described == nullptr || described->name.empty()) return;
    names.push_back(described->name);
  }
  auto call = marker_call(sql_, scan_options_);
  if (!call || names.empty()) return;
  // Once prepared, it calls the procedure of the database that it was prepared in.
  const std::string database = prepared_ ? prepared_in_ : connection_.current_database();
  if (call->schema.empty()) call->schema = database;
  if (!procedure_parameters_ || procedure_schema_ != call->schema) {
    procedure_parameters_ = connection_.rows(parameter_names_query(*call));
    procedure_schema_ = call->schema;
  }
  if (procedure_parameters_->empty()) {
    diagnostics.warn(SqlState::k01000,
                     "The names (SQL_DESC_NAME) were not used, but the order of "
                     "the parameters: this account sees no parameters of "
                     "procedure " +
                         call->procedure);
    return;
  }
  call_order_ = order_by_names(*call, names, *procedure_parameters_);
  std::vector<PlannedParameter> ordered;
  for (const SQLSMALLINT number : call_order_) {
    ordered.push_back(planned_[static_cast<std::size_t>(number - 1)]);
  }
  planned_ = std::move(ordered);
  planned_for_.reset();
}

/// Bindings are, as a rule, those of the execution before.
void Statement::plan_parameters() {
  const ParameterBasis basis(*apd_, implicit_ipd_, parameter_total());
  if (planned_for_ == basis) return;
  planned_for_.reset();
  parameter_sets().plan(basis.count, connection_.moment_rules(), planned_);
  planned_for_ = basis;
}

void Statement::find_data_at_execution() {
  data_.clear();
  plan_parameters();
  order_parameters();
  const auto may_wait = [](const PlannedParameter& parameter) {
    return parameter.takes_input && (parameter.has_length || parameter.streams);
  };
  if (std::ranges::none_of(planned_, may_wait)) return;
  const ParameterSets sets = parameter_sets();
  for (std::size_t set = 0; set < sets.count(); ++set) {
    if (sets.ignored(set)) continue;
    for (const PlannedParameter& parameter : planned_) {
      if (!may_wait(parameter)) continue;
      const convert::CSource source = parameter.at(set);
      if (ExecutionData::wanted(source)) {
        data_.want(set, parameter.number, source);
      } else if (parameter.streams && !is_null(source)) {
        throw Error(SqlState::kHY090,
                    "Parameter " + std::to_string(parameter.number) +
                        " is SQL_PARAM_INPUT_OUTPUT_STREAM: its value is given at "
                        "execution (SQL_DATA_AT_EXEC), or is SQL_NULL_DATA");
      }
    }
  }
}

void Statement::convert_parameters(std::size_t set, SQLSMALLINT in_pieces) {
  parameters_.assign(facts_.parameter_count, {});
  storage_.clear();
  convert_set(set, parameters_, in_pieces);
}

/// Throws for what cannot be converted; refused_parameter_ says which it was.
void Statement::convert_set(std::size_t set, std::span<fabric::mysql::Parameter> values,
                            SQLSMALLINT in_pieces) {
  refused_parameter_ = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const PlannedParameter& parameter = planned_[i + (returns_value_ ? 1 : 0)];
    const SQLSMALLINT number = parameter.number;
    if (!parameter.takes_input) continue;
    convert::CSource source = parameter.at(set);
    SQLLEN given_length = 0;
    const bool given = !data_.empty();
    if (number == in_pieces || (given && data_.sent(set, number))) {
      values[i] = fabric::mysql::SentValue{ParameterSets::is_text(source.sql_type)};
      continue;
    }
    if (given) data_.replace(set, number, source, given_length);
    const SqlState state = parameter.convert(source, storage_, values[i]);
    if (state == SqlState::k00000) continue;
    refused_parameter_ = number;
    throw Error(state, "Parameter " + std::to_string(number) + ": " +
                           std::string(fabric::base::text_of(state)));
  }
}

SQLRETURN Statement::param_data(SQLPOINTER* token) {
  apply_cancel();
  if (state_ == StatementState::kGivesOutput) return name_output(token);
  if (state_ != StatementState::kNeedData) {
    throw Error(SqlState::kHY010, "No parameter waits for data");
  }
  if (work_ != nullptr) return positioned_param_data(token);
  if (data_.named() && data_.begun()) {
    try {
      send_pieces(true);
    } catch (...) {
      give_up_data();
      throw;
    }
  }
  if (!data_.next()) return run_all();
  parameter_sets().processed(data_.set() + 1);
  if (token != nullptr) *token = data_.token();
  return SQL_NEED_DATA;
}

void Statement::put_data(SQLPOINTER data, SQLLEN length) {
  apply_cancel();
  if (work_ != nullptr) return positioned_put_data(data, length);
  if (state_ != StatementState::kNeedData || !data_.named()) {
    throw Error(SqlState::kHY010, "SQLPutData is only for a parameter that SQLParamData named");
  }
  try {
    data_.put(data, length);
    if (data_.held() >= kPiece) send_pieces(false);
  } catch (...) {  // ODBC 3.8, appendix B: an error ends the need for data
    give_up_data();
    throw;
  }
}

bool Statement::goes_in_pieces(SQLSMALLINT number) {
  const ParameterSets sets = parameter_sets();
  if (sets.count() != 1 || by_text() || current_of_ || !call_order_.empty()) return false;
  const convert::CSource& source = planned_[static_cast<std::size_t>(number - 1)].source;
  if (!ExecutionData::text_in_pieces(source.c_type, source.sql_type)) return false;
  if (data_.begun() || connection_.stays()) return true;
  return data_.held() >= kKeptForAnother && data_.at_last() && route_taken_for_pieces(number);
}

/// Where the statement will run is decided by its other values; false when they do not decide it,
/// or a statement in between may take the session elsewhere.
bool Statement::route_taken_for_pieces(SQLSMALLINT number) {
  try {
    convert_parameters(0, number);
  } catch (const Error&) {
    return false;  // told when the statement is run
  }
  const StatementRoute route = plan();
  if (!route.refusal.empty() || route.mode == settings::FabricMode::kAuto) return false;
  connection_.take(route);
  return true;
}

void Statement::require_pieces() const {
  if (!data_.sent_lost()) return;
  throw Error(
      SqlState::k08S02,
      "The connection was lost after a part of a value had been sent; the statement was not "
      "executed: run it again");
}

void Statement::send_pieces(bool end) {
  const SQLSMALLINT number = data_.number();
  if (!goes_in_pieces(number)) return;
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  std::size_t sent = 0;
  for (;;) {
    const ExecutionData::Piece piece = data_.piece(sent, kPiece, end);
    const bool too_little = piece.taken < kPiece / 2 && !end;
    if (piece.taken == 0 || too_little || !send_piece(number, piece.text)) break;
    sent += piece.taken;
  }
  data_.were_sent(sent);
}

/// False when the server cannot prepare: the value is kept here, whole.
bool Statement::send_piece(SQLSMALLINT number, const std::string& piece) {
  bool sent = false;
  connection_.without_effect(
      facts_,
      [&](ServerConnection&) {
        require_pieces();
        prepare_on_lease();
        if (!prepared_) return;
        const auto index = static_cast<std::size_t>(number - (returns_value_ ? 2 : 1));
        try {
          prepared_->send_piece(index, piece, deadline());
        } catch (const MysqlError& error) {
          throw_not_executed(error);
        }
        sent = true;
      },
      deadline());
  return sent;
}

void Statement::give_up_data() {
  if (data_.sent_any()) prepared_.drop();  // the server would add the next pieces to these
  data_.clear();
  state_ = idle_state();
}

void Statement::cancel() {
  if (!connection_.cancel_point().cancel(this)) cancelled_ = true;
}

void Statement::apply_cancel() {
  if (!cancelled_.exchange(false)) return;
  if (state_ == StatementState::kCursorOpen || state_ == StatementState::kGivesOutput) {
    return free(SQL_CLOSE);  // the driver manager thinks so
  }
  if (state_ != StatementState::kNeedData) return;
  if (work_ != nullptr) return abandon_positioned();
  give_up_data();
}

}  // namespace driver
