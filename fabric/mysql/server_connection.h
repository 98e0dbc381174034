// One session with one server (one MYSQL*): the only class that calls the C client library,
// together with reply and prepared. This header does not include <mysql.h>. Belongs to one thread
// at a time. Every blocking call takes a deadline, kept by the Watchdog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fabric/base/deadline.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/prepared.h"
#include "fabric/mysql/reply.h"
#include "fabric/mysql/watchdog.h"

namespace fabric::mysql {

class ServerConnection {
 public:
  /// Connects and logs in; utf8mb4 is the connection's charset. Sends nothing that a MySQL 5.6 or a
  /// Fabric node would not know. Throws MysqlError. `watchdog` must outlive the connection.
  static std::unique_ptr<ServerConnection> open(const ConnectOptions& options, Watchdog& watchdog,
                                                base::Deadline deadline);
  /// Sends COM_QUIT if the link is known good and idle; never waits for an answer.
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  /// Text protocol (COM_QUERY). Looks at the socket first, so that a link that died while idle is
  /// LinkLoss::kBeforeSend.
  std::unique_ptr<Reply> query(std::string_view sql, base::Deadline deadline);
  /// query(), reading everything and keeping nothing; for statements whose rows do not matter.
  Counts run(std::string_view sql, base::Deadline deadline);
  /// COM_STMT_PREPARE. Error 1295: the server cannot prepare this statement.
  std::unique_ptr<Prepared> prepare(std::string_view sql, base::Deadline deadline);

  void ping(base::Deadline deadline);
  /// COM_INIT_DB.
  void use(const std::string& database, base::Deadline deadline);
  /// COM_RESET_CONNECTION where the server knows it (MariaDB >= 10.2.4, MySQL >= 5.7.3), else
  /// COM_CHANGE_USER, which is also what `whole` asks for (after SET ROLE, or to lose the
  /// database). The charset is utf8mb4 again afterwards; the database is `database` if not empty.
  /// True: it was COM_CHANGE_USER.
  bool reset(const std::string& database, bool whole, base::Deadline deadline);

  /// Without a round trip: false when the peer has closed or reset the link, or has spoken unasked.
  [[nodiscard]] bool looks_alive() const;
  /// Bytes of an answer wait to be read, or come within `wait`.
  [[nodiscard]] bool answer_waits(base::Duration wait) const;
  /// True once the link is lost or out of step: only destruction is left.
  [[nodiscard]] bool broken() const;
  void mark_broken();

  /// As of the last reply.
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] bool autocommit() const;
  [[nodiscard]] bool no_backslash_escapes() const;
  /// As set by open(), use(), reset(), and the server's session tracker where it has one.
  [[nodiscard]] const std::string& database() const;
  /// Of the last write, where a MariaDB server's session_track_system_variables has last_gtid.
  [[nodiscard]] const std::string& last_gtid() const;
  [[nodiscard]] std::uint32_t thread_id() const;
  [[nodiscard]] std::string server_version() const;  ///< e.g. "10.11.19-MariaDB" without "5.5.5-"
  [[nodiscard]] bool is_mariadb() const;
  [[nodiscard]] unsigned version_number() const;  ///< e.g. 101119, 50624
  /// It runs a prepared statement for many rows in one command.
  [[nodiscard]] bool takes_bulk() const;
  [[nodiscard]] bool encrypted() const;
  [[nodiscard]] int socket() const;
  /// What the C library keeps for packets, as long as the longest row was.
  [[nodiscard]] std::size_t buffer_bytes() const;

  /// After fork(), in the child: closes the descriptor without a word on the wire and leaves the
  /// rest to the process's end.
  void abandon() noexcept;

 private:
  struct State;
  explicit ServerConnection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fabric::mysql
