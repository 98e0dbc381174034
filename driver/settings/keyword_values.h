// The values of keywords: times, sizes, counts, flags, choices, lists of hosts. Each throws
// base::Error HY024 with a sentence that names the keyword, the value and what is accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/settings/keywords.h"
#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"

namespace driver::settings {

/// `500ms`, `30s`, `10min`, `1h`; a bare number is seconds. Ten years at most.
fabric::base::Duration time_value(const KeywordRow& row, std::string_view value);

/// `65536`, `64K`, `64M`, `1G`, in bytes; powers of 1024.
std::size_t size_value(const KeywordRow& row, std::string_view value);

/// Within the row's range.
std::uint64_t count_value(const KeywordRow& row, std::string_view value);

/// 1, 0, yes, no, on, off, true, false.
bool bool_value(const KeywordRow& row, std::string_view value);

/// Index into the row's choices; case, `_`, `-` and blanks do not matter.
std::size_t choice_value(const KeywordRow& row, std::string_view value);

/// What FABRIC_NODES begins with when it names a topology file.
inline constexpr std::string_view kFilePrefix = "file:";

/// The absolute path behind it.
std::string topology_file_value(const KeywordRow& row, std::string_view value);

/// `host[:port],...`; a literal IPv6 address with a port needs brackets.
std::vector<fabric::base::Endpoint> endpoints_value(const KeywordRow& row, std::string_view value,
                                                    std::uint16_t default_port);

/// Elements of a comma-separated list without blanks around them; empty ones are left out.
std::vector<std::string> list_value(std::string_view value);

/// Throws the HY024: `NAME='value': <accepted>`; without the value when it is secret.
[[noreturn]] void refuse_value(const KeywordRow& row, std::string_view value,
                               std::string_view accepted);

}  // namespace driver::settings
