// Classes of ASCII characters, whatever the locale.
#pragma once

namespace driver {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
/// What MySQL's parser skips between words.
constexpr bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace driver
