#include "driver/parameter_sets.h"

#include <algorithm>
#include <array>

#include "driver/bound_cell.h"
#include "driver/connection.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

void check_binding(SQLSMALLINT input_output, SQLSMALLINT c_type, SQLSMALLINT sql_type,
                   SQLLEN buffer_length) {
  if (!known_c_type(c_type)) {
    throw Error(SqlState::kHY003, "C type " + std::to_string(c_type) + " is not known");
  }
  if (!known_sql_type(sql_type)) {
    throw Error(SqlState::kHY004, "SQL type " + std::to_string(sql_type) + " is not known");
  }
  if (buffer_length < 0) {
    throw Error(SqlState::kHY090, "The buffer length of a parameter is negative");
  }
  switch (input_output) {
    case SQL_PARAM_INPUT:
    case SQL_PARAM_INPUT_OUTPUT:
    case SQL_PARAM_OUTPUT:
    case SQL_PARAM_INPUT_OUTPUT_STREAM:
    case SQL_PARAM_OUTPUT_STREAM:
      return;
    default:
      throw Error(SqlState::kHY105,
                  "Parameter type " + std::to_string(input_output) + " is not known");
  }
}

void check_decimal(SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits) {
  constexpr SQLULEN kMostDigits = 65;
  constexpr SQLSMALLINT kMostBehindThePoint = 38;  // of MariaDB; MySQL has 30
  if (sql_type != SQL_DECIMAL && sql_type != SQL_NUMERIC) return;
  if (size <= kMostDigits && digits >= 0 && digits <= kMostBehindThePoint) return;
  throw Error(SqlState::kHY104, "DECIMAL has up to 65 digits, up to 38 of them behind the point");
}

bool ParameterSets::ignored(std::size_t set) const {
  return apd_.array_status_ptr != nullptr && apd_.array_status_ptr[set] == SQL_PARAM_IGNORE;
}

SQLSMALLINT ParameterSets::direction(SQLSMALLINT number) const {
  const DescriptorRecord* described = ipd_.find(number);
  return described == nullptr ? SQLSMALLINT{SQL_PARAM_INPUT} : described->parameter_type;
}

SQLSMALLINT ParameterSets::sql_type(SQLSMALLINT number) const {
  const DescriptorRecord* described = ipd_.find(number);
  return described == nullptr ? SQLSMALLINT{SQL_UNKNOWN_TYPE} : described->concise_type;
}

bool ParameterSets::is_text(SQLSMALLINT sql_type) {
  constexpr std::array kTexts{SQL_CHAR,  SQL_VARCHAR,  SQL_LONGVARCHAR,
                              SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR};
  return std::ranges::find(kTexts, sql_type) != kTexts.end();
}

bool ParameterSets::takes_output(SQLSMALLINT number) const {
  return direction(number) != SQL_PARAM_INPUT && apd_.find(number) != nullptr;
}

bool ParameterSets::takes_input(SQLSMALLINT number) const { return gives_input(direction(number)); }

bool ParameterSets::streams(SQLSMALLINT number) const { return is_stream(direction(number)); }

ParameterSets::Place ParameterSets::place(const DescriptorRecord& bound, SQLSMALLINT number) const {
  const SQLSMALLINT c_type =
      bound.concise_type == SQL_C_DEFAULT
          ? default_c_type(sql_type(number), false, apd_.connection().type_rules())
          : bound.concise_type;
  return {c_type, BoundCells(apd_, bound, c_type)};
}

void ParameterSets::plan(SQLSMALLINT count, const convert::MomentRules& moments,
                         std::vector<PlannedParameter>& planned) const {
  planned.clear();
  planned.reserve(static_cast<std::size_t>(count));
  for (int at = 1; at <= count; ++at) {
    const auto number = static_cast<SQLSMALLINT>(at);
    const DescriptorRecord* bound = apd_.find(number);
    const DescriptorRecord* described = ipd_.find(number);
    const SQLSMALLINT given =
        described == nullptr ? SQLSMALLINT{SQL_PARAM_INPUT} : described->parameter_type;
    const bool unbound =
        bound == nullptr || (bound->data_ptr == nullptr && bound->indicator_ptr == nullptr &&
                             bound->octet_length_ptr == nullptr);
    if (unbound && (bound == nullptr || gives_input(given))) {
      throw Error(SqlState::k07002, "Parameter " + std::to_string(number) +
                                        " is not bound: call SQLBindParameter for every marker");
    }
    const Place from = place(*bound, number);
    planned.push_back(
        {.number = number,
         .takes_input = gives_input(given),
         .streams = is_stream(given),
         .has_length = bound->indicator_ptr != nullptr || bound->octet_length_ptr != nullptr,
         .source = {.c_type = from.c_type,
                    .numeric_scale = bound->scale,
                    .seconds_precision = bound->precision,
                    .capacity = bound->octet_length,
                    .moments = moments},
         .cells = from.cells,
         .convert = convert::from_c});
    convert::CSource& source = planned.back().source;
    if (described != nullptr) {
      source.sql_type = described->concise_type;
      source.column_size = described->length;
      source.decimal_digits = described->scale;
    }
    planned.back().convert = convert::way_from_c(source);
  }
}

convert::CTarget ParameterSets::target(SQLSMALLINT number, std::size_t set) const {
  const DescriptorRecord& bound = *apd_.find(number);
  const Place to = place(bound, number);
  const BoundCell cell = to.cells.at(set);
  convert::CTarget target;
  target.c_type = to.c_type;
  target.buffer = cell.data;
  target.capacity = bound.octet_length;
  target.length = cell.length;
  target.indicator = cell.indicator;
  target.precision = bound.precision;
  target.scale = bound.scale;
  target.seconds_precision = bound.precision;
  return target;
}

void ParameterSets::begin() const {
  processed(0);
  if (ipd_.array_status_ptr == nullptr) return;
  std::fill_n(ipd_.array_status_ptr, count(), SQLUSMALLINT{SQL_PARAM_UNUSED});
}

void ParameterSets::mark(std::size_t set, SQLUSMALLINT status) const {
  if (ipd_.array_status_ptr != nullptr) ipd_.array_status_ptr[set] = status;
}

void ParameterSets::processed(std::size_t sets) const {
  if (ipd_.rows_processed_ptr != nullptr) *ipd_.rows_processed_ptr = sets;
}

}  // namespace driver
