#include "tests/driver_manager/odbc_fixture.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/driver_manager/direct_driver.h"

namespace test_support {
namespace {

/// Ours, or the file that FABRIC_ODBC_DRIVER_UNDER_TEST names.
std::string driver_under_test() {
  const char* given = std::getenv("FABRIC_ODBC_DRIVER_UNDER_TEST");
  return given == nullptr ? FABRIC_ODBC_LIBRARY : given;
}

/// A folder that lives as long as the process.
struct Configuration {
  std::filesystem::path folder;
  std::map<std::string, std::string> dsns;

  Configuration() {
    std::string pattern = (std::filesystem::temp_directory_path() / "odbc-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    std::ofstream(folder / "odbcinst.ini")
        << "[fabric]\nDescription = under test\nDriver = " << driver_under_test()
        << "\nThreading = 0\n";
    write();
    setenv("ODBCSYSINI", folder.c_str(), 1);
    setenv("ODBCINI", (folder / "odbc.ini").c_str(), 1);
  }
  ~Configuration() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  void write() const {
    std::ofstream file(folder / "odbc.ini");
    for (const auto& [name, lines] : dsns) {
      file << "[" << name << "]\nDriver = fabric\n" << lines << "\n";
    }
  }
};

Configuration& configuration() {
  static Configuration instance;
  return instance;
}

SQLCHAR* sql_text(std::string_view text) {
  return const_cast<SQLCHAR*>(static_cast<const SQLCHAR*>(static_cast<const void*>(text.data())));
}

void check_result(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle) {
  if (result != SQL_ERROR && result != SQL_INVALID_HANDLE) return;
  auto records = diagnostics_of(type, handle);
  if (records.empty()) records.push_back({"?????", result, "no diagnostic record"});
  throw OdbcError(std::move(records));
}

std::string sentence(const std::vector<OdbcDiagnostic>& records) {
  std::string all;
  for (const OdbcDiagnostic& record : records) {
    all += "[" + record.state + "](" + std::to_string(record.native) + ") " + record.text + "\n";
  }
  return all;
}

}  // namespace

OdbcError::OdbcError(std::vector<OdbcDiagnostic> records)
    : std::runtime_error(sentence(records)), records_(std::move(records)) {}

std::vector<OdbcDiagnostic> diagnostics_of(SQLSMALLINT type, SQLHANDLE handle) {
  std::vector<OdbcDiagnostic> records;
  for (SQLSMALLINT number = 1;; ++number) {
    std::array<SQLCHAR, 6> state{};
    std::array<SQLCHAR, 2048> text{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const SQLRETURN result = SQLGetDiagRec(type, handle, number, state.data(), &native, text.data(),
                                           static_cast<SQLSMALLINT>(text.size()), &length);
    if (!SQL_SUCCEEDED(result)) return records;
    records.push_back({reinterpret_cast<const char*>(state.data()), native,
                       reinterpret_cast<const char*>(text.data())});
  }
}

void use_private_odbc_configuration() { static_cast<void>(configuration()); }

std::string driver_library() { return FABRIC_ODBC_LIBRARY; }

void write_dsn(const std::string& name, const std::string& lines) {
  configuration().dsns[name] = lines;
  configuration().write();
}

std::string connection_string(const fabric::base::Endpoint& server, std::string_view more) {
  return "DRIVER={fabric};SERVER=" + server.host + ";PORT=" + std::to_string(server.port) +
         ";UID=app;PWD=apppw;DATABASE=test;" + std::string(more);
}

std::string utf8_of(std::u16string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t code = text[i];
    if ((code & 0xFC00U) == 0xD800U && i + 1 < text.size()) {
      code = 0x10000U + ((code & 0x3FFU) << 10U) + (text[++i] & 0x3FFU);
    }
    const auto tail = [&](unsigned shift) {
      all += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80U) {
      all += static_cast<char>(code);
    } else if (code < 0x800U) {
      all += static_cast<char>(0xC0U | (code >> 6U));
      tail(0);
    } else if (code < 0x10000U) {
      all += static_cast<char>(0xE0U | (code >> 12U));
      tail(6);
      tail(0);
    } else {
      all += static_cast<char>(0xF0U | (code >> 18U));
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return all;
}

std::u16string utf16_of(std::string_view text) {
  std::u16string all;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    const int tail = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    char32_t code = tail == 0 ? first : first & (0x3FU >> tail);
    for (int j = 0; j < tail; ++j)
      code = (code << 6U) | (static_cast<unsigned char>(text[i++]) & 0x3FU);
    if (code >= 0x10000U) {
      all += static_cast<char16_t>(0xD7C0U + (code >> 10U));
      all += static_cast<char16_t>(0xDC00U + (code & 0x3FFU));
    } else {
      all += static_cast<char16_t>(code);
    }
  }
  return all;
}

OdbcEnvironment::OdbcEnvironment(SQLINTEGER version) {
  use_private_odbc_configuration();
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle_);
  SQLSetEnvAttr(handle_, SQL_ATTR_ODBC_VERSION,
                reinterpret_cast<SQLPOINTER>(static_cast<std::intptr_t>(version)), 0);
}

OdbcEnvironment::~OdbcEnvironment() { SQLFreeHandle(SQL_HANDLE_ENV, handle_); }

OdbcConnection::OdbcConnection(const OdbcEnvironment& environment) {
  check_result(SQLAllocHandle(SQL_HANDLE_DBC, environment.raw(), &handle_), SQL_HANDLE_ENV,
               environment.raw());
}

OdbcConnection::~OdbcConnection() {
  SQLEndTran(SQL_HANDLE_DBC, handle_, SQL_ROLLBACK);
  SQLDisconnect(handle_);
  SQLFreeHandle(SQL_HANDLE_DBC, handle_);
}

std::string OdbcConnection::connect(const std::string& text) {
  std::array<SQLCHAR, 2048> completed{};
  SQLSMALLINT length = 0;
  check(SQLDriverConnect(handle_, nullptr, sql_text(text), SQL_NTS, completed.data(),
                         static_cast<SQLSMALLINT>(completed.size()), &length, SQL_DRIVER_NOPROMPT));
  return reinterpret_cast<const char*>(completed.data());
}

void OdbcConnection::disconnect() { check(SQLDisconnect(handle_)); }

void OdbcConnection::autocommit(bool on) {
  const std::intptr_t value = on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF;
  check(SQLSetConnectAttr(handle_, SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(value), 0));
}

void OdbcConnection::end(SQLSMALLINT completion) {
  check(SQLEndTran(SQL_HANDLE_DBC, handle_, completion));
}

std::vector<OdbcDiagnostic> OdbcConnection::diagnostics() const {
  return diagnostics_of(SQL_HANDLE_DBC, handle_);
}

void OdbcConnection::check(SQLRETURN result) const {
  check_result(result, SQL_HANDLE_DBC, handle_);
}

OdbcStatement::OdbcStatement(const OdbcConnection& connection) {
  connection.check(SQLAllocHandle(SQL_HANDLE_STMT, connection.raw(), &handle_));
}

OdbcStatement::~OdbcStatement() { SQLFreeHandle(SQL_HANDLE_STMT, handle_); }

void OdbcStatement::execute(std::string_view sql) {
  check(SQLExecDirect(handle_, sql_text(sql), static_cast<SQLINTEGER>(sql.size())));
}

void OdbcStatement::prepare(std::string_view sql) {
  check(SQLPrepare(handle_, sql_text(sql), static_cast<SQLINTEGER>(sql.size())));
}

void OdbcStatement::execute_prepared() { check(SQLExecute(handle_)); }

bool OdbcStatement::fetch() {
  const SQLRETURN result = SQLFetch(handle_);
  check(result);
  return result != SQL_NO_DATA;
}

std::optional<std::string> OdbcStatement::text(SQLUSMALLINT column) {
  std::string whole;
  std::array<char, 1024> piece{};
  for (;;) {
    SQLLEN length = 0;
    const SQLRETURN result = SQLGetData(handle_, column, SQL_C_CHAR, piece.data(),
                                        static_cast<SQLLEN>(piece.size()), &length);
    check(result);
    if (result == SQL_NO_DATA) return whole;
    if (length == SQL_NULL_DATA) return std::nullopt;
    whole += piece.data();
    if (result == SQL_SUCCESS) return whole;
  }
}

std::vector<OdbcRow> OdbcStatement::rows() {
  SQLSMALLINT columns = 0;
  check(SQLNumResultCols(handle_, &columns));
  std::vector<OdbcRow> all;
  while (fetch()) {
    OdbcRow& row = all.emplace_back();
    for (SQLSMALLINT i = 1; i <= columns; ++i) row.push_back(text(static_cast<SQLUSMALLINT>(i)));
  }
  return all;
}

std::string OdbcStatement::value(std::string_view sql) {
  execute(sql);
  std::string found = fetch() ? text(1).value_or("NULL") : "no row";
  close();
  return found;
}

void OdbcStatement::close() { check(SQLFreeStmt(handle_, SQL_CLOSE)); }

std::vector<OdbcDiagnostic> OdbcStatement::diagnostics() const {
  return diagnostics_of(SQL_HANDLE_STMT, handle_);
}

void OdbcStatement::check(SQLRETURN result) const {
  check_result(result, SQL_HANDLE_STMT, handle_);
}

}  // namespace test_support
