#include "tests/stress/chaos/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/stress/chaos/worker.h"

namespace chaos {
namespace {

/// docs/failover.md; HY000 and the like would be a server's error that the driver had to judge.
const std::set<std::string> kAllowed{"00000", "08001", "08004", "08007", "08S01", "08S02",
                                     "25000", "25S03", "40001", "HYT00", "HYT01"};
constexpr std::size_t kMostShown = 4;
constexpr std::size_t kKind = 6;

std::string ago(Time now, Time first) {
  return std::to_string(std::chrono::duration_cast<Milliseconds>(now - first).count()) + " ms";
}

class Verdict {
 public:
  Verdict(Farm& farm, const std::vector<const History*>& histories,
          const std::vector<Fault>& faults)
      : farm_(farm), histories_(histories), faults_(faults) {}

  std::vector<std::string> broken() {
    check_calls();
    check_rows("test.chaos_transfer", "token", {"g1a", "g1b", "g1c"});
    check_rows("test.chaos_log", "n", {"g1a", "g1b", "g1c"});
    check_rows("shop.chaos_log", "n", {"shard1a", "shard2a"});
    check_accounts();
    for (const History* history : histories_) {
      for (const std::string& wrong : history->wrong) add(wrong);
    }
    return std::move(broken_);
  }

 private:
  /// The first few of a kind; a kind is what the sentence begins with.
  void add(const std::string& sentence) {
    if (++shown_[sentence.substr(0, kKind)] <= kMostShown) broken_.push_back(sentence);
  }

  void check_calls() {
    for (const History* history : histories_) {
      for (const Call& call : history->calls) {
        const std::string name =
            std::string(call.what) + " (" + kRouteNames.at(index_of(call.route)) + ") at " +
            ago(call.begun, start()) + " for " + ago(call.ended, call.begun) + ": ";
        if (!kAllowed.contains(call.state)) {
          add(name + "not an allowed state: " + call.sentence +
              faults_around(call.begun, call.ended));
        }
        if (call.ended - call.begun > kBound) {
          add(name + "took too long: " + call.state + " " + call.sentence +
              faults_around(call.begun, call.ended));
        }
      }
    }
  }

  /// `servers`: each has all rows (the cluster), or each has its shard's.
  void check_rows(const std::string& table, const std::string& column,
                  const std::vector<std::string>& servers) {
    const bool copies = servers.front() == "g1a";
    std::map<std::uint64_t, int> together;
    for (const std::string& server : servers) {
      std::map<std::uint64_t, int> counts;
      for (const auto& row : farm_.ask(
               server, "SELECT " + column + ", COUNT(*) FROM " + table + " GROUP BY " + column)) {
        (copies ? counts : together)[std::stoull(row[0])] += std::stoi(row[1]);
      }
      if (copies) compare(table + " on " + server, table, counts);
    }
    if (!copies) compare(table, table, together);
  }

  void compare(const std::string& name, const std::string& table,
               const std::map<std::uint64_t, int>& counts) {
    std::size_t written = 0;
    for (const History* history : histories_) {
      for (const Write& write : history->writes) {
        if (write.table != table) continue;
        const auto found = counts.find(write.token);
        const int count = found == counts.end() ? 0 : found->second;
        written += found == counts.end() ? 0 : 1;
        const std::string text =
            name + ": token " + std::to_string(write.token) + ", told " + write.state + " at " +
            ago(write.begun, start()) + " for " + ago(write.ended, write.begun) + " (" +
            kRouteNames.at(index_of(write.route)) + "), is there " + std::to_string(count) +
            " times" + faults_around(write.begun, write.ended);
        if (count > 1) add("applied twice: " + text);
        if (count == 0 && write.fate == Fate::kAcknowledged) add("lost: " + text);
        if (count == 1 && write.fate == Fate::kRefused) add("done although refused: " + text);
      }
    }
    if (written != counts.size()) add(name + " has rows that nobody wrote");
  }

  void check_accounts() {
    std::map<int, std::int64_t> wanted;
    for (int account = 0; account < kAccounts; ++account) wanted[account] = kBalance;
    for (const auto& row : farm_.ask("g1a", "SELECT src, dst, amount FROM test.chaos_transfer")) {
      wanted[std::stoi(row[0])] -= std::stoi(row[2]);
      wanted[std::stoi(row[1])] += std::stoi(row[2]);
    }
    for (const std::string& server : Farm::cluster()) {
      for (const auto& row : farm_.ask(server, "SELECT id, balance FROM test.chaos_account")) {
        const std::int64_t should = wanted[std::stoi(row[0])];
        if (std::stoll(row[1]) == should) continue;
        add("account " + row[0] + " on " + server + " holds " + row[1] + ", its transfers say " +
            std::to_string(should));
      }
    }
  }

  [[nodiscard]] Time start() const {
    Time first = Time::max();
    for (const History* history : histories_) {
      if (!history->calls.empty()) first = std::min(first, history->calls.front().begun);
    }
    return first;
  }

  [[nodiscard]] std::string faults_around(Time begun, Time ended) const {
    std::string text;
    for (const Fault& fault : faults_) {
      if (fault.begun > ended || fault.ended < begun - std::chrono::seconds(3)) continue;
      text += "\n      " + fault.victim + " " + fault.kind + " from " + ago(fault.begun, start()) +
              " for " + ago(fault.ended, fault.begun);
    }
    return text;
  }

  Farm& farm_;
  const std::vector<const History*>& histories_;
  const std::vector<Fault>& faults_;
  std::vector<std::string> broken_;
  std::map<std::string, std::size_t> shown_;
};

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < rows[r].size(); ++i)
      text += "| " + padded(rows[r][i], widths[i]) + " ";
    text += "|\n";
    if (r > 0) continue;
    for (const std::size_t width : widths) text += "|" + std::string(width + 2, '-');
    text += "|\n";
  }
  return text + "\n";
}

std::string seconds(std::chrono::duration<double> time) {
  std::array<char, 32> room{};
  static_cast<void>(std::snprintf(room.data(), room.size(), "%.3f s", time.count()));
  return room.data();
}

std::string quantile(std::vector<Clock::duration> times, double part) {
  if (times.empty()) return "-";
  std::sort(times.begin(), times.end());
  const auto at = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1) + 0.5);
  return seconds(times[at]);
}

/// When calls that need a primary went well, in order.
std::vector<Time> services(const std::vector<const History*>& histories, Route route) {
  std::vector<Time> ends;
  for (const History* history : histories) {
    for (const Write& write : history->writes) {
      if (write.route == route && write.fate == Fate::kAcknowledged) ends.push_back(write.ended);
    }
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

/// The longest time without a write on the route that began after the fault and before its end.
Clock::duration outage(const std::vector<Time>& ends, const Fault& fault) {
  Clock::duration longest{};
  for (std::size_t i = 1; i < ends.size(); ++i) {
    if (ends[i] < fault.begun) continue;
    if (ends[i - 1] > fault.ended) break;
    longest = std::max(longest, ends[i] - std::max(ends[i - 1], fault.begun));
  }
  return longest;
}

}  // namespace

std::vector<std::string> broken_promises(Farm& farm, const std::vector<const History*>& histories,
                                         const std::vector<Fault>& faults) {
  return Verdict(farm, histories, faults).broken();
}

std::string figures(const std::vector<const History*>& histories,
                    const std::vector<Fault>& faults) {
  std::map<Route, std::vector<Time>> ends;
  for (const Route route : kRoutes) ends[route] = services(histories, route);
  std::map<std::string, std::vector<Clock::duration>> outages;
  std::map<std::string, int> counts;
  for (const Fault& fault : faults) {
    const bool shard = fault.victim.starts_with("shard");
    const std::string whom = !shard                        ? "a server of g1"
                             : fault.victim.ends_with("a") ? "a shard's primary"
                                                           : "a shard's secondary";
    const std::string name = fault.kind + ": " + whom;
    ++counts[name];
    for (const Route route : fault.routes) outages[name].push_back(outage(ends[route], fault));
  }
  std::vector<std::vector<std::string>> rows{
      {"Fault", "times", "without service: median", "p99", "worst"}};
  for (const auto& [name, times] : outages) {
    rows.push_back({name, std::to_string(counts[name]), quantile(times, 0.5), quantile(times, 0.99),
                    quantile(times, 1)});
  }
  std::string text = table(rows);

  std::map<std::string, std::map<std::string, int>> states;
  std::map<std::string, std::vector<Clock::duration>> durations;
  for (const History* history : histories) {
    for (const Call& call : history->calls) {
      ++states[call.what][call.state];
      durations[call.what].push_back(call.ended - call.begun);
    }
  }
  rows = {{"Call", "times", "median", "p99", "worst", "errors told"}};
  for (const auto& [what, told] : states) {
    std::string errors;
    for (const auto& [state, count] : told) {
      if (state == "00000") continue;
      errors += (errors.empty() ? "" : ", ") + state + " " + std::to_string(count);
    }
    rows.push_back({what, std::to_string(durations[what].size()), quantile(durations[what], 0.5),
                    quantile(durations[what], 0.99), quantile(durations[what], 1), errors});
  }
  return text + table(rows);
}

std::string sentences(const std::vector<const History*>& histories) {
  std::map<std::string, std::string> seen;
  for (const History* history : histories) {
    for (const Call& call : history->calls) {
      if (call.state != "00000") seen.try_emplace(call.what + (" " + call.state), call.sentence);
    }
  }
  std::string text;
  for (const auto& [what, sentence] : seen) text += what + ": " + sentence;
  return text + "\n";
}

}  // namespace chaos
