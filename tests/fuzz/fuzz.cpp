// Random sequences of ODBC calls against the driver, without a manager.
//   fuzz DRIVER --seconds 60            new seeds, all targets in turn
//   fuzz DRIVER --target NAME --seed S [--count N] [--only 1,5,9] [--trace]   again
// Sequences run in child processes. When one dies, hangs or breaks a promise, the parent finds the
// fewest steps that still do it, prints the command that shows it, and goes on; it exits with 1.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "tests/fuzz/sequence.h"
#include "tests/fuzz/targets.h"
#include "tests/support/test_server.h"

namespace {

using fuzz::Sequence;
using test_support::ServerKind;
using test_support::TestServer;

constexpr unsigned kLongestSequence = 60;  // seconds, then it hangs
constexpr std::uint64_t kBatch = 20;
constexpr int kMostReplays = 60;

struct Options {
  std::string driver;
  std::string target;
  std::optional<std::uint64_t> seed;
  std::uint64_t count = 1;
  std::uint64_t seconds = 10;
  std::vector<std::uint64_t> only;
  bool trace = false;
};

struct Batch {
  std::string target;
  std::uint64_t first;
  std::uint64_t count;
  std::vector<std::uint64_t> only;  ///< steps of its last sequence
  bool trace = false;
};

/// Written by the child, read by the parent when the child is dead.
struct Progress {
  volatile std::uint64_t seed;
  volatile std::uint64_t step;
};

class Targets {
 public:
  Targets() {
    for (const ServerKind kind : test_support::server_kinds()) {
      servers_.push_back(std::make_unique<TestServer>(
          kind, std::vector<std::string>{"--lock-wait-timeout=1", "--innodb-lock-wait-timeout=1"}));
    }
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all{"Garbage"};
    for (const auto& server : servers_) all.push_back(name_of(server->kind()));
    return all;
  }
  [[nodiscard]] const TestServer* server(const std::string& name) const {
    for (const auto& server : servers_) {
      if (name_of(server->kind()) == name) return server.get();
    }
    return nullptr;
  }

 private:
  std::vector<std::unique_ptr<TestServer>> servers_;
};

class Fuzzer {
 public:
  explicit Fuzzer(Options options) : options_(std::move(options)) {
    void* shared =
        mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    progress_ = static_cast<Progress*>(shared);
  }

  int run() {
    if (options_.seed) {
      const Batch batch{options_.target, *options_.seed, options_.count, options_.only,
                        options_.trace};
      return fails(batch, true) ? 1 : 0;
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options_.seconds);
    auto seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                                           std::chrono::milliseconds(1)) %
                1000000000;
    std::printf("fuzz: from seed %llu\n", static_cast<unsigned long long>(seed));
    std::uint64_t sequences = 0;
    int failures = 0;
    const std::vector<std::string> names = targets_.names();
    for (std::size_t turn = 0; std::chrono::steady_clock::now() < end; ++turn) {
      const std::string& name = names[turn % names.size()];
      if (!options_.target.empty() && name != options_.target) continue;
      const Batch batch{name, seed, kBatch, {}};
      if (fails(batch, true)) {
        ++failures;
        explain(batch);
      }
      seed += kBatch;
      sequences += kBatch;
    }
    std::printf("fuzz: %llu sequences, %d failures\n", static_cast<unsigned long long>(sequences),
                failures);
    return failures == 0 ? 0 : 1;
  }

 private:
  /// In a child. Whether it came to a bad end.
  bool fails(const Batch& batch, bool loud) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      if (!loud) {
        std::freopen("/dev/null", "w", stderr);
      }
      std::exit(run_child(batch));
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (loud && WIFSIGNALED(status)) {
      std::printf("fuzz: signal %d in step %llu of seed %llu\n", WTERMSIG(status),
                  static_cast<unsigned long long>(progress_->step),
                  static_cast<unsigned long long>(progress_->seed));
    }
    return status != 0;
  }

  int run_child(const Batch& batch) {
    const test_support::OdbcLibrary driver(options_.driver);
    std::unique_ptr<fuzz::GarbageServer> garbage;
    try {
      for (std::uint64_t seed = batch.first; seed < batch.first + batch.count; ++seed) {
        alarm(kLongestSequence);
        const TestServer* server = targets_.server(batch.target);
        if (server == nullptr) garbage = std::make_unique<fuzz::GarbageServer>(seed);
        const auto endpoint = server == nullptr ? garbage->endpoint() : server->endpoint();
        progress_->seed = seed;
        progress_->step = 0;
        Sequence sequence(driver, fuzz::connection_strings(endpoint));
        if (server != nullptr && seed == batch.first) sequence.run_sql(fuzz::set_up());
        const bool last = seed + 1 == batch.first + batch.count;
        Sequence::Plan plan;
        plan.seed = seed;
        plan.trace = batch.trace && last;
        if (last) plan.only = batch.only;
        sequence.run(plan, progress_->step);
      }
    } catch (const fuzz::Broken& broken) {
      std::fprintf(stderr, "fuzz: %s\n", broken.what());
      return 2;
    }
    alarm(kLongestSequence);  // for the end of the driver's threads
    return 0;
  }

  /// Finds the fewest steps that fail, and says how to see it.
  void explain(Batch batch) {
    batch.count = progress_->seed - batch.first + 1;
    const std::uint64_t last_step = progress_->step;
    const Batch alone{batch.target, progress_->seed, 1, {}};
    if (fails(alone, false)) batch = alone;
    for (std::uint64_t step = 0; step <= last_step; ++step) batch.only.push_back(step);
    if (!fails(batch, false)) {
      batch.only.clear();
    } else {
      minimise(batch);
    }
    std::string only;
    for (const std::uint64_t step : batch.only) {
      only += (only.empty() ? " --only " : ",") + std::to_string(step);
    }
    std::printf("fuzz: FAILED; again: fuzz DRIVER --target %s --seed %llu --count %llu%s --trace\n",
                batch.target.c_str(), static_cast<unsigned long long>(batch.first),
                static_cast<unsigned long long>(batch.count), only.c_str());
  }

  void minimise(Batch& batch) {
    int replays = 0;
    for (std::size_t chunk = batch.only.size() / 2; chunk > 0; chunk /= 2) {
      for (std::size_t at = 0; at + chunk < batch.only.size() && replays < kMostReplays;) {
        Batch fewer = batch;
        const auto from = fewer.only.begin() + static_cast<std::ptrdiff_t>(at);
        fewer.only.erase(from, from + static_cast<std::ptrdiff_t>(chunk));
        ++replays;
        if (fails(fewer, false)) {
          batch = fewer;
        } else {
          at += chunk;
        }
      }
    }
  }

  Options options_;
  Targets targets_;
  Progress* progress_ = nullptr;
};

Options options_of(int count, char** words) {
  Options options;
  if (count > 1) options.driver = words[1];
  for (int i = 2; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--trace") {
      options.trace = true;
      continue;
    }
    const std::string value = i + 1 < count ? words[++i] : "";
    if (word == "--target") options.target = value;
    if (word == "--seed") options.seed = std::stoull(value);
    if (word == "--count") options.count = std::stoull(value);
    if (word == "--seconds") options.seconds = std::stoull(value);
    if (word == "--only") {
      std::istringstream list(value);
      for (std::string number; std::getline(list, number, ',');) {
        options.only.push_back(std::stoull(number));
      }
    }
  }
  return options;
}

}  // namespace

int main(int count, char** words) {
  const Options options = options_of(count, words);
  if (options.driver.empty()) {
    std::fprintf(stderr,
                 "usage: fuzz DRIVER [--seconds N] [--target NAME] [--seed S [--count N] "
                 "[--only STEPS] [--trace]]\n");
    return 2;
  }
  return Fuzzer(options).run();
}
