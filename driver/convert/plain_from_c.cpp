// The pairs of types whose values need no judgement: a parameter of one takes this short way.
#include <cmath>
#include <cstring>
#include <type_traits>

#include "driver/convert/parameter_from_c.h"

namespace driver::convert {
namespace {

bool special(const SQLLEN* pointer) {
  SQLLEN value = 0;
  if (pointer != nullptr) std::memcpy(&value, pointer, sizeof value);
  return value < 0;
}

/// No value, one whose length is to be looked for, or none that may be read.
bool needs_care(const CSource& source) {
  return source.data == nullptr || special(source.indicator) ||
         (source.length != source.indicator && special(source.length));
}

template <class Value>
SqlState integer(const CSource& source, Storage& storage, Parameter& out) {
  if (needs_care(source)) return from_c(source, storage, out);
  Value value{};
  std::memcpy(&value, source.data, sizeof value);
  const auto whole = static_cast<std::int64_t>(value);
  if (std::is_unsigned_v<Value> && whole < 0) {
    out = static_cast<std::uint64_t>(value);
  } else {
    out = whole;
  }
  return SqlState::k00000;
}

SqlState real(const CSource& source, Storage& storage, Parameter& out) {
  if (needs_care(source)) return from_c(source, storage, out);
  double value = 0;
  std::memcpy(&value, source.data, sizeof value);
  if (!std::isfinite(value)) return SqlState::k22003;
  out = value;
  return SqlState::k00000;
}

SqlState characters(const CSource& source, Storage& storage, Parameter& out) {
  if (source.length == nullptr || needs_care(source)) return from_c(source, storage, out);
  SQLLEN length = 0;
  std::memcpy(&length, source.length, sizeof length);
  out = fabric::mysql::TextValue{
      {static_cast<const char*>(source.data), static_cast<std::size_t>(length)}};
  return SqlState::k00000;
}

/// Bytes of an integer type, of which signed and unsigned ones fit a parameter of it; 0: another.
std::size_t integer_bytes(SQLSMALLINT sql_type) {
  switch (sql_type) {
    case SQL_TINYINT:
      return sizeof(SQLSCHAR);
    case SQL_SMALLINT:
      return sizeof(SQLSMALLINT);
    case SQL_INTEGER:
      return sizeof(SQLINTEGER);
    case SQL_BIGINT:
    case SQL_UNKNOWN_TYPE:
      return sizeof(SQLBIGINT);
    default:
      return 0;
  }
}

template <class Value>
FromC integer_way(SQLSMALLINT sql_type) {
  return sizeof(Value) <= integer_bytes(sql_type) ? integer<Value> : from_c;
}

FromC text_way(SQLSMALLINT sql_type) {
  switch (sql_type) {
    case SQL_UNKNOWN_TYPE:
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      return characters;
    default:
      return from_c;
  }
}

}  // namespace

FromC way_from_c(const CSource& types) noexcept {
  switch (types.c_type) {
    case SQL_C_CHAR:
      return text_way(types.sql_type);
    case SQL_C_SSHORT:
    case SQL_C_SHORT:
      return integer_way<SQLSMALLINT>(types.sql_type);
    case SQL_C_USHORT:
      return integer_way<SQLUSMALLINT>(types.sql_type);
    case SQL_C_SLONG:
    case SQL_C_LONG:
      return integer_way<SQLINTEGER>(types.sql_type);
    case SQL_C_ULONG:
      return integer_way<SQLUINTEGER>(types.sql_type);
    case SQL_C_SBIGINT:
      return integer_way<SQLBIGINT>(types.sql_type);
    case SQL_C_UBIGINT:
      return integer_way<SQLUBIGINT>(types.sql_type);
    case SQL_C_DOUBLE:
      return types.sql_type == SQL_DOUBLE || types.sql_type == SQL_FLOAT ||
                     types.sql_type == SQL_UNKNOWN_TYPE
                 ? real
                 : from_c;
    default:
      return from_c;
  }
}

}  // namespace driver::convert
