#include "tests/stress/chaos/worker.h"

#include <thread>

namespace chaos {
namespace {

using test_support::OdbcError;
using test_support::OdbcStatement;

/// A detection time, a budget and a pool that a run of a minute meets often.
constexpr const char* kSettings =
    "UID=app;PWD=apppw;FAILURE_DETECTION_TIME=1s;FAILOVER_TIMEOUT=10s;POOL_TIMEOUT=10s;"
    "MAX_POOL_SIZE=12;POOL_IDLE_TIMEOUT=3s;";
/// SQL_ATTR_CONNECTION_TIMEOUT, in seconds: a cluster may stall for as long as a member joins.
constexpr std::uintptr_t kPatience = 15;
/// Less than READ_AFTER_WRITE.
constexpr Milliseconds kReadsItsOwn(1500);

std::string number(std::int64_t value) { return std::to_string(value); }

}  // namespace

Worker::Worker(const Farm& farm, const test_support::OdbcEnvironment& environment, unsigned number,
               std::uint64_t seed)
    : farm_(farm), environment_(environment), number_(number), random_(seed * 1000 + number) {}

void Worker::run(const std::atomic<bool>& stop) {
  while (!stop) {
    const Route route = below(2) == 0 ? Route::kNodes : Route::kProxies;
    switch (below(5)) {
      case 0:
        transfers(route);
        break;
      case 1:
        logs(route);
        break;
      case 2:
        shard_logs();
        break;
      case 3:
        reads(route);
        break;
      default:
        own_value(route);
    }
  }
}

void Worker::pause() { std::this_thread::sleep_for(Milliseconds(30 + below(120))); }

bool Worker::call(Route route, const char* what, const std::function<void()>& body) {
  Call done{route, what, Clock::now(), {}, "00000", {}};
  try {
    body();
  } catch (const OdbcError& error) {
    done.state = error.state();
    done.sentence = error.what();
  }
  done.ended = Clock::now();
  history_.calls.push_back(std::move(done));
  return state() == "00000";
}

bool Worker::connect(Connection& connection, Route route, const std::string& more) {
  const bool nodes = route == Route::kNodes;
  const std::string group = route <= Route::kProxies ? "FABRIC_GROUP=g1;DATABASE=test;"
                                                     : "FABRIC_GROUP=shard1;DATABASE=shop;";
  const std::string text = "DRIVER={fabric};" +
                           (nodes ? farm_.through_nodes() : farm_.through_proxies()) + group +
                           kSettings + more;
  return call(route, "connect", [&] {
    connection.check(SQLSetConnectAttr(connection.raw(), SQL_ATTR_CONNECTION_TIMEOUT,
                                       reinterpret_cast<SQLPOINTER>(kPatience), 0));
    connection.connect(text);
  });
}

/// docs/failover.md: these leave the outcome open; with all others nothing was done.
Fate Worker::fate() const {
  const std::string told = state();
  if (told == "00000") return Fate::kAcknowledged;
  return told == "08007" || told == "HYT00" || told == "HYT01" ? Fate::kUnknown : Fate::kRefused;
}

void Worker::note(Route route, const char* table, std::uint64_t token, Time begun) {
  history_.writes.push_back({route, table, token, fate(), state(), begun, Clock::now()});
}

void Worker::transfers(Route route) {
  Connection connection(environment_);
  if (!connect(connection, route, "")) return;
  if (!call(route, "autocommit", [&] { connection.autocommit(false); })) return;
  for (int left = steps(); left > 0; --left) {
    transfer(connection, route);
    pause();
  }
}

void Worker::transfer(Connection& connection, Route route) {
  const std::uint64_t token = next_token();
  const int from = below(kAccounts);
  const int to = (from + 1 + below(kAccounts - 1)) % kAccounts;
  const int amount = 1 + below(9);
  const Time begun = Clock::now();
  const auto change = [&](int account, int by) {
    return "UPDATE chaos_account SET balance = balance + " + number(by) +
           " WHERE id = " + number(account);
  };
  const std::vector<std::string> statements{
      change(std::min(from, to), from < to ? -amount : amount),
      change(std::max(from, to), from < to ? amount : -amount),
      "INSERT INTO chaos_transfer VALUES (" + number(static_cast<std::int64_t>(token)) + "," +
          number(from) + "," + number(to) + "," + number(amount) + ")"};
  bool good = true;
  for (const std::string& sql : statements) {
    good = good && call(route, "in transaction", [&] { OdbcStatement(connection).execute(sql); });
  }
  const bool commits = good && below(10) != 0;
  if (commits) {
    call(route, "commit", [&] { connection.end(SQL_COMMIT); });
    note(route, "test.chaos_transfer", token, begun);
    good = state() == "00000";
  } else {
    history_.writes.push_back(
        {route, "test.chaos_transfer", token, Fate::kRefused, state(), begun, Clock::now()});
  }
  if (!good || !commits) call(route, "rollback", [&] { connection.end(SQL_ROLLBACK); });
}

bool Worker::insert(Connection& connection, Route route, const std::string& table,
                    std::uint64_t token) {
  auto value = static_cast<SQLBIGINT>(token);
  return call(route, "insert", [&] {
    OdbcStatement statement(connection);
    if (token % 2 == 0) {
      statement.execute("INSERT INTO " + table + " (writer, n) VALUES (" + number(number_) + "," +
                        number(value) + ")");
      return;
    }
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT,
                                     0, 0, &value, 0, nullptr));
    statement.prepare("INSERT INTO " + table + " (writer, n) VALUES (" + number(number_) + ",?)");
    statement.execute_prepared();
  });
}

/// Whatever server the session is on after a failover: its reads see what it was told is written.
void Worker::logs(Route route) {
  Connection connection(environment_);
  if (!connect(connection, route, "")) return;
  std::uint64_t first = 0;
  int acknowledged = 0;
  int possible = 0;
  for (int left = steps(); left > 0; --left) {
    const std::uint64_t token = next_token();
    if (first == 0) first = token;
    const Time begun = Clock::now();
    insert(connection, route, "chaos_log", token);
    note(route, "test.chaos_log", token, begun);
    acknowledged += fate() == Fate::kAcknowledged ? 1 : 0;
    possible += fate() != Fate::kRefused ? 1 : 0;
    std::string count;
    if (below(3) == 0 && call(route, "read own writes", [&] {
          count = OdbcStatement(connection)
                      .value("SELECT COUNT(*) FROM chaos_log WHERE writer = " + number(number_) +
                             " AND n >= " + number(static_cast<std::int64_t>(first)));
        })) {
      const int seen = std::stoi(count);
      if (seen < acknowledged || seen > possible) {
        wrong("writer " + number(number_) + " was told of " + number(acknowledged) + " to " +
              number(possible) + " rows of its session, the last " + number(written_) +
              ", and reads " + count + " (" + kRouteNames.at(index_of(route)) + ")");
      }
    }
    pause();
  }
}

void Worker::shard_logs() {
  Connection connection(environment_);
  if (!connect(connection, Route::kShard1, "")) return;
  for (int left = steps(); left > 0; --left) {
    const Route route = below(2) == 0 ? Route::kShard1 : Route::kShard2;
    const std::uint64_t token = std::uint64_t{number_} * 1'000'000 + ++written_ +
                                (route == Route::kShard2 ? kSecondShard : 0);
    const Time begun = Clock::now();
    insert(connection, route, "shop.chaos_log", token);
    note(route, "shop.chaos_log", token, begun);
    pause();
  }
}

/// A snapshot of any server shows all money there is.
void Worker::reads(Route route) {
  Connection connection(environment_);
  if (!connect(connection, route, below(2) == 0 ? "FABRIC_MODE=RO" : "FABRIC_MODE=AUTO")) return;
  for (int left = steps(); left > 0; --left) {
    std::string sum;
    if (call(route, "read",
             [&] {
               sum = OdbcStatement(connection).value("SELECT SUM(balance) FROM chaos_account");
             }) &&
        sum != number(kAccounts * kBalance)) {
      wrong("the accounts sum up to " + sum);
    }
    pause();
  }
}

/// READ_AFTER_WRITE: for so long a session reads what it was told it wrote, or newer.
void Worker::own_value(Route route) {
  Connection connection(environment_);
  if (!connect(connection, route, "FABRIC_MODE=AUTO")) return;
  const std::string where = " WHERE id = " + number(number_);
  std::int64_t told = 0;
  Time written{};
  for (int left = steps(); left > 0; --left) {
    if (below(3) == 0) {
      const std::string set = "UPDATE chaos_value SET v = " + number(++value_);
      written = Clock::now();
      const bool good =
          call(route, "set value", [&] { OdbcStatement(connection).execute(set + where); });
      if (good) told = value_;
    }
    std::string value;
    if (call(route, "read value", [&] {
          value = OdbcStatement(connection).value("SELECT v FROM chaos_value" + where);
        })) {
      const bool must_see = Clock::now() - written < kReadsItsOwn;
      if ((must_see && std::stoll(value) < told) || std::stoll(value) > value_) {
        wrong("writer " + number(number_) + " wrote " + number(told) + " and reads " + value +
              " (" + kRouteNames.at(index_of(route)) + ")");
      }
    }
    pause();
  }
}

}  // namespace chaos
