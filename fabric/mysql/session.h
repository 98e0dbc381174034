// One MYSQL* and what its connection, replies and prepared statements share: waiting under the
// watchdog, turning the library's errors into ours, knowing whether the link still stands.
// Belongs to one thread at a time; shared by pointer so that a late Prepared meets a closed session
// instead of freed memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/mysql/client_library.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/sigpipe_shield.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/mysql/wire_bytes.h"

namespace fabric::mysql {

struct ResultHead;

class Session {
 public:
  Session(ConnectOptions options, Watchdog& watchdog);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// What a wait is for: a command is written and its answer read, or only rows are read.
  enum class Use : std::uint8_t { kCommand, kRows };

  /// For its lifetime the library may wait on this session's socket, until `deadline`, or until the
  /// server counts as silent. Covers one call; scopes do not nest. Costs nothing but a few stores
  /// until the library has to wait; on TLS links a command is also watched as a whole, since the
  /// library's writes there block without asking.
  class Waiting {
   public:
    Waiting(Session& session, base::Deadline deadline, Use use = Use::kCommand);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Session& session_;
    SigpipeShield shield_;
  };

  [[nodiscard]] MYSQL* handle() const { return mysql_; }
  [[nodiscard]] const ConnectOptions& options() const { return options_; }

  /// Throws when the link is dead or has spoken unasked (kBeforeSend), or while a reply is open.
  /// Also closes statements whose closing had to wait.
  void prepare_to_send();
  [[nodiscard]] bool looks_alive() const;
  /// Bytes of the server wait to be read, or come within `wait`.
  [[nodiscard]] bool answer_waits(base::Duration wait) const;
  /// Where the bytes of the next command are put together.
  WireBytes& room() { return room_; }
  /// A command whose answer is still to be read.
  void send(enum_server_command command, std::string_view bytes);
  /// Waits as the library does, and leaves what has come to be read by us or by the library. What
  /// fails is left to it too.
  void await_answer();
  /// Packets that have come, with their headers, of a link whose packets lie on it as they are.
  [[nodiscard]] std::span<const std::uint8_t> at_hand() const;
  /// So many bytes at hand have been read; they lie there until more is.
  void skip(std::size_t bytes) { mysql_->net.pvio->cache_pos += bytes; }
  /// Reads the next packet where it has come whole. Else empty.
  std::span<const std::uint8_t> take_packet_at_hand();
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

  /// For the next reply of a text: what the last one was like.
  std::shared_ptr<const ResultHead>& latest_head() { return latest_head_; }

  [[nodiscard]] const std::string& database() const { return database_; }
  [[nodiscard]] const std::string& last_gtid() const { return last_gtid_; }
  /// Ends it: COM_QUIT without waiting when the link is sound, nothing on the wire otherwise.
  void close();
  [[nodiscard]] bool closed() const { return mysql_ == nullptr; }
  void abandon() noexcept;
  [[nodiscard]] bool abandoned() const { return abandoned_; }

  /// Before login: whether TLS will be tried, and whether a server without it is refused before it
  /// has seen a user name.
  void expect_tls(bool tried, bool required);
  /// A successful login: takes the facts that hold for the session's life.
  void logged_in();
  [[nodiscard]] bool tls_missing() const { return tls_missing_; }
  [[nodiscard]] Ended ended() const { return ended_; }
  /// The errno with which the TCP connect failed, 0 if it did not.
  [[nodiscard]] int connect_error() const { return connect_error_; }
  /// The peer took the TCP connection, and has not said a byte of its greeting.
  [[nodiscard]] bool met_silence() const;

 private:
  static int wait_hook(my_socket fd, my_bool is_read, int timeout_ms);
  int wait(int fd, bool is_read);
  int wait_watched(int fd, short events, base::Deadline limit);
  /// The session's own limit of one wait.
  [[nodiscard]] base::Deadline link_timeout(bool is_read) const;
  void watch_handshake(int fd);
  int check_greeting(int fd);
  void look_at_unread_ok();
  void note(Watchdog::Verdict verdict);
  void settle();
  [[noreturn]] void throw_dead_link();
  void note_last_gtid();

  ConnectOptions options_;
  Watchdog& watchdog_;
  MYSQL* mysql_;
  WireBytes room_;
  base::Deadline deadline_ = base::Deadline::never();
  Ended ended_ = Ended::kNo;
  bool broken_ = false;
  bool encrypted_ = false;
  bool reply_open_ = false;
  bool abandoned_ = false;
  bool logged_in_ = false;
  bool tls_tried_ = false;
  bool tls_required_ = false;
  bool tls_missing_ = false;
  std::optional<Watchdog::Call> whole_command_;
  int connect_error_ = 0;
  bool connected_ = false;  // by TCP
  std::string database_, last_gtid_;
  std::shared_ptr<const ResultHead> latest_head_;
  std::vector<MYSQL_STMT*> statements_to_close_;
};

}  // namespace fabric::mysql
