// One MYSQL* and what its connection, replies and prepared statements share: waiting under the
// watchdog, turning the library's errors into ours, knowing whether the link still stands.
// Belongs to one thread at a time; shared by pointer so that a late Prepared meets a closed session
// instead of freed memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/mysql/client_library.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/watchdog.h"

namespace fabric::mysql {

class Session {
 public:
  Session(ConnectOptions options, Watchdog& watchdog);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// For its lifetime the library may wait on this session's socket, until `deadline`, or until the
  /// server counts as silent. Covers one call; scopes do not nest.
  class Waiting {
   public:
    Waiting(Session& session, base::Deadline deadline);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
  };

  [[nodiscard]] MYSQL* handle() const { return mysql_; }
  [[nodiscard]] const ConnectOptions& options() const { return options_; }

  /// Throws when the link is dead or has spoken unasked (kBeforeSend), or while a reply is open.
  /// Also closes statements whose closing had to wait.
  void prepare_to_send();
  [[nodiscard]] bool looks_alive() const;
  [[nodiscard]] bool broken() const { return broken_; }
  /// No more bytes either way: whatever the library does afterwards returns at once.
  void mark_broken();
  [[nodiscard]] bool encrypted() const { return encrypted_; }
  [[nodiscard]] int socket() const;

  /// The library's last error as ours; `lost` is what a lost link means at this point.
  MysqlError error(LinkLoss lost);
  MysqlError error(unsigned number, const char* state, const char* text, LinkLoss lost);
  /// Notes a completed answer: liveness, current database.
  void answered();

  [[nodiscard]] bool reply_open() const { return reply_open_; }
  void set_reply_open(bool open) { reply_open_ = open; }
  /// Closes the statement now, or once no reply is open.
  void close_statement(MYSQL_STMT* statement);

  [[nodiscard]] const std::string& database() const { return database_; }
  /// Ends it: COM_QUIT without waiting when the link is sound, nothing on the wire otherwise.
  void close();
  [[nodiscard]] bool closed() const { return mysql_ == nullptr; }
  void abandon() noexcept;
  [[nodiscard]] bool abandoned() const { return abandoned_; }

  /// A successful login: takes the facts that hold for the session's life.
  void logged_in();
  [[nodiscard]] Ended ended() const { return ended_; }
  /// The errno with which the TCP connect failed, 0 if it did not.
  [[nodiscard]] int connect_error() const { return connect_error_; }

 private:
  static int wait_hook(my_socket fd, my_bool is_read, int timeout_ms);
  int wait(int fd, bool is_read);
  [[noreturn]] void throw_dead_link();

  ConnectOptions options_;
  Watchdog& watchdog_;
  MYSQL* mysql_;
  base::Deadline deadline_ = base::Deadline::never();
  Ended ended_ = Ended::kNo;
  bool broken_ = false;
  bool encrypted_ = false;
  bool reply_open_ = false;
  bool abandoned_ = false;
  bool logged_in_ = false;
  int connect_error_ = 0;
  std::string database_;
  std::vector<MYSQL_STMT*> statements_to_close_;
};

}  // namespace fabric::mysql
