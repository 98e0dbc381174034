#include "tools/top/stats_page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace tools::top {
namespace {

using Labels = std::map<std::string, std::string, std::less<>>;

struct Line {
  std::string_view name;  ///< without fabric_odbc_
  Labels labels;
  std::uint64_t value = 0;
};

template <class Row>
struct Known {
  std::string_view name;
  std::string_view state;  ///< of the label `state`; empty: has none
  std::uint64_t Row::*value;
};

constexpr std::array kOfPools{
    Known<PoolStats>{"connections", "idle", &PoolStats::idle},
    Known<PoolStats>{"connections", "leased", &PoolStats::leased},
    Known<PoolStats>{"connections", "connecting", &PoolStats::connecting},
    Known<PoolStats>{"connections", "resetting", &PoolStats::resetting},
    Known<PoolStats>{"connections_max", "", &PoolStats::max},
    Known<PoolStats>{"waiting", "", &PoolStats::waiting},
    Known<PoolStats>{"borrows_total", "", &PoolStats::borrows},
    Known<PoolStats>{"wait_timeouts_total", "", &PoolStats::timeouts},
    Known<PoolStats>{"connect_failures_total", "", &PoolStats::connect_failures},
    Known<PoolStats>{"retries_total", "", &PoolStats::retries}};

constexpr std::array kOfFarms{Known<FarmStats>{"failovers_total", "", &FarmStats::failovers},
                              Known<FarmStats>{"switchovers_total", "", &FarmStats::switchovers}};

/// A quoted label value, taken off `text`.
std::optional<std::string> take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      value += text[i] == 'n' ? '\n' : text[i];
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

std::optional<Labels> take_labels(std::string_view& text) {
  Labels labels;
  while (!text.starts_with('}')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::optional<std::string> value = take_quoted(text);
    if (!value) return std::nullopt;
    labels[name] = std::move(*value);
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  text.remove_prefix(1);
  return labels;
}

std::optional<Line> read_line(std::string_view text) {
  constexpr std::string_view kPrefix = "fabric_odbc_";
  const std::size_t brace = text.find('{');
  if (!text.starts_with(kPrefix) || brace == std::string_view::npos) return std::nullopt;
  Line line;
  line.name = text.substr(kPrefix.size(), brace - kPrefix.size());
  text.remove_prefix(brace + 1);
  std::optional<Labels> labels = take_labels(text);
  if (!labels || !text.starts_with(' ')) return std::nullopt;
  line.labels = std::move(*labels);
  text.remove_prefix(1);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), line.value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return line;
}

std::string label_of(const Line& line, std::string_view name) {
  const auto found = line.labels.find(name);
  return found == line.labels.end() ? std::string() : found->second;
}

template <class Row, std::size_t kCount>
const Known<Row>* find_known(const std::array<Known<Row>, kCount>& known, const Line& line) {
  const auto found = std::ranges::find_if(known, [&line](const Known<Row>& one) {
    return one.name == line.name && one.state == label_of(line, "state");
  });
  return found == known.end() ? nullptr : &*found;
}

PoolStats& pool_of(StatsPage& page, const Line& line) {
  const std::string server = label_of(line, "server");
  const std::string user = label_of(line, "user");
  const bool pooled = label_of(line, "pooled") != "0";
  const auto found = std::ranges::find_if(page.pools, [&](const PoolStats& one) {
    return one.server == server && one.user == user && one.pooled == pooled;
  });
  if (found != page.pools.end()) return *found;
  page.pools.push_back({.server = server, .user = user, .pooled = pooled});
  return page.pools.back();
}

FarmStats& farm_of(StatsPage& page, const Line& line) {
  const std::string farm = label_of(line, "farm");
  const auto found = std::ranges::find(page.farms, farm, &FarmStats::farm);
  if (found != page.farms.end()) return *found;
  page.farms.push_back({.farm = farm});
  return page.farms.back();
}

}  // namespace

StatsPage parse_stats(std::string_view text) {
  StatsPage page;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // it is being written
    if (const std::optional<Line> line = read_line(text.substr(0, end))) {
      if (const auto* pool = find_known(kOfPools, *line)) {
        pool_of(page, *line).*pool->value = line->value;
      } else if (const auto* farm = find_known(kOfFarms, *line)) {
        farm_of(page, *line).*farm->value = line->value;
      }
    }
    text.remove_prefix(end + 1);
  }
  return page;
}

}  // namespace tools::top
