#include "driver/convert/parameter_from_c.h"

#include <array>
#include <cstring>
#include <optional>

#include "driver/convert/guid.h"
#include "driver/convert/parameter_target.h"
#include "driver/text/utf.h"
#include "driver/type_info.h"

namespace driver::convert {
namespace {

template <class Value>
Value load(const void* data) {
  Value value{};
  std::memcpy(&value, data, sizeof value);
  return value;
}

bool variable(SQLSMALLINT c_type) {
  return c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY;
}

SqlState integer(SQLSMALLINT c_type, const void* data, Number& out) {
  switch (c_type) {
    case SQL_C_STINYINT:
    case SQL_C_TINYINT:
      out = Number::of(std::int64_t{load<SQLSCHAR>(data)});
      return SqlState::k00000;
    case SQL_C_UTINYINT:
      out = Number::of(std::uint64_t{load<SQLCHAR>(data)});
      return SqlState::k00000;
    case SQL_C_SSHORT:
    case SQL_C_SHORT:
      out = Number::of(std::int64_t{load<SQLSMALLINT>(data)});
      return SqlState::k00000;
    case SQL_C_USHORT:
      out = Number::of(std::uint64_t{load<SQLUSMALLINT>(data)});
      return SqlState::k00000;
    case SQL_C_SLONG:
    case SQL_C_LONG:
      out = Number::of(std::int64_t{load<SQLINTEGER>(data)});
      return SqlState::k00000;
    case SQL_C_ULONG:
      out = Number::of(std::uint64_t{load<SQLUINTEGER>(data)});
      return SqlState::k00000;
    case SQL_C_SBIGINT:
      out = Number::of(std::int64_t{load<SQLBIGINT>(data)});
      return SqlState::k00000;
    case SQL_C_UBIGINT:
      out = Number::of(std::uint64_t{load<SQLUBIGINT>(data)});
      return SqlState::k00000;
    default:
      return SqlState::k07006;
  }
}

SqlState other_number(SQLSMALLINT c_type, const void* data, Storage& storage, Number& out) {
  switch (c_type) {
    case SQL_C_FLOAT:
      out = Number::of(load<SQLREAL>(data));
      return SqlState::k00000;
    case SQL_C_DOUBLE:
      out = Number::of(load<SQLDOUBLE>(data));
      return SqlState::k00000;
    case SQL_C_BIT:
      out = Number::of(std::uint64_t{load<SQLCHAR>(data)});
      return out.magnitude <= 1 ? SqlState::k00000 : SqlState::k22003;
    case SQL_C_NUMERIC: {
      char* kept = storage.take(kNumericText);
      const std::string_view text = format_numeric(load<SQL_NUMERIC_STRUCT>(data), kept);
      storage.give_back(kNumericText - text.size());
      out = Number::of(text);
      return text.empty() ? SqlState::k22003 : SqlState::k00000;
    }
    default:
      return integer(c_type, data, out);
  }
}

Moment moment_of(SQLSMALLINT c_type, const void* data) {
  if (c_type == SQL_C_TYPE_DATE) {
    const auto date = load<SQL_DATE_STRUCT>(data);
    return {.has_date = true, .year = date.year, .month = date.month, .day = date.day};
  }
  if (c_type == SQL_C_TYPE_TIME) {
    const auto time = load<SQL_TIME_STRUCT>(data);
    return {.has_time = true, .hours = time.hour, .minutes = time.minute, .seconds = time.second};
  }
  const auto stamp = load<SQL_TIMESTAMP_STRUCT>(data);
  return {.has_date = true,
          .has_time = true,
          .year = stamp.year,
          .month = stamp.month,
          .day = stamp.day,
          .hours = stamp.hour,
          .minutes = stamp.minute,
          .seconds = stamp.second,
          .nanoseconds = stamp.fraction};
}

SqlState from_moment(SQLSMALLINT c_type, const void* data, const ParameterTarget& target,
                     Parameter& out) {
  constexpr std::uint32_t kNanosPerSecond = 1000000000;
  const Moment moment = moment_of(c_type, data);
  if (moment.nanoseconds >= kNanosPerSecond) return SqlState::k22007;
  return moment_to_parameter(moment, MomentSource::kTyped, target, out);
}

SqlState from_interval(SQLSMALLINT c_type, const CSource& source, const ParameterTarget& target,
                       Parameter& out) {
  const auto interval = load<SQL_INTERVAL_STRUCT>(source.data);
  const auto duration = duration_of(c_type, interval, source.seconds_precision);
  return duration ? duration_to_parameter(*duration, c_type, target, out) : SqlState::k22015;
}

SqlState from_guid(const void* data, const ParameterTarget& target, Parameter& out) {
  const TargetClass wanted = target.target_class();
  const bool fits = wanted == TargetClass::kText || wanted == TargetClass::kGuid ||
                    wanted == TargetClass::kNatural;
  if (!fits) return SqlState::k07006;
  std::array<char, kGuidText> text;
  ParameterTarget unbounded = target;
  if (wanted != TargetClass::kText) unbounded.column_size = 0;
  return short_text_to_parameter(format_guid(load<SQLGUID>(data), text.data()), unbounded, out);
}

SqlState from_fixed(SQLSMALLINT c_type, const CSource& source, const ParameterTarget& target,
                    Parameter& out) {
  const void* data = source.data;
  switch (c_type) {
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
      return from_moment(c_type, data, target, out);
    case SQL_C_GUID:
      return from_guid(data, target, out);
    default:
      break;
  }
  if (is_interval_type(c_type)) return from_interval(c_type, source, target, out);
  if (c_type == SQL_C_BIT && is_interval_type(target.sql_type)) return SqlState::k07006;
  Number number;
  const SqlState state = other_number(c_type, data, target.storage, number);
  return state == SqlState::k00000 ? number_to_parameter(number, target, out) : state;
}

/// The structure that bytes are when the marker is a date or time; 0 for other types.
SQLSMALLINT moment_c_type(const ParameterTarget& target) {
  switch (target.sql_type) {
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
      return target.sql_type;
    default:
      return 0;
  }
}

/// Bytes of a text up to its zero, or to the end of a buffer of `capacity` bytes.
std::size_t bounded_length(SQLSMALLINT c_type, const char* text, std::size_t capacity) {
  if (c_type != SQL_C_WCHAR) return strnlen(text, capacity);
  std::size_t bytes = 0;
  while (capacity - bytes >= sizeof(SQLWCHAR) && load<SQLWCHAR>(text + bytes) != 0) {
    bytes += sizeof(SQLWCHAR);
  }
  return bytes;
}

/// The bytes of a value of variable size; nullopt: the length is not a sensible one.
std::optional<std::size_t> byte_length(SQLSMALLINT c_type, const void* data, SQLLEN length) {
  if (length >= 0) return static_cast<std::size_t>(length);
  if (length != SQL_NTS) return std::nullopt;
  if (c_type != SQL_C_WCHAR) return std::strlen(static_cast<const char*>(data));
  return text::length_of(static_cast<const SQLWCHAR*>(data)) * sizeof(SQLWCHAR);
}

std::string_view wide_as_utf8(const void* data, std::size_t bytes, Storage& storage) {
  constexpr std::size_t kLongestPerUnit = 3;
  const std::size_t units = bytes / sizeof(SQLWCHAR);
  char* utf8 = storage.take(units * kLongestPerUnit);
  const auto result =
      text::write_utf8(static_cast<const SQLWCHAR*>(data), units, utf8, units * kLongestPerUnit);
  storage.give_back(units * kLongestPerUnit - result.written);
  return {utf8, result.written};
}

SqlState from_variable(SQLSMALLINT c_type, const CSource& source, SQLLEN length,
                       const ParameterTarget& target, Parameter& out) {
  if (source.data == nullptr && length != 0) return SqlState::kHY009;
  const bool bounded = source.length == nullptr && source.capacity > 0;
  const std::optional<std::size_t> size =
      bounded ? bounded_length(c_type, static_cast<const char*>(source.data),
                               static_cast<std::size_t>(source.capacity))
              : byte_length(c_type, source.data, length);
  if (!size) return SqlState::kHY090;
  if (c_type == SQL_C_WCHAR) {
    return text_to_parameter(wide_as_utf8(source.data, *size, target.storage), target, out);
  }
  const std::string_view bytes{static_cast<const char*>(source.data), *size};
  if (c_type == SQL_C_CHAR) return text_to_parameter(bytes, target, out);
  const SQLSMALLINT moment = moment_c_type(target);
  if (moment == 0) return bytes_to_parameter(bytes, target, out);
  const bool whole = static_cast<SQLLEN>(*size) == fixed_c_size(moment);
  return whole ? from_moment(moment, source.data, target, out) : SqlState::k22003;
}

}  // namespace

std::optional<SQLLEN> load_length(const SQLLEN* place) {
  if (place == nullptr) return std::nullopt;
  return load<SQLLEN>(place);
}

SqlState from_c(const CSource& source, Storage& storage, Parameter& out) {
  const std::optional<SQLLEN> indicator = load_length(source.indicator);
  const SQLLEN length = load_length(source.length).value_or(SQL_NTS);
  if (indicator == SQL_NULL_DATA || length == SQL_NULL_DATA) {
    out = std::monostate{};
    return SqlState::k00000;
  }
  if (indicator == SQL_DEFAULT_PARAM || length == SQL_DEFAULT_PARAM) return SqlState::k07S01;
  const SQLSMALLINT sql_type = odbc3_sql_type(source.sql_type);
  const ParameterTarget target{sql_type, source.column_size, source.decimal_digits, source.moments,
                               storage};
  if (target.target_class() == TargetClass::kUnsupported) return SqlState::kHYC00;
  SQLSMALLINT c_type = odbc3_sql_type(source.c_type);
  if (source.c_type == SQL_C_DEFAULT) c_type = default_c_type(sql_type, false);
  if (variable(c_type)) return from_variable(c_type, source, length, target, out);
  if (!known_c_type(c_type)) return SqlState::k07006;
  if (source.data == nullptr) return SqlState::kHY009;
  if (c_type == SQL_C_NUMERIC && source.numeric_scale != 0) {
    auto number = load<SQL_NUMERIC_STRUCT>(source.data);
    number.scale = static_cast<SQLSCHAR>(source.numeric_scale);
    CSource rescaled = source;
    rescaled.data = &number;
    return from_fixed(c_type, rescaled, target, out);
  }
  return from_fixed(c_type, source, target, out);
}

}  // namespace driver::convert
