// SQLSetConnectAttr and SQLGetConnectAttr.
#include <algorithm>

#include "driver/attribute_table.h"
#include "driver/connection.h"
#include "driver/pointers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;

namespace {

/// A row of the table that this file does not handle: a mistake of ours.
Error unhandled(SQLINTEGER id) {
  return {SqlState::kHY000, "Connection attribute " + std::to_string(id) + " was forgotten"};
}

/// Statement attributes that ODBC 2 lets a connection set, for all its statements.
bool is_statement_default(SQLINTEGER id) {
  return id >= SQL_ATTR_QUERY_TIMEOUT && id <= SQL_ATTR_USE_BOOKMARKS &&
         id != SQL_ATTR_ASYNC_ENABLE;
}

SQLULEN standard_default(SQLINTEGER id) {
  const bool one =
      id == SQL_ATTR_CONCURRENCY || id == SQL_ROWSET_SIZE || id == SQL_ATTR_RETRIEVE_DATA;
  return one ? 1 : 0;
}

struct IsolationRow {
  SQLULEN odbc;
  sql::Isolation isolation;
};
/// Of MySQL's protocol; a longer message takes several packets, whatever anyone asks for.
constexpr SQLULEN kPacketSize = 16777215;

constexpr IsolationRow kIsolations[] = {
    {SQL_TXN_READ_UNCOMMITTED, sql::Isolation::kReadUncommitted},
    {SQL_TXN_READ_COMMITTED, sql::Isolation::kReadCommitted},
    {SQL_TXN_REPEATABLE_READ, sql::Isolation::kRepeatableRead},
    {SQL_TXN_SERIALIZABLE, sql::Isolation::kSerializable},
};

sql::Isolation isolation_from(SQLULEN value) {
  for (const IsolationRow& row : kIsolations) {
    if (row.odbc == value) return row.isolation;
  }
  throw Error(SqlState::kHY024,
              "The isolation level is not one of the four of SQL_ATTR_TXN_ISOLATION");
}

SQLULEN isolation_to(sql::Isolation isolation) {
  for (const IsolationRow& row : kIsolations) {
    if (row.isolation == isolation) return row.odbc;
  }
  return SQL_TXN_REPEATABLE_READ;
}

}  // namespace

Deadline Connection::request_deadline() const {
  return connection_timeout_ == 0
             ? Deadline::never()
             : Deadline::after(clock(), std::chrono::seconds(connection_timeout_));
}

void Connection::run_command(const sql::StatementFacts& facts, const std::string& sql) {
  const Deadline deadline = request_deadline();
  execute(
      facts,
      [&sql, deadline](fabric::mysql::ServerConnection& connection) {
        return connection.query(sql, deadline);
      },
      deadline);
}

void Connection::set_autocommit(bool on) {
  if (on && transaction_.lost) end_transaction(true);  // as this would commit: 25S03
  if (connected() && borrowed_.lease && borrowed_.lease.connection().autocommit() != on) {
    sql::StatementFacts facts;
    // Switching on commits what is open (ODBC 3.8, SQLSetConnectAttr).
    facts.kind = on && transaction_.open ? sql::StatementKind::kCommit : sql::StatementKind::kSet;
    facts.settings_only = facts.kind == sql::StatementKind::kSet;
    facts.autocommit = on;
    run_command(facts, on ? "SET autocommit=1" : "SET autocommit=0");
    transaction_.open = borrowed_.lease && borrowed_.lease.connection().in_transaction();
  }
  session_.autocommit = on;
}

void Connection::set_isolation(SQLULEN value) {
  const sql::Isolation isolation = isolation_from(value);
  if (transaction_stands()) {
    throw Error(SqlState::kHY011, "The isolation level cannot change inside a transaction");
  }
  if (connected() && borrowed_.lease) {
    sql::StatementFacts facts;
    facts.kind = sql::StatementKind::kSet;
    facts.settings_only = true;
    facts.isolation = isolation;
    run_command(facts,
                "SET SESSION TRANSACTION ISOLATION LEVEL " + std::string(name_of(isolation)));
  }
  session_.isolation = isolation;
}

/// Where statements may go to a secondary, the server keeps the session to it, so that no write can
/// reach one; else it is a hint.
void Connection::set_access_mode(SQLUINTEGER value) {
  const bool read_only = value == SQL_MODE_READ_ONLY;
  if (value != access_mode_ && connected() &&
      settings_.fabric.mode != settings::FabricMode::kReadWrite) {
    keep_read_only(read_only);
  }
  access_mode_ = value;
}

/// When a connection begins to be in such a mode.
void Connection::keep_read_only_if_asked() {
  const bool asked = access_mode_ == SQL_MODE_READ_ONLY;
  if (asked && settings_.fabric.mode != settings::FabricMode::kReadWrite) keep_read_only(true);
}

void Connection::keep_read_only(bool read_only) {
  if (borrowed_.lease) {
    sql::StatementFacts facts;
    facts.kind = sql::StatementKind::kSet;
    facts.settings_only = true;
    facts.read_only = read_only;
    run_command(facts, read_only ? "SET SESSION TRANSACTION READ ONLY"
                                 : "SET SESSION TRANSACTION READ WRITE");
  }
  session_.read_only = read_only;
}

SQLULEN Connection::isolation(bool of_new_sessions) {
  if (!of_new_sessions && session_.isolation) return isolation_to(*session_.isolation);
  // A lost transaction lets no statement through: what it had is told.
  if (!connected() || transaction_.lost) return last_isolation_;
  // The variable's name depends on the server.
  const std::string scope = of_new_sessions ? "GLOBAL" : "SESSION";
  const auto found = rows("SHOW " + scope +
                          " VARIABLES WHERE Variable_name IN ('tx_isolation', "
                          "'transaction_isolation')");
  std::string name = found.empty() ? "" : found.front().at(1).value_or("");
  std::ranges::replace(name, '-', ' ');
  for (const IsolationRow& row : kIsolations) {
    if (name_of(row.isolation) != name) continue;
    if (!of_new_sessions) last_isolation_ = row.odbc;
    return row.odbc;
  }
  return SQL_TXN_REPEATABLE_READ;
}

/// What a driver manager's pool asks for before it hands the connection to somebody else.
void Connection::reset() {
  if (transaction_.open || transaction_.lost) end_transaction(false);
  untold_.reset();
  for (Statement* statement : statements_) statement->free(SQL_CLOSE);
  lose_lease();
  wrote_at_.reset();
  writes_.forget();
  leftovers_.forget();
  session_.disconnected();
  session_.autocommit = true;
  session_.isolation.reset();
  session_.read_only.reset();
  session_.database = settings_.database;
  access_mode_ = SQL_MODE_READ_WRITE;
  connection_timeout_ = 0;
  statement_defaults_.clear();
  route_values_.clear();
  apply_route_values();
  reroute_ = true;
}

void Connection::set_statement_default(SQLINTEGER id, SQLPOINTER value) {
  static_cast<void>(settable_attribute(AttributeOwner::kStatement, id, value));
  for (Statement* statement : statements_) statement->set_attribute(id, value);
  statement_defaults_[id] = value;
}

void Connection::require_settable_now(const AttributeRow& row) const {
  if (row.time == AttributeTime::kUnconnected && connected()) {
    throw Error(SqlState::kHY011, "Set " + std::string(row.name) + " before connecting");
  }
  if (row.time == AttributeTime::kConnected) require_connected();
}

void Connection::set_attribute(SQLINTEGER id, SQLPOINTER value) {
  if (is_statement_default(id)) return set_statement_default(id, value);
  require_settable_now(settable_attribute(AttributeOwner::kConnection, id, value));
  require_in_sequence_by_statements(Sequence::kOrdinary);
  const SQLULEN given = number(value);
  switch (id) {
    case SQL_ATTR_AUTOCOMMIT:
      if (static_cast<SQLUINTEGER>(given) == SQL_AUTOCOMMIT_OFF &&
          settings_.options.no_transactions) {
        throw Error(SqlState::kHYC00, "NO_TRANSACTIONS=1: autocommit cannot be switched off");
      }
      return set_autocommit(static_cast<SQLUINTEGER>(given) == SQL_AUTOCOMMIT_ON);
    case SQL_ATTR_TXN_ISOLATION:
      return set_isolation(static_cast<SQLUINTEGER>(given));
    case SQL_ATTR_ACCESS_MODE:
      return set_access_mode(static_cast<SQLUINTEGER>(given));
    case SQL_ATTR_LOGIN_TIMEOUT:
      login_timeout_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_CONNECTION_TIMEOUT:
      connection_timeout_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_PACKET_SIZE:
      if (given != kPacketSize) {
        diagnostics.warn(SqlState::k01S02, "The protocol's packets have up to 16777215 bytes");
      }
      return;
    case SQL_ATTR_QUIET_MODE:
      quiet_mode_ = value;
      return;
    case SQL_ATTR_METADATA_ID:
      metadata_id = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_ANSI_APP:
      ansi_application = given == SQL_AA_TRUE;
      for (Statement* statement : statements_) statement->describe_anew();
      return;
    case SQL_ATTR_ASYNC_ENABLE:
      if (given != SQL_ASYNC_ENABLE_OFF) {
        diagnostics.warn(SqlState::k01S02, "Statements are executed synchronously");
      }
      return;
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
      if (static_cast<SQLUINTEGER>(given) == SQL_ASYNC_DBC_ENABLE_OFF) return;
      throw Error(SqlState::kHYC00, "Connections are opened and closed synchronously");
    case SQL_ATTR_RESET_CONNECTION:
      return reset();
    case kExecDirectOnServer:
    case kPrepareOnClient:
      statement_defaults_[id] = value;
      return;
    default:
      throw unhandled(id);
  }
}

SQLULEN Connection::statement_default(SQLINTEGER id, SQLULEN otherwise) const {
  const auto found = statement_defaults_.find(id);
  return found == statement_defaults_.end() ? otherwise : number(found->second);
}

SQLULEN Connection::attribute(SQLINTEGER id) {
  if (is_statement_default(id)) return statement_default(id, standard_default(id));
  static_cast<void>(readable_attribute(AttributeOwner::kConnection, id));
  switch (id) {
    case SQL_ATTR_AUTOCOMMIT:
      return session_.autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF;
    case SQL_ATTR_TXN_ISOLATION:
      return isolation(false);
    case SQL_ATTR_ACCESS_MODE:
      return access_mode_;
    case SQL_ATTR_LOGIN_TIMEOUT:
      return login_timeout_;
    case SQL_ATTR_CONNECTION_TIMEOUT:
      return connection_timeout_;
    case SQL_ATTR_PACKET_SIZE:
      return kPacketSize;
    case SQL_ATTR_QUIET_MODE:
      return number(quiet_mode_);
    case SQL_ATTR_METADATA_ID:
      return metadata_id;
    case SQL_ATTR_ASYNC_ENABLE:
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
      return SQL_ASYNC_ENABLE_OFF;
    case SQL_ATTR_ANSI_APP:
      return ansi_application ? SQL_AA_TRUE : SQL_AA_FALSE;
    case SQL_ATTR_RESET_CONNECTION:
      throw Error(SqlState::kHY092, "SQL_ATTR_RESET_CONNECTION can only be set");
    case SQL_ATTR_AUTO_IPD:
      return SQL_FALSE;
    case kExecDirectOnServer:
      return statement_default(id, settings_.options.direct_on_server ? SQL_TRUE : SQL_FALSE);
    case kPrepareOnClient:
      return statement_default(id, settings_.options.client_side_prepare ? SQL_TRUE : SQL_FALSE);
    case SQL_ATTR_CONNECTION_DEAD:
      return dead() ? SQL_CD_TRUE : SQL_CD_FALSE;
    default:
      throw unhandled(id);
  }
}

bool Connection::dead() const {
  if (!connected()) return true;
  if (farm_ != nullptr) return false;  // the next statement finds a server
  if (!borrowed_.lease) return link_lost_;
  return streaming_ == nullptr && !borrowed_.lease.connection().looks_alive();
}

bool Connection::is_text_attribute(SQLINTEGER id) {
  const AttributeRow* row = find_attribute(AttributeOwner::kConnection, id);
  return row != nullptr && row->shape == AttributeShape::kText;
}

std::string Connection::text_attribute(SQLINTEGER id) {
  static_cast<void>(readable_attribute(AttributeOwner::kConnection, id));
  // SQL_ATTR_CURRENT_CATALOG: the only text that is not refused
  const std::string database = current_database();
  return database.empty() ? kNoDatabase : database;
}

void Connection::set_text_attribute(SQLINTEGER id, std::string value) {
  static_cast<void>(settable_attribute(AttributeOwner::kConnection, id, nullptr));
  require_in_sequence_by_statements(Sequence::kOrdinary);
  if (connected()) {
    sql::StatementFacts facts;
    facts.kind = sql::StatementKind::kUse;
    facts.settings_only = true;
    facts.database = value;
    const Deadline deadline = request_deadline();
    const auto reply = execute(
        facts,
        [&value, deadline](fabric::mysql::ServerConnection& connection) {
          connection.use(value, deadline);
          return std::unique_ptr<fabric::mysql::Reply>();
        },
        deadline);
  }
  session_.database = std::move(value);
}

}  // namespace driver
