// SQLAllocHandle, SQLFreeHandle, SQLFreeStmt.
#include <new>

#include "driver/call.h"
#include "driver/connection.h"
#include "driver/descriptor.h"
#include "driver/environment.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using driver::Descriptor;
using driver::Environment;
using driver::Sequence;
using driver::Statement;
using fabric::base::Error;
using fabric::base::SqlState;

SQLRETURN alloc_environment(SQLHANDLE* output) noexcept {
  auto* environment = new (std::nothrow) Environment();
  *output = environment == nullptr ? SQL_NULL_HANDLE : environment->raw();
  return environment == nullptr ? SQL_ERROR : SQL_SUCCESS;
}

SQLRETURN alloc_connection(Environment& environment, SQLHANDLE* output) {
  *output = (new Connection(environment))->raw();
  return SQL_SUCCESS;
}

SQLRETURN alloc_statement(Connection& connection, SQLHANDLE* output) {
  connection.require_connected();
  *output = (new Statement(connection))->raw();
  return SQL_SUCCESS;
}

SQLRETURN alloc_descriptor(Connection& connection, SQLHANDLE* output) {
  connection.require_connected();
  auto* descriptor = new Descriptor(connection);
  connection.add(*descriptor);
  *output = descriptor->raw();
  return SQL_SUCCESS;
}

SQLRETURN free_environment(SQLHANDLE handle) {
  const SQLRETURN allowed = call<Environment>(handle, [](Environment& environment) {
    if (!environment.connections().empty()) {
      throw Error(SqlState::kHY010, "Connections of this environment still exist");
    }
    return SQL_SUCCESS;
  });
  if (allowed == SQL_SUCCESS) delete driver::resolve<Environment>(handle);
  return allowed;
}

SQLRETURN free_connection(SQLHANDLE handle) {
  const SQLRETURN allowed = call<Connection>(handle, [](Connection& connection) {
    if (connection.connected()) {
      throw Error(SqlState::kHY010, "The connection is open: disconnect first (SQLDisconnect)");
    }
    return SQL_SUCCESS;
  });
  if (allowed == SQL_SUCCESS) delete driver::resolve<Connection>(handle);
  return allowed;
}

SQLRETURN free_statement(SQLHANDLE handle) {
  const SQLRETURN allowed = call<Statement>(
      handle, [](Statement&) { return SQL_SUCCESS; }, Sequence::kWhileOutputIsGiven);
  if (allowed != SQL_SUCCESS) return allowed;
  auto* statement = driver::resolve<Statement>(handle);
  Connection& connection = statement->connection();
  driver::MutexLock lock(connection.mutex());
  delete statement;
  connection.settle();
  return SQL_SUCCESS;
}

SQLRETURN free_descriptor(SQLHANDLE handle) {
  const SQLRETURN allowed = call<Descriptor>(handle, [](Descriptor& descriptor) {
    if (descriptor.automatic()) {
      throw Error(SqlState::kHY017, "A statement's own descriptor cannot be freed");
    }
    for (Statement* statement : descriptor.connection().statements()) {
      statement->descriptor_freed(descriptor);
    }
    descriptor.connection().remove(descriptor);
    return SQL_SUCCESS;
  });
  if (allowed == SQL_SUCCESS) delete driver::resolve<Descriptor>(handle);
  return allowed;
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input, SQLHANDLE* output) {
  if (output == nullptr) {
    const Error error(SqlState::kHY009, "The place for the handle is a null pointer");
    driver::refuse<Environment, Connection>(input, error);
    return SQL_ERROR;
  }
  *output = SQL_NULL_HANDLE;
  switch (type) {
    case SQL_HANDLE_ENV:
      return alloc_environment(output);
    case SQL_HANDLE_DBC:
      return call<Environment>(input, [&](Environment& e) { return alloc_connection(e, output); });
    case SQL_HANDLE_STMT:
      return call<Connection>(input, [&](Connection& c) { return alloc_statement(c, output); });
    case SQL_HANDLE_DESC:
      return call<Connection>(input, [&](Connection& c) { return alloc_descriptor(c, output); });
    default:
      driver::refuse<Environment, Connection>(
          input, Error(SqlState::kHY092, "Handle type " + std::to_string(type) + " is not known"));
      return SQL_ERROR;
  }
}

extern "C" SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
  switch (type) {
    case SQL_HANDLE_ENV:
      return free_environment(handle);
    case SQL_HANDLE_DBC:
      return free_connection(handle);
    case SQL_HANDLE_STMT:
      return free_statement(handle);
    case SQL_HANDLE_DESC:
      return free_descriptor(handle);
    default:
      return SQL_INVALID_HANDLE;
  }
}

extern "C" SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option) {
  if (option == SQL_DROP) return free_statement(handle);
  const auto free = [&](Statement& statement) {
    statement.free(option);
    return SQL_SUCCESS;
  };
  return call<Statement>(
      handle, free,
      option == SQL_RESET_PARAMS ? Sequence::kOrdinary : Sequence::kWhileOutputIsGiven);
}
