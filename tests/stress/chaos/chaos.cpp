// Chaos: many threads of an application on a farm whose servers and networks fail at random, and
// at the end a look at every promise of docs/failover.md. docs/reliability.md has the figures.
//
//   chaos FARM_DIR [--seconds N] [--seed S] [--threads T]
#include <dirent.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>

#include "tests/stress/chaos/injector.h"
#include "tests/stress/chaos/verdict.h"
#include "tests/stress/chaos/worker.h"

namespace chaos {
namespace {

struct Options {
  std::string farm;
  unsigned seconds = 60;
  unsigned threads = 32;
  std::uint64_t seed = 1;
};

constexpr std::size_t kPoolSize = 12;
/// Probes, looks of the farm and KILLs, which are not counted in MAX_POOL_SIZE.
constexpr std::size_t kBesidePool = 6;
/// That a process keeps when all is idle: of monitors, refreshers and the driver's threads.
constexpr std::size_t kKeptDescriptors = 40;
constexpr std::size_t kKeptThreads = 48;

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  DIR* const open = opendir(folder);
  while (readdir(open) != nullptr) ++count;
  closedir(open);
  return count;
}

/// As the kernel names the sockets of this process: their inodes.
std::set<std::string> own_sockets() {
  std::set<std::string> inodes;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
  }
  return inodes;
}

/// This process's established connections by the port that they lead to.
std::map<unsigned, std::size_t> connections_by_port() {
  std::map<unsigned, std::size_t> counts;
  const std::set<std::string> own = own_sockets();
  std::ifstream file("/proc/net/tcp");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    const std::size_t colon = remote.find(':');
    if (state != "01" || colon == remote.npos || !own.contains(inode)) continue;
    ++counts[static_cast<unsigned>(std::stoul(remote.substr(colon + 1), nullptr, 16))];
  }
  return counts;
}

class Run {
 public:
  Run(const Options& options, const std::filesystem::path& scratch)
      : options_(options), farm_(options.farm, scratch) {}

  /// What was not as promised.
  std::vector<std::string> go() {
    make_tables();
    const std::size_t descriptors = entries("/proc/self/fd");
    const std::size_t threads = entries("/proc/self/task");
    run_threads();
    std::vector<const History*> histories;
    for (const auto& worker : workers_) histories.push_back(&worker->history());
    std::printf("%s%s", figures(histories, faults_).c_str(), sentences(histories).c_str());
    auto broken = broken_promises(farm_, histories, faults_);
    if (most_connections_ > kPoolSize + kBesidePool) {
      broken.push_back(std::to_string(most_connections_) + " connections at once to " + busiest_);
    }
    check_leak("descriptors", "/proc/self/fd", descriptors + kKeptDescriptors, broken);
    check_leak("threads", "/proc/self/task", threads + kKeptThreads, broken);
    std::printf("At most %zu connections to one server at once (MAX_POOL_SIZE=%zu).\n",
                most_connections_, kPoolSize);
    drop_tables();
    return broken;
  }

 private:
  void make_tables() {
    drop_tables();
    farm_.run("g1a", "CREATE TABLE test.chaos_account (id INT PRIMARY KEY, balance INT NOT NULL)");
    farm_.run("g1a", "CREATE TABLE test.chaos_value (id INT PRIMARY KEY, v BIGINT NOT NULL)");
    farm_.run("g1a",
              "CREATE TABLE test.chaos_transfer (token BIGINT NOT NULL, src INT, dst INT, amount "
              "INT, KEY (token))");
    farm_.run("g1a",
              "CREATE TABLE test.chaos_log (writer INT NOT NULL, n BIGINT NOT NULL, KEY (writer, "
              "n))");
    farm_.run("g1a", "INSERT INTO test.chaos_account SELECT seq, " + std::to_string(kBalance) +
                         " FROM test.seq_0_to_" + std::to_string(kAccounts - 1));
    farm_.run("g1a", "INSERT INTO test.chaos_value SELECT seq, 0 FROM test.seq_0_to_" +
                         std::to_string(options_.threads));
    for (const std::string& member : Farm::cluster()) {  // waits until it is there
      farm_.ask(member, "SELECT COUNT(*) FROM test.chaos_value");
    }
    for (const char* shard : {"shard1a", "shard2a"}) {
      farm_.run(shard,
                "CREATE TABLE shop.chaos_log (writer INT NOT NULL, n BIGINT NOT NULL, KEY (n))");
    }
  }
  void drop_tables() {
    farm_.run("g1a",
              "DROP TABLE IF EXISTS test.chaos_account, test.chaos_value, test.chaos_transfer, "
              "test.chaos_log");
    for (const char* shard : {"shard1a", "shard2a"}) {
      farm_.run(shard, "DROP TABLE IF EXISTS shop.chaos_log");
    }
  }

  void run_threads() {
    const test_support::OdbcEnvironment environment;
    Injector cluster(farm_, options_.seed), shards(farm_, options_.seed + 1),
        networks(farm_, options_.seed + 2);
    std::atomic<bool> repaired{false}, stop{false};
    {
      std::vector<std::jthread> threads;
      for (unsigned number = 1; number <= options_.threads; ++number) {
        workers_.push_back(std::make_unique<Worker>(farm_, environment, number, options_.seed));
        threads.emplace_back([&stop, worker = workers_.back().get()] { worker->run(stop); });
      }
      threads.emplace_back([&] { watch_connections(stop); });
      {
        const std::jthread of_cluster([&] { cluster.break_cluster(repaired); });
        const std::jthread of_shards([&] { shards.break_shards(repaired); });
        const std::jthread of_networks([&] { networks.break_networks(repaired); });
        std::this_thread::sleep_for(std::chrono::seconds(options_.seconds));
        repaired = true;
      }  // all is whole again
      std::this_thread::sleep_for(std::chrono::seconds(3));
      stop = true;
    }
    for (const Injector* injector : {&cluster, &shards, &networks}) {
      faults_.insert(faults_.end(), injector->faults().begin(), injector->faults().end());
    }
    farm_.command({"up"});
  }

  /// To the proxies, where nobody else connects.
  void watch_connections(const std::atomic<bool>& stop) {
    while (!stop) {
      const auto counts = connections_by_port();
      for (const auto& [name, network] : farm_.networks()) {
        const auto found = counts.find(network->endpoint().port);
        if (found == counts.end() || found->second <= most_connections_) continue;
        most_connections_ = found->second;
        busiest_ = name;
      }
      std::this_thread::sleep_for(Milliseconds(100));
    }
  }

  /// Idle connections go by POOL_IDLE_TIMEOUT.
  static void check_leak(const std::string& what, const char* folder, std::size_t most,
                         std::vector<std::string>& broken) {
    const Time limit = Clock::now() + std::chrono::seconds(30);
    while (entries(folder) > most && Clock::now() < limit) {
      std::this_thread::sleep_for(Milliseconds(100));
    }
    const std::size_t left = entries(folder);
    std::printf("%zu %s are left (at most %zu).\n", left, what.c_str(), most);
    if (left > most) broken.push_back(std::to_string(left) + " " + what + " are left");
  }

  const Options options_;
  Farm farm_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Fault> faults_;
  std::size_t most_connections_ = 0;
  std::string busiest_;  ///< the server that had them
};

Options options_of(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (!word.starts_with("--")) {
      options.farm = word;
      continue;
    }
    const std::string value = i + 1 < count ? words[++i] : "0";
    if (word == "--seconds") options.seconds = static_cast<unsigned>(std::stoul(value));
    if (word == "--threads") options.threads = static_cast<unsigned>(std::stoul(value));
    if (word == "--seed") options.seed = std::stoull(value);
  }
  return options;
}

int main_of(const Options& options) {
  std::string scratch = (std::filesystem::temp_directory_path() / "chaos-XXXXXX").string();
  if (mkdtemp(scratch.data()) == nullptr) return 2;
  test_support::use_private_odbc_configuration();
  std::printf("chaos: --seconds %u --seed %llu --threads %u\n\n", options.seconds,
              static_cast<unsigned long long>(options.seed), options.threads);
  std::fflush(stdout);
  const auto broken = Run(options, scratch).go();
  for (const std::string& sentence : broken) std::printf("BROKEN: %s\n", sentence.c_str());
  if (!broken.empty()) {
    std::printf("chaos: FAILED; again: chaos %s --seconds %u --seed %llu --threads %u\n",
                options.farm.c_str(), options.seconds,
                static_cast<unsigned long long>(options.seed), options.threads);
    return 1;
  }
  std::filesystem::remove_all(scratch);
  std::printf("chaos: every promise was kept\n");
  return 0;
}

}  // namespace
}  // namespace chaos

int main(int count, char** words) {
  const chaos::Options options = chaos::options_of(count, words);
  if (options.farm.empty()) {
    std::fprintf(stderr, "usage: chaos FARM_DIR [--seconds N] [--seed S] [--threads T]\n");
    return 2;
  }
  try {
    return chaos::main_of(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chaos: %s\n", error.what());
    return 2;
  }
}
