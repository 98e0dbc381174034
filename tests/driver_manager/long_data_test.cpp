// Values of many megabytes, given and taken in pieces: they lie whole neither here nor in the
// driver.
#include <fstream>
#include <optional>

#include "tests/driver_manager/route_farm.h"
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

TEST_P(LongData, GoesAsUtf8ThatIsCutNowhere) {
  take_much();
  // Faces of two units each, given in pieces that end inside pairs, and inside units.
  const std::u16string face = utf16_of("\xF0\x9F\x98\x80");
  std::string all;
  while (all.size() < 12 * kPiece) {
    all.append(reinterpret_cast<const char*>(face.data()), 4);
  }
  all.append("e\0", 2);
  begin("INSERT INTO longs (i, t) VALUES (?, ?)", SQL_C_WCHAR, SQL_WLONGVARCHAR);
  const long before = peak_memory();
  constexpr std::size_t kOdd = kPiece / 4 + 3;
  for (std::size_t i = 0; i < all.size(); i += kOdd) put(all.substr(i, kOdd));
  finish();
  if (kMemoryTells) {
    EXPECT_LT(peak_memory() - before, 6L * 1024) << "it was kept whole";
  }
  EXPECT_EQ(ask("SELECT CAST(t AS BINARY) = CONCAT(REPEAT(X'F09F9880', " +
                std::to_string(3 * kPiece) + "), 'e') FROM longs"),
            "1");
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

/// A farm in autocommit: what may have to be given to another server is kept, up to 16 MiB.
class LongDataOnAFarm : public RouteFarm {
 protected:
  void SetUp() override {
    for (const TestServer* each : {&server(), node_.get()}) {
      OdbcConnection direct(environment_);
      direct.connect(connection_string(each->endpoint()));
      OdbcStatement(direct).execute("CREATE DATABASE IF NOT EXISTS shop");
      OdbcStatement(direct).execute("DROP TABLE IF EXISTS shop.orders");
      OdbcStatement(direct).execute(
          "CREATE TABLE shop.orders (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM");
    }
    connection_.connect(farm("FABRIC_GROUP=g2;FAILOVER_TIMEOUT=3;"));
    statement_.emplace(connection_);
  }
  /// INSERT of a value of so many MiB; "00000" or the SQLSTATE. `halfway` comes in the middle of
  /// it.
  template <class Halfway>
  std::string insert(SQLINTEGER id, std::size_t size, Halfway&& halfway) {
    return state_of([&] {
      SQLLEN at_execution = SQL_DATA_AT_EXEC;
      SQLPOINTER token = nullptr;
      statement_->check(SQLBindParameter(statement_->raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                         SQL_INTEGER, 0, 0, &id, 0, nullptr));
      statement_->check(SQLBindParameter(statement_->raw(), 2, SQL_PARAM_INPUT, SQL_C_CHAR,
                                         SQL_LONGVARCHAR, 0, 0, &id, 0, &at_execution));
      statement_->prepare("INSERT INTO shop.orders (id, t) VALUES (?, ?)");
      EXPECT_EQ(SQLExecute(statement_->raw()), SQL_NEED_DATA);
      EXPECT_EQ(SQLParamData(statement_->raw(), &token), SQL_NEED_DATA);
      std::string piece(kPiece, 'x');
      for (std::size_t i = 0; i < size; ++i) {
        if (i == size / 2) halfway();
        statement_->check(SQLPutData(statement_->raw(), piece.data(), SQLLEN{kPiece}));
      }
      statement_->check(SQLParamData(statement_->raw(), &token));
    });
  }
  /// "LENGTH port" of a row, as its shard tells it.
  std::string row(SQLINTEGER id) {
    return OdbcStatement(connection_)
        .value("SELECT CONCAT(LENGTH(t), ' ', @@port) FROM shop.orders WHERE id = " +
               std::to_string(id));
  }
  std::optional<OdbcStatement> statement_;
};

TEST_F(LongDataOnAFarm, GoesInPiecesToItsShard) {
  for (const std::size_t size : {std::size_t{2}, std::size_t{24}}) {
    const SQLINTEGER id = static_cast<SQLINTEGER>(size);
    EXPECT_EQ(insert(id, size, [] {}), "00000") << sentence_;
    EXPECT_EQ(insert(1000 + id, size, [] {}), "00000") << sentence_;
    const std::string length = std::to_string(size * kPiece) + " ";
    EXPECT_EQ(row(id), length + std::to_string(server().endpoint().port));
    EXPECT_EQ(row(1000 + id), length + std::to_string(node_->endpoint().port));
  }
}

TEST_F(LongDataOnAFarm, IsReplayedUnlessItIsTooLong) {
  for (const std::size_t size : {std::size_t{4}, std::size_t{40}}) {
    const auto kill = [&] {
      OdbcConnection direct(environment_);
      direct.connect(connection_string(server().endpoint()));
      OdbcStatement find(direct);
      find.execute(
          "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'app' AND ID <> "
          "CONNECTION_ID()");
      for (const OdbcRow& row : find.rows())
        OdbcStatement(direct).execute("KILL " + row[0].value());
    };
    EXPECT_EQ(insert(7, size, kill), size == 4 ? "00000" : "08S02") << sentence_;
    EXPECT_EQ(row(7), size == 4 ? std::to_string(size * kPiece) + " " +
                                      std::to_string(server().endpoint().port)
                                : "no row");
    run("DELETE FROM shop.orders WHERE id = 7");
  }
}

}  // namespace
}  // namespace test_support
