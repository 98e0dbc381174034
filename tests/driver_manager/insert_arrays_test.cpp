// Arrays of parameter sets of an INSERT, which go to the server many at a time: the rows, counts
// and statuses are those of one INSERT for each set.
#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

constexpr std::size_t kSets = 500;

class InsertArrays : public ServerCase {
 protected:
  InsertArrays() {
    for (std::size_t i = 0; i < kSets; ++i) {
      numbers_[i] = static_cast<SQLINTEGER>(i + 1);
      const std::string text = i % 7 == 0 ? "" : "it's \\ \xC3\xA4 " + std::to_string(i);
      texts_[i] = {};
      text.copy(texts_[i].data(), text.size());
      lengths_[i] = static_cast<SQLLEN>(text.size());
    }
    status_.fill(99);
  }

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
                                      40, 0, data, capacity, lengths));
  }
  void bind_number_and_text() {
    bind(1, SQL_C_SLONG, SQL_INTEGER, numbers_.data(), 0, nullptr);
    bind(2, SQL_C_CHAR, SQL_VARCHAR, texts_.data(), 40, lengths_.data());
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
  long statuses(SQLUSMALLINT wanted) { return std::ranges::count(status_, wanted); }
  /// INSERTs that the session has sent so far.
  long inserts() {
    OdbcStatement statement(connection_);
    statement.execute("SHOW SESSION STATUS LIKE 'Com_insert'");
    return std::stol(*statement.rows().front().back());
  }

  OdbcStatement statement_{connection_};
  std::array<SQLINTEGER, kSets> numbers_{};
  std::array<std::array<char, 40>, kSets> texts_{};
  std::array<SQLLEN, kSets> lengths_{};
  std::array<SQLUSMALLINT, kSets> status_{};
  SQLULEN processed_ = 99;
};

TEST_P(InsertArrays, GoAsOneCommand) {
  make_table("rows_in", "i INT PRIMARY KEY, t VARCHAR(40), c INT DEFAULT 7");
  lengths_[3] = SQL_NULL_DATA;
  use_sets(kSets);
  bind_number_and_text();
  const long before = inserts();
  EXPECT_EQ(execute("INSERT INTO rows_in (i, t) VALUES (?, ?)"), SQL_SUCCESS);
  EXPECT_LE(inserts(), before + 3);  // the NULL goes alone where the session is lenient
  EXPECT_EQ(row_count(), SQLLEN{kSets});
  EXPECT_EQ(processed_, kSets);
  EXPECT_EQ(statuses(SQL_PARAM_SUCCESS), long{kSets});
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in WHERE c = 7"), std::to_string(kSets));
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i) FROM rows_in WHERE t IS NULL"), "4");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in WHERE t = ''"), std::to_string((kSets + 6) / 7));
  EXPECT_EQ(ask("SELECT t FROM rows_in WHERE i = 500"), "it's \\ \xC3\xA4 499");
}

TEST_P(InsertArrays, AreToldRowByRowWhenOneFails) {
  make_table("rows_in", "i INT PRIMARY KEY, t VARCHAR(40)");
  OdbcStatement(connection_).execute("INSERT INTO rows_in VALUES (100, 'there')");
  lengths_[200] = -99;
  numbers_[300] = 5;
  use_sets(kSets);
  bind_number_and_text();
  for (const bool autocommit : {true, false}) {
    connection_.check(
        SQLSetConnectAttr(connection_.raw(), SQL_ATTR_AUTOCOMMIT,
                          attribute_value(autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF), 0));
    EXPECT_EQ(execute("INSERT INTO rows_in VALUES (?, ?)"), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(statuses(SQL_PARAM_ERROR), 3);
    for (const std::size_t failed : {99U, 200U, 300U}) EXPECT_EQ(status_[failed], SQL_PARAM_ERROR);
    EXPECT_EQ(statement_.diagnostics().size(), 3U);
    EXPECT_EQ(processed_, kSets);
    EXPECT_EQ(row_count(), SQLLEN{kSets - 3});
    EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in"), std::to_string(kSets - 2));
    if (autocommit) OdbcStatement(connection_).execute("DELETE FROM rows_in WHERE t <> 'there'");
  }
  connection_.check(SQLEndTran(SQL_HANDLE_DBC, connection_.raw(), SQL_ROLLBACK));
  connection_.check(SQLSetConnectAttr(connection_.raw(), SQL_ATTR_AUTOCOMMIT,
                                      attribute_value(SQL_AUTOCOMMIT_ON), 0));
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in"), "1");
}

TEST_P(InsertArrays, LeaveOutWhatIsIgnored) {
  make_table("rows_in", "i INT PRIMARY KEY, t VARCHAR(40)");
  std::array<SQLUSMALLINT, kSets> operations{};
  for (std::size_t i = 0; i < kSets; ++i) {
    operations[i] = i % 3 == 0 ? SQL_PARAM_IGNORE : SQL_PARAM_PROCEED;
  }
  lengths_[0] = -99;
  use_sets(kSets);
  set(SQL_ATTR_PARAM_OPERATION_PTR, operations.data());
  bind_number_and_text();
  EXPECT_EQ(execute("INSERT INTO rows_in VALUES (?, ?)"), SQL_SUCCESS);
  const long ignored = (kSets + 2) / 3;
  EXPECT_EQ(statuses(SQL_PARAM_UNUSED), ignored);
  EXPECT_EQ(statuses(SQL_PARAM_SUCCESS), long{kSets} - ignored);
  EXPECT_EQ(row_count(), SQLLEN{kSets} - ignored);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in WHERE (i - 1) % 3 = 0"), "0");
}

TEST_P(InsertArrays, KeepEveryType) {
  make_table("rows_in",
             "i BIGINT UNSIGNED, d DOUBLE, m DATETIME(6), a DATE, h TIME, b VARBINARY(20), "
             "n DECIMAL(20,4)");
  constexpr std::size_t kFew = 20;
  std::array<SQLUBIGINT, kFew> integers{};
  std::array<double, kFew> reals{};
  std::array<SQL_TIMESTAMP_STRUCT, kFew> moments{};
  std::array<SQL_DATE_STRUCT, kFew> dates{};
  std::array<SQL_TIME_STRUCT, kFew> times{};
  std::array<std::array<SQLCHAR, 4>, kFew> bytes{};
  std::array<std::array<char, 16>, kFew> decimals{};
  std::array<SQLLEN, kFew> four{};
  std::array<SQLLEN, kFew> terminated{};
  std::array<SQLLEN, kFew> holes{};
  for (std::size_t i = 0; i < kFew; ++i) {
    const auto n = static_cast<SQLUSMALLINT>(i);
    integers[i] = ~SQLUBIGINT{0} - i;
    reals[i] = 1.0 / static_cast<double>(i + 1);
    moments[i] = {2026, 1, static_cast<SQLUSMALLINT>(n + 1), n, 2, 3, 123456000};
    dates[i] = {1999, 12, static_cast<SQLUSMALLINT>(n + 1)};
    times[i] = {n, 59, 58};
    bytes[i] = {0, 0xFF, static_cast<SQLCHAR>(i), '\''};
    std::snprintf(decimals[i].data(), decimals[i].size(), "-%zu.25", i);
    four[i] = 4;
    terminated[i] = SQL_NTS;
    holes[i] = i % 2 == 0 ? SQL_NULL_DATA : 0;
  }
  use_sets(kFew);
  bind(1, SQL_C_UBIGINT, SQL_BIGINT, integers.data(), 0, nullptr);
  bind(2, SQL_C_DOUBLE, SQL_DOUBLE, reals.data(), 0, nullptr);
  statement_.check(SQLBindParameter(statement_.raw(), 3, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP,
                                    SQL_TYPE_TIMESTAMP, 26, 6, moments.data(), 0, nullptr));
  bind(4, SQL_C_TYPE_DATE, SQL_TYPE_DATE, dates.data(), 0, holes.data());
  bind(5, SQL_C_TYPE_TIME, SQL_TYPE_TIME, times.data(), 0, nullptr);
  bind(6, SQL_C_BINARY, SQL_VARBINARY, bytes.data(), 4, four.data());
  bind(7, SQL_C_CHAR, SQL_DECIMAL, decimals.data(), 16, terminated.data());
  EXPECT_EQ(execute("INSERT INTO rows_in VALUES (?, ?, ?, ?, ?, ?, ?)"), SQL_SUCCESS);
  OdbcStatement rows(connection_);
  rows.execute("SELECT i, d = 0.25, m, a, h, HEX(b), n FROM rows_in ORDER BY i LIMIT 16, 1");
  EXPECT_EQ(rows.rows().front(), (OdbcRow{"18446744073709551612", "1", "2026-01-04 03:02:03.123456",
                                          "1999-12-04", "03:59:58", "00FF0327", "-3.2500"}));
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in WHERE a IS NULL"), "10");
}

TEST_P(InsertArrays, OfPreparedStatementsTakeTurnsWithSingleSets) {
  make_table("rows_in", "i INT PRIMARY KEY, t VARCHAR(40)");
  std::string sql = "INSERT INTO rows_in VALUES (?, ?)";
  statement_.check(SQLPrepare(statement_.raw(), reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS));
  bind_number_and_text();
  for (const std::size_t count : {std::size_t{1}, kSets, std::size_t{2}, kSets}) {
    OdbcStatement(connection_).execute("TRUNCATE TABLE rows_in");
    use_sets(count);
    EXPECT_EQ(SQLExecute(statement_.raw()), SQL_SUCCESS);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in"), std::to_string(count));
  }
}

TEST_P(InsertArrays, GiveTheirKeysInOrder) {
  make_table("rows_in", "k INT AUTO_INCREMENT PRIMARY KEY, i INT, t VARCHAR(40)");
  use_sets(kSets);
  bind_number_and_text();
  EXPECT_EQ(execute("INSERT INTO rows_in (i, t) VALUES (?, ?)"), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT LAST_INSERT_ID()"), "1");  // of the first row of one command
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in WHERE k = i"), std::to_string(kSets));
}

TEST_P(InsertArrays, MayBeLongerThanAPacket) {
  make_table("rows_in", "i INT PRIMARY KEY, t LONGTEXT");
  constexpr std::size_t kLong = 60'000;
  constexpr std::size_t kMany = 200;
  std::vector<char> texts(kLong * kMany, 'x');
  std::vector<SQLLEN> lengths(kMany, SQLLEN{kLong});
  use_sets(kMany);
  bind(1, SQL_C_SLONG, SQL_INTEGER, numbers_.data(), 0, nullptr);
  bind(2, SQL_C_CHAR, SQL_LONGVARCHAR, texts.data(), kLong, lengths.data());
  EXPECT_EQ(execute("INSERT INTO rows_in VALUES (?, ?)"), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT SUM(LENGTH(t)) FROM rows_in"), std::to_string(kLong * kMany));
}

TEST_P(InsertArrays, FailAsSingleRowsDoWhereTheSessionIsLenient) {
  make_table("rows_in", "i INT PRIMARY KEY, t VARCHAR(3) NOT NULL");
  OdbcStatement(connection_).execute("SET sql_mode = ''");
  for (SQLLEN& length : lengths_) length = SQL_NTS;
  lengths_[50] = SQL_NULL_DATA;
  use_sets(kSets);
  bind_number_and_text();
  EXPECT_EQ(execute("INSERT INTO rows_in VALUES (?, ?)"), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status_[50], SQL_PARAM_ERROR);
  EXPECT_EQ(statuses(SQL_PARAM_ERROR), 1);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_in"), std::to_string(kSets - 1));
}

TEST_P(InsertArrays, IntoTablesThatAreNotUndoneGoOneByOne) {
  OdbcStatement statement(connection_);
  statement.execute("DROP TABLE IF EXISTS rows_kept");
  statement.execute("CREATE TABLE rows_kept (i INT PRIMARY KEY, t VARCHAR(40)) ENGINE=MyISAM");
  numbers_[30] = 5;
  use_sets(kSets);
  bind_number_and_text();
  EXPECT_EQ(execute("INSERT INTO rows_kept VALUES (?, ?)"), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(statuses(SQL_PARAM_ERROR), 1);
  EXPECT_EQ(status_[30], SQL_PARAM_ERROR);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM rows_kept"), std::to_string(kSets - 1));
}

FOR_EVERY_SERVER(InsertArrays);

}  // namespace
}  // namespace test_support
