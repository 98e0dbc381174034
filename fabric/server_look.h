// A look at one server of a topology file: a connection that is kept, and a thread that asks on it,
// so that a silent server holds up nobody. Owner: FileSource. start() and view() are thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/errands.h"
#include "fabric/base/mutex.h"
#include "fabric/base/shared_socket.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/server_roles.h"

namespace fabric {

class ServerLook {
 public:
  /// `done` is called on the thread after each look. `watchdog` must outlive the object.
  ServerLook(base::Endpoint server, mysql::Credentials credentials, mysql::Watchdog& watchdog,
             std::function<void()> done);
  ~ServerLook();  ///< joins; ends a look in flight, but not a connect before its deadline
  ServerLook(const ServerLook&) = delete;
  ServerLook& operator=(const ServerLook&) = delete;

  /// Starts a look unless one is running.
  void start(base::Deadline deadline);
  struct State {
    ServerView view;
    base::SteadyTime answered{};  ///< when the view is of; the epoch: never
    bool running = false;
    bool refused = false;  ///< the last look ended in a refused login
  };
  [[nodiscard]] State state() const;

  void cancel() noexcept;
  void abandon_after_fork() noexcept { socket_.abandon_after_fork(); }

 private:
  void look(base::Deadline deadline);
  ServerView ask(base::Deadline deadline);
  void finish(const ServerView& view, bool refused);
  void drop_connection();

  const base::Endpoint server_;
  const mysql::Credentials credentials_;
  mysql::Watchdog& watchdog_;
  const std::function<void()> done_;
  std::unique_ptr<mysql::ServerConnection> connection_;  // the thread's
  base::SharedSocket socket_;                            // connection_'s

  mutable base::Mutex mutex_;
  State state_ GUARDED_BY(mutex_);
  base::Errands thread_{"fabric-look"};
};

}  // namespace fabric
