// Every type of MySQL through both protocols: NULLs, extremes, emoji, long values.
#include <cstring>

#include "tests/protocol/server_fixture.h"

namespace fabric::mysql {
namespace {

using Rows = ServerTest;

constexpr char kTypesTable[] =
    "CREATE TEMPORARY TABLE types ("
    "ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, su SMALLINT UNSIGNED, mi MEDIUMINT,"
    "mu MEDIUMINT UNSIGNED, i INT, iu INT UNSIGNED, bi BIGINT, bu BIGINT UNSIGNED,"
    "d DECIMAL(65,30), f FLOAT, db DOUBLE, y YEAR, b1 BIT(1), b64 BIT(64),"
    "dt DATE, tm TIME, tm6 TIME(6), dtm DATETIME, dtm6 DATETIME(6), ts TIMESTAMP(6) NULL,"
    "c CHAR(10), v VARCHAR(50), bn BINARY(4), vb VARBINARY(20), tt TINYTEXT, tx TEXT,"
    "mt MEDIUMTEXT, lt LONGTEXT, tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB,"
    "e ENUM('a','\xC3\x9F'), s SET('x','y','z')) CHARACTER SET utf8mb4";

constexpr char kExtremes[] =
    "INSERT INTO types VALUES "
    "(-128,255,-32768,65535,-8388608,16777215,-2147483648,4294967295,-9223372036854775808,"
    "18446744073709551615,-99999999999999999999999999999999999.999999999999999999999999999999,"
    "-1.5,-1.7976931348623157e308,2155,b'1',b'1111111111111111111111111111111111111111111111111111"
    "111111111111','9999-12-31','-838:59:59','-838:59:58.999999','9999-12-31 23:59:59',"
    "'9999-12-31 23:59:59.999999','2038-01-19 03:14:06.123456','\xF0\x9F\x98\x80','na\xC3\xAFve',"
    "x'00FF0000',x'DEADBEEF00','','\xF0\x9F\x98\x80',REPEAT('m',70000),REPEAT('\xC3\xA9',40000),"
    "'',x'00',REPEAT(x'FF',70000),REPEAT(x'00',300),'\xC3\x9F','x,z'),"
    "(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    "NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)";

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::size_t column_of(const Reply& reply, const std::string& name) {
  for (std::size_t i = 0; i < reply.columns().size(); ++i) {
    if (reply.columns()[i].name == name) return i;
  }
  ADD_FAILURE() << "no column " << name;
  return 0;
}

std::string cell(const Reply& reply, const Texts& row, const std::string& name) {
  return row[column_of(reply, name)].value_or("NULL");
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

template <class Number>
Number number_in(const std::string& cell_bytes) {
  Number number{};
  EXPECT_EQ(cell_bytes.size(), sizeof number);
  std::memcpy(&number, cell_bytes.data(), std::min(sizeof number, cell_bytes.size()));
  return number;
}

TEST_P(Rows, ComeAsTextOfEveryType) {
  const auto connection = open();
  connection->run("SET time_zone='+00:00'", soon());
  connection->run(kTypesTable, soon());
  EXPECT_EQ(connection->run(kExtremes, soon()).affected_rows, 2u);
  const auto reply = connection->query("SELECT * FROM types", soon());
  EXPECT_EQ(reply->format(), RowFormat::kText);
  const auto rows = all_rows(*reply);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(reply->finished());
  const Texts& row = rows[0];
  EXPECT_EQ(cell(*reply, row, "ti"), "-128");
  EXPECT_EQ(cell(*reply, row, "bu"), "18446744073709551615");
  EXPECT_EQ(cell(*reply, row, "d"),
            "-99999999999999999999999999999999999.999999999999999999999999999999");
  EXPECT_EQ(cell(*reply, row, "db"), "-1.7976931348623157e308");
  EXPECT_EQ(cell(*reply, row, "b64"), std::string(8, '\xFF'));
  EXPECT_EQ(cell(*reply, row, "tm6"), "-838:59:58.999999");
  EXPECT_EQ(cell(*reply, row, "dtm6"), "9999-12-31 23:59:59.999999");
  EXPECT_EQ(cell(*reply, row, "ts"), "2038-01-19 03:14:06.123456");
  EXPECT_EQ(cell(*reply, row, "c"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(cell(*reply, row, "bn"), bytes({0, 0xFF, 0, 0}));
  EXPECT_EQ(cell(*reply, row, "tt"), "");
  EXPECT_EQ(cell(*reply, row, "mt"), std::string(70000, 'm'));
  EXPECT_EQ(cell(*reply, row, "lt"), repeat("\xC3\xA9", 40000));
  EXPECT_EQ(cell(*reply, row, "e"), "\xC3\x9F");
  EXPECT_EQ(cell(*reply, row, "s"), "x,z");
  for (const auto& value : rows[1]) EXPECT_FALSE(value.has_value());
}

TEST_P(Rows, ComeAsWireBytesOfEveryType) {
  const auto connection = open();
  connection->run("SET time_zone='+00:00'", soon());
  connection->run(kTypesTable, soon());
  connection->run(kExtremes, soon());
  const auto prepared = connection->prepare("SELECT * FROM types", soon());
  EXPECT_EQ(prepared->parameter_count(), 0u);
  EXPECT_EQ(prepared->columns().size(), 36u);
  for (int repetition = 0; repetition < 2; ++repetition) {
    const auto reply = prepared->execute({}, soon());
    EXPECT_EQ(reply->format(), RowFormat::kBinary);
    const auto rows = all_rows(*reply);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_TRUE(reply->finished());
    const Texts& row = rows[0];
    EXPECT_EQ(number_in<std::int8_t>(cell(*reply, row, "ti")), -128);
    EXPECT_EQ(number_in<std::uint8_t>(cell(*reply, row, "tu")), 255);
    EXPECT_EQ(number_in<std::int16_t>(cell(*reply, row, "si")), -32768);
    EXPECT_EQ(number_in<std::int32_t>(cell(*reply, row, "mi")), -8388608);
    EXPECT_EQ(number_in<std::int32_t>(cell(*reply, row, "i")), -2147483648);
    EXPECT_EQ(number_in<std::uint64_t>(cell(*reply, row, "bu")), 18446744073709551615U);
    EXPECT_EQ(cell(*reply, row, "d"),
              "-99999999999999999999999999999999999.999999999999999999999999999999");
    EXPECT_EQ(number_in<float>(cell(*reply, row, "f")), -1.5F);
    EXPECT_EQ(number_in<double>(cell(*reply, row, "db")), -1.7976931348623157e308);
    EXPECT_EQ(number_in<std::uint16_t>(cell(*reply, row, "y")), 2155);
    EXPECT_EQ(cell(*reply, row, "b1"), "\x01");
    EXPECT_EQ(cell(*reply, row, "dt"), bytes({0x0F, 0x27, 12, 31}));
    EXPECT_EQ(cell(*reply, row, "tm"), bytes({1, 34, 0, 0, 0, 22, 59, 59}));
    EXPECT_EQ(cell(*reply, row, "dtm6"),
              bytes({0x0F, 0x27, 12, 31, 23, 59, 59, 0x3F, 0x42, 0x0F, 0}));
    EXPECT_EQ(cell(*reply, row, "v"), "na\xC3\xAFve");
    EXPECT_EQ(cell(*reply, row, "vb"), bytes({0xDE, 0xAD, 0xBE, 0xEF, 0}));
    EXPECT_EQ(cell(*reply, row, "tt"), "");
    EXPECT_EQ(cell(*reply, row, "mt"), std::string(70000, 'm'));
    EXPECT_EQ(cell(*reply, row, "mb"), std::string(70000, '\xFF'));
    EXPECT_EQ(cell(*reply, row, "lb"), std::string(300, '\0'));
    EXPECT_EQ(cell(*reply, row, "s"), "x,z");
    for (const auto& value : rows[1]) EXPECT_FALSE(value.has_value());
  }
}

TEST_P(Rows, SayWhatTheColumnsAre) {
  const auto connection = open();
  connection->run(
      "CREATE TEMPORARY TABLE described (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, "
      "price DECIMAL(9,2), data VARBINARY(8))",
      soon());
  const auto reply = connection->query("SELECT id AS number, price, data FROM described d", soon());
  const Column& id = reply->columns()[0];
  EXPECT_EQ(id.name, "number");
  EXPECT_EQ(id.base_name, "id");
  EXPECT_EQ(id.table, "d");
  EXPECT_EQ(id.base_table, "described");
  EXPECT_EQ(id.catalog_schema, "test");
  EXPECT_EQ(id.type, WireType::kLong);
  EXPECT_TRUE(id.not_null());
  EXPECT_TRUE(id.is_unsigned());
  EXPECT_TRUE(id.auto_increment());
  EXPECT_EQ(reply->columns()[1].decimals, 2);
  EXPECT_FALSE(reply->columns()[1].not_null());
  EXPECT_TRUE(reply->columns()[2].is_binary());
}

TEST_P(Rows, CarryAValueLargerThanOnePacket) {
  const auto connection = open();
  constexpr std::size_t kSize = 17 * 1024 * 1024;
  const std::string sql = "SELECT REPEAT('x', " + std::to_string(kSize) + "), 'after'";
  const auto text = connection->query(sql, soon());
  const Row* row = text->fetch(soon());
  ASSERT_NE(row, nullptr);
  EXPECT_EQ((*row)[0].size, kSize);
  EXPECT_EQ(text_of((*row)[1]), "after");
  EXPECT_EQ(text->fetch(soon()), nullptr);
  const auto prepared = connection->prepare(sql, soon());
  const auto binary = prepared->execute({}, soon());
  row = binary->fetch(soon());
  ASSERT_NE(row, nullptr);
  EXPECT_EQ((*row)[0].size, kSize);
  EXPECT_EQ(text_of((*row)[1]), "after");
}

INSTANTIATE_TEST_SUITE_P(On, Rows, testing::ValuesIn(test_support::server_kinds()), kind_name);

}  // namespace
}  // namespace fabric::mysql
