// SQLGUID and its 36 characters, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. Pure functions.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <string_view>

namespace driver::convert {

inline constexpr std::size_t kGuidText = 36;

/// Braces and blanks around it are allowed.
std::optional<SQLGUID> parse_guid(std::string_view text) noexcept;
/// `out` holds kGuidText bytes.
std::string_view format_guid(const SQLGUID& guid, char* out) noexcept;

/// The value of a hexadecimal digit, -1 for anything else.
int hex_digit(char c) noexcept;

}  // namespace driver::convert
