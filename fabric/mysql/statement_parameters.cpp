#include "fabric/mysql/statement_parameters.h"

#include <type_traits>

namespace fabric::mysql {
namespace {

constexpr unsigned kHoursOfDay = 24;

void bind_bytes(MYSQL_BIND& bind, std::string_view bytes, enum_field_types type) {
  static char nothing = 0;  // the library takes a null buffer for SQL NULL
  bind.buffer_type = type;
  bind.buffer = bytes.empty() ? &nothing : const_cast<char*>(bytes.data());
  bind.buffer_length = bytes.size();
}

}  // namespace

MYSQL_TIME wire_time(const DateValue& date) { return wire_time(DateTimeValue{date, {}}); }

MYSQL_TIME wire_time(const TimeValue& time) {
  MYSQL_TIME wire = wire_time(DateTimeValue{{}, time});
  wire.day = time.hours / kHoursOfDay;
  wire.hour = time.hours % kHoursOfDay;
  wire.neg = time.negative;
  return wire;
}

MYSQL_TIME wire_time(const DateTimeValue& moment) {
  MYSQL_TIME wire{};
  wire.year = static_cast<unsigned>(moment.date.year);
  wire.month = moment.date.month;
  wire.day = moment.date.day;
  wire.hour = moment.time.hours;
  wire.minute = moment.time.minutes;
  wire.second = moment.time.seconds;
  wire.second_part = moment.time.microseconds;
  return wire;
}

MYSQL_BIND* StatementParameters::bind(std::span<const Parameter> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    MYSQL_BIND& bind = binds_[i];
    Value& value = values_[i];
    bind = {};
    const auto bind_time = [&](enum_field_types type, const MYSQL_TIME& time) {
      value.time = time;
      bind.buffer_type = type;
      bind.buffer = &value.time;
    };
    const auto visitor = [&](const auto& given) {
      using Given = std::decay_t<decltype(given)>;
      if constexpr (std::is_same_v<Given, std::monostate>) {
        bind.buffer_type = MYSQL_TYPE_NULL;
      } else if constexpr (std::is_integral_v<Given>) {
        value.integer = static_cast<std::int64_t>(given);
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.is_unsigned = std::is_unsigned_v<Given>;
        bind.buffer = &value.integer;
      } else if constexpr (std::is_same_v<Given, double>) {
        value.real = given;
        bind.buffer_type = MYSQL_TYPE_DOUBLE;
        bind.buffer = &value.real;
      } else if constexpr (std::is_same_v<Given, TextValue>) {
        bind_bytes(bind, given.utf8, MYSQL_TYPE_VAR_STRING);
      } else if constexpr (std::is_same_v<Given, BytesValue>) {
        bind_bytes(bind, given.bytes, MYSQL_TYPE_BLOB);
      } else if constexpr (std::is_same_v<Given, SentValue>) {
        bind_bytes(bind, {}, given.text ? MYSQL_TYPE_VAR_STRING : MYSQL_TYPE_BLOB);
      } else if constexpr (std::is_same_v<Given, DateValue>) {
        bind_time(MYSQL_TYPE_DATE, wire_time(given));
      } else if constexpr (std::is_same_v<Given, TimeValue>) {
        bind_time(MYSQL_TYPE_TIME, wire_time(given));
      } else {
        bind_time(MYSQL_TYPE_DATETIME, wire_time(given));
      }
    };
    std::visit(visitor, parameters[i]);
  }
  return binds_.data();
}

}  // namespace fabric::mysql
