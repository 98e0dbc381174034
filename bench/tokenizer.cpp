// What it costs to cut a statement of 100 bytes into tokens, and to find all facts of it: the
// median of rounds, in nanoseconds of this process's processor time, which other load does not
// count into. With a number it cuts it so many times and is done, for bench/run to count the
// instructions of one.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "driver/sql/statement_facts.h"

namespace {

constexpr std::string_view kStatement =
    "SELECT o.id, `total`, 'paid' FROM shop.orders AS o WHERE o.id = ? AND total > 12.50 /* x */ "
    "LIMIT 10";
static_assert(kStatement.size() == 100);

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
double nanoseconds(const Work& work) {
  constexpr int kRounds = 51;
  constexpr int kTimes = 20000;
  std::vector<double> taken;
  std::size_t seen = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double begun = seconds();
    for (int i = 0; i < kTimes; ++i) seen += work();
    taken.push_back((seconds() - begun) * 1e9 / kTimes);
  }
  if (seen == 0) return -1;
  std::ranges::nth_element(taken, taken.begin() + kRounds / 2);
  return taken[kRounds / 2];
}

std::size_t count_tokens() {
  driver::sql::SqlScanner scanner(kStatement);
  std::size_t count = 0;
  for (driver::sql::Token token = scanner.next(); token.kind != driver::sql::TokenKind::kEnd;
       scanner.next(token)) {
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    std::size_t seen = 0;
    for (long i = std::strtol(argv[1], nullptr, 10); i > 0; --i) seen += count_tokens();
    std::printf("{\"checksum\": %zu}\n", seen);
    return 0;
  }
  const double tokens = nanoseconds(count_tokens);
  const double facts =
      nanoseconds([] { return driver::sql::facts_of(kStatement).parameter_count; });
  std::printf("tokens %.0f ns, facts %.0f ns\n", tokens, facts);
  return 0;
}
