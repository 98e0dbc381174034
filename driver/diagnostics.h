// The diagnostic records and header of one handle (ODBC 3.8, "Diagnostics").
// Guarded by the handle's mutex; SQLGetDiagRec and SQLGetDiagField read it and clear nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "driver/odbc.h"
#include "fabric/base/sqlstate.h"

namespace driver {

using fabric::base::SqlState;

struct DiagnosticRecord {
  SqlState state;
  int native = 0;
  std::string text;                       ///< with the driver's prefix
  SQLLEN row_number = SQL_NO_ROW_NUMBER;  ///< 1-based row or parameter set
  SQLINTEGER column_number = SQL_NO_COLUMN_NUMBER;
};

class Diagnostics {
 public:
  void clear() {
    if (!records_.empty()) records_.clear();
    return_code = SQL_SUCCESS;
  }
  /// SQLError tells each record once.
  void drop_first();
  // Records stand in the standard's order ("Sequence of Status Records"): by row, then errors that
  // end a transaction, other errors, warnings.
  void error(SqlState state, const std::string& text, int native = 0);
  void warn(SqlState state, const std::string& text, int native = 0);
  void add(DiagnosticRecord record);
  /// A record of another handle, its text complete already.
  void copy(DiagnosticRecord record);

  /// The code that the application is shown.
  [[nodiscard]] std::string code_of(const DiagnosticRecord& record) const;
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] const std::vector<DiagnosticRecord>& records() const { return records_; }
  /// The server at hand, e.g. "g1/127.0.0.1:3306": shown behind the driver's name in what has a
  /// native number, that is, what the server or the link to it said. Empty: none.
  void set_origin(std::string origin) { origin_ = std::move(origin); }
  [[nodiscard]] const std::string& origin() const { return origin_; }

  SQLRETURN return_code = SQL_SUCCESS;
  SQLLEN row_count = -1;
  bool odbc2_states = false;  ///< for an application of ODBC 2

 private:
  std::string prefixed(const DiagnosticRecord& record) const;

  std::vector<DiagnosticRecord> records_;
  std::string origin_;
};

/// The call in progress turns into a record of `diagnostics`; to be used inside a catch block.
SQLRETURN record_current_exception(Diagnostics& diagnostics) noexcept;

}  // namespace driver
