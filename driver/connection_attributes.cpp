// SQLSetConnectAttr and SQLGetConnectAttr.
#include "driver/connection.h"
#include "driver/pointers.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;

namespace {

Error unknown_attribute(SQLINTEGER id) {
  return {SqlState::kHY092, "Connection attribute " + std::to_string(id) + " is not known"};
}

Error bad_value(const char* what) { return {SqlState::kHY024, what}; }

struct IsolationRow {
  SQLULEN odbc;
  Isolation isolation;
};
constexpr IsolationRow kIsolations[] = {
    {SQL_TXN_READ_UNCOMMITTED, Isolation::kReadUncommitted},
    {SQL_TXN_READ_COMMITTED, Isolation::kReadCommitted},
    {SQL_TXN_REPEATABLE_READ, Isolation::kRepeatableRead},
    {SQL_TXN_SERIALIZABLE, Isolation::kSerializable},
};

Isolation isolation_from(SQLULEN value) {
  for (const IsolationRow& row : kIsolations) {
    if (row.odbc == value) return row.isolation;
  }
  throw bad_value("The isolation level is not one of the four of SQL_ATTR_TXN_ISOLATION");
}

SQLULEN isolation_to(Isolation isolation) {
  for (const IsolationRow& row : kIsolations) {
    if (row.isolation == isolation) return row.odbc;
  }
  return SQL_TXN_REPEATABLE_READ;
}

}  // namespace

void Connection::set_autocommit(bool on) {
  if (on && transaction_lost_) end_transaction(true);  // as this would commit: 25S03
  if (connected() && borrowed_.lease && borrowed_.lease.connection().autocommit() != on) {
    StatementFacts facts;
    // Switching on commits what is open (ODBC 3.8, SQLSetConnectAttr).
    facts.kind = on && transaction_open_ ? StatementKind::kCommit : StatementKind::kSet;
    facts.autocommit = on;
    const auto reply = execute(
        facts,
        [on](fabric::mysql::ServerConnection& connection) {
          return connection.query(on ? "SET autocommit=1" : "SET autocommit=0", Deadline::never());
        },
        Deadline::never());
    transaction_open_ = borrowed_.lease && borrowed_.lease.connection().in_transaction();
  }
  session_.autocommit = on;
}

void Connection::set_isolation(SQLULEN value) {
  const Isolation isolation = isolation_from(value);
  if (transaction_open_) {
    throw Error(SqlState::kHY011, "The isolation level cannot change inside a transaction");
  }
  if (connected() && borrowed_.lease) {
    StatementFacts facts;
    facts.kind = StatementKind::kSet;
    facts.isolation = isolation;
    const auto reply = execute(
        facts,
        [isolation](fabric::mysql::ServerConnection& connection) {
          return connection.query(
              "SET SESSION TRANSACTION ISOLATION LEVEL " + std::string(name_of(isolation)),
              Deadline::never());
        },
        Deadline::never());
  }
  session_.isolation = isolation;
}

void Connection::set_attribute(SQLINTEGER id, SQLPOINTER value) {
  const SQLULEN given = number(value);
  switch (id) {
    case SQL_ATTR_AUTOCOMMIT:
      if (given != SQL_AUTOCOMMIT_ON && given != SQL_AUTOCOMMIT_OFF) {
        throw bad_value("SQL_ATTR_AUTOCOMMIT is SQL_AUTOCOMMIT_ON or SQL_AUTOCOMMIT_OFF");
      }
      if (given == SQL_AUTOCOMMIT_OFF && settings_.options.no_transactions) {
        throw Error(SqlState::kHYC00, "NO_TRANSACTIONS=1: autocommit cannot be switched off");
      }
      return set_autocommit(given == SQL_AUTOCOMMIT_ON);
    case SQL_ATTR_TXN_ISOLATION:
      return set_isolation(given);
    case SQL_ATTR_ACCESS_MODE:
      access_mode_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_LOGIN_TIMEOUT:
      login_timeout_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_CONNECTION_TIMEOUT:
      connection_timeout_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_PACKET_SIZE:
      packet_size_ = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_QUIET_MODE:
      quiet_mode_ = value;
      return;
    case SQL_ATTR_METADATA_ID:
      metadata_id = static_cast<SQLUINTEGER>(given);
      return;
    case SQL_ATTR_QUERY_TIMEOUT:
      default_query_timeout = given;
      return;
    case SQL_ATTR_ANSI_APP:
      return;  // A and W calls are served alike
    case SQL_ATTR_ASYNC_ENABLE:
      if (given != SQL_ASYNC_ENABLE_OFF) {
        throw Error(SqlState::kHYC00, "Asynchronous execution is not supported");
      }
      return;
    case SQL_ATTR_RESET_CONNECTION:
      return;  // a driver manager's pool: the lease was cleaned already
    case SQL_ATTR_AUTO_IPD:
    case SQL_ATTR_CONNECTION_DEAD:
      throw Error(SqlState::kHY092, "This connection attribute is read-only");
    case SQL_ATTR_ENLIST_IN_DTC:
    case SQL_ATTR_ODBC_CURSORS:
    case SQL_ATTR_TRANSLATE_OPTION:
      throw Error(SqlState::kHYC00, "This connection attribute is not supported");
    default:
      throw unknown_attribute(id);
  }
}

SQLULEN Connection::attribute(SQLINTEGER id) {
  switch (id) {
    case SQL_ATTR_AUTOCOMMIT:
      return session_.autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF;
    case SQL_ATTR_TXN_ISOLATION:
      return session_.isolation ? isolation_to(*session_.isolation) : SQL_TXN_REPEATABLE_READ;
    case SQL_ATTR_ACCESS_MODE:
      return access_mode_;
    case SQL_ATTR_LOGIN_TIMEOUT:
      return login_timeout_;
    case SQL_ATTR_CONNECTION_TIMEOUT:
      return connection_timeout_;
    case SQL_ATTR_PACKET_SIZE:
      return packet_size_;
    case SQL_ATTR_QUIET_MODE:
      return number(quiet_mode_);
    case SQL_ATTR_METADATA_ID:
      return metadata_id;
    case SQL_ATTR_QUERY_TIMEOUT:
      return default_query_timeout;
    case SQL_ATTR_ASYNC_ENABLE:
      return SQL_ASYNC_ENABLE_OFF;
    case SQL_ATTR_AUTO_IPD:
      return SQL_FALSE;
    case SQL_ATTR_CONNECTION_DEAD:
      return dead() ? SQL_CD_TRUE : SQL_CD_FALSE;
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_ENLIST_IN_DTC:
      throw Error(SqlState::kHYC00, "This connection attribute is not supported");
    default:
      throw unknown_attribute(id);
  }
}

bool Connection::dead() const {
  if (!connected()) return true;
  if (!borrowed_.lease) return link_lost_;
  return streaming_ == nullptr && !borrowed_.lease.connection().looks_alive();
}

bool Connection::is_text_attribute(SQLINTEGER id) {
  return id == SQL_ATTR_CURRENT_CATALOG || id == SQL_ATTR_TRANSLATE_LIB || id == SQL_ATTR_TRACEFILE;
}

std::string Connection::text_attribute(SQLINTEGER id) {
  if (id == SQL_ATTR_CURRENT_CATALOG) return current_database();
  throw Error(SqlState::kHYC00, "This connection attribute is not supported");
}

void Connection::set_text_attribute(SQLINTEGER id, std::string value) {
  if (id != SQL_ATTR_CURRENT_CATALOG) {
    throw Error(SqlState::kHYC00, "This connection attribute is not supported");
  }
  if (connected()) {
    StatementFacts facts;
    facts.kind = StatementKind::kUse;
    facts.database = value;
    const auto reply = execute(
        facts,
        [&value](fabric::mysql::ServerConnection& connection) {
          connection.use(value, Deadline::never());
          return std::unique_ptr<fabric::mysql::Reply>();
        },
        Deadline::never());
  }
  session_.database = std::move(value);
}

}  // namespace driver
