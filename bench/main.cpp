// One piece of work, done `count` times by one candidate; prints what it took as one line of JSON.
//   fabric_bench WORK COUNT odbc|c_api CONNECTION
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>

#include "bench/candidate.h"

namespace {

using bench::Candidate;
using bench::Form;
using Work = std::function<std::uint64_t(Candidate&, std::size_t)>;

const std::map<std::string, Work>& works() {
  static const std::map<std::string, Work> all{
      {"connect",
       [](Candidate& c, std::size_t n) {
         c.connects(n);
         return std::uint64_t{0};
       }},
      {"point", [](Candidate& c, std::size_t n) { return c.point_selects(n); }},
      {"prepared", [](Candidate& c, std::size_t n) { return c.prepared_selects(n); }},
      {"fetch_native", [](Candidate& c, std::size_t n) { return c.fetch(n, Form::kNative); }},
      {"fetch_char", [](Candidate& c, std::size_t n) { return c.fetch(n, Form::kChar); }},
      {"fetch_wide", [](Candidate& c, std::size_t n) { return c.fetch(n, Form::kWide); }},
      {"get_native", [](Candidate& c, std::size_t n) { return c.get_data(n, Form::kNative); }},
      {"get_char", [](Candidate& c, std::size_t n) { return c.get_data(n, Form::kChar); }},
      {"insert",
       [](Candidate& c, std::size_t n) {
         c.insert(n);
         return std::uint64_t{0};
       }},
  };
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 || !works().contains(argv[1])) {
    std::fprintf(stderr, "usage: fabric_bench WORK COUNT odbc|c_api CONNECTION, WORK one of:");
    for (const auto& [name, work] : works()) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  try {
    const std::string via = argv[3];
    const auto candidate =
        via == "odbc" ? bench::odbc_candidate(argv[4]) : bench::c_api_candidate(argv[4]);
    candidate->connect();
    const auto began = std::chrono::steady_clock::now();
    const std::uint64_t sum = works().at(argv[1])(*candidate, std::strtoull(argv[2], nullptr, 10));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("{\"seconds\": %.9f, \"checksum\": \"%016llx\"}\n", took.count(),
                static_cast<unsigned long long>(sum));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fabric_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
