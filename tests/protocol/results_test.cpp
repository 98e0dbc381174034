// Commands with several results, stored procedures, parameters, errors in mid-stream.
#include "fabric/base/sqlstate.h"
#include "tests/protocol/server_fixture.h"

namespace fabric::mysql {
namespace {

using Results = ServerTest;

constexpr char kTwoSets[] =
    "CREATE PROCEDURE two_sets() BEGIN SELECT 1 AS a UNION SELECT 2; SELECT 'x' AS b; END";

void make_procedure(ServerConnection& connection, const std::string& name,
                    const std::string& definition) {
  connection.run("DROP PROCEDURE IF EXISTS " + name, soon());
  connection.run(definition, soon());
}

TEST_P(Results, OfACallEndWithItsOk) {
  const auto connection = open();
  make_procedure(*connection, "two_sets", kTwoSets);
  const auto reply = connection->query("CALL two_sets()", soon());
  EXPECT_EQ(all_rows(*reply), (std::vector<Texts>{{"1"}, {"2"}}));
  EXPECT_FALSE(reply->finished());
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(reply->columns()[0].name, "b");
  EXPECT_EQ(all_rows(*reply), (std::vector<Texts>{{"x"}}));
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_TRUE(reply->columns().empty());
  EXPECT_TRUE(reply->finished());
  EXPECT_FALSE(reply->next_result(soon()));
  EXPECT_EQ(scalar(*connection, "SELECT 3"), "3");
}

TEST_P(Results, OfAPreparedCallComeTheSameWay) {
  const auto connection = open();
  make_procedure(*connection, "two_sets", kTwoSets);
  const auto prepared = connection->prepare("CALL two_sets()", soon());
  for (int repetition = 0; repetition < 2; ++repetition) {
    const auto reply = prepared->execute({}, soon());
    EXPECT_EQ(all_rows(*reply).size(), 2u);
    ASSERT_TRUE(reply->next_result(soon()));
    EXPECT_EQ(reply->columns()[0].name, "b");
    EXPECT_EQ(all_rows(*reply), (std::vector<Texts>{{"x"}}));
    ASSERT_TRUE(reply->next_result(soon()));
    EXPECT_TRUE(reply->columns().empty());
    EXPECT_FALSE(reply->next_result(soon()));
    EXPECT_TRUE(reply->finished());
  }
  EXPECT_EQ(scalar(*connection, "SELECT 3"), "3");
}

TEST_P(Results, OfSeveralStatementsCarryTheirCounts) {
  ConnectOptions options = server.connect_options();
  options.credentials.link.multi_statements = true;
  const auto connection = open(options);
  const auto reply = connection->query(
      "CREATE TEMPORARY TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT);"
      "INSERT INTO t (v) VALUES (1),(2),(3); UPDATE t SET v = 1 WHERE id < 3; SELECT v FROM t",
      soon());
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(reply->counts().affected_rows, 3u);
  EXPECT_EQ(reply->counts().insert_id, 1u);
  EXPECT_EQ(reply->counts().info, "Records: 3  Duplicates: 0  Warnings: 0");
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(reply->counts().affected_rows, 2u) << "rows matched, not rows changed";
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(all_rows(*reply).size(), 3u);
  EXPECT_FALSE(reply->next_result(soon()));
}

TEST_P(Results, OfSeveralStatementsAreRefusedUnlessAskedFor) {
  const auto connection = open();
  const MysqlError error = error_of([&] { connection->run("SELECT 1; SELECT 2", soon()); });
  EXPECT_EQ(error.number(), 1064u);
  EXPECT_EQ(error.state(), base::SqlState::k42000);
  EXPECT_EQ(error.loss(), LinkLoss::kNone);
  EXPECT_FALSE(connection->broken());
}

TEST_P(Results, GiveBackEveryKindOfParameter) {
  const auto connection = open();
  connection->run(
      "CREATE TEMPORARY TABLE p (n INT, i BIGINT, u BIGINT UNSIGNED, f DOUBLE, t VARCHAR(99),"
      " b VARBINARY(99), d DATE, tm TIME(6), dt DATETIME(6), e VARCHAR(9)) CHARSET utf8mb4",
      soon());
  const std::string binary("\0\xFF'\\", 4);
  const std::vector<Parameter> parameters{std::monostate(),
                                          std::int64_t{INT64_MIN},
                                          std::uint64_t{UINT64_MAX},
                                          0.1,
                                          TextValue{"\xF0\x9F\x98\x80 '\\"},
                                          BytesValue{binary},
                                          DateValue{2024, 2, 29},
                                          TimeValue{true, 838, 59, 58, 123456},
                                          DateTimeValue{{1000, 1, 1}, {false, 1, 2, 3, 4}},
                                          TextValue{}};
  const auto insert = connection->prepare("INSERT INTO p VALUES (?,?,?,?,?,?,?,?,?,?)", soon());
  ASSERT_EQ(insert->parameter_count(), parameters.size());
  EXPECT_TRUE(insert->columns().empty());
  EXPECT_EQ(insert->execute(parameters, soon())->counts().affected_rows, 1u);
  const auto reply = connection->query("SELECT * FROM p", soon());
  EXPECT_EQ(all_rows(*reply),
            (std::vector<Texts>{{std::nullopt, "-9223372036854775808", "18446744073709551615",
                                 "0.1", "\xF0\x9F\x98\x80 '\\", binary, "2024-02-29",
                                 "-838:59:58.123456", "1000-01-01 01:02:03.000004", ""}}));
}

TEST_P(Results, OfAPreparedSelectFollowAnAlteredTable) {
  const auto connection = open();
  connection->run("DROP TABLE IF EXISTS altered", soon());
  connection->run("CREATE TABLE altered (a INT)", soon());
  connection->run("INSERT INTO altered VALUES (1)", soon());
  const auto prepared = connection->prepare("SELECT * FROM altered", soon());
  EXPECT_EQ(all_rows(*prepared->execute({}, soon()))[0].size(), 1u);
  connection->run("ALTER TABLE altered ADD b VARCHAR(9) DEFAULT 'new'", soon());
  const auto reply = prepared->execute({}, soon());
  ASSERT_EQ(reply->columns().size(), 2u);
  EXPECT_EQ(all_rows(*reply)[0][1], "new");
  EXPECT_EQ(prepared->execute({}, soon())->columns()[1].name, "b");
}

TEST_P(Results, OfAPreparedSelectAreTheSameOnACompressedLink) {
  ConnectOptions options = server.connect_options();
  options.credentials.link.compress = true;
  const auto connection = open(options);
  const auto prepared = connection->prepare("SELECT 1 AS a, ? AS b", soon());
  for (const std::string value : {"x", "y", "z"}) {
    const auto reply = prepared->execute(std::vector<Parameter>{TextValue{value}}, soon());
    EXPECT_EQ(reply->columns()[1].name, "b");
    EXPECT_EQ(all_rows(*reply).at(0).at(1), value);
  }
}

TEST_P(Results, OfValuesSentInPiecesAreWholeAndMayBeEmpty) {
  const auto connection = open();
  connection->run("CREATE TEMPORARY TABLE pieces (id INT, v VARCHAR(9))", soon());
  const auto insert = connection->prepare("INSERT INTO pieces VALUES (?, ?)", soon());
  const auto add = [&](std::int64_t id, std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces) insert->send_piece(1, piece, soon());
    insert->execute(std::vector<Parameter>{id, SentValue{.text = true}}, soon());
  };
  add(1, {"ab", "", "c"});
  add(2, {""});
  EXPECT_EQ(scalar(*connection, "SELECT GROUP_CONCAT(v ORDER BY id SEPARATOR '|') FROM pieces"),
            "abc|");
}

TEST_P(Results, EndWithTheErrorThatCameAmongTheRows) {
  const auto connection = open();
  connection->run("CREATE TEMPORARY TABLE m (v INT)", soon());
  connection->run("INSERT INTO m VALUES (1),(2),(3)", soon());
  // The subquery has two rows for the third one only.
  const std::string sql =
      "SELECT v, (SELECT 1 FROM (SELECT 1 AS n UNION SELECT 2) AS two WHERE n = 1 OR m.v = 3) "
      "FROM m";
  const auto text = connection->query(sql, soon());
  EXPECT_EQ(error_of([&] { all_rows(*text); }).number(), 1242u);
  EXPECT_TRUE(text->finished());
  const auto prepared = connection->prepare(sql, soon());
  const auto binary = prepared->execute({}, soon());
  EXPECT_EQ(error_of([&] { all_rows(*binary); }).number(), 1242u);
  EXPECT_TRUE(binary->finished());
  EXPECT_EQ(scalar(*connection, "SELECT 4"), "4");
}

TEST_P(Results, LeftUnreadAreDrainedWhenFewAndCostTheLinkWhenMany) {
  const auto connection = open();
  connection->run("CREATE TEMPORARY TABLE r (v INT)", soon());
  connection->run("INSERT INTO r VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)", soon());
  connection->query("SELECT * FROM r", soon());
  EXPECT_EQ(scalar(*connection, "SELECT 1"), "1");
  const auto prepared = connection->prepare("SELECT * FROM r", soon());
  prepared->execute({}, soon());
  EXPECT_EQ(scalar(*connection, "SELECT 2"), "2");
  // A temporary table may be opened once only; information_schema has rows enough.
  connection->query(
      "SELECT a.COLLATION_NAME FROM information_schema.COLLATIONS a, "
      "information_schema.COLLATIONS b, information_schema.COLLATIONS c",
      soon());
  EXPECT_TRUE(connection->broken());
}

TEST_P(Results, MustBeFinishedBeforeTheNextCommand) {
  const auto connection = open();
  const auto reply = connection->query("SELECT 1", soon());
  try {
    connection->query("SELECT 2", soon());
    ADD_FAILURE() << "the second command went out";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState::kHY010);
  }
  EXPECT_EQ(all_rows(*reply), (std::vector<Texts>{{"1"}}));
}

TEST_P(Results, OfALocalFileAreRefused) {
  const auto connection = open();
  connection->run("CREATE TEMPORARY TABLE files (a TEXT)", soon());
  EXPECT_THROW(connection->run("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE files", soon()),
               MysqlError);
}

TEST_P(Results, BehindALocalFileThatIsMissingAreTakenForNoOthers) {
  const std::string load = "LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE files";
  ConnectOptions options = server.connect_options();
  options.credentials.link.local_infile = true;
  options.credentials.link.multi_statements = true;
  for (const std::string first : {"", "SELECT 1; "}) {
    const auto connection = open(options);
    connection->run("CREATE TEMPORARY TABLE files (a TEXT)", soon());
    EXPECT_THROW(connection->run(first + load, soon()), MysqlError);
    EXPECT_EQ(scalar(*connection, "SELECT 2"), "2");
    EXPECT_THROW(connection->run(first + load + "; SELECT 3", soon()), MysqlError);
    EXPECT_TRUE(connection->broken());
  }
}

TEST_P(Results, OutliveAPreparedStatementClosedBetweenThem) {
  const auto connection = open();
  auto prepared = connection->prepare("SELECT 1", soon());
  const auto reply = connection->query("SELECT 2", soon());
  prepared.reset();
  EXPECT_EQ(all_rows(*reply), (std::vector<Texts>{{"2"}}));
  EXPECT_EQ(scalar(*connection, "SELECT 3"), "3");
}

TEST_P(Results, OfBadStatementsAreErrorsWithTheirStates) {
  const auto connection = open();
  connection->run("SET SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'", soon());
  connection->run(
      "CREATE TEMPORARY TABLE bad (id TINYINT NOT NULL PRIMARY KEY, t VARCHAR(2), d DATE)", soon());
  connection->run("INSERT INTO bad VALUES (1, 'a', NULL)", soon());
  struct Case {
    const char* sql;
    unsigned number;
    base::SqlState state;
  };
  const Case cases[] = {
      {"SELEC 1", 1064, base::SqlState::k42000},
      {"SELECT * FROM nowhere", 1146, base::SqlState::k42S02},
      {"SELECT nothing FROM bad", 1054, base::SqlState::k42S22},
      {"CREATE TEMPORARY TABLE bad (a INT)", 1050, base::SqlState::k42S01},
      {"INSERT INTO bad VALUES (1, 'b', NULL)", 1062, base::SqlState::k23000},
      {"INSERT INTO bad VALUES (NULL, 'b', NULL)", 1048, base::SqlState::k23000},
      {"INSERT INTO bad VALUES (2, 'abc', NULL)", 1406, base::SqlState::k22001},
      {"INSERT INTO bad VALUES (300, 'b', NULL)", 1264, base::SqlState::k22003},
      {"INSERT INTO bad VALUES (2, 'b', '2024-13-01')", 1292, base::SqlState::k22007},
      {"INSERT INTO bad VALUES ('x', 'b', NULL)", 1366, base::SqlState::k22018},
      {"INSERT INTO bad VALUES (1/0, 'b', NULL)", 1365, base::SqlState::k22012},
      {"INSERT INTO bad VALUES (2)", 1136, base::SqlState::k21S01},
      {"SELECT 1 UNION SELECT 1, 2", 1222, base::own_state("21000")},
      {"SELECT (SELECT 1, 2)", 1241, base::own_state("21000")},
      {"CREATE VIEW wrong (a, b) AS SELECT 1", 1353, base::SqlState::k21S02},
      {"USE nowhere", 1049, base::SqlState::k3D000},
      {"SELECT ~0 + 1", 1690, base::SqlState::k22003},
      {"ALTER TABLE bad ADD t INT", 1060, base::SqlState::k42S21},
      {"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='mine'", 1644, base::own_state("45000")},
      {"SIGNAL SQLSTATE '99001'", 1644, base::own_state("99001")},
      {"SIGNAL SQLSTATE '45001' SET MYSQL_ERRNO = 30001", 30001, base::own_state("45001")},
  };
  for (const Case& one : cases) {
    const MysqlError error = error_of([&] { connection->run(one.sql, soon()); });
    EXPECT_EQ(error.number(), one.number) << one.sql << ": " << error.what();
    EXPECT_EQ(error.state(), one.state) << one.sql << ": " << error.what();
    EXPECT_EQ(error.loss(), LinkLoss::kNone);
  }
  EXPECT_EQ(error_of([&] { connection->prepare("SELEC 1", soon()); }).number(), 1064u);
  EXPECT_FALSE(connection->broken());
}

INSTANTIATE_TEST_SUITE_P(On, Results, testing::ValuesIn(test_support::server_kinds()), kind_name);

}  // namespace
}  // namespace fabric::mysql
