#include "driver/stats_text.h"

#include <array>
#include <cstdio>
#include <functional>
#include <string_view>

namespace driver {
namespace {

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

std::string labels_of(const PoolReport& pool) {
  return "server=\"" + escaped(pool.server.text()) + "\",user=\"" + escaped(pool.user) +
         "\",pooled=\"" + (pool.pooled ? "1" : "0") + "\"";
}

class Page {
 public:
  explicit Page(const std::vector<PoolReport>& pools) : pools_(pools) {}

  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "fabric_odbc_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
             std::string(type) + "\n";
  }
  void line(const PoolReport& pool, const std::string& more, const std::string& value,
            const char* suffix = "") {
    text_ += name_ + suffix + "{" + labels_of(pool) + (more.empty() ? "" : ",") + more + "} " +
             value + "\n";
  }
  void each(const std::function<void(const PoolReport&)>& write) const {
    for (const PoolReport& pool : pools_) write(pool);
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  const std::vector<PoolReport>& pools_;
  std::string name_;
  std::string text_;
};

struct Counter {
  std::string_view name;
  std::uint64_t PoolStats::*value;
  std::string_view help;
};

constexpr std::array kCounters{
    Counter{"borrows_total", &PoolStats::borrows, "Connections asked for."},
    Counter{"waits_total", &PoolStats::waits, "Borrowers who found none idle."},
    Counter{"wait_timeouts_total", &PoolStats::timeouts, "Borrowers whose time passed."},
    Counter{"connects_total", &PoolStats::connects, "Physical connections opened."},
    Counter{"connect_failures_total", &PoolStats::connect_failures, "Connects that failed."},
    Counter{"resets_total", &PoolStats::resets, "Connections reset between sessions."},
    Counter{"pings_total", &PoolStats::pings, "Connections checked after idling."}};

struct NamedCount {
  std::string_view name;
  std::size_t PoolStats::*value;
};

constexpr std::array kStates{
    NamedCount{"connecting", &PoolStats::connecting}, NamedCount{"idle", &PoolStats::idle},
    NamedCount{"leased", &PoolStats::leased}, NamedCount{"resetting", &PoolStats::resetting}};

constexpr std::array kClosings{Counter{"idle", &PoolStats::closed_idle, ""},
                               Counter{"lifetime", &PoolStats::closed_lifetime, ""},
                               Counter{"broken", &PoolStats::closed_broken, ""},
                               Counter{"retired", &PoolStats::closed_retired, ""}};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string in_seconds(fabric::base::Duration duration) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%.6g",
                                  std::chrono::duration<double>(duration).count()));
  return text.data();
}

void write_waits(Page& page) {
  page.begin("wait_seconds", "histogram", "How long borrowers waited who found none idle.");
  page.each([&](const PoolReport& pool) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < pool::kWaitBounds.size(); ++i) {
      below += pool.stats.waited[i];
      page.line(pool, label("le", in_seconds(pool::kWaitBounds[i])), std::to_string(below),
                "_bucket");
    }
    below += pool.stats.waited.back();
    page.line(pool, label("le", "+Inf"), std::to_string(below), "_bucket");
    page.line(pool, "", in_seconds(pool.stats.waited_in_all), "_sum");
    page.line(pool, "", std::to_string(below), "_count");
  });
}

}  // namespace

std::string stats_text(const std::vector<PoolReport>& pools) {
  Page page(pools);
  page.begin("connections", "gauge", "Physical connections by state.");
  page.each([&](const PoolReport& pool) {
    for (const NamedCount& state : kStates) {
      page.line(pool, label("state", state.name), std::to_string(pool.stats.*state.value));
    }
  });
  page.begin("connections_max", "gauge", "MAX_POOL_SIZE.");
  page.each([&](const PoolReport& pool) { page.line(pool, "", std::to_string(pool.max_size)); });
  page.begin("waiting", "gauge", "Borrowers who wait now.");
  page.each(
      [&](const PoolReport& pool) { page.line(pool, "", std::to_string(pool.stats.waiting)); });
  for (const Counter& counter : kCounters) {
    page.begin(counter.name, "counter", counter.help);
    page.each([&](const PoolReport& pool) {
      page.line(pool, "", std::to_string(pool.stats.*counter.value));
    });
  }
  page.begin("closed_total", "counter", "Connections closed, by reason.");
  page.each([&](const PoolReport& pool) {
    for (const Counter& closing : kClosings) {
      page.line(pool, label("reason", closing.name), std::to_string(pool.stats.*closing.value));
    }
  });
  page.begin("pins_total", "counter",
             "Sessions that kept a connection between transactions, by reason.");
  page.each([&](const PoolReport& pool) {
    for (const auto& [reason, count] : pool.stats.pins) {
      page.line(pool, label("reason", reason), std::to_string(count));
    }
  });
  write_waits(page);
  return std::move(page).text();
}

}  // namespace driver
