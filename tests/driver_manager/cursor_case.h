// A test with scrollable cursors over a table of numbers, on each kind of server.
#pragma once

#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {

class CursorCase : public ServerCase {
 protected:
  static constexpr std::size_t kMost = 16;  ///< rows of a rowset

  /// numbers: i from 1 to n, and the text "t<i>".
  void make_numbers(int n) {
    make_table("numbers", "i INT PRIMARY KEY, t VARCHAR(100)");
    std::string sql = "INSERT INTO numbers VALUES ";
    for (int i = 1; i <= n; ++i) {
      sql += (i > 1 ? ",(" : "(") + std::to_string(i) + ",'t" + std::to_string(i) + "')";
    }
    OdbcStatement(connection_).execute(sql);
  }

  static void set(const OdbcStatement& statement, SQLINTEGER attribute, SQLPOINTER value) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, value, 0));
  }
  static void set(const OdbcStatement& statement, SQLINTEGER attribute, std::size_t value) {
    set(statement, attribute, attribute_value(value));
  }
  static SQLULEN get(const OdbcStatement& statement, SQLINTEGER attribute) {
    SQLULEN value = 0;
    statement.check(SQLGetStmtAttr(statement.raw(), attribute, &value, 0, nullptr));
    return value;
  }

  /// Binds the two columns of numbers for rowsets of `rows`, with status and count.
  void bind(OdbcStatement& statement, std::size_t rows) {
    set(statement, SQL_ATTR_ROW_ARRAY_SIZE, rows);
    set(statement, SQL_ATTR_ROW_STATUS_PTR, status_.data());
    set(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched_);
    bind_columns(statement);
  }
  void bind_columns(OdbcStatement& statement) {
    statement.check(
        SQLBindCol(statement.raw(), 1, SQL_C_SLONG, numbers_.data(), 0, number_lengths_.data()));
    statement.check(SQLBindCol(statement.raw(), 2, SQL_C_CHAR, texts_.data(), sizeof texts_[0],
                               text_lengths_.data()));
  }
  void open_static(OdbcStatement& statement, std::size_t rows,
                   std::string_view sql = "SELECT i, t FROM numbers ORDER BY i") {
    set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    bind(statement, rows);
    statement.execute(sql);
  }

  /// "1 2 3" for the rows fetched, "!" behind for SQL_SUCCESS_WITH_INFO; "no data"; the SQLSTATE.
  std::string outcome(const OdbcStatement& statement, SQLRETURN result) {
    if (result == SQL_NO_DATA) return "no data";
    if (result == SQL_ERROR) return statement.diagnostics().front().state;
    std::string all;
    for (SQLULEN i = 0; i < fetched_; ++i) {
      all += (i > 0 ? " " : "") + std::to_string(numbers_[i]);
    }
    return all + (result == SQL_SUCCESS_WITH_INFO ? "!" : "");
  }
  std::string go(const OdbcStatement& statement, SQLSMALLINT orientation, SQLLEN offset = 0) {
    return outcome(statement, SQLFetchScroll(statement.raw(), orientation, offset));
  }

  std::array<SQLINTEGER, kMost> numbers_{};
  std::array<SQLLEN, kMost> number_lengths_{};
  std::array<std::array<char, 32>, kMost> texts_{};
  std::array<SQLLEN, kMost> text_lengths_{};
  std::array<SQLUSMALLINT, kMost> status_{};
  SQLULEN fetched_ = 0;
};

}  // namespace test_support
