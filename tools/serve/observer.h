// Looks at the farm all the time and writes what it sees on the board: a thread asks the nodes, and
// one a server asks that server, so that nobody waits for a server but its own thread. Changes
// nothing and reports nothing.
#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "fabric/base/worker.h"
#include "fabric/farm.h"
#include "fabric/mysql/watchdog.h"
#include "tools/serve/board.h"
#include "tools/serve/diagnose.h"

namespace tools::serve {

class Observer {
 public:
  /// All must outlive it.
  Observer(const Watching& watching, fabric::Farm& farm, fabric::mysql::Watchdog& watchdog,
           Board& board);
  ~Observer();  ///< waits for looks that go on, no longer than the timeout
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

 private:
  void ask_nodes(const std::stop_token& stop);
  void follow_list();
  void ask_server(const std::string& uuid, const std::stop_token& stop);

  const Watching& watching_;
  fabric::Farm& farm_;
  fabric::mysql::Watchdog& watchdog_;
  Board& board_;
  std::map<std::string, fabric::base::Worker> askers_;  // by uuid; of the thread that asks nodes
  fabric::base::Worker nodes_;
};

}  // namespace tools::serve
