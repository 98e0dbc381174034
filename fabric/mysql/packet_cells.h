// Takes the values of a row's packet one after the other, never past its end. Each function answers
// where the next value begins; null where the packet ends before. Internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fabric/mysql/reply.h"

namespace fabric::mysql {

inline const std::uint8_t* take_value(const std::uint8_t* at, const std::uint8_t* end,
                                      std::size_t size, Cell& cell) {
  if (size > static_cast<std::size_t>(end - at)) return nullptr;
  cell = {at, size};
  return at + size;
}

/// NULL, or a length that is too great for the one byte at `at`.
const std::uint8_t* take_rare_value(const std::uint8_t* at, const std::uint8_t* end, Cell& cell);

/// A value with its length in front.
inline const std::uint8_t* take_counted_value(const std::uint8_t* at, const std::uint8_t* end,
                                              Cell& cell) {
  constexpr std::uint8_t kLongestShort = 250;
  if (at == end) return nullptr;
  if (*at > kLongestShort) return take_rare_value(at, end, cell);
  return take_value(at + 1, end, *at, cell);
}

}  // namespace fabric::mysql
