#include "driver/settings/keyword_values.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "driver/sql/scan.h"
#include "fabric/base/error.h"

namespace driver::settings {

using fabric::base::Duration;
using fabric::base::Endpoint;

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The number at the front, which is cut off; empty when there is none or it is too large.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text = trimmed(text);
  return number;
}

template <class Unit, std::size_t Size>
std::optional<Unit> unit_of(const std::array<std::pair<std::string_view, Unit>, Size>& units,
                            std::string_view name) {
  for (const auto& [known, unit] : units) {
    if (sql::equals_ignoring_case(known, name)) return unit;
  }
  return std::nullopt;
}

std::uint16_t port_value(const KeywordRow& row, std::string_view whole, std::string_view port) {
  const auto number = take_number(port);
  if (!number || !port.empty() || *number == 0 || *number > 65535) {
    refuse_value(row, whole, "a port is a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(*number);
}

/// A zone may follow: fe80::1%eth0.
bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text.substr(0, text.find('%'))).c_str(), &address) == 1;
}

Endpoint endpoint_value(const KeywordRow& row, std::string_view text, std::uint16_t default_port) {
  Endpoint endpoint;
  endpoint.port = default_port;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) refuse_value(row, text, "the bracket '[' is not closed");
    endpoint.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && port[0] != ':') refuse_value(row, text, "use [address]:port");
    has_port = !port.empty();
  } else {
    const std::size_t colon = text.find(':');
    const bool bare_ipv6 =
        colon != std::string_view::npos && text.find(':', colon + 1) != text.npos;
    if (bare_ipv6 && !is_ipv6(text)) {
      refuse_value(row, text, "use host[:port],... or [address]:port");
    }
    endpoint.host = bare_ipv6 ? text : text.substr(0, colon);
    has_port = !bare_ipv6 && colon != std::string_view::npos;
    if (has_port) port = text.substr(colon);
  }
  if (has_port) endpoint.port = port_value(row, text, port.substr(1));
  if (endpoint.host.empty()) refuse_value(row, text, "use host[:port],...");
  return endpoint;
}

std::string with_commas(std::string_view choices) {
  std::string text;
  for (const char c : choices) {
    if (c == '|') {
      text += ", ";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

void refuse_value(const KeywordRow& row, std::string_view value, std::string_view accepted) {
  constexpr std::size_t kShown = 64;
  std::string text(row.name);
  if (row.kind != ValueKind::kSecret) {
    text += "='";
    text += value.substr(0, kShown);
    text += value.size() > kShown ? "...'" : "'";
  }
  throw fabric::base::Error(fabric::base::SqlState::kHY024,
                            text + " is not accepted: " + std::string(accepted));
}

Duration time_value(const KeywordRow& row, std::string_view value) {
  using std::chrono::milliseconds;
  static constexpr std::array<std::pair<std::string_view, milliseconds>, 9> kUnits{
      {{"", milliseconds(1000)},
       {"ms", milliseconds(1)},
       {"s", milliseconds(1000)},
       {"sec", milliseconds(1000)},
       {"m", milliseconds(60'000)},
       {"min", milliseconds(60'000)},
       {"h", milliseconds(3'600'000)},
       {"hour", milliseconds(3'600'000)},
       {"d", milliseconds(86'400'000)}}};
  constexpr std::uint64_t kTenYears = 10ULL * 366 * 86'400'000;
  std::string_view rest = trimmed(value);
  const auto number = take_number(rest);
  const auto unit = unit_of(kUnits, rest);
  if (!number || !unit || *number > kTenYears / static_cast<std::uint64_t>(unit->count())) {
    refuse_value(row, value, "a time is 500ms, 30s, 10min, 1h, or a number of seconds");
  }
  const milliseconds time = *unit * static_cast<milliseconds::rep>(*number);
  const milliseconds least(row.range.least);
  if (time < least) {
    refuse_value(row, value, "it must be " + std::to_string(least.count()) + "ms at least");
  }
  return time;
}

std::size_t size_value(const KeywordRow& row, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> kUnits{
      {{"", 1},
       {"B", 1},
       {"K", 1ULL << 10U},
       {"KB", 1ULL << 10U},
       {"M", 1ULL << 20U},
       {"MB", 1ULL << 20U},
       {"G", 1ULL << 30U},
       {"GB", 1ULL << 30U}}};
  constexpr std::uint64_t kMost = 1ULL << 40U;
  std::string_view rest = trimmed(value);
  const auto number = take_number(rest);
  const auto unit = unit_of(kUnits, rest);
  if (!number || !unit || *number > kMost / *unit) {
    refuse_value(row, value, "a size is 65536, 512K, 64M or 1G, up to 1024G");
  }
  return static_cast<std::size_t>(*number * *unit);
}

std::string topology_file_value(const KeywordRow& row, std::string_view value) {
  const std::string_view path = value.substr(kFilePrefix.size());
  if (!path.starts_with('/')) refuse_value(row, value, "use file: and an absolute path");
  return std::string(path);
}

std::uint64_t count_value(const KeywordRow& row, std::string_view value) {
  const CountRange range = row.range;
  std::string_view rest = trimmed(value);
  const auto number = take_number(rest);
  if (!number || !rest.empty() || *number < range.least || *number > range.most) {
    refuse_value(row, value,
                 "a whole number from " + std::to_string(range.least) + " to " +
                     std::to_string(range.most) + " is expected");
  }
  return *number;
}

bool bool_value(const KeywordRow& row, std::string_view value) {
  for (const auto yes : {"1", "yes", "on", "true"}) {
    if (sql::equals_ignoring_case(trimmed(value), yes)) return true;
  }
  for (const auto no : {"0", "no", "off", "false"}) {
    if (sql::equals_ignoring_case(trimmed(value), no)) return false;
  }
  refuse_value(row, value, "1 or 0 is expected (yes, no, on, off, true, false too)");
}

std::size_t choice_value(const KeywordRow& row, std::string_view value) {
  const std::string wanted = normalized_keyword(value);
  std::size_t index = 0;
  for (std::string_view rest = row.choices;; ++index) {
    const std::size_t bar = rest.find('|');
    if (normalized_keyword(rest.substr(0, bar)) == wanted) return index;
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  refuse_value(row, value, "use one of " + with_commas(row.choices));
}

std::vector<std::string> list_value(std::string_view value) {
  std::vector<std::string> items;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view item = trimmed(value.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  return items;
}

std::vector<Endpoint> endpoints_value(const KeywordRow& row, std::string_view value,
                                      std::uint16_t default_port) {
  std::vector<Endpoint> endpoints;
  for (const std::string& item : list_value(value)) {
    endpoints.push_back(endpoint_value(row, item, default_port));
  }
  if (endpoints.empty()) refuse_value(row, value, "use host[:port],...");
  return endpoints;
}

}  // namespace driver::settings
