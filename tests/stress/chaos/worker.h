// One thread of the application in a chaos run: bank transfers, append-only logs, reads, each for
// a few steps on a connection of its own, then the next. Its seed decides all that it does; only
// the answers it gets differ from run to run.
#pragma once

#include <atomic>
#include <functional>
#include <random>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/stress/chaos/farm.h"
#include "tests/stress/chaos/history.h"

namespace chaos {

inline constexpr int kAccounts = 20;
inline constexpr int kBalance = 1000;
/// Keys of shop.chaos_log from here on belong to shard2.
inline constexpr std::uint64_t kSecondShard = 1'000'000'000;

class Worker {
 public:
  Worker(const Farm& farm, const test_support::OdbcEnvironment& environment, unsigned number,
         std::uint64_t seed);

  void run(const std::atomic<bool>& stop);
  [[nodiscard]] History& history() { return history_; }

 private:
  using Connection = test_support::OdbcConnection;

  bool connect(Connection& connection, Route route, const std::string& more);
  /// Records it. True when it went well.
  bool call(Route route, const char* what, const std::function<void()>& body);
  [[nodiscard]] Fate fate() const;
  void note(Route route, const char* table, std::uint64_t token, Time begun);
  [[nodiscard]] std::string state() const { return history_.calls.back().state; }

  void transfers(Route route);
  void transfer(Connection& connection, Route route);
  void logs(Route route);
  void shard_logs();
  void reads(Route route);
  void own_value(Route route);
  bool insert(Connection& connection, Route route, const std::string& table, std::uint64_t token);

  std::uint64_t next_token() { return (std::uint64_t{number_} << 32) | ++written_; }
  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random_); }
  int steps() { return 5 + below(30); }
  void pause();
  void wrong(const std::string& what) { history_.wrong.push_back(what); }

  const Farm& farm_;
  const test_support::OdbcEnvironment& environment_;
  const unsigned number_;
  std::mt19937_64 random_;
  std::uint32_t written_ = 0;
  std::int64_t value_ = 0;  ///< of own_value(): the last that may be there
  History history_;
};

}  // namespace chaos
