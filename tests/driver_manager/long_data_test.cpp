// Values of many megabytes, given and taken in pieces: they lie whole neither here nor in the
// driver.
#include <fstream>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kMemoryTells = false;  // what is freed is kept for a while
#else
constexpr bool kMemoryTells = true;
#endif
constexpr std::size_t kPiece = std::size_t{1} << 20U;

class LongData : public ServerCase {
 protected:
  LongData() { make_table("longs", "i INT PRIMARY KEY, b LONGBLOB, t LONGTEXT"); }

  /// 5.6 puts no value of that size into InnoDB's small log.
  void take_much() { OdbcStatement(connection_).execute("ALTER TABLE longs ENGINE=MyISAM"); }
  static std::string piece_of(std::size_t index) {
    return std::string(kPiece, static_cast<char>('a' + index % 26));
  }
  /// Up to the need of the value of parameter 2 of `sql`.
  void begin(const std::string& sql, SQLSMALLINT c_type, SQLSMALLINT sql_type) {
    statement_.check(SQLBindParameter(statement_.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                      SQL_INTEGER, 0, 0, &number_, 0, nullptr));
    statement_.check(SQLBindParameter(statement_.raw(), 2, SQL_PARAM_INPUT, c_type, sql_type, 0, 0,
                                      &number_, 0, &at_execution_));
    statement_.prepare(sql);
    ASSERT_EQ(SQLExecute(statement_.raw()), SQL_NEED_DATA);
    ASSERT_EQ(SQLParamData(statement_.raw(), &token_), SQL_NEED_DATA);
  }
  void put(std::string bytes) {
    statement_.check(SQLPutData(statement_.raw(), bytes.data(), static_cast<SQLLEN>(bytes.size())));
  }
  void finish() { statement_.check(SQLParamData(statement_.raw(), &token_)); }

  /// Kilobytes of this process, at most so far.
  static long peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      if (word != "VmHWM:") continue;
      long peak = 0;
      status >> peak;
      return peak;
    }
    return 0;
  }

  OdbcStatement statement_{connection_};
  SQLINTEGER number_ = 1;
  SQLLEN at_execution_ = SQL_DATA_AT_EXEC;
  SQLPOINTER token_ = nullptr;
};

TEST_P(LongData, GoesToTheServerInPieces) {
  take_much();
  constexpr std::size_t kPieces = 16;
  for (const bool binary : {true, false}) {
    const std::string column = binary ? "b" : "t";
    number_ = binary ? 1 : 2;
    begin("INSERT INTO longs (i, " + column + ") VALUES (?, ?)", binary ? SQL_C_BINARY : SQL_C_CHAR,
          binary ? SQL_LONGVARBINARY : SQL_LONGVARCHAR);
    const long before = peak_memory();
    for (std::size_t i = 0; i < kPieces; ++i) put(piece_of(i));
    put("end");
    finish();
    if (kMemoryTells) {
      EXPECT_LT(peak_memory() - before, long{kPieces} * 1024 / 2) << "it was kept whole";
    }
    EXPECT_EQ(
        ask("SELECT CONVERT(CONCAT(LENGTH(" + column + "), RIGHT(" + column + ", 4), SUBSTR(" +
            column + ", 1048576, 2)) USING utf8) FROM longs WHERE i = " + std::to_string(number_)),
        std::to_string(kPieces * kPiece + 3) + "pendab");
  }
}

TEST_P(LongData, GivenUpLeavesNothingBehind) {
  begin("INSERT INTO longs (i, t) VALUES (?, ?)", SQL_C_CHAR, SQL_LONGVARCHAR);
  put(piece_of(0));
  put(piece_of(1));
  statement_.check(SQLCancel(statement_.raw()));
  number_ = 2;
  ASSERT_EQ(SQLExecute(statement_.raw()), SQL_NEED_DATA);
  ASSERT_EQ(SQLParamData(statement_.raw(), &token_), SQL_NEED_DATA);
  put("short");
  finish();
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(i, t) FROM longs"), "2short");
}

TEST_P(LongData, MayBeAskedForBetweenItsPieces) {
  take_much();
  begin("INSERT INTO longs (i, t) VALUES (?, ?)", SQL_C_CHAR, SQL_LONGVARCHAR);
  put(piece_of(0));
  EXPECT_EQ(ask("SELECT COUNT(*) FROM longs"), "0");
  OdbcStatement open(connection_);
  open.execute("SELECT 1 UNION SELECT 2");
  ASSERT_TRUE(open.fetch());
  put(piece_of(1));
  finish();
  EXPECT_EQ(ask("SELECT LENGTH(t) FROM longs"), std::to_string(2 * kPiece));
  ASSERT_TRUE(open.fetch());
  EXPECT_EQ(open.text(1), "2");
}

TEST_P(LongData, LostWithItsLinkIsToldAsNotExecuted) {
  for (const bool transaction : {false, true}) {
    connection_.autocommit(!transaction);
    if (transaction) OdbcStatement(connection_).execute("INSERT INTO longs (i) VALUES (7)");
    begin("INSERT INTO longs (i, b) VALUES (?, ?)", SQL_C_BINARY, SQL_LONGVARBINARY);
    put(piece_of(0));
    OdbcConnection other(environment_);
    other.connect(connection_string(server_.endpoint()));
    OdbcStatement(other).execute("KILL " + ask("SELECT CONNECTION_ID()"));
    EXPECT_EQ(state_of([&] {
                put(piece_of(1));
                finish();
              }),
              transaction ? "40001" : "08S02");
    if (transaction) connection_.end(SQL_ROLLBACK);
    connection_.autocommit(true);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM longs"), "0");
  }
}

TEST_P(LongData, IsReadInPieces) {
  take_much();
  OdbcStatement(connection_).execute("INSERT INTO longs (i, b) VALUES (1, REPEAT('x', 8000000))");
  statement_.execute("SELECT b FROM longs");
  ASSERT_TRUE(statement_.fetch());
  std::string buffer(kPiece, '\0');
  std::size_t whole = 0;
  for (;;) {
    SQLLEN length = 0;
    const SQLRETURN result = SQLGetData(statement_.raw(), 1, SQL_C_BINARY, buffer.data(),
                                        static_cast<SQLLEN>(buffer.size()), &length);
    statement_.check(result);
    if (result == SQL_NO_DATA) break;
    EXPECT_EQ(length, static_cast<SQLLEN>(8000000 - whole));
    whole += std::min(buffer.size(), static_cast<std::size_t>(length));
  }
  EXPECT_EQ(whole, 8000000U);
}

FOR_EVERY_SERVER(LongData);

}  // namespace
}  // namespace test_support
