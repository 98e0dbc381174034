// Arrays of parameter sets: how each went, row counts, result sets, data at execution in them; and
// what SQLParamData and SQLPutData refuse.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class ParameterArrays : public ServerCase {
 protected:
  ParameterArrays() { make_table("sets", "i INT PRIMARY KEY, t VARCHAR(20)"); }

  void use_sets(std::size_t count) {
    set(SQL_ATTR_PARAMSET_SIZE, attribute_value(count));
    set(SQL_ATTR_PARAM_STATUS_PTR, status_.data());
    set(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed_);
  }
  void set(SQLINTEGER attribute, SQLPOINTER value) {
    statement_.check(SQLSetStmtAttr(statement_.raw(), attribute, value, 0));
  }
  void bind(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, void* data,
            SQLLEN capacity, SQLLEN* lengths) {
    statement_.check(SQLBindParameter(statement_.raw(), number, SQL_PARAM_INPUT, c_type, sql_type,
                                      20, 0, data, capacity, lengths));
  }
  SQLRETURN execute(const std::string& sql) {
    std::vector<SQLCHAR> text(sql.begin(), sql.end());
    return SQLExecDirect(statement_.raw(), text.data(), static_cast<SQLINTEGER>(text.size()));
  }
  SQLLEN row_count() {
    SQLLEN rows = -99;
    statement_.check(SQLRowCount(statement_.raw(), &rows));
    return rows;
  }
  template <class Number>
  Number diagnostic(SQLSMALLINT record, SQLSMALLINT field) {
    Number value{};
    statement_.check(
        SQLGetDiagField(SQL_HANDLE_STMT, statement_.raw(), record, field, &value, 0, nullptr));
    return value;
  }

  OdbcStatement statement_{connection_};
  std::array<SQLUSMALLINT, 4> status_{99, 99, 99, 99};
  SQLULEN processed_ = 99;
};

TEST_P(ParameterArrays, SayWhichRowAndColumnFailed) {
  std::array<SQLINTEGER, 4> numbers{1, 2, 1, 4};
  std::array<std::array<char, 24>, 4> texts{{{"a"}, {"b"}, {"c"}, {"d"}}};
  std::array<SQLLEN, 4> lengths{1, -99, 1, 1};
  use_sets(4);
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers.data(), 0, nullptr);
  bind(2, SQL_C_CHAR, SQL_VARCHAR, texts.data(), 24, lengths.data());
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, ?)"), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status_, (std::array<SQLUSMALLINT, 4>{SQL_PARAM_SUCCESS, SQL_PARAM_ERROR,
                                                  SQL_PARAM_ERROR, SQL_PARAM_SUCCESS}));
  EXPECT_EQ(processed_, 4U);
  EXPECT_EQ(row_count(), 2);
  EXPECT_EQ(execute("UPDATE sets SET t = 'x' WHERE i = ? OR t = ?"), SQL_SUCCESS_WITH_INFO);
  ASSERT_EQ(statement_.diagnostics().size(), 1U);
  EXPECT_EQ(statement_.diagnostics().front().state, "HY090");
  EXPECT_EQ(diagnostic<SQLLEN>(1, SQL_DIAG_ROW_NUMBER), 2);
  EXPECT_EQ(diagnostic<SQLINTEGER>(1, SQL_DIAG_COLUMN_NUMBER), 2);
  EXPECT_EQ(row_count(), 3);  // sets 1 and 3 match row 1, set 4 row 4
}

TEST_P(ParameterArrays, RunNoSetThatIsIgnoredNotEvenTheOnlyOne) {
  std::array<SQLINTEGER, 2> numbers{8, 9};
  std::array<SQLUSMALLINT, 2> operations{SQL_PARAM_IGNORE, SQL_PARAM_IGNORE};
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers.data(), 0, nullptr);
  set(SQL_ATTR_PARAM_OPERATION_PTR, operations.data());
  for (const std::size_t count : {1U, 2U}) {
    use_sets(count);
    EXPECT_EQ(execute("INSERT INTO sets VALUES (?, NULL)"), SQL_SUCCESS);
    EXPECT_EQ(status_[0], SQL_PARAM_UNUSED);
    EXPECT_EQ(processed_, count);
    EXPECT_EQ(row_count(), 0);
  }
  EXPECT_EQ(ask("SELECT COUNT(*) FROM sets"), "0");
}

TEST_P(ParameterArrays, AreAnErrorWhenEverySetFails) {
  std::array<SQLINTEGER, 2> numbers{7, 7};
  OdbcStatement(connection_).execute("INSERT INTO sets VALUES (7, 'there')");
  use_sets(2);
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers.data(), 0, nullptr);
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, NULL)"), SQL_ERROR);
  EXPECT_EQ(statement_.diagnostics().size(), 2U);
  EXPECT_EQ(diagnostic<SQLLEN>(2, SQL_DIAG_ROW_NUMBER), 2);
  EXPECT_EQ(status_[1], SQL_PARAM_ERROR);
}

TEST_P(ParameterArrays, GiveOneResultOfASelect) {
  OdbcStatement(connection_).execute("INSERT INTO sets VALUES (1, 'one'), (2, 'two'), (3, NULL)");
  std::array<SQLINTEGER, 4> numbers{2, 9, 3, 1};
  std::array<SQLUSMALLINT, 4> operations{SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE,
                                         SQL_PARAM_PROCEED};
  use_sets(4);
  set(SQL_ATTR_PARAM_OPERATION_PTR, operations.data());
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers.data(), 0, nullptr);
  EXPECT_EQ(execute("SELECT t, i FROM sets WHERE i >= ? ORDER BY i LIMIT 2"), SQL_SUCCESS);
  EXPECT_EQ(statement_.rows(),
            (std::vector<OdbcRow>{{"two", "2"}, {std::nullopt, "3"}, {"one", "1"}, {"two", "2"}}));
  EXPECT_EQ(SQLMoreResults(statement_.raw()), SQL_NO_DATA);
  EXPECT_EQ(status_[2], SQL_PARAM_UNUSED);
  SQLUINTEGER batch = 99;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_PARAM_ARRAY_SELECTS, &batch, 0, nullptr));
  EXPECT_EQ(batch, SQLUINTEGER{SQL_PAS_NO_BATCH});
  connection_.check(SQLGetInfo(connection_.raw(), SQL_PARAM_ARRAY_ROW_COUNTS, &batch, 0, nullptr));
  EXPECT_EQ(batch, SQLUINTEGER{SQL_PARC_NO_BATCH});
}

TEST_P(ParameterArrays, GiveTheirOwnValuesBackAsOneResult) {
  std::array<std::array<char, 24>, 3> texts{{{"a"}, {"longer"}, {"c"}}};
  std::array<SQLLEN, 3> lengths{1, 6, SQL_NULL_DATA};
  use_sets(3);
  bind(1, SQL_C_CHAR, SQL_VARCHAR, texts.data(), 24, lengths.data());
  for (const std::size_t type : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
    set(SQL_ATTR_CURSOR_TYPE, attribute_value(type));
    EXPECT_EQ(execute("SELECT CAST(? AS CHAR(20))"), SQL_SUCCESS);
    EXPECT_EQ(statement_.rows(), (std::vector<OdbcRow>{{"a"}, {"longer"}, {std::nullopt}}));
    EXPECT_EQ(SQLMoreResults(statement_.raw()), SQL_NO_DATA);
  }
}

TEST_P(ParameterArrays, StartAtTheBindOffset) {
  struct Set {
    SQLINTEGER number;
    SQLLEN length;
  };
  std::array<Set, 4> all{{{1, 0}, {2, SQL_NULL_DATA}, {3, 0}, {4, 0}}};
  SQLLEN offset = sizeof(Set) * 2;
  use_sets(2);
  set(SQL_ATTR_PARAM_BIND_TYPE, attribute_value(sizeof(Set)));
  set(SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset);
  bind(1, SQL_C_SLONG, SQL_INTEGER, &all[0].number, 0, &all[0].length);
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, 'offset')"), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i ORDER BY i) FROM sets"), "3,4");
}

TEST_P(ParameterArrays, TakeDataAtExecution) {
  std::array<SQLINTEGER, 3> numbers{1, 2, 3};
  std::array<std::array<char, 8>, 3> texts{{{""}, {"bound"}, {""}}};
  std::array<SQLLEN, 3> lengths{SQL_DATA_AT_EXEC, SQL_NTS, SQL_LEN_DATA_AT_EXEC(6)};
  use_sets(3);
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers.data(), 0, nullptr);
  bind(2, SQL_C_CHAR, SQL_VARCHAR, texts.data(), 8, lengths.data());
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, ?)"), SQL_NEED_DATA);
  SQLPOINTER token = nullptr;
  EXPECT_EQ(SQLParamData(statement_.raw(), &token), SQL_NEED_DATA);
  EXPECT_EQ(token, texts[0].data());
  EXPECT_EQ(processed_, 1U);
  std::array<char, 8> piece{"set"};
  statement_.check(SQLPutData(statement_.raw(), piece.data(), 3));
  statement_.check(SQLPutData(statement_.raw(), piece.data(), SQL_NTS));
  EXPECT_EQ(SQLParamData(statement_.raw(), &token), SQL_NEED_DATA);
  EXPECT_EQ(token, texts[2].data());
  EXPECT_EQ(processed_, 3U);
  statement_.check(SQLPutData(statement_.raw(), nullptr, SQL_NULL_DATA));
  EXPECT_EQ(SQLParamData(statement_.raw(), &token), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i, COALESCE(t, '-') ORDER BY i) FROM sets"),
            "1setset,2bound,3-");
}

class DataAtExecution : public ParameterArrays {
 protected:
  /// Up to the first parameter's turn.
  void begin(SQLSMALLINT c_type, SQLSMALLINT sql_type) {
    length_ = SQL_DATA_AT_EXEC;
    bind(1, c_type, sql_type, nullptr, 0, &length_);
    SQLPOINTER token = &token;
    EXPECT_EQ(execute("INSERT INTO sets VALUES (?, NULL)"), SQL_NEED_DATA);
    EXPECT_EQ(SQLParamData(statement_.raw(), &token), SQL_NEED_DATA);
    EXPECT_EQ(token, nullptr);
  }
  std::string put(void* data, SQLLEN length) {
    return state_of([&] { statement_.check(SQLPutData(statement_.raw(), data, length)); });
  }

  SQLLEN length_ = 0;
  SQLPOINTER token_ = nullptr;
};

TEST_P(DataAtExecution, MayCutLettersInPieces) {
  SQLLEN length = SQL_DATA_AT_EXEC;
  const std::u16string wide = u"\u00e9\U0001F600z";
  bind(1, SQL_C_WCHAR, SQL_WVARCHAR, nullptr, 0, &length);
  EXPECT_EQ(execute("INSERT INTO sets VALUES (1, ?)"), SQL_NEED_DATA);
  EXPECT_EQ(SQLParamData(statement_.raw(), &token_), SQL_NEED_DATA);
  const auto* bytes = reinterpret_cast<const char*>(wide.data());
  for (std::size_t i = 0; i < wide.size() * 2; ++i) {
    EXPECT_EQ(put(const_cast<char*>(bytes + i), 1), "00000");
  }
  EXPECT_EQ(SQLParamData(statement_.raw(), &token_), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT HEX(t) FROM sets"), "C3A9F09F98807A");
}

TEST_P(DataAtExecution, TakesValuesOfFixedSizeWhole) {
  SQLINTEGER number = 77;
  begin(SQL_C_SLONG, SQL_INTEGER);
  EXPECT_EQ(put(&number, 0), "00000");
  EXPECT_EQ(SQLParamData(statement_.raw(), &token_), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT i FROM sets"), "77");
  begin(SQL_C_SLONG, SQL_INTEGER);
  EXPECT_EQ(put(&number, 4), "00000");
  EXPECT_EQ(put(&number, 4), "HY019");
  EXPECT_EQ(put(&number, 4), "HY010");  // an error ends the need for data
}

TEST_P(DataAtExecution, IsRefusedWhereItMakesNoSense) {
  std::array<char, 8> word{"word"};
  begin(SQL_C_CHAR, SQL_INTEGER);
  EXPECT_EQ(put(word.data(), -7), "HY090");
  begin(SQL_C_CHAR, SQL_INTEGER);
  EXPECT_EQ(put(nullptr, SQL_NULL_DATA), "00000");
  EXPECT_EQ(put(word.data(), 4), "HY020");
  begin(SQL_C_CHAR, SQL_INTEGER);
  EXPECT_EQ(put(word.data(), 4), "00000");
  EXPECT_EQ(state_of([&] { statement_.check(SQLParamData(statement_.raw(), &token_)); }), "22018");
  EXPECT_EQ(diagnostic<SQLINTEGER>(1, SQL_DIAG_COLUMN_NUMBER), 1);
  // The next try finds the statement as it was before.
  SQLLEN length = 1;
  bind(1, SQL_C_CHAR, SQL_INTEGER, word.data(), 8, &length);
  word = {"5"};
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, NULL)"), SQL_SUCCESS);
  length = SQL_DEFAULT_PARAM;
  EXPECT_EQ(execute("INSERT INTO sets VALUES (?, NULL)"), SQL_ERROR);
  EXPECT_EQ(statement_.diagnostics().front().state, "07S01");
}

FOR_EVERY_SERVER(ParameterArrays);
FOR_EVERY_SERVER(DataAtExecution);

}  // namespace
}  // namespace test_support
