#include "driver/stats_text.h"

#include <array>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

namespace driver {
namespace {

using fabric::FarmStats;
using pool::PoolReport;
using pool::PoolStats;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string in_seconds(fabric::base::Duration duration) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%.6g",
                                  std::chrono::duration<double>(duration).count()));
  return text.data();
}

struct PoolNumbers {
  PoolStats stats;
  std::size_t max_size = 0;
};

/// By their labels.
using PoolsByLabels = std::map<std::string, PoolNumbers>;
using FarmsByLabels = std::map<std::string, FarmStats>;

PoolsByLabels by_labels(const std::vector<PoolReport>& reports) {
  PoolsByLabels pools;
  for (const PoolReport& report : reports) {
    PoolNumbers& pool =
        pools[label("server", report.server.text()) + "," + label("user", report.user) + "," +
              label("pooled", report.pooled ? "1" : "0")];
    pool.stats += report.stats;
    pool.max_size += report.max_size;
  }
  return pools;
}

FarmsByLabels by_labels(const std::vector<FarmReport>& reports) {
  FarmsByLabels farms;
  for (const FarmReport& report : reports) farms[label("farm", report.farm)] += report.stats;
  return farms;
}

class Page {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "fabric_odbc_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
             std::string(type) + "\n";
  }
  void line(const std::string& labels, const std::string& value, const char* suffix = "") {
    text_ += name_ + suffix + "{" + labels + "} " + value + "\n";
  }
  void line(const std::string& labels, std::uint64_t value) { line(labels, std::to_string(value)); }
  /// A line for each name, with its count.
  template <class Names, class Counts>
  void lines(const std::string& labels, std::string_view key, const Names& names,
             const Counts& counts) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      line(labels + "," + label(key, names[i]), counts[i]);
    }
  }
  template <class Times>
  void histogram(const std::string& labels, const Times& times) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < times.counts.size(); ++i) {
      below += times.counts[i];
      const bool last = i == times.bounds().size();
      const std::string bound = last ? "+Inf" : in_seconds(times.bounds()[i]);
      line(labels + "," + label("le", bound), std::to_string(below), "_bucket");
    }
    line(labels, in_seconds(times.sum), "_sum");
    line(labels, std::to_string(below), "_count");
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

template <class Stats>
struct Counter {
  std::string_view name;
  std::uint64_t Stats::*value;
  std::string_view help;
};

constexpr std::array kPoolCounters{
    Counter<PoolStats>{"borrows_total", &PoolStats::borrows, "Connections asked for."},
    Counter<PoolStats>{"waits_total", &PoolStats::waits, "Borrowers who found none idle."},
    Counter<PoolStats>{"wait_timeouts_total", &PoolStats::timeouts, "Borrowers whose time passed."},
    Counter<PoolStats>{"connects_total", &PoolStats::connects, "Physical connections opened."},
    Counter<PoolStats>{"connect_failures_total", &PoolStats::connect_failures,
                       "Connects that failed."},
    Counter<PoolStats>{"pings_total", &PoolStats::pings, "Connections checked after idling."},
    Counter<PoolStats>{"keepalives_total", &PoolStats::keepalives, "Idle connections kept alive."},
    Counter<PoolStats>{"retries_total", &PoolStats::retries,
                       "Statements run again unseen after the server failed them."},
    Counter<PoolStats>{"prepared_hits_total", &PoolStats::prepared_hits,
                       "Statements that the connection had kept prepared."},
    Counter<PoolStats>{"prepared_misses_total", &PoolStats::prepared_misses,
                       "Statements that were prepared anew."},
    Counter<PoolStats>{"leaks_total", &PoolStats::leaks,
                       "Connections held longer than POOL_LEAK_WARN."}};

constexpr std::array kFarmCounters{
    Counter<FarmStats>{"refreshes_total", &FarmStats::refreshes, "Topologies told by nodes."},
    Counter<FarmStats>{"refresh_failures_total", &FarmStats::refresh_failures,
                       "Questions for the topology that no node answered."},
    Counter<FarmStats>{"reports_total", &FarmStats::reports, "Fault reports that a node took."},
    Counter<FarmStats>{"report_failures_total", &FarmStats::report_failures,
                       "Fault reports that no node took."},
    Counter<FarmStats>{"failovers_total", &FarmStats::failovers,
                       "Groups that got another primary for a lost one."},
    Counter<FarmStats>{"switchovers_total", &FarmStats::switchovers,
                       "Groups that got another primary while the old one served."}};

constexpr std::array<std::pair<const char*, std::size_t PoolStats::*>, 4> kStates{
    {{"connecting", &PoolStats::connecting},
     {"idle", &PoolStats::idle},
     {"leased", &PoolStats::leased},
     {"resetting", &PoolStats::resetting}}};

void write_connections(Page& page, const PoolsByLabels& pools) {
  page.begin("connections", "gauge", "Physical connections by state.");
  for (const auto& [labels, pool] : pools) {
    for (const auto& [name, count] : kStates) {
      page.line(labels + "," + label("state", name), pool.stats.*count);
    }
  }
  page.begin("connections_max", "gauge", "MAX_POOL_SIZE.");
  for (const auto& [labels, pool] : pools) page.line(labels, pool.max_size);
  page.begin("waiting", "gauge", "Borrowers who wait now.");
  for (const auto& [labels, pool] : pools) page.line(labels, pool.stats.waiting);
}

void write_pools(Page& page, const PoolsByLabels& pools) {
  write_connections(page, pools);
  for (const auto& counter : kPoolCounters) {
    page.begin(counter.name, "counter", counter.help);
    for (const auto& [labels, pool] : pools) page.line(labels, pool.stats.*counter.value);
  }
  page.begin("resets_total", "counter", "Connections cleaned between sessions, by kind.");
  for (const auto& [labels, pool] : pools) {
    page.lines(labels, "kind", pool::kResetKinds, pool.stats.resets);
  }
  page.begin("closed_total", "counter", "Connections closed, by reason.");
  for (const auto& [labels, pool] : pools) {
    page.lines(labels, "reason", pool::kCloseReasons, pool.stats.closed);
  }
  page.begin("pins_total", "counter",
             "Sessions that kept a connection between transactions, by reason.");
  for (const auto& [labels, pool] : pools) {
    for (const auto& [reason, count] : pool.stats.pins) {
      page.line(labels + "," + label("reason", reason), count);
    }
  }
  page.begin("wait_seconds", "histogram", "How long borrowers waited who found none idle.");
  for (const auto& [labels, pool] : pools) page.histogram(labels, pool.stats.waited);
}

void write_farms(Page& page, const FarmsByLabels& farms) {
  page.begin("node_calls_total", "counter", "Questions to Fabric nodes, by what became of them.");
  for (const auto& [labels, farm] : farms) {
    page.lines(labels, "outcome", fabric::kNodeOutcomes, farm.node_calls);
  }
  for (const auto& counter : kFarmCounters) {
    page.begin(counter.name, "counter", counter.help);
    for (const auto& [labels, farm] : farms) page.line(labels, farm.*counter.value);
  }
  page.begin("recovery_seconds", "histogram",
             "Failovers, from the first call that failed to the new primary.");
  for (const auto& [labels, farm] : farms) page.histogram(labels, farm.recovery);
}

}  // namespace

std::string stats_text(const std::vector<PoolReport>& pools, const std::vector<FarmReport>& farms) {
  Page page;
  write_pools(page, by_labels(pools));
  if (!farms.empty()) write_farms(page, by_labels(farms));
  return std::move(page).text();
}

}  // namespace driver
