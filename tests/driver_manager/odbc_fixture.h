// ODBC through the driver manager, as an application sees it: handles that free themselves, and
// diagnostics as values. The driver is found by a private odbcinst.ini that odbc_fixture.cpp
// writes.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/endpoint.h"

namespace test_support {

struct OdbcDiagnostic {
  std::string state;
  SQLINTEGER native = 0;
  std::string text;
};

std::vector<OdbcDiagnostic> diagnostics_of(SQLSMALLINT type, SQLHANDLE handle);

/// Thrown by the calls below when the driver answers SQL_ERROR.
class OdbcError : public std::runtime_error {
 public:
  explicit OdbcError(std::vector<OdbcDiagnostic> records);
  [[nodiscard]] const std::vector<OdbcDiagnostic>& records() const { return records_; }
  [[nodiscard]] const std::string& state() const { return records_.front().state; }
  [[nodiscard]] SQLINTEGER native() const { return records_.front().native; }

 private:
  std::vector<OdbcDiagnostic> records_;
};

/// Makes the private odbcinst.ini and odbc.ini known to this process; idempotent, before any ODBC
/// call.
void use_private_odbc_configuration();
/// Adds or replaces a DSN of the private odbc.ini: lines "KEY = value".
void write_dsn(const std::string& name, const std::string& lines);
/// "DRIVER={...};SERVER=...;PORT=...;UID=...;PWD=...;DATABASE=test;" for a TestServer's user, and
/// more.
std::string connection_string(const fabric::base::Endpoint& server, std::string_view more = {});

/// UTF-16 up to the terminator, and back.
std::string utf8_of(std::u16string_view text);
std::u16string utf16_of(std::string_view text);
/// As an A call takes its text.
inline SQLCHAR* argument(const char* text) {
  return const_cast<SQLCHAR*>(reinterpret_cast<const SQLCHAR*>(text));
}

class OdbcEnvironment {
 public:
  explicit OdbcEnvironment(SQLINTEGER version = SQL_OV_ODBC3);
  ~OdbcEnvironment();
  OdbcEnvironment(const OdbcEnvironment&) = delete;
  OdbcEnvironment& operator=(const OdbcEnvironment&) = delete;
  [[nodiscard]] SQLHENV raw() const { return handle_; }

 private:
  SQLHENV handle_ = nullptr;
};

class OdbcConnection {
 public:
  explicit OdbcConnection(const OdbcEnvironment& environment);
  /// Rolls back, disconnects and frees.
  ~OdbcConnection();
  OdbcConnection(const OdbcConnection&) = delete;
  OdbcConnection& operator=(const OdbcConnection&) = delete;

  /// SQLDriverConnect; returns the completed string. Warnings are left in diagnostics().
  std::string connect(const std::string& text);
  void disconnect();
  void autocommit(bool on);
  void end(SQLSMALLINT completion);
  [[nodiscard]] SQLHDBC raw() const { return handle_; }
  [[nodiscard]] std::vector<OdbcDiagnostic> diagnostics() const;
  void check(SQLRETURN result) const;

 private:
  SQLHDBC handle_ = nullptr;
};

using OdbcRow = std::vector<std::optional<std::string>>;

class OdbcStatement {
 public:
  explicit OdbcStatement(const OdbcConnection& connection);
  ~OdbcStatement();
  OdbcStatement(const OdbcStatement&) = delete;
  OdbcStatement& operator=(const OdbcStatement&) = delete;

  void execute(std::string_view sql);  ///< SQLExecDirect
  void prepare(std::string_view sql);
  void execute_prepared();
  /// False at the end of the result.
  bool fetch();
  /// A column of the current row as UTF-8, in pieces if it is long.
  std::optional<std::string> text(SQLUSMALLINT column);
  /// All rows that are left, as text.
  std::vector<OdbcRow> rows();
  /// execute() and the first column of the first row.
  std::string value(std::string_view sql);
  void close();
  [[nodiscard]] SQLHSTMT raw() const { return handle_; }
  [[nodiscard]] std::vector<OdbcDiagnostic> diagnostics() const;
  /// Throws OdbcError for SQL_ERROR and SQL_INVALID_HANDLE.
  void check(SQLRETURN result) const;

 private:
  SQLHSTMT handle_ = nullptr;
};

}  // namespace test_support
