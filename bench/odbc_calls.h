// What the pieces of the ODBC candidate share: errors as exceptions, texts as the standard has
// them.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <array>
#include <stdexcept>
#include <string>

namespace bench {

[[noreturn]] inline void fail(SQLSMALLINT type, SQLHANDLE handle) {
  std::array<SQLCHAR, 6> state{};
  std::array<SQLCHAR, 512> text{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  SQLGetDiagRec(type, handle, 1, state.data(), &native, text.data(), text.size(), &length);
  throw std::runtime_error(std::string(reinterpret_cast<char*>(state.data())) + " " +
                           reinterpret_cast<char*>(text.data()));
}

inline void check(SQLHSTMT statement, SQLRETURN code) {
  if (!SQL_SUCCEEDED(code)) fail(SQL_HANDLE_STMT, statement);
}

inline SQLCHAR* chars(std::string& text) { return reinterpret_cast<SQLCHAR*>(text.data()); }

}  // namespace bench
