// SQLConnect, SQLDriverConnect, SQLBrowseConnect, SQLDisconnect; W and A.
#include "driver/call.h"
#include "driver/connection.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using fabric::base::Error;
using fabric::base::SqlState;

void warn(Connection& connection, const std::vector<driver::settings::Warning>& warnings) {
  for (const driver::settings::Warning& warning : warnings) {
    connection.diagnostics.warn(warning.state, warning.text);
  }
}

/// Of an error many programs show the first record alone, so that it has to say, too, which
/// keywords were not known.
template <class ReadSettings>
void connect_with(Connection& connection, const ReadSettings& read_settings) {
  std::vector<driver::settings::Warning> warnings;
  try {
    auto settings = read_settings(warnings);
    warn(connection, warnings);
    connection.connect(std::move(settings));
  } catch (const Error& error) {
    throw Error(error.state(), error.what() + driver::settings::unknown_keyword_sentences(warnings),
                error.native());
  }
}

void check_capacity(SQLSMALLINT capacity) {
  if (capacity < 0) throw Error(SqlState::kHY090, "The length of the output buffer is negative");
}

/// Gives out a connection string; cut with 01004.
template <class Char>
void give(Connection& connection, const std::string& text, Char* buffer, SQLSMALLINT capacity,
          SQLSMALLINT* length) {
  if (driver::text::to_application(text, buffer, capacity, length)) {
    connection.diagnostics.warn(SqlState::k01004, "The connection string given out was cut");
  }
}

/// A driver manager may call W functions for an ANSI application: then SQL_ATTR_ANSI_APP says so.
template <class Char>
void note_application(Connection& connection) {
  if (sizeof(Char) == sizeof(SQLCHAR)) connection.ansi_application = true;
}

template <class Char>
SQLRETURN connect(SQLHDBC handle, const Char* dsn, SQLSMALLINT dsn_length, const Char* user,
                  SQLSMALLINT user_length, const Char* password, SQLSMALLINT password_length) {
  return call<Connection>(handle, [&](Connection& connection) {
    const auto name = driver::text::from_application(dsn, dsn_length);
    const auto uid = driver::text::from_application(user, user_length);
    const auto pwd = driver::text::from_application(password, password_length);
    note_application<Char>(connection);
    connect_with(connection, [&](std::vector<driver::settings::Warning>& warnings) {
      return driver::settings::settings_from_dsn(name.value_or("DEFAULT"),
                                                 uid && !uid->empty() ? &*uid : nullptr,
                                                 pwd && !pwd->empty() ? &*pwd : nullptr, warnings);
    });
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN driver_connect(SQLHDBC handle, const Char* text, SQLSMALLINT length, Char* completed,
                         SQLSMALLINT capacity, SQLSMALLINT* completed_length,
                         SQLUSMALLINT completion) {
  return call<Connection>(handle, [&](Connection& connection) {
    if (completion > SQL_DRIVER_COMPLETE_REQUIRED) {
      throw Error(SqlState::kHY110, "The driver completion is not one of the four of ODBC");
    }
    if (completion == SQL_DRIVER_PROMPT) {
      throw Error(SqlState::kHYC00,
                  "No window is shown: give all that is needed in the connection string, and "
                  "SQL_DRIVER_NOPROMPT or SQL_DRIVER_COMPLETE");
    }
    check_capacity(capacity);
    note_application<Char>(connection);
    connect_with(connection, [&](std::vector<driver::settings::Warning>& warnings) {
      return driver::settings::settings_from_connection_string(
          driver::text::terminated_from_application(text, length).value_or(""), warnings);
    });
    give(connection, driver::settings::completed_string(connection.settings()), completed, capacity,
         completed_length);
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN browse_connect(SQLHDBC handle, const Char* text, SQLSMALLINT length, Char* wanted,
                         SQLSMALLINT capacity, SQLSMALLINT* wanted_length) {
  return call<Connection>(handle, [&](Connection& connection) {
    check_capacity(capacity);
    note_application<Char>(connection);
    const auto step =
        connection.browse(driver::text::terminated_from_application(text, length).value_or(""));
    give(connection, step.text, wanted, capacity, wanted_length);
    return step.done ? SQL_SUCCESS : SQL_NEED_DATA;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLConnect(SQLHDBC handle, SQLCHAR* dsn, SQLSMALLINT dsn_length,
                                        SQLCHAR* user, SQLSMALLINT user_length, SQLCHAR* password,
                                        SQLSMALLINT password_length) {
  return connect(handle, dsn, dsn_length, user, user_length, password, password_length);
}

extern "C" SQLRETURN SQL_API SQLConnectW(SQLHDBC handle, SQLWCHAR* dsn, SQLSMALLINT dsn_length,
                                         SQLWCHAR* user, SQLSMALLINT user_length,
                                         SQLWCHAR* password, SQLSMALLINT password_length) {
  return connect(handle, dsn, dsn_length, user, user_length, password, password_length);
}

extern "C" SQLRETURN SQL_API SQLDriverConnect(SQLHDBC handle, SQLHWND /*window*/, SQLCHAR* text,
                                              SQLSMALLINT length, SQLCHAR* completed,
                                              SQLSMALLINT capacity, SQLSMALLINT* completed_length,
                                              SQLUSMALLINT completion) {
  return driver_connect(handle, text, length, completed, capacity, completed_length, completion);
}

extern "C" SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC handle, SQLHWND /*window*/, SQLWCHAR* text,
                                               SQLSMALLINT length, SQLWCHAR* completed,
                                               SQLSMALLINT capacity, SQLSMALLINT* completed_length,
                                               SQLUSMALLINT completion) {
  return driver_connect(handle, text, length, completed, capacity, completed_length, completion);
}

extern "C" SQLRETURN SQL_API SQLBrowseConnect(SQLHDBC handle, SQLCHAR* text, SQLSMALLINT length,
                                              SQLCHAR* wanted, SQLSMALLINT capacity,
                                              SQLSMALLINT* wanted_length) {
  return browse_connect(handle, text, length, wanted, capacity, wanted_length);
}

extern "C" SQLRETURN SQL_API SQLBrowseConnectW(SQLHDBC handle, SQLWCHAR* text, SQLSMALLINT length,
                                               SQLWCHAR* wanted, SQLSMALLINT capacity,
                                               SQLSMALLINT* wanted_length) {
  return browse_connect(handle, text, length, wanted, capacity, wanted_length);
}

extern "C" SQLRETURN SQL_API SQLDisconnect(SQLHDBC handle) {
  const SQLRETURN done = call<Connection>(handle, [](Connection& connection) {
    connection.require_can_disconnect();
    // The standard frees what is left of statements and descriptors.
    while (!connection.statements().empty()) delete connection.statements().front();
    while (!connection.descriptors().empty()) {
      driver::Descriptor* descriptor = connection.descriptors().front();
      connection.remove(*descriptor);
      delete descriptor;
    }
    connection.disconnect();
    return SQL_SUCCESS;
  });
  return done;
}
