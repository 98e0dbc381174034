// ODBC handles of a library that is loaded, not linked: the driver itself, or unixODBC in front of
// it. One test is so run both ways. One thread.
#pragma once

#include <string>

#include "tests/support/odbc_calls.h"
#include "tests/support/test_server.h"

namespace test_support {

enum class Through : std::uint8_t { kNothing, kDriverManager };

/// The driver under test: ours, or the file that FABRIC_ODBC_DRIVER_UNDER_TEST names.
std::string driver_under_test();

class OdbcRig {
 public:
  explicit OdbcRig(Through through, SQLINTEGER version = SQL_OV_ODBC3);
  ~OdbcRig();  ///< frees everything, whatever state it is in
  OdbcRig(const OdbcRig&) = delete;
  OdbcRig& operator=(const OdbcRig&) = delete;

  template <class... Values>
  SQLRETURN operator()(std::string_view name, Values... values) const {
    return library_(name, values...);
  }
  [[nodiscard]] bool has(const OdbcCall& call) const { return library_.has(call); }
  SQLRETURN invoke(const OdbcCall& call, std::span<const std::uint64_t> values) const {
    return library_.invoke(call, values);
  }
  /// To a server of that kind, or with this connection string.
  SQLRETURN connect(const std::string& text = {}, ServerKind kind = ServerKind::kMariaDb);
  SQLHSTMT make_statement();
  void free_statement();
  /// The first record's SQLSTATE; "00000" when there is none.
  [[nodiscard]] std::string state_of(SQLSMALLINT kind, SQLHANDLE handle) const;

  SQLHENV environment = nullptr;
  SQLHDBC connection = nullptr;
  SQLHSTMT statement = nullptr;

 private:
  const OdbcLibrary& library_;
};

}  // namespace test_support
