// SQLSetEnvAttr, SQLSetConnectAttr, SQLSetStmtAttr and the getters.
#include "driver/call.h"
#include "driver/connection.h"
#include "driver/environment.h"
#include "driver/pointers.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using driver::Descriptor;
using driver::Environment;
using driver::number;
using driver::Statement;
using fabric::base::Error;
using fabric::base::SqlState;

template <class T>
void put(SQLPOINTER target, SQLULEN value, SQLINTEGER* length) {
  if (target != nullptr) *static_cast<T*>(target) = static_cast<T>(value);
  if (length != nullptr) *length = sizeof(T);
}

/// Where an attribute is to be written, as it was passed.
struct Buffer {
  SQLPOINTER data;
  SQLINTEGER capacity;
  SQLINTEGER* length;
};

/// Connection attributes that are pointers or SQLULEN; the others are 32 bits wide.
bool is_wide_attribute(SQLINTEGER id) { return id == SQL_ATTR_QUIET_MODE; }

bool is_wide_statement_attribute(SQLINTEGER id) {
  return id != SQL_ATTR_METADATA_ID || Statement::is_pointer_attribute(id);
}

SQLINTEGER characters(SQLINTEGER bytes, std::size_t width) {
  return bytes < 0 ? bytes : bytes / static_cast<SQLINTEGER>(width);
}

template <class Char>
SQLRETURN set_connection_attribute(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                   SQLINTEGER length) {
  return call<Connection>(handle, [&](Connection& connection) {
    if (const auto* route = driver::find_route_attribute(id)) {
      connection.set_route(*route, value, length);
      return SQL_SUCCESS;
    }
    if (!Connection::is_text_attribute(id)) {
      connection.set_attribute(id, value);
      return SQL_SUCCESS;
    }
    auto text = driver::text::from_application(static_cast<const Char*>(value),
                                               characters(length, sizeof(Char)));
    if (!text) throw Error(SqlState::kHY009, "The attribute's value is a null pointer");
    connection.set_text_attribute(id, std::move(*text));
    return SQL_SUCCESS;
  });
}

template <class Char>
void put_text(Connection& connection, const std::string& text, Buffer buffer) {
  if (driver::text::to_application_bytes(text, static_cast<Char*>(buffer.data), buffer.capacity,
                                         buffer.length)) {
    connection.diagnostics.warn(SqlState::k01004, "The attribute's value was cut");
  }
}

void put_route(Connection& connection, const driver::RouteAttribute& route, Buffer buffer) {
  if (!route.text) {
    put<SQLUINTEGER>(buffer.data, connection.route_number(route), buffer.length);
  } else if (route.utf16) {
    put_text<SQLWCHAR>(connection, connection.route_text(route), buffer);
  } else {
    put_text<SQLCHAR>(connection, connection.route_text(route), buffer);
  }
}

template <class Char>
SQLRETURN get_connection_attribute(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                   SQLINTEGER capacity, SQLINTEGER* length) {
  return call<Connection>(handle, [&](Connection& connection) {
    const Buffer buffer{value, capacity, length};
    if (const auto* route = driver::find_route_attribute(id)) {
      put_route(connection, *route, buffer);
    } else if (Connection::is_text_attribute(id)) {
      put_text<Char>(connection, connection.text_attribute(id), buffer);
    } else if (is_wide_attribute(id)) {
      put<SQLULEN>(value, connection.attribute(id), length);
    } else {
      put<SQLUINTEGER>(value, connection.attribute(id), length);
    }
    return SQL_SUCCESS;
  });
}

SQLRETURN set_statement_attribute(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value) {
  return call<Statement>(handle, [&](Statement& statement) {
    statement.set_attribute(id, value);
    return SQL_SUCCESS;
  });
}

SQLRETURN get_statement_attribute(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                  SQLINTEGER* length) {
  return call<Statement>(handle, [&](Statement& statement) {
    if (is_wide_statement_attribute(id)) {
      put<SQLULEN>(value, statement.attribute(id), length);
    } else {
      put<SQLUINTEGER>(value, statement.attribute(id), length);
    }
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER value,
                                           SQLINTEGER /*length*/) {
  return call<Environment>(handle, [&](Environment& environment) {
    switch (id) {
      case SQL_ATTR_ODBC_VERSION: {
        const auto version = static_cast<SQLINTEGER>(number(value));
        if (version != SQL_OV_ODBC2 && version != SQL_OV_ODBC3 && version != SQL_OV_ODBC3_80) {
          throw Error(SqlState::kHY024, "The ODBC version is not 2, 3 or 3.80");
        }
        if (!environment.connections().empty()) {
          throw Error(SqlState::kHY010, "The ODBC version is set before connections are made");
        }
        environment.odbc_version = version;
        return SQL_SUCCESS;
      }
      case SQL_ATTR_CONNECTION_POOLING:
        environment.connection_pooling = static_cast<SQLUINTEGER>(number(value));
        return SQL_SUCCESS;
      case SQL_ATTR_CP_MATCH:
        environment.pooling_match = static_cast<SQLUINTEGER>(number(value));
        return SQL_SUCCESS;
      case SQL_ATTR_OUTPUT_NTS:
        if (number(value) != SQL_TRUE) {
          throw Error(SqlState::kHYC00, "Texts are always given with a terminating zero");
        }
        return SQL_SUCCESS;
      default:
        throw Error(SqlState::kHY092,
                    "Environment attribute " + std::to_string(id) + " is not known");
    }
  });
}

extern "C" SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER value,
                                           SQLINTEGER /*capacity*/, SQLINTEGER* length) {
  return call<Environment>(handle, [&](Environment& environment) {
    switch (id) {
      case SQL_ATTR_ODBC_VERSION:
        put<SQLINTEGER>(value, static_cast<SQLULEN>(environment.odbc_version), length);
        return SQL_SUCCESS;
      case SQL_ATTR_CONNECTION_POOLING:
        put<SQLUINTEGER>(value, environment.connection_pooling, length);
        return SQL_SUCCESS;
      case SQL_ATTR_CP_MATCH:
        put<SQLUINTEGER>(value, environment.pooling_match, length);
        return SQL_SUCCESS;
      case SQL_ATTR_OUTPUT_NTS:
        put<SQLINTEGER>(value, SQL_TRUE, length);
        return SQL_SUCCESS;
      default:
        throw Error(SqlState::kHY092,
                    "Environment attribute " + std::to_string(id) + " is not known");
    }
  });
}

extern "C" SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                               SQLINTEGER length) {
  return set_connection_attribute<SQLCHAR>(handle, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                                SQLINTEGER length) {
  return set_connection_attribute<SQLWCHAR>(handle, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                               SQLINTEGER capacity, SQLINTEGER* length) {
  return get_connection_attribute<SQLCHAR>(handle, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetConnectAttrW(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                                SQLINTEGER capacity, SQLINTEGER* length) {
  return get_connection_attribute<SQLWCHAR>(handle, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                            SQLINTEGER /*length*/) {
  return set_statement_attribute(handle, id, value);
}

extern "C" SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                             SQLINTEGER /*length*/) {
  return set_statement_attribute(handle, id, value);
}

extern "C" SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                            SQLINTEGER /*capacity*/, SQLINTEGER* length) {
  return get_statement_attribute(handle, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                             SQLINTEGER /*capacity*/, SQLINTEGER* length) {
  return get_statement_attribute(handle, id, value, length);
}
