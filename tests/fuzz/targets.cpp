#include "tests/fuzz/targets.h"

#include <array>

namespace fuzz {
namespace {

using test_support::FakeAnswer;
using test_support::FakeServer;

// A cut answer leaves both sides waiting for the other.
constexpr std::chrono::milliseconds kPatience{200};

FakeAnswer good_answer(Chooser& choose) {
  if (choose.one_in(4)) return FakeServer::ok(choose.below(3), choose.below(3));
  if (choose.one_in(6)) return FakeServer::error(1064, "42000", odd_text(choose));
  std::vector<std::string> columns(1 + choose.below(4), "c");
  std::vector<std::vector<FakeServer::Cell>> rows(choose.below(20));
  for (auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      row.push_back(choose.one_in(5) ? FakeServer::Cell() : odd_text(choose));
    }
  }
  return FakeServer::rows(columns, rows, choose.one_in(8));
}

void spoil(std::string& payload, Chooser& choose) {
  if (payload.empty() || choose.one_in(4)) {
    payload += odd_text(choose);
    return;
  }
  if (choose.one_in(3)) {
    payload.resize(choose.below(payload.size()));
    return;
  }
  payload[choose.below(payload.size())] = static_cast<char>(choose.below(256));
}

}  // namespace

std::vector<std::string> connection_strings(const fabric::base::Endpoint& server) {
  const std::string good =
      "DRIVER={fabric};SERVER=127.0.0.1;PORT=" + std::to_string(server.port) +
      ";UID=app;PWD=apppw;DATABASE=test;MULTI_STATEMENTS=1;FAILOVER_TIMEOUT=1s;"
      "POOL_TIMEOUT=2s;MAX_POOL_SIZE=8;CONN_TIMEOUT=2s;"
      "FAILURE_DETECTION_TIME=2s;";
  std::vector<std::string> all{good};
  for (const char* more : {"OPTION=2",
                           "OPTION=4294967295",
                           "NO_SSPS=1",
                           "PREPONCLIENT=1",
                           "STREAMRS=1",
                           "FORWARDONLY=1",
                           "NO_BIGINT=1",
                           "NO_CACHE=1",
                           "DYNAMIC_CURSOR=1",
                           "FULL_COLUMN_NAMES=1",
                           "POOLING=0",
                           "ZERO_DATE_TO_MIN=1",
                           "COLUMN_SIZE_S32=1",
                           "CHARSET=latin1",
                           "PAD_SPACE=1",
                           "SPOOL_MEMORY=1K",
                           "CHARSET={utf8mb4}",
                           "FILEDSN=none",
                           "DSN=none",
                           "=;;={",
                           "PORT=x",
                           "NO_I_S=1",
                           "AUTO_RECONNECT=1",
                           "NO_DEFAULT_CURSOR=1",
                           "MAX_POOL_SIZE=1;POOL_TIMEOUT=100ms"}) {
    all.push_back(std::string(more) + ";" + good);
  }
  return all;
}

GarbageServer::GarbageServer(std::uint64_t seed)
    : seed_(seed), server_(test_support::FakeServer::Options{.patience = kPatience}) {
  server_.on_query([this](std::string_view sql) { return answer(sql); });
}

FakeAnswer GarbageServer::answer(std::string_view /*sql*/) {
  Chooser choose(seed_, asked_.fetch_add(1));
  FakeAnswer made = good_answer(choose);
  if (choose.one_in(3)) spoil(made.payloads[choose.below(made.payloads.size())], choose);
  if (choose.one_in(20)) made.payloads.resize(choose.below(made.payloads.size()));
  if (choose.one_in(20)) made.then = FakeAnswer::Then::kClose;
  return made;
}

}  // namespace fuzz
