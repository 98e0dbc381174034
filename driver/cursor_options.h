// The statement attributes that say what kind of cursor the next result gets (ODBC 3.8,
// SQLSetStmtAttr), kept consistent with each other. There are three kinds: forward-only, which
// streams, static, whose rows are all kept on this side, and with DYNAMIC_CURSOR dynamic, whose
// rows are read anew for each fetch; any other becomes static with 01S02. Belongs to a statement;
// guarded by its connection's mutex.
#pragma once

#include <optional>

#include "driver/diagnostics.h"
#include "driver/odbc.h"

namespace driver {

class CursorOptions {
 public:
  /// FORWARD_CURSOR: asking for a scrollable cursor is answered with 01S02.
  void allow_forward_only_alone() { forward_only_ = true; }
  /// DYNAMIC_CURSOR.
  void allow_dynamic() { dynamic_allowed_ = true; }
  /// False for an attribute of another kind. Throws HY024 for a value that does not exist.
  bool set(SQLINTEGER id, SQLPOINTER value, Diagnostics& diagnostics);
  [[nodiscard]] std::optional<SQLULEN> get(SQLINTEGER id) const;

  [[nodiscard]] bool scrollable() const { return type_ != SQL_CURSOR_FORWARD_ONLY; }
  [[nodiscard]] bool dynamic() const { return type_ == SQL_CURSOR_DYNAMIC; }
  [[nodiscard]] bool bookmarks() const { return use_bookmarks_ != SQL_UB_OFF; }
  /// Asked for by the application; a cursor is read-only by default too, but then positioned
  /// changes are let through as the other MySQL drivers do.
  [[nodiscard]] bool read_only_wanted() const {
    return concurrency_wanted_ && concurrency_ == SQL_CONCUR_READ_ONLY;
  }
  /// A positioned change must find the row's values as they were read.
  [[nodiscard]] bool compares_values() const { return concurrency_ != SQL_CONCUR_READ_ONLY; }
  [[nodiscard]] SQLULEN simulate_cursor() const { return simulate_cursor_; }
  [[nodiscard]] SQLULEN max_rows() const { return max_rows_; }
  [[nodiscard]] SQLULEN max_length() const { return max_length_; }
  [[nodiscard]] bool retrieves_data() const { return retrieve_data_ != SQL_RD_OFF; }
  /// SQLGetData has values to give, of any length.
  [[nodiscard]] bool gives_whole() const { return gives_whole_; }
  /// Of SQLExtendedFetch alone; SQLFetchScroll's is the ARD's. 0: not set, the ARD's counts.
  [[nodiscard]] SQLULEN rowset_size() const { return rowset_size_; }
  [[nodiscard]] const void* fetch_bookmark() const { return fetch_bookmark_; }

 private:
  void set_type(SQLULEN type, Diagnostics& diagnostics);
  void make_static(Diagnostics& diagnostics);
  void set_concurrency(SQLULEN concurrency, Diagnostics& diagnostics);
  void set_sensitivity(SQLULEN sensitivity, Diagnostics& diagnostics);
  [[nodiscard]] SQLULEN sensitivity() const;

  bool forward_only_ = false;
  bool dynamic_allowed_ = false;
  SQLULEN type_ = SQL_CURSOR_FORWARD_ONLY;
  SQLULEN concurrency_ = SQL_CONCUR_READ_ONLY;
  bool concurrency_wanted_ = false;
  SQLULEN simulate_cursor_ = SQL_SC_NON_UNIQUE;
  SQLULEN use_bookmarks_ = SQL_UB_OFF;
  SQLPOINTER fetch_bookmark_ = nullptr;
  SQLULEN keyset_size_ = 0;
  SQLULEN max_rows_ = 0;
  SQLULEN max_length_ = 0;
  SQLULEN retrieve_data_ = SQL_RD_ON;
  SQLULEN rowset_size_ = 0;
  bool gives_whole_ = true;  ///< by max_length_ and retrieve_data_
};

}  // namespace driver
