// SQLSetEnvAttr, SQLSetConnectAttr, SQLSetStmtAttr and the getters.
#include <mutex>

#include "driver/attribute_table.h"
#include "driver/call.h"
#include "driver/cancel_later.h"
#include "driver/connection.h"
#include "driver/environment.h"
#include "driver/pointers.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::AttributeOwner;
using driver::call;
using driver::Connection;
using driver::Descriptor;
using driver::Environment;
using driver::number;
using driver::Sequence;
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

void put_number(const driver::AttributeRow* row, SQLULEN value, SQLPOINTER target,
                SQLINTEGER* length) {
  // A statement's attribute asked of its connection (no row there) takes 32 bits, as ODBC 2 did.
  const bool wide = row != nullptr && row->shape != driver::AttributeShape::kInteger;
  if (wide) return put<SQLULEN>(target, value, length);
  put<SQLUINTEGER>(target, value, length);
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

template <class Char, class Handle>
void put_text(Handle& handle, const std::string& text, Buffer buffer) {
  if (driver::text::to_application_bytes(text, static_cast<Char*>(buffer.data), buffer.capacity,
                                         buffer.length)) {
    handle.diagnostics.warn(SqlState::k01004, "The attribute's value was cut");
  }
}

/// Of a connection or of a statement's own.
template <class Handle>
void put_route(Handle& handle, const driver::RouteAttribute& route, Buffer buffer) {
  if (!route.text) {
    put<SQLUINTEGER>(buffer.data, handle.route_number(route), buffer.length);
  } else if (route.utf16) {
    put_text<SQLWCHAR>(handle, handle.route_text(route), buffer);
  } else {
    put_text<SQLCHAR>(handle, handle.route_text(route), buffer);
  }
}

/// Of a connection that another thread's call holds, nobody waits to be told that it is at work.
SQLRETURN tell_whether_dead(SQLHDBC handle, SQLPOINTER value, SQLINTEGER* length) {
  const driver::CancelLater cancel_later;
  Connection* connection = driver::resolve<Connection>(handle);
  if (connection == nullptr) return SQL_INVALID_HANDLE;
  const std::unique_lock held(connection->mutex(), std::try_to_lock);
  if (!held) {
    put<SQLUINTEGER>(value, SQL_CD_FALSE, length);
    return SQL_SUCCESS;
  }
  return driver::call_held(*connection, [&](Connection& idle) {
    put<SQLUINTEGER>(value, idle.attribute(SQL_ATTR_CONNECTION_DEAD), length);
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN get_connection_attribute(SQLHDBC handle, SQLINTEGER id, SQLPOINTER value,
                                   SQLINTEGER capacity, SQLINTEGER* length) {
  if (id == SQL_ATTR_CONNECTION_DEAD) return tell_whether_dead(handle, value, length);
  return call<Connection>(handle, [&](Connection& connection) {
    const Buffer buffer{value, capacity, length};
    if (const auto* route = driver::find_route_attribute(id)) {
      put_route(connection, *route, buffer);
    } else if (Connection::is_text_attribute(id)) {
      if (capacity < 0) throw Error(SqlState::kHY090, "The buffer's length is negative");
      put_text<Char>(connection, connection.text_attribute(id), buffer);
    } else {
      put_number(driver::find_attribute(AttributeOwner::kConnection, id), connection.attribute(id),
                 value, length);
    }
    return SQL_SUCCESS;
  });
}

SQLRETURN set_statement_attribute(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                  SQLINTEGER length) {
  return call<Statement>(handle, [&](Statement& statement) {
    if (const auto* route = driver::find_route_attribute(id)) {
      statement.set_route(*route, value, length);
    } else {
      statement.set_attribute(id, value);
    }
    return SQL_SUCCESS;
  });
}

SQLRETURN get_statement_attribute(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                  SQLINTEGER capacity, SQLINTEGER* length) {
  const auto get = [&](Statement& statement) {
    if (const auto* route = driver::find_route_attribute(id)) {
      put_route(statement, *route, {value, capacity, length});
    } else {
      put_number(driver::find_attribute(AttributeOwner::kStatement, id), statement.attribute(id),
                 value, length);
    }
    return SQL_SUCCESS;
  };
  return call<Statement>(handle, get, Sequence::kWhileOutputIsGiven);
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER value,
                                           SQLINTEGER /*length*/) {
  return call<Environment>(handle, [&](Environment& environment) {
    environment.set_attribute(id, value);
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV handle, SQLINTEGER id, SQLPOINTER value,
                                           SQLINTEGER /*capacity*/, SQLINTEGER* length) {
  return call<Environment>(handle, [&](Environment& environment) {
    put<SQLUINTEGER>(value, environment.attribute(id), length);
    return SQL_SUCCESS;
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
                                            SQLINTEGER length) {
  return set_statement_attribute(handle, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                             SQLINTEGER length) {
  return set_statement_attribute(handle, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                            SQLINTEGER capacity, SQLINTEGER* length) {
  return get_statement_attribute(handle, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT handle, SQLINTEGER id, SQLPOINTER value,
                                             SQLINTEGER capacity, SQLINTEGER* length) {
  return get_statement_attribute(handle, id, value, capacity, length);
}
