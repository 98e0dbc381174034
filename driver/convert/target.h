// Writing of fixed-size values, lengths and indicators into an application's memory, which may be
// unaligned. Free functions; any thread.
#pragma once

#include <cstddef>
#include <cstring>

#include "driver/convert/cell_to_c.h"

namespace driver::convert {

/// A value that is not NULL: its octet length, and an indicator apart from it is 0.
inline void set_length(const CTarget& target, std::size_t bytes) noexcept {
  const SQLLEN not_null = 0;
  const auto length = static_cast<SQLLEN>(bytes);
  if (target.indicator != nullptr) std::memcpy(target.indicator, &not_null, sizeof not_null);
  if (target.length != nullptr) std::memcpy(target.length, &length, sizeof length);
}

inline SqlState set_null(const CTarget& target) noexcept {
  if (target.indicator == nullptr) return SqlState::k22002;
  const SQLLEN null = SQL_NULL_DATA;
  std::memcpy(target.indicator, &null, sizeof null);
  return SqlState::k00000;
}

/// Stores a fixed-size value, or with no buffer its length alone; `state` is what the conversion
/// itself had to say.
template <class Value>
SqlState put(const CTarget& target, const Value& value,
             SqlState state = SqlState::k00000) noexcept {
  if (target.buffer != nullptr) std::memcpy(target.buffer, &value, sizeof value);
  set_length(target, sizeof value);
  return state;
}

inline bool stored(SqlState state) noexcept {
  return state == SqlState::k00000 || state == SqlState::k01004 || state == SqlState::k01S07;
}

}  // namespace driver::convert
