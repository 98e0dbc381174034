// One piece of work, done `count` times by one candidate; prints what it took as one line of JSON.
//   fabric_bench WORK COUNT odbc|c_api CONNECTION [SIZE]
// SIZE: how many connections are open, or how many columns a row of `cells` has; 1 by default.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <vector>

#include "bench/candidate.h"

namespace {

using bench::Candidate;
using bench::Catalog;
using bench::Form;
using bench::Hint;
using bench::kRowset;

/// All connections; works that need one use the first.
using Crowd = std::vector<std::unique_ptr<Candidate>>;

struct Order {
  std::size_t count = 0, size = 1;
};

struct Work {
  std::function<std::uint64_t(Candidate&, const Order&)> alone;
  /// With SIZE connections.
  std::function<std::uint64_t(Crowd&, const Order&)> together = {};
};

/// A statement on each connection in turn.
std::uint64_t spread(Crowd& crowd, const Order& order) {
  bench::Checksum sum;
  for (std::size_t n = 0; n < order.count; ++n) {
    sum.add(crowd[n % crowd.size()]->point_selects(1, Hint::kNone));
  }
  return sum.value();
}

/// A thread for each connection.
std::uint64_t in_threads(Crowd& crowd, const Order& order) {
  std::vector<std::future<std::uint64_t>> sums;
  for (const auto& one : crowd) {
    sums.push_back(std::async(std::launch::async, [&one, share = order.count / crowd.size()] {
      return one->point_selects(share, Hint::kNone);
    }));
  }
  bench::Checksum sum;
  for (auto& each : sums) sum.add(each.get());
  return sum.value();
}

std::uint64_t connects_beside(Crowd& crowd, const Order& order) {
  crowd.front()->connects(order.count);
  return 0;
}

Work fetch(Form form) {
  return {[form](Candidate& c, const Order& o) { return c.fetch(o.count, form); }};
}
Work get(Form form) {
  return {[form](Candidate& c, const Order& o) { return c.get_data(o.count, form); }};
}
Work catalog(Catalog what) {
  return {[what](Candidate& c, const Order& o) { return c.catalog(o.count, what); }};
}
Work point(Hint hint) {
  return {[hint](Candidate& c, const Order& o) { return c.point_selects(o.count, hint); }};
}
Work insert(std::size_t at_once) {
  return {[at_once](Candidate& c, const Order& o) {
    c.insert(o.count, at_once);
    return std::uint64_t{0};
  }};
}
Work writing() {
  return {[](Candidate& c, const Order& o) {
    c.connects_and_writes(o.count);
    return std::uint64_t{0};
  }};
}

const std::map<std::string, Work>& works() {
  static const std::map<std::string, Work> all{
      {"connect", {{}, connects_beside}},
      {"connect_write", writing()},
      {"point", point(Hint::kNone)},
      {"point_hint", point(Hint::kKey)},
      {"point_spread", {{}, spread}},
      {"point_threads", {{}, in_threads}},
      {"prepared", {[](Candidate& c, const Order& o) { return c.prepared_selects(o.count); }}},
      {"fetch_native", fetch(Form::kNative)},
      {"fetch_char", fetch(Form::kChar)},
      {"fetch_wide", fetch(Form::kWide)},
      {"get_native", get(Form::kNative)},
      {"get_char", get(Form::kChar)},
      {"cells", {[](Candidate& c, const Order& o) { return c.cells(o.count, o.size); }}},
      {"first_row", {[](Candidate& c, const Order& o) { return c.first_row(o.count); }}},
      {"spool", {[](Candidate& c, const Order& o) { return c.spool(o.count); }}},
      {"columns", catalog(Catalog::kColumns)},
      {"primary_keys", catalog(Catalog::kPrimaryKeys)},
      {"statistics", catalog(Catalog::kStatistics)},
      {"insert", insert(kRowset)},
      {"insert_single", insert(1)},
  };
  return all;
}

/// A figure of /proc/self in KiB.
std::size_t kib(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size(), nullptr, 10);
  }
  return 0;
}

/// The most memory that this process has had.
std::size_t peak_memory() { return kib("/proc/self/status", "VmHWM:"); }

/// What this process has written to: the rest of its memory are pages of libraries, which all
/// processes share.
std::size_t own_memory() { return kib("/proc/self/smaps_rollup", "Anonymous:"); }

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

void perform(const Work& work, const Order& order, std::unique_ptr<Candidate> first) {
  const auto connecting = Clock::now();
  first->connect();
  const double connect_seconds = seconds_since(connecting);
  Crowd crowd;
  crowd.push_back(std::move(first));
  while (work.together && crowd.size() < order.size) {
    crowd.push_back(crowd.front()->another());
    crowd.back()->connect();
  }
  const auto begun = Clock::now();
  const std::uint64_t sum =
      work.together ? work.together(crowd, order) : work.alone(*crowd.front(), order);
  const double seconds = seconds_since(begun);
  std::printf(
      "{\"seconds\": %.9f, \"checksum\": \"%016llx\", \"connect_seconds\": %.9f, "
      "\"peak_kib\": %zu, \"own_kib\": %zu}\n",
      seconds, static_cast<unsigned long long>(sum), connect_seconds, peak_memory(), own_memory());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5 || argc > 6 || !works().contains(argv[1])) {
    std::fprintf(stderr,
                 "usage: fabric_bench WORK COUNT odbc|c_api CONNECTION [SIZE], WORK one of:");
    for (const auto& [name, work] : works()) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  try {
    const std::string via = argv[3];
    const Order order{std::strtoull(argv[2], nullptr, 10),
                      argc > 5 ? std::strtoull(argv[5], nullptr, 10) : 1};
    perform(works().at(argv[1]), order,
            via == "odbc" ? bench::odbc_candidate(argv[4]) : bench::c_api_candidate(argv[4]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fabric_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
