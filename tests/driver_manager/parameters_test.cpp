// Parameters: a thousand of them, arrays by column and by row, data at execution.
#include <array>
#include <vector>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Parameters : public ServerCase {
 protected:
  static void bind(OdbcStatement& statement, SQLUSMALLINT number, SQLINTEGER* value,
                   SQLLEN* length = nullptr) {
    statement.check(SQLBindParameter(statement.raw(), number, SQL_PARAM_INPUT, SQL_C_SLONG,
                                     SQL_INTEGER, 0, 0, value, 0, length));
  }
  static void bind(OdbcStatement& statement, SQLUSMALLINT number, char* text, SQLLEN capacity,
                   SQLLEN* length) {
    statement.check(SQLBindParameter(statement.raw(), number, SQL_PARAM_INPUT, SQL_C_CHAR,
                                     SQL_VARCHAR, static_cast<SQLULEN>(capacity), 0, text, capacity,
                                     length));
  }
  static std::string answer_of(OdbcStatement& statement) {
    statement.execute_prepared();
    EXPECT_TRUE(statement.fetch());
    std::string answer = statement.text(1).value_or("NULL");
    statement.close();
    return answer;
  }
  static void set(OdbcStatement& statement, SQLINTEGER attribute, SQLPOINTER value) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, value, 0));
  }
};

TEST_P(Parameters, MayBeAThousand) {
  // MySQL 5.6 calls the text of a number binary.
  std::string sql = "SELECT CONVERT(CONCAT_WS(',', ?";
  for (int i = 1; i < 1000; ++i) sql += ", ?";
  sql += ") USING utf8mb4)";
  std::string wanted;
  OdbcStatement statement(connection_);
  std::vector<SQLINTEGER> values(1000);
  for (int i = 0; i < 1000; ++i) {
    values[static_cast<std::size_t>(i)] = i + 1;
    wanted += (i > 0 ? "," : "") + std::to_string(i + 1);
    bind(statement, static_cast<SQLUSMALLINT>(i + 1), &values[static_cast<std::size_t>(i)]);
  }
  statement.prepare(sql);
  SQLSMALLINT count = 0;
  statement.check(SQLNumParams(statement.raw(), &count));
  EXPECT_EQ(count, 1000);
  statement.execute_prepared();
  EXPECT_TRUE(statement.fetch());
  EXPECT_EQ(statement.text(1), wanted);
}

TEST_P(Parameters, AreNotMoreThanOdbcCounts) {
  std::string sql = "SELECT ?";
  for (int more = 1; more < 32768; ++more) sql += ",?";
  EXPECT_EQ(state_of([&] { OdbcStatement(connection_).prepare(sql); }), "HY000");
}

TEST_P(Parameters, AreExecutedAgainWithNewValues) {
  make_table("again", "i INT, t VARCHAR(20)");
  OdbcStatement statement(connection_);
  SQLINTEGER number = 0;
  std::array<char, 20> text{};
  SQLLEN length = 0;
  statement.prepare("INSERT INTO again VALUES (?, ?)");
  bind(statement, 1, &number);
  bind(statement, 2, text.data(), 20, &length);
  for (number = 1; number <= 100; ++number) {
    length = number % 10 == 0 ? SQL_NULL_DATA : SQLLEN{snprintf(text.data(), 20, "t%d", number)};
    statement.execute_prepared();
    SQLLEN rows = 0;
    statement.check(SQLRowCount(statement.raw(), &rows));
    EXPECT_EQ(rows, 1);
  }
  EXPECT_EQ(ask("SELECT CONCAT(COUNT(*), ' ', COUNT(t), ' ', SUM(i), ' ', MAX(t)) FROM again"),
            "100 90 5050 t99");
}

TEST_P(Parameters, AreReadWhereTheyAreBoundByThen) {
  std::array<SQLINTEGER, 2> numbers{1, 2};
  std::array<char, 8> text{"three"};
  SQLLEN length = SQL_NTS;
  SQLLEN offset = 0;
  OdbcStatement statement(connection_);
  statement.prepare("SELECT CONVERT(CONCAT(?, '') USING utf8mb4)");
  bind(statement, 1, &numbers[0]);
  EXPECT_EQ(answer_of(statement), "1");
  bind(statement, 1, &numbers[1]);
  EXPECT_EQ(answer_of(statement), "2");
  bind(statement, 1, text.data(), 8, &length);
  EXPECT_EQ(answer_of(statement), "three");
  bind(statement, 1, &numbers[0]);
  EXPECT_EQ(answer_of(statement), "1");
  set(statement, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset);
  EXPECT_EQ(answer_of(statement), "1");
  offset = sizeof(SQLINTEGER);
  EXPECT_EQ(answer_of(statement), "2");
  set(statement, SQL_ATTR_PARAM_BIND_OFFSET_PTR, nullptr);
  SQLHDESC bound = SQL_NULL_HDESC;
  statement.check(SQLGetStmtAttr(statement.raw(), SQL_ATTR_APP_PARAM_DESC, &bound, 0, nullptr));
  EXPECT_EQ(SQLSetDescField(bound, 1, SQL_DESC_DATA_PTR, &numbers[1], 0), SQL_SUCCESS);
  EXPECT_EQ(answer_of(statement), "2");
  statement.check(SQLFreeStmt(statement.raw(), SQL_RESET_PARAMS));
  EXPECT_EQ(state_of([&] { statement.execute_prepared(); }), "07002");
}

TEST_P(Parameters, AreReadByTheDescriptorInUse) {
  std::array<SQLINTEGER, 2> numbers{1, 2};
  OdbcStatement statement(connection_);
  statement.prepare("SELECT CONVERT(CONCAT(?, '') USING utf8mb4)");
  bind(statement, 1, &numbers[0]);
  EXPECT_EQ(answer_of(statement), "1");
  SQLHDESC shared = SQL_NULL_HDESC;
  connection_.check(SQLAllocHandle(SQL_HANDLE_DESC, connection_.raw(), &shared));
  set(statement, SQL_ATTR_APP_PARAM_DESC, shared);
  bind(statement, 1, &numbers[1]);
  EXPECT_EQ(answer_of(statement), "2");
  ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, shared), SQL_SUCCESS);
  EXPECT_EQ(answer_of(statement), "1");
}

TEST_P(Parameters, ComeInArraysByColumn) {
  make_table("arrays", "i INT PRIMARY KEY, t VARCHAR(20)");
  OdbcStatement(connection_).execute("INSERT INTO arrays VALUES (3, 'before')");
  OdbcStatement statement(connection_);
  std::array<SQLINTEGER, 5> numbers{1, 2, 3, 4, 5};
  std::array<std::array<char, 8>, 5> texts{{{"one"}, {"two"}, {"three"}, {"four"}, {"five"}}};
  std::array<SQLLEN, 5> lengths{3, SQL_NULL_DATA, 5, 4, SQL_NTS};
  std::array<SQLUSMALLINT, 5> operations{SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_PROCEED,
                                         SQL_PARAM_IGNORE, SQL_PARAM_PROCEED};
  std::array<SQLUSMALLINT, 5> status{};
  SQLULEN processed = 0;
  set(statement, SQL_ATTR_PARAMSET_SIZE, attribute_value(5));
  set(statement, SQL_ATTR_PARAM_OPERATION_PTR, operations.data());
  set(statement, SQL_ATTR_PARAM_STATUS_PTR, status.data());
  set(statement, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
  bind(statement, 1, numbers.data());
  bind(statement, 2, texts[0].data(), 8, lengths.data());
  statement.prepare("INSERT INTO arrays VALUES (?, ?)");
  EXPECT_EQ(SQLExecute(statement.raw()), SQL_SUCCESS_WITH_INFO);  // 3 is there already
  EXPECT_EQ(statement.diagnostics().front().state, "23000");
  EXPECT_EQ(processed, 5U);
  EXPECT_EQ(status,
            (std::array<SQLUSMALLINT, 5>{SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_ERROR,
                                         SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS}));
  SQLLEN rows = 0;
  statement.check(SQLRowCount(statement.raw(), &rows));
  EXPECT_EQ(rows, 3);
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(CONCAT(i, COALESCE(t, '-')) ORDER BY i) FROM arrays"),
            "1one,2-,3before,5five");
}

TEST_P(Parameters, ComeInArraysByRow) {
  struct Set {
    SQLINTEGER number;
    SQLLEN number_length;
    char text[12];
    SQLLEN length;
  };
  make_table("arrays", "i INT PRIMARY KEY, t VARCHAR(20)");
  std::vector<Set> sets(500);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    sets[i].number = static_cast<SQLINTEGER>(i);
    sets[i].length = snprintf(sets[i].text, sizeof sets[i].text, "t%zu", i);
  }
  OdbcStatement statement(connection_);
  set(statement, SQL_ATTR_PARAM_BIND_TYPE, attribute_value(sizeof(Set)));
  set(statement, SQL_ATTR_PARAMSET_SIZE, attribute_value(sets.size()));
  bind(statement, 1, &sets[0].number, &sets[0].number_length);
  bind(statement, 2, sets[0].text, sizeof sets[0].text, &sets[0].length);
  statement.execute("INSERT INTO arrays VALUES (?, ?)");
  EXPECT_EQ(ask("SELECT CONCAT(COUNT(*), MIN(t), SUM(i)) FROM arrays"), "500t0124750");
}

TEST_P(Parameters, AreGivenInPiecesAtExecution) {
  make_table("pieces", "i INT, t LONGTEXT, b LONGBLOB");
  OdbcStatement statement(connection_);
  SQLINTEGER number = 7;
  SQLLEN of_text = SQL_LEN_DATA_AT_EXEC(100000);
  SQLLEN of_bytes = SQL_DATA_AT_EXEC;
  int text_token = 0;
  int bytes_token = 0;
  bind(statement, 1, &number);
  statement.check(SQLBindParameter(statement.raw(), 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR,
                                   0, 0, &text_token, 0, &of_text));
  statement.check(SQLBindParameter(statement.raw(), 3, SQL_PARAM_INPUT, SQL_C_BINARY,
                                   SQL_LONGVARBINARY, 0, 0, &bytes_token, 0, &of_bytes));
  statement.prepare("INSERT INTO pieces VALUES (?, ?, ?)");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(SQLExecute(statement.raw()), SQL_NEED_DATA);
    SQLPOINTER token = nullptr;
    EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
    EXPECT_EQ(token, &text_token);
    std::string piece(1000, 'y');
    for (int i = 0; i < 100; ++i) {
      statement.check(SQLPutData(statement.raw(), piece.data(), 1000));
    }
    EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
    EXPECT_EQ(token, &bytes_token);
    std::array<unsigned char, 3> bytes{0, 255, 10};
    statement.check(SQLPutData(statement.raw(), bytes.data(), 3));
    statement.check(SQLPutData(statement.raw(), bytes.data(), 3));
    EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_SUCCESS);
  }
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(CONCAT_WS(' ', i, LENGTH(t), HEX(b))) FROM pieces"),
            "7 100000 00FF0A00FF0A,7 100000 00FF0A00FF0A");
}

TEST_P(Parameters, MayBeNullAtExecutionOrGivenUp) {
  make_table("pieces", "t LONGTEXT");
  OdbcStatement statement(connection_);
  SQLLEN length = SQL_DATA_AT_EXEC;
  SQLPOINTER token = nullptr;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR,
                                   0, 0, &length, 0, &length));
  statement.prepare("INSERT INTO pieces VALUES (?)");
  EXPECT_EQ(SQLExecute(statement.raw()), SQL_NEED_DATA);
  EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
  EXPECT_EQ(SQLCancel(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM pieces"), "0");
  EXPECT_EQ(SQLExecute(statement.raw()), SQL_NEED_DATA);
  EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_NEED_DATA);
  statement.check(SQLPutData(statement.raw(), nullptr, SQL_NULL_DATA));
  EXPECT_EQ(SQLParamData(statement.raw(), &token), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT COUNT(*) - 10 * COUNT(t) FROM pieces"), "1");
}

TEST_P(Parameters, ThatAreMissingAreNamed) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(state_of([&] { statement.execute("SELECT ?"); }), "07002");
  SQLINTEGER number = 1;
  bind(statement, 1, &number);
  EXPECT_EQ(state_of([&] { statement.execute("SELECT ?, ?"); }), "07002");
  std::array<char, 10> word{"word"};
  SQLLEN length = SQL_NTS;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0,
                                   0, word.data(), 10, &length));
  EXPECT_EQ(state_of([&] { statement.execute("SELECT ?"); }), "22018");
}

TEST_P(Parameters, InVersionCommentsCountWhereTheServerRunsThem) {
  const bool mariadb = GetParam() == ServerKind::kMariaDb;
  const std::string sql =
      "SELECT CONVERT(CONCAT(? /*!99999 , it's ? */ /*!50600 , ? */ /*M!100000 , ? */ "
      "/*!50700 , ? */) USING utf8mb4)";
  for (const bool by_text : {false, true}) {
    OdbcConnection other(environment_);
    other.connect(connection_string(server_.endpoint(), by_text ? "NO_SSPS=1" : ""));
    OdbcStatement statement(other);
    statement.prepare(sql);
    SQLSMALLINT count = 0;
    statement.check(SQLNumParams(statement.raw(), &count));
    EXPECT_EQ(count, mariadb ? 3 : 2);
    std::array<SQLINTEGER, 3> values{7, 8, 9};
    for (SQLSMALLINT i = 0; i < count; ++i) {
      statement.check(SQLBindParameter(statement.raw(), static_cast<SQLUSMALLINT>(i + 1),
                                       SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                       &values[static_cast<std::size_t>(i)], 0, nullptr));
    }
    statement.execute_prepared();
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{mariadb ? "789" : "78"}}));
  }
}

FOR_EVERY_SERVER(Parameters);

}  // namespace
}  // namespace test_support
