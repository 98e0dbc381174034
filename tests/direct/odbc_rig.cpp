#include "tests/direct/odbc_rig.h"

#include <array>
#include <cstdlib>

namespace test_support {
namespace {

const OdbcLibrary& library_of(Through through) {
  static const OdbcLibrary driver(driver_under_test());
  static const OdbcLibrary manager("libodbc.so.2");
  return through == Through::kNothing ? driver : manager;
}

}  // namespace

std::string driver_under_test() {
  const char* given = std::getenv("FABRIC_ODBC_DRIVER_UNDER_TEST");
  return given == nullptr ? FABRIC_ODBC_LIBRARY : given;
}

OdbcRig::OdbcRig(Through through, SQLINTEGER version) : library_(library_of(through)) {
  library_("SQLAllocHandle", SQL_HANDLE_ENV, nullptr, &environment);
  library_("SQLSetEnvAttr", environment, SQL_ATTR_ODBC_VERSION, version, 0);
  library_("SQLAllocHandle", SQL_HANDLE_DBC, environment, &connection);
}

OdbcRig::~OdbcRig() {
  if (statement != nullptr) free_statement();
  if (connection != nullptr) {
    library_("SQLEndTran", SQL_HANDLE_DBC, connection, SQL_ROLLBACK);
    library_("SQLDisconnect", connection);
    library_("SQLFreeHandle", SQL_HANDLE_DBC, connection);
  }
  if (environment != nullptr) library_("SQLFreeHandle", SQL_HANDLE_ENV, environment);
}

SQLRETURN OdbcRig::connect(const std::string& text, ServerKind kind) {
  const auto server = TestServer::shared(kind).endpoint();
  const std::string whole = text.empty()
                                ? "DRIVER={" + driver_under_test() +
                                      "};SERVER=127.0.0.1;PORT=" + std::to_string(server.port) +
                                      ";UID=app;PWD=apppw;DATABASE=test;"
                                : text;
  return library_("SQLDriverConnect", connection, nullptr, whole.c_str(), SQL_NTS, nullptr, 0,
                  nullptr, SQL_DRIVER_NOPROMPT);
}

SQLHSTMT OdbcRig::make_statement() {
  library_("SQLAllocHandle", SQL_HANDLE_STMT, connection, &statement);
  return statement;
}

void OdbcRig::free_statement() {
  library_("SQLCancel", statement);
  library_("SQLFreeStmt", statement, SQL_CLOSE);
  library_("SQLFreeHandle", SQL_HANDLE_STMT, statement);
  statement = nullptr;
}

std::string OdbcRig::state_of(SQLSMALLINT kind, SQLHANDLE handle) const {
  std::array<char, 6> state{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  std::array<char, 512> text{};
  const SQLRETURN found = library_("SQLGetDiagRec", kind, handle, 1, state.data(), &native,
                                   text.data(), text.size(), &length);
  return SQL_SUCCEEDED(found) ? state.data() : "00000";
}

}  // namespace test_support
