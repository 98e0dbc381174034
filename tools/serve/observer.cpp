#include "tools/serve/observer.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace tools::serve {
namespace {

using fabric::base::Deadline;
using fabric::base::Duration;

constexpr std::chrono::seconds kPause{1};
constexpr std::chrono::milliseconds kShortPause{200};  // while a failover goes on

void pause(const std::stop_token& stop, Duration time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

Observer::Observer(const Watching& watching, fabric::Farm& farm, fabric::mysql::Watchdog& watchdog,
                   Board& board)
    : watching_(watching),
      farm_(farm),
      watchdog_(watchdog),
      board_(board),
      nodes_("serve-nodes", [this](const std::stop_token& stop) { ask_nodes(stop); }) {}

Observer::~Observer() {
  nodes_.request_stop();
  nodes_.join();
  for (auto& [uuid, asker] : askers_) asker.request_stop();
}

void Observer::ask_nodes(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    fabric::TopologyPtr topology;
    std::string problem;
    try {
      topology = farm_.refresh(Deadline::after(watchdog_.clock(), watching_.timeout));
      if (topology != nullptr && topology->stale()) problem = "no node answers";
    } catch (const std::exception& error) {
      problem = error.what();
    }
    board_.topology_is(topology, problem);
    follow_list();
    pause(stop, board_.failover_awaited() ? Duration(kShortPause) : Duration(kPause));
  }
}

void Observer::follow_list() {
  const std::vector<std::string> shown = board_.servers();
  for (const std::string& uuid : shown) {
    if (askers_.contains(uuid)) continue;
    askers_.emplace(uuid, fabric::base::Worker("serve-server", [this, uuid](std::stop_token stop) {
                      ask_server(uuid, stop);
                    }));
  }
  // Theirs have ended, or soon will.
  std::erase_if(askers_, [&shown](const auto& one) {
    return std::ranges::find(shown, one.first) == shown.end();
  });
}

void Observer::ask_server(const std::string& uuid, const std::stop_token& stop) {
  Asking asking(watching_, watchdog_);
  while (!stop.stop_requested()) {
    const std::optional<fabric::Server> server = board_.server(uuid);
    if (!server) return;
    board_.server_is(uuid, asking.look(*server, board_));
    pause(stop, kPause);
  }
}

}  // namespace tools::serve
