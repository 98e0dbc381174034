#include "fabric/mysql/server_connection.h"

#include <utility>

#include "fabric/mysql/login.h"
#include "fabric/mysql/prepared_state.h"
#include "fabric/mysql/session.h"
#include "fabric/mysql/text_reply.h"

namespace fabric::mysql {
namespace {

constexpr unsigned kMariaDbKnowsReset = 100204;
constexpr unsigned kMySqlKnowsReset = 50703;

/// The library reads the OK packet of a reset and leaves the status of before: autocommit off, say.
void take_status(MYSQL& mysql) {
  // 0x00, no rows, no insert id (a byte each), the status (two).
  const unsigned char* const packet = mysql.net.read_pos;
  if (mysql.packet_length < 5 || packet[0] != 0 || packet[1] != 0 || packet[2] != 0) return;
  mysql.server_status = packet[3] | static_cast<unsigned>(packet[4]) << 8;
}

}  // namespace

struct ServerConnection::State {
  std::shared_ptr<Session> session;
  std::string version;
  unsigned version_number = 0;
  bool mariadb = false;

  [[nodiscard]] MYSQL* mysql() const { return session->handle(); }
  [[nodiscard]] bool status(unsigned bit) const {
    return mysql() != nullptr && (mysql()->server_status & bit) != 0;
  }
  /// Runs one command of the library that is answered by OK or ERR.
  template <class Command>
  void command(base::Deadline deadline, Command&& send);
};

template <class Command>
void ServerConnection::State::command(base::Deadline deadline, Command&& send) {
  const Session::Waiting waiting(*session, deadline);
  session->prepare_to_send();
  if (send(mysql()) != 0) throw session->error(LinkLoss::kAfterSend);
  session->answered();
}

ServerConnection::ServerConnection(std::unique_ptr<State> state) : state_(std::move(state)) {}

std::unique_ptr<ServerConnection> ServerConnection::open(const ConnectOptions& options,
                                                         Watchdog& watchdog,
                                                         base::Deadline deadline) {
  auto state = std::make_unique<State>();
  state->session = log_in(options, watchdog, deadline);
  MYSQL* mysql = state->mysql();
  state->version = mysql_get_server_info(mysql);
  state->version_number = static_cast<unsigned>(mysql_get_server_version(mysql));
  state->mariadb = mariadb_connection(mysql) != 0;
  return std::unique_ptr<ServerConnection>(new ServerConnection(std::move(state)));
}

ServerConnection::~ServerConnection() { state_->session->close(); }

std::unique_ptr<Reply> ServerConnection::query(std::string_view sql, base::Deadline deadline) {
  Session& session = *state_->session;
  const Session::Waiting waiting(session, deadline);
  session.prepare_to_send();
  MYSQL* mysql = session.handle();
  // A packet that the kernel did not take whole cannot have been executed.
  if (mysql_send_query(mysql, sql.data(), sql.size()) != 0) {
    throw session.error(LinkLoss::kInSend);
  }
  return std::make_unique<TextReply>(state_->session);
}

Counts ServerConnection::run(std::string_view sql, base::Deadline deadline) {
  const std::unique_ptr<Reply> reply = query(sql, deadline);
  Counts last = reply->counts();
  while (reply->next_result(deadline)) last = reply->counts();
  return last;
}

std::unique_ptr<Prepared> ServerConnection::prepare(std::string_view sql, base::Deadline deadline) {
  Session& session = *state_->session;
  const Session::Waiting waiting(session, deadline);
  session.prepare_to_send();
  MYSQL_STMT* statement = mysql_stmt_init(session.handle());
  if (statement == nullptr) throw std::bad_alloc();
  if (mysql_stmt_prepare(statement, sql.data(), sql.size()) != 0) {
    MysqlError error = statement_error(session, statement);
    mysql_stmt_close(statement);
    throw error;
  }
  session.answered();
  const unsigned columns = mysql_stmt_field_count(statement);
  SharedHead head = columns == 0 ? nullptr : head_of(statement->fields, columns);
  // Before it closes the statement, the library would read on what it takes for unread.
  statement->state = MYSQL_STMT_FETCH_DONE;
  statement->field_count = 0;
  auto state =
      std::make_unique<Prepared::State>(Prepared::State{state_->session, statement, head, head});
  return std::unique_ptr<Prepared>(new Prepared(std::move(state)));
}

void ServerConnection::ping(base::Deadline deadline) { state_->command(deadline, mysql_ping); }

void ServerConnection::use(const std::string& database, base::Deadline deadline) {
  state_->command(deadline, [&](MYSQL* mysql) { return mysql_select_db(mysql, database.c_str()); });
}

bool ServerConnection::reset(const std::string& database, bool whole, base::Deadline deadline) {
  const bool knows_reset =
      state_->version_number >= (state_->mariadb ? kMariaDbKnowsReset : kMySqlKnowsReset);
  if (whole || !knows_reset) {
    const Credentials& who = state_->session->options().credentials;
    state_->command(deadline, [&](MYSQL* mysql) {
      return mysql_change_user(mysql, who.user.c_str(), who.password.c_str(),
                               database.empty() ? nullptr : database.c_str());
    });
    // What the last statement left outlives it (MySQL 5.6): LAST_INSERT_ID(), FOUND_ROWS(),
    // warnings.
    run("SELECT 1 FROM information_schema.ENGINES LIMIT 0", deadline);
    run("DO LAST_INSERT_ID(0)", deadline);
    return true;
  }
  state_->command(deadline, [](MYSQL* mysql) {
    const int failed = mysql_reset_connection(mysql);
    if (failed == 0) take_status(*mysql);
    return failed;
  });
  if (!state_->mariadb) {
    // MySQL's reset puts the server's default charset in place of the login's.
    state_->command(deadline,
                    [](MYSQL* mysql) { return mysql_set_character_set(mysql, "utf8mb4"); });
  }
  // Also when it is in it already: a reset forgets that database's character set (MariaDB).
  if (!database.empty()) use(database, deadline);
  return false;
}

bool ServerConnection::answer_waits(base::Duration wait) const {
  return state_->session->answer_waits(wait);
}

bool ServerConnection::looks_alive() const { return state_->session->looks_alive(); }

bool ServerConnection::broken() const { return state_->session->broken(); }

void ServerConnection::mark_broken() { state_->session->mark_broken(); }

bool ServerConnection::in_transaction() const { return state_->status(SERVER_STATUS_IN_TRANS); }

bool ServerConnection::autocommit() const { return state_->status(SERVER_STATUS_AUTOCOMMIT); }

bool ServerConnection::no_backslash_escapes() const {
  return state_->status(SERVER_STATUS_NO_BACKSLASH_ESCAPES);
}

const std::string& ServerConnection::database() const { return state_->session->database(); }
const std::string& ServerConnection::last_gtid() const { return state_->session->last_gtid(); }

std::uint32_t ServerConnection::thread_id() const {
  return static_cast<std::uint32_t>(mysql_thread_id(state_->mysql()));
}

std::string ServerConnection::server_version() const { return state_->version; }

bool ServerConnection::is_mariadb() const { return state_->mariadb; }

unsigned ServerConnection::version_number() const { return state_->version_number; }

bool ServerConnection::takes_bulk() const {
  constexpr unsigned long kBulk = MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32U;
  unsigned long capabilities = 0;
  mariadb_get_infov(state_->session->handle(), MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES,
                    &capabilities);
  return (capabilities & kBulk) != 0;
}

bool ServerConnection::encrypted() const { return state_->session->encrypted(); }

int ServerConnection::socket() const { return state_->session->socket(); }

std::size_t ServerConnection::buffer_bytes() const {
  return state_->mysql() == nullptr ? 0 : state_->mysql()->net.max_packet;
}

void ServerConnection::abandon() noexcept { state_->session->abandon(); }

}  // namespace fabric::mysql
