#include "fabric/server_look.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fabric/mysql/named_values.h"
#include "fabric/mysql/refusal.h"

namespace fabric {

namespace {

using base::MutexLock;
using mysql::Refusal;
using mysql::refusal_of;

using Values = mysql::NamedValues;

// Every server knows these, also one of a Galera cluster without quorum.
constexpr const char* kVariables =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only','super_read_only','wsrep_on')";
constexpr const char* kGaleraStatus =
    "SHOW GLOBAL STATUS WHERE Variable_name IN "
    "('wsrep_ready','wsrep_cluster_status','wsrep_local_state')";
constexpr const char* kReplicaStatus = "SHOW SLAVE STATUS";

bool among(unsigned number, std::initializer_list<unsigned> numbers) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

/// The first row by column names; nothing when there is none, or the user may not ask.
std::optional<Values> replica_status(mysql::ServerConnection& connection, base::Deadline deadline) {
  try {
    return mysql::first_row(connection, kReplicaStatus, deadline);
  } catch (const mysql::MysqlError& error) {
    if (among(error.number(), {1227, 1064})) return {};  // no privilege; MySQL 8.4's other name
    throw;
  }
}

}  // namespace

ServerLook::ServerLook(base::Endpoint server, mysql::Credentials credentials,
                       mysql::Watchdog& watchdog, std::function<void()> done)
    : server_(std::move(server)),
      credentials_(std::move(credentials)),
      watchdog_(watchdog),
      done_(std::move(done)) {}

ServerLook::~ServerLook() {
  cancel();
  drop_connection();
}

void ServerLook::cancel() noexcept {
  socket_.cancel();
  thread_.stop();
}

void ServerLook::start(base::Deadline deadline) {
  {
    MutexLock lock(mutex_);
    if (state_.running) return;
    state_.running = true;
  }
  thread_.run([this, deadline] { look(deadline); });
}

ServerLook::State ServerLook::state() const {
  MutexLock lock(mutex_);
  return state_;
}

void ServerLook::look(base::Deadline deadline) {
  ServerView view;
  bool refused = false;
  try {
    view = ask(deadline);
  } catch (const mysql::MysqlError& error) {
    drop_connection();
    const Refusal refusal = refusal_of(error.number());
    refused = refusal == Refusal::kDenied || refusal == Refusal::kDatabaseDenied;
    if (refusal == Refusal::kNoRoom) view = state().view;  // no sign of a fault
    if (!view.answers) view.trouble = error.what();
  } catch (const std::exception& error) {
    drop_connection();
    view.trouble = error.what();
  }
  finish(view, refused);
}

void ServerLook::finish(const ServerView& view, bool refused) {
  {
    MutexLock lock(mutex_);
    state_ = {
        .view = view, .answered = watchdog_.clock().now(), .running = false, .refused = refused};
  }
  done_();
}

ServerView ServerLook::ask(base::Deadline deadline) {
  if (connection_ && !connection_->looks_alive()) drop_connection();
  if (!connection_) {
    mysql::ConnectOptions options;
    options.server = server_;
    options.credentials = credentials_;
    connection_ = mysql::ServerConnection::open(options, watchdog_, deadline);
    socket_.set(connection_->socket());
  }
  const Values variables = mysql::pairs(*connection_, kVariables, deadline);
  const auto is = [](const Values& values, const char* name, const char* wanted) {
    const auto found = values.find(name);
    return found != values.end() && found->second == wanted;
  };
  ServerView view;
  view.answers = true;
  // MariaDB 11.8 has more words than ON for a server that takes no writes.
  const auto read_only = variables.find("read_only");
  view.read_only = read_only != variables.end() && read_only->second != "OFF";
  view.galera = is(variables, "wsrep_on", "ON");
  if (view.galera) {
    const Values status = mysql::pairs(*connection_, kGaleraStatus, deadline);
    view.galera_live = is(status, "wsrep_ready", "ON") &&
                       is(status, "wsrep_cluster_status", "Primary") &&
                       is(status, "wsrep_local_state", "4");
  } else if (const auto replica = replica_status(*connection_, deadline)) {
    view.replica = true;
    view.replicating =
        is(*replica, "Slave_IO_Running", "Yes") && is(*replica, "Slave_SQL_Running", "Yes");
  }
  return view;
}

void ServerLook::drop_connection() {
  socket_.set(-1);
  connection_.reset();
}

}  // namespace fabric
