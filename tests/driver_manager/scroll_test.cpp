// Scrollable cursors: SQLFetchScroll, SQLExtendedFetch, bookmarks, and the attributes around them.
#include <cstring>

#include "tests/driver_manager/cursor_case.h"

namespace test_support {
namespace {

class Scroll : public CursorCase {};

TEST_P(Scroll, GoesWhereverItIsSent) {
  make_numbers(10);
  OdbcStatement statement(connection_);
  open_static(statement, 3);
  SQLLEN count = 0;
  statement.check(SQLRowCount(statement.raw(), &count));
  EXPECT_EQ(count, 10);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2 3");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "4 5 6");
  EXPECT_EQ(get(statement, SQL_ATTR_ROW_NUMBER), 4U);
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "1 2 3");
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "no data");
  EXPECT_EQ(fetched_, 0U);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2 3");
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "8 9 10");
  EXPECT_STREQ(texts_[2].data(), "t10");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1 2 3");
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, -2), "9 10");
  EXPECT_EQ(status_[1], SQL_ROW_SUCCESS);
  EXPECT_EQ(status_[2], SQL_ROW_NOROW);
  EXPECT_EQ(go(statement, SQL_FETCH_RELATIVE, -4), "5 6 7");
  EXPECT_EQ(go(statement, SQL_FETCH_RELATIVE, 0), "5 6 7");
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 2), "2 3 4");
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "1 2 3!");
  EXPECT_EQ(statement.diagnostics().front().state, "01S06");
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 11), "no data");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "no data");
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "8 9 10");
  EXPECT_EQ(outcome(statement, SQLFetch(statement.raw())), "no data");
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 0), "no data");
  EXPECT_EQ(outcome(statement, SQLFetch(statement.raw())), "1 2 3");
}

TEST_P(Scroll, FollowsARowsetSizeThatChanges) {
  make_numbers(12);
  OdbcStatement statement(connection_);
  open_static(statement, 2);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2");
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 5);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "3 4 5 6 7");
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 1);
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "2");
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 4);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "3 4 5 6");
}

TEST_P(Scroll, KeepsResultsLargerThanItsMemory) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "SPOOL_MEMORY=10000;"));
  make_numbers(3000);
  OdbcStatement statement(connection);
  open_static(statement, 4);
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "2997 2998 2999 3000");
  for (int first = 2993; first >= 1; first -= 4) {
    ASSERT_EQ(go(statement, SQL_FETCH_PRIOR),
              std::to_string(first) + " " + std::to_string(first + 1) + " " +
                  std::to_string(first + 2) + " " + std::to_string(first + 3));
    ASSERT_EQ("t" + std::to_string(first), texts_[0].data());
  }
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 1500), "1500 1501 1502 1503");
}

TEST_P(Scroll, ScrollsPreparedAndCatalogResultsAndAfterTheirConnectionIsUsed) {
  make_numbers(10);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  bind(statement, 2);
  statement.prepare("SELECT i, t FROM numbers WHERE i > ? ORDER BY i");
  SQLINTEGER from = 4;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &from, 0, nullptr));
  statement.execute_prepared();
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), "9 10");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM numbers"), "10");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "5 6");
  EXPECT_STREQ(texts_[0].data(), "t5");

  OdbcStatement catalog(connection_);
  set(catalog, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  std::array<SQLCHAR, 8> table{"numbers"};
  catalog.check(
      SQLColumns(catalog.raw(), nullptr, 0, nullptr, 0, table.data(), SQL_NTS, nullptr, 0));
  EXPECT_EQ(SQLFetchScroll(catalog.raw(), SQL_FETCH_LAST, 0), SQL_SUCCESS);
  EXPECT_EQ(catalog.text(4), "t");
  EXPECT_EQ(SQLFetchScroll(catalog.raw(), SQL_FETCH_ABSOLUTE, 1), SQL_SUCCESS);
  EXPECT_EQ(catalog.text(4), "i");
}

TEST_P(Scroll, ForwardOnlyCursorsGoForwardOnly) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  bind(statement, 2);
  statement.execute("SELECT i, t FROM numbers ORDER BY i");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "HY106");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1 2");
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), "HY106");
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "3");
  EXPECT_EQ(get(statement, SQL_ATTR_ROW_NUMBER), 3U);
}

TEST_P(Scroll, LimitsRowsAndLengths) {
  make_table("texts", "i INT, t VARCHAR(100), b VARBINARY(100)");
  OdbcStatement(connection_)
      .execute(
          "INSERT INTO texts VALUES (1,'ab\xC3\xA9\xC3\xA9"
          "cd','123456789'), (2,'x','y'), (3,NULL,NULL)");
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ATTR_MAX_ROWS, 2);
  set(statement, SQL_ATTR_MAX_LENGTH, 5);
  statement.execute("SELECT i, t, b FROM texts ORDER BY i");
  SQLLEN count = 0;
  statement.check(SQLRowCount(statement.raw(), &count));
  EXPECT_EQ(count, 2);
  ASSERT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_FIRST, 0), SQL_SUCCESS);
  EXPECT_EQ(statement.text(2), "ab\xC3\xA9");  // the sixth byte is half a character
  std::array<char, 20> bytes{};
  SQLLEN length = 0;
  EXPECT_EQ(SQLGetData(statement.raw(), 3, SQL_C_BINARY, bytes.data(), 20, &length), SQL_SUCCESS);
  EXPECT_EQ(length, 5);
  EXPECT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_LAST, 0), SQL_SUCCESS);
  EXPECT_EQ(statement.text(1), "2");
  EXPECT_EQ(SQLFetch(statement.raw()), SQL_NO_DATA);
}

TEST_P(Scroll, MovesWithoutDataWhenNoneIsToBeRetrieved) {
  make_numbers(5);
  OdbcStatement statement(connection_);
  open_static(statement, 1);
  set(statement, SQL_ATTR_RETRIEVE_DATA, SQL_RD_OFF);
  numbers_[0] = -1;
  EXPECT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_ABSOLUTE, 4), SQL_SUCCESS);
  EXPECT_EQ(numbers_[0], -1);
  SQLINTEGER number = -1;
  EXPECT_EQ(SQLGetData(statement.raw(), 1, SQL_C_SLONG, &number, 0, nullptr), SQL_SUCCESS);
  EXPECT_EQ(number, -1);
  EXPECT_EQ(get(statement, SQL_ATTR_ROW_NUMBER), 4U);
  set(statement, SQL_ATTR_RETRIEVE_DATA, SQL_RD_ON);
  EXPECT_EQ(go(statement, SQL_FETCH_RELATIVE, 0), "4");
}

TEST_P(Scroll, KeepsItsAttributesConsistent) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_FORWARD_ONLY});
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_SCROLLABLE), SQLULEN{SQL_NONSCROLLABLE});
  set(statement, SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_STATIC});
  set(statement, SQL_ATTR_CURSOR_TYPE, std::size_t{SQL_CURSOR_FORWARD_ONLY});
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_SCROLLABLE), SQLULEN{SQL_NONSCROLLABLE});
  set(statement, SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_STATIC});
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_SENSITIVITY), SQLULEN{SQL_INSENSITIVE});
  set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES);
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_SENSITIVITY), SQLULEN{SQL_UNSPECIFIED});
  for (const std::size_t type : {SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC}) {
    set(statement, SQL_ATTR_CURSOR_TYPE, type);
    EXPECT_EQ(statement.diagnostics().front().state, "01S02");
    EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_STATIC});
  }
  const auto state = [&](SQLINTEGER id, std::size_t value) {
    return state_of([&] { set(statement, id, value); });
  };
  EXPECT_EQ(state(SQL_ATTR_CURSOR_TYPE, 17), "HY024");
  EXPECT_EQ(state(SQL_ATTR_CONCURRENCY, 0), "HY024");
  EXPECT_EQ(state(SQL_ATTR_USE_BOOKMARKS, 9), "HY024");
  statement.execute("SELECT 1");
  EXPECT_EQ(state(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC), "24000");
}

TEST_P(Scroll, FetchesByBookmark) {
  make_numbers(10);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
  std::array<std::array<SQLCHAR, 8>, kMost> marks{};
  std::array<SQLLEN, kMost> lengths{};
  statement.check(
      SQLBindCol(statement.raw(), 0, SQL_C_VARBOOKMARK, marks.data(), 8, lengths.data()));
  open_static(statement, 3);
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 4), "4 5 6");
  EXPECT_EQ(lengths[1], 8);
  auto mark = marks[1];  // of row 5
  set(statement, SQL_ATTR_FETCH_BOOKMARK_PTR, mark.data());
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 0), "5 6 7");
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, -3), "2 3 4");
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 5), "10");
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 6), "no data");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), "1 2 3");
  BOOKMARK fixed = 0;
  SQLLEN length = 0;
  EXPECT_EQ(SQLGetData(statement.raw(), 0, SQL_C_BOOKMARK, &fixed, sizeof fixed, &length),
            SQL_SUCCESS);
  EXPECT_EQ(length, 8);
  EXPECT_EQ(SQLGetData(statement.raw(), 0, SQL_C_BOOKMARK, &fixed, sizeof fixed, &length),
            SQL_NO_DATA);
  set(statement, SQL_ATTR_FETCH_BOOKMARK_PTR, &fixed);
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 1), "2 3 4");
  fixed = 99;
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 0), "HY111");
  set(statement, SQL_ATTR_FETCH_BOOKMARK_PTR, SQLPOINTER{nullptr});
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK, 0), "HY111");

  std::array<SQLCHAR, 10> name{};
  SQLSMALLINT name_length = 0;
  SQLSMALLINT type = 0;
  SQLSMALLINT digits = 0;
  SQLSMALLINT nullable = 0;
  SQLULEN size = 0;
  statement.check(SQLDescribeCol(statement.raw(), 0, name.data(), 10, &name_length, &type, &size,
                                 &digits, &nullable));
  EXPECT_EQ(type, SQL_BINARY);
  EXPECT_EQ(size, 8U);
  EXPECT_EQ(nullable, SQL_NO_NULLS);
  SQLLEN octets = 0;
  statement.check(
      SQLColAttribute(statement.raw(), 0, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &octets));
  EXPECT_EQ(octets, 8);
}

TEST_P(Scroll, HasNoBookmarksUnlessAskedFor) {
  make_numbers(3);
  OdbcStatement statement(connection_);
  open_static(statement, 1);
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), "1");
  EXPECT_EQ(go(statement, SQL_FETCH_BOOKMARK), "HY106");
  BOOKMARK mark = 0;
  SQLLEN length = 0;
  EXPECT_EQ(SQLGetData(statement.raw(), 0, SQL_C_BOOKMARK, &mark, sizeof mark, &length), SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().front().state, "07009");
}

TEST_P(Scroll, ExtendedFetchHasARowsetOfItsOwn) {
  make_numbers(10);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ROWSET_SIZE, 4);
  EXPECT_EQ(get(statement, SQL_ATTR_ROW_ARRAY_SIZE), 1U);
  EXPECT_EQ(get(statement, SQL_ROWSET_SIZE), 4U);
  bind_columns(statement);
  statement.execute("SELECT i, t FROM numbers ORDER BY i");
  const auto extended = [&](SQLUSMALLINT orientation, SQLLEN offset) {
    return outcome(statement, SQLExtendedFetch(statement.raw(), orientation, offset, &fetched_,
                                               status_.data()));
  };
  EXPECT_EQ(extended(SQL_FETCH_NEXT, 0), "1 2 3 4");
  EXPECT_EQ(extended(SQL_FETCH_LAST, 0), "7 8 9 10");
  EXPECT_EQ(extended(SQL_FETCH_RELATIVE, 2), "9 10");
  EXPECT_EQ(status_[1], SQL_ROW_SUCCESS);
  EXPECT_EQ(status_[2], SQL_ROW_NOROW);
  EXPECT_EQ(extended(SQL_FETCH_ABSOLUTE, 2), "2 3 4 5");
  EXPECT_EQ(extended(SQL_FETCH_PRIOR, 0), "1 2 3 4!");
  EXPECT_EQ(extended(SQL_FETCH_PRIOR, 0), "no data");
}

TEST_P(Scroll, ExtendedFetchTakesTheRowsetOfOdbc3WhereItHasNone) {
  make_numbers(5);
  OdbcStatement statement(connection_);
  open_static(statement, 3);
  EXPECT_EQ(get(statement, SQL_ROWSET_SIZE), 1U);
  std::array<SQLUSMALLINT, kMost> status{};
  EXPECT_EQ(outcome(statement, SQLExtendedFetch(statement.raw(), SQL_FETCH_ABSOLUTE, 4, &fetched_,
                                                status.data())),
            "4 5");
  EXPECT_EQ(status[2], SQL_ROW_NOROW);
  EXPECT_EQ(status_[0], SQL_ROW_SUCCESS);
  EXPECT_EQ(status_[2], SQL_ROW_NOROW);
}

TEST_P(Scroll, AddsTheRowsOfTheRowsetThatExtendedFetchHas) {
  make_numbers(2);
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
  set(statement, SQL_ROWSET_SIZE, 2);
  bind_columns(statement);
  statement.execute("SELECT i, t FROM numbers ORDER BY i");
  SQLExtendedFetch(statement.raw(), SQL_FETCH_NEXT, 0, &fetched_, status_.data());
  numbers_[0] = 3;
  numbers_[1] = 4;
  statement.check(SQLSetPos(statement.raw(), 0, SQL_ADD, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(status_[1], SQL_ROW_ADDED);
  numbers_[1] = 5;
  statement.check(SQLSetPos(statement.raw(), 2, SQL_ADD, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i ORDER BY i) FROM numbers"), "1,2,3,4,5");
}

FOR_EVERY_SERVER(Scroll);

}  // namespace
}  // namespace test_support
