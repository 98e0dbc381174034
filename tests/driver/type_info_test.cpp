// What a MariaDB 10.11 server says of its columns over a utf8mb4 connection (as seen with
// `mariadb --column-type-info`), and what ODBC says of them.
#include "driver/type_info.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace driver {
namespace {

using fabric::mysql::Column;
using fabric::mysql::WireType;

constexpr std::uint16_t kBinary = 63;
constexpr std::uint16_t kUtf8mb4 = 45;
constexpr std::uint16_t kUnsigned = 32;
constexpr std::uint16_t kBinaryFlag = 128;
constexpr std::uint16_t kEnum = 256;
constexpr std::uint16_t kSet = 2048;

struct Wire {
  WireType type;
  std::uint32_t length;
  std::uint16_t charset = kBinary;
  std::uint16_t flags = 0;
  std::uint8_t decimals = 0;
};

struct Expected {
  std::string_view name;
  SQLSMALLINT sql_type;
  SQLULEN column_size;
  SQLSMALLINT decimal_digits;
  SQLLEN octet_length;
  SQLLEN display_size;
};

struct Line {
  Wire wire;
  Expected expected;
};

const std::array kLines{
    Line{{WireType::kTiny, 4}, {"tinyint", SQL_TINYINT, 3, 0, 1, 4}},
    Line{{WireType::kTiny, 3, kBinary, kUnsigned}, {"tinyint unsigned", SQL_TINYINT, 3, 0, 1, 3}},
    Line{{WireType::kShort, 6}, {"smallint", SQL_SMALLINT, 5, 0, 2, 6}},
    Line{{WireType::kShort, 5, kBinary, kUnsigned},
         {"smallint unsigned", SQL_SMALLINT, 5, 0, 2, 5}},
    Line{{WireType::kInt24, 9}, {"mediumint", SQL_INTEGER, 7, 0, 4, 8}},
    Line{{WireType::kInt24, 8, kBinary, kUnsigned},
         {"mediumint unsigned", SQL_INTEGER, 8, 0, 4, 8}},
    Line{{WireType::kLong, 11}, {"int", SQL_INTEGER, 10, 0, 4, 11}},
    Line{{WireType::kLong, 10, kBinary, kUnsigned}, {"int unsigned", SQL_INTEGER, 10, 0, 4, 10}},
    Line{{WireType::kLongLong, 20}, {"bigint", SQL_BIGINT, 19, 0, 8, 20}},
    Line{{WireType::kLongLong, 20, kBinary, kUnsigned},
         {"bigint unsigned", SQL_BIGINT, 20, 0, 8, 20}},
    Line{{WireType::kFloat, 12, kBinary, 0, 31}, {"float", SQL_REAL, 7, 0, 4, 14}},
    Line{{WireType::kFloat, 7, kBinary, 0, 2}, {"float", SQL_REAL, 7, 0, 4, 14}},
    Line{{WireType::kDouble, 22, kBinary, 0, 31}, {"double", SQL_DOUBLE, 15, 0, 8, 24}},
    Line{{WireType::kNewDecimal, 12, kBinary, 0, 2}, {"decimal", SQL_DECIMAL, 10, 2, 12, 12}},
    Line{{WireType::kNewDecimal, 11, kBinary, kUnsigned, 2},
         {"decimal unsigned", SQL_DECIMAL, 10, 2, 12, 12}},
    Line{{WireType::kNewDecimal, 6}, {"decimal", SQL_DECIMAL, 5, 0, 7, 7}},
    Line{{WireType::kNewDecimal, 0, kBinary, 0, 4}, {"decimal", SQL_DECIMAL, 4, 4, 6, 6}},
    Line{{WireType::kBit, 1, kBinary, kUnsigned}, {"bit", SQL_BIT, 1, 0, 1, 1}},
    Line{{WireType::kBit, 12, kBinary, kUnsigned}, {"bit", SQL_BINARY, 2, 0, 2, 4}},
    Line{{WireType::kBit, 64, kBinary, kUnsigned}, {"bit", SQL_BINARY, 8, 0, 8, 16}},
    Line{{WireType::kDate, 10}, {"date", SQL_TYPE_DATE, 10, 0, 6, 10}},
    Line{{WireType::kTime, 10}, {"time", SQL_TYPE_TIME, 8, 0, 6, 10}},
    Line{{WireType::kTime, 14, kBinary, 0, 3}, {"time", SQL_TYPE_TIME, 12, 3, 6, 14}},
    Line{{WireType::kDateTime, 19}, {"datetime", SQL_TYPE_TIMESTAMP, 19, 0, 16, 19}},
    Line{{WireType::kDateTime, 26, kBinary, 0, 6}, {"datetime", SQL_TYPE_TIMESTAMP, 26, 6, 16, 26}},
    Line{{WireType::kDateTime, 26, kBinary, 0, 39},
         {"datetime", SQL_TYPE_TIMESTAMP, 26, 6, 16, 26}},
    Line{{WireType::kTimestamp, 23, kBinary, kUnsigned, 3},
         {"timestamp", SQL_TYPE_TIMESTAMP, 23, 3, 16, 23}},
    Line{{WireType::kYear, 4, kBinary, kUnsigned}, {"year", SQL_SMALLINT, 4, 0, 2, 4}},
    Line{{WireType::kString, 40, kUtf8mb4}, {"char", SQL_WCHAR, 10, 0, 20, 10}},
    Line{{WireType::kVarString, 80, kUtf8mb4}, {"varchar", SQL_WVARCHAR, 20, 0, 40, 20}},
    Line{{WireType::kVarString, 20, 8}, {"varchar", SQL_WVARCHAR, 20, 0, 40, 20}},
    Line{{WireType::kVarString, 60, 33}, {"varchar", SQL_WVARCHAR, 20, 0, 40, 20}},
    Line{{WireType::kVarString, 0, kUtf8mb4}, {"varchar", SQL_WVARCHAR, 0, 0, 0, 0}},
    Line{{WireType::kBlob, 1020, kUtf8mb4}, {"tinytext", SQL_WLONGVARCHAR, 255, 0, 510, 255}},
    Line{{WireType::kBlob, 262140, kUtf8mb4}, {"text", SQL_WLONGVARCHAR, 65535, 0, 131070, 65535}},
    Line{{WireType::kBlob, 67108860, kUtf8mb4},
         {"mediumtext", SQL_WLONGVARCHAR, 16777215, 0, 33554430, 16777215}},
    Line{{WireType::kBlob, 4294967295U, kUtf8mb4},
         {"longtext", SQL_WLONGVARCHAR, 2147483647, 0, 2147483647, 2147483647}},
    Line{{WireType::kJson, 4294967295U},
         {"json", SQL_WLONGVARCHAR, 2147483647, 0, 2147483647, 2147483647}},
    Line{{WireType::kString, 8, kUtf8mb4, kEnum}, {"enum", SQL_WCHAR, 2, 0, 4, 2}},
    Line{{WireType::kString, 16, kUtf8mb4, kSet}, {"set", SQL_WCHAR, 4, 0, 8, 4}},
    Line{{WireType::kString, 4}, {"binary", SQL_BINARY, 4, 0, 4, 8}},
    Line{{WireType::kVarString, 5}, {"varbinary", SQL_VARBINARY, 5, 0, 5, 10}},
    Line{{WireType::kBlob, 255}, {"tinyblob", SQL_LONGVARBINARY, 255, 0, 255, 510}},
    Line{{WireType::kBlob, 65535}, {"blob", SQL_LONGVARBINARY, 65535, 0, 65535, 131070}},
    Line{{WireType::kBlob, 16777215},
         {"mediumblob", SQL_LONGVARBINARY, 16777215, 0, 16777215, 33554430}},
    Line{{WireType::kBlob, 4294967295U},
         {"longblob", SQL_LONGVARBINARY, 2147483647, 0, 2147483647, 2147483647}},
    Line{{WireType::kGeometry, 4294967295U},
         {"geometry", SQL_LONGVARBINARY, 2147483647, 0, 2147483647, 2147483647}},
    Line{{WireType::kNull, 0}, {"null", SQL_WVARCHAR, 1, 0, 2, 1}}};

Column column_of(const Wire& wire) {
  Column column;
  column.type = wire.type;
  column.length = wire.length;
  column.charset = wire.charset;
  column.flags = wire.flags;
  column.decimals = wire.decimals;
  return column;
}

TEST(TypeInfo, DescribesWhatTheServerSends) {
  for (const Line& line : kLines) {
    SCOPED_TRACE(std::string(line.expected.name) + " " + std::to_string(line.wire.length));
    const ColumnDescription found = describe(column_of(line.wire), {});
    EXPECT_EQ(found.type->name, line.expected.name);
    EXPECT_EQ(found.sql_type, line.expected.sql_type);
    EXPECT_EQ(found.column_size, line.expected.column_size);
    EXPECT_EQ(found.decimal_digits, line.expected.decimal_digits);
    EXPECT_EQ(found.octet_length, line.expected.octet_length);
    EXPECT_EQ(found.display_size, line.expected.display_size);
    EXPECT_EQ(found.nullable, SQL_NULLABLE);
  }
}

TEST(TypeInfo, DescribesWhatTheFlagsSay) {
  const ColumnDescription key =
      describe(column_of({WireType::kLong, 11, kBinary, 1 | 2 | 512}), {});
  EXPECT_EQ(key.nullable, SQL_NULLABLE);  // takes NULL as "the next number"
  EXPECT_TRUE(key.auto_unique);
  EXPECT_FALSE(key.is_unsigned);
  EXPECT_EQ(key.radix, 10);
  EXPECT_EQ(key.precision, 10);
  EXPECT_EQ(key.length, 10U);
  const ColumnDescription text = describe(column_of({WireType::kVarString, 80, kUtf8mb4}), {});
  EXPECT_FALSE(text.case_sensitive);
  EXPECT_TRUE(text.is_unsigned);
  EXPECT_EQ(text.radix, 0);
  EXPECT_EQ(text.type->quote, "'");
  const ColumnDescription exact =
      describe(column_of({WireType::kVarString, 80, kUtf8mb4, kBinaryFlag}), {});
  EXPECT_TRUE(exact.case_sensitive);
  EXPECT_TRUE(describe(column_of({WireType::kBlob, 255}), {}).case_sensitive);
  EXPECT_FALSE(describe(column_of({WireType::kLong, 1, kBinary, kBinaryFlag}), {}).case_sensitive);
}

TEST(TypeInfo, DescribesDatesByTheirCodes) {
  const Column stamp = column_of({WireType::kDateTime, 26, kBinary, 0, 6});
  const ColumnDescription odbc3 = describe(stamp, {});
  EXPECT_EQ(odbc3.sql_type, SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(odbc3.verbose_type, SQL_DATETIME);
  EXPECT_EQ(odbc3.datetime_code, SQL_CODE_TIMESTAMP);
  EXPECT_EQ(odbc3.precision, 6);
  EXPECT_EQ(describe(stamp, {.odbc2 = true}).sql_type, SQL_TIMESTAMP);
  EXPECT_EQ(describe(column_of({WireType::kDate, 10}), {.odbc2 = true}).sql_type, SQL_DATE);
  EXPECT_EQ(describe(column_of({WireType::kTime, 10}), {.odbc2 = true}).sql_type, SQL_TIME);
}

TEST(TypeInfo, DescribesNarrowAndShortTypesWhenTheRulesSaySo) {
  const Column text = column_of({WireType::kVarString, 80, kUtf8mb4});
  EXPECT_EQ(describe(text, {.ansi = true}).sql_type, SQL_VARCHAR);
  EXPECT_EQ(describe(text, {.ansi = true}).octet_length, 80);
  EXPECT_EQ(describe(text, {.ansi = true}).display_size, 80);  // bytes of UTF-8
  EXPECT_EQ(describe(column_of({WireType::kString, 4, kUtf8mb4}), {.ansi = true}).sql_type,
            SQL_CHAR);
  EXPECT_EQ(describe(column_of({WireType::kBlob, 1020, kUtf8mb4}), {.ansi = true}).sql_type,
            SQL_LONGVARCHAR);
}

TEST(TypeInfo, DescribesBigintAsIntegerWhenTheRulesSaySo) {
  const ColumnDescription wide =
      describe(column_of({WireType::kLongLong, 20}), {.no_bigint = true});
  EXPECT_EQ(wide.sql_type, SQL_INTEGER);
  EXPECT_EQ(wide.column_size, 10U);
  EXPECT_EQ(wide.precision, 10);
  EXPECT_EQ(wide.display_size, 11);
  EXPECT_EQ(wide.octet_length, 4);
}

TEST(TypeInfo, DescribesNoMoreDigitsThanDecimalHas) {
  const Column variable = column_of({WireType::kNewDecimal, 83, kBinary, 0, 38});
  EXPECT_EQ(describe(variable, {}).column_size, 65U);
}

TEST(TypeInfo, DescribesDeclaredColumnsAsTheirResults) {
  const auto declared = [](const DeclaredType& type) { return describe(type, {}); };
  EXPECT_EQ(declared({.data_type = "int", .column_type = "int(10) unsigned"}).type->name,
            "int unsigned");
  EXPECT_EQ(declared({.data_type = "int", .column_type = "int(11)"}).type->name, "int");
  EXPECT_EQ(declared({.data_type = "year", .column_type = "year(4)"}).sql_type, SQL_SMALLINT);
  const auto money = declared({.data_type = "decimal",
                               .column_type = "decimal(10,2) unsigned",
                               .precision = 10,
                               .scale = 2});
  EXPECT_EQ(money.type->name, "decimal unsigned");
  EXPECT_EQ(money.column_size, 10U);
  EXPECT_EQ(money.decimal_digits, 2);
  EXPECT_EQ(declared({.data_type = "bit", .column_type = "bit(1)", .precision = 1}).sql_type,
            SQL_BIT);
  const auto bits = declared({.data_type = "bit", .column_type = "bit(12)", .precision = 12});
  EXPECT_EQ(bits.sql_type, SQL_BINARY);
  EXPECT_EQ(bits.column_size, 2U);
  const auto name = declared(
      {.data_type = "varchar", .column_type = "varchar(20)", .characters = 20, .nullable = false});
  EXPECT_EQ(name.sql_type, SQL_WVARCHAR);
  EXPECT_EQ(name.column_size, 20U);
  EXPECT_EQ(name.octet_length, 40);
  EXPECT_EQ(name.nullable, SQL_NO_NULLS);
  const auto stamp =
      declared({.data_type = "timestamp", .column_type = "timestamp(3)", .fraction = 3});
  EXPECT_EQ(stamp.column_size, 23U);
  EXPECT_EQ(declared({.data_type = "point", .column_type = "point"}).type->name, "geometry");
  const auto huge =
      declared({.data_type = "longtext", .column_type = "longtext", .characters = 4294967295U});
  EXPECT_EQ(huge.column_size, 2147483647U);
  EXPECT_EQ(declared({.data_type = "uuid", .column_type = "uuid"}).sql_type, SQL_WVARCHAR);
}

TEST(TypeInfo, FindsEveryTypeNamedInTheTableByItsDeclaration) {
  for (const TypeInfo& row : all_types()) {
    if (row.type == MysqlType::kNone) continue;
    const std::string_view name = row.name.substr(0, row.name.find(' '));
    const DeclaredType declared{.data_type = name, .column_type = row.name, .precision = 1};
    EXPECT_EQ(describe(declared, {}).type->name, row.name);
  }
}

TEST(TypeInfo, HasSensibleRows) {
  for (const TypeInfo& row : all_types()) {
    SCOPED_TRACE(row.name);
    EXPECT_GT(row.column_size, 0U);
    EXPECT_LE(row.column_size, 2147483647U);
    EXPECT_TRUE(known_sql_type(row.sql_type));
    EXPECT_TRUE(known_c_type(row.c_type));
    EXPECT_EQ(row.numeric, row.quote.empty());
    EXPECT_EQ(row.radix != 0, row.numeric);
    EXPECT_EQ(default_c_type(row.sql_type, row.is_unsigned), row.c_type);
  }
}

TEST(TypeCodes, ConvertBetweenConciseAndVerbose) {
  for (const int type : {SQL_TYPE_DATE, SQL_TYPE_TIME, SQL_TYPE_TIMESTAMP, SQL_INTERVAL_YEAR,
                         SQL_INTERVAL_MINUTE_TO_SECOND, SQL_INTEGER, SQL_WVARCHAR, SQL_C_SLONG}) {
    const auto concise = static_cast<SQLSMALLINT>(type);
    EXPECT_EQ(concise_type(verbose_type(concise), datetime_subcode(concise)), concise);
  }
  EXPECT_EQ(verbose_type(SQL_INTERVAL_DAY), SQL_INTERVAL);
  EXPECT_EQ(concise_type(SQL_DATETIME, 7), 0);
  EXPECT_EQ(concise_type(SQL_INTERVAL, 14), 0);
}

TEST(TypeCodes, KnowTheSizesOfCTypes) {
  EXPECT_EQ(fixed_c_size(SQL_C_SLONG), 4);
  EXPECT_EQ(fixed_c_size(SQL_C_SBIGINT), 8);
  EXPECT_EQ(fixed_c_size(SQL_C_TYPE_TIMESTAMP), 16);
  EXPECT_EQ(fixed_c_size(SQL_C_INTERVAL_DAY), SQLLEN{sizeof(SQL_INTERVAL_STRUCT)});
  EXPECT_EQ(fixed_c_size(SQL_C_CHAR), 0);
  EXPECT_EQ(fixed_c_size(SQL_C_WCHAR), 0);
  EXPECT_FALSE(known_c_type(12345));
  EXPECT_FALSE(known_sql_type(12345));
  EXPECT_TRUE(known_sql_type(SQL_GUID));
}

TEST(TypeCodes, ChooseTheDefaultCType) {
  EXPECT_EQ(default_c_type(SQL_WVARCHAR, false), SQL_C_WCHAR);
  EXPECT_EQ(default_c_type(SQL_VARCHAR, false), SQL_C_CHAR);
  EXPECT_EQ(default_c_type(SQL_DECIMAL, true), SQL_C_CHAR);
  EXPECT_EQ(default_c_type(SQL_INTEGER, true), SQL_C_ULONG);
  EXPECT_EQ(default_c_type(SQL_INTEGER, false), SQL_C_SLONG);
  EXPECT_EQ(default_c_type(SQL_SMALLINT, true), SQL_C_USHORT);
  EXPECT_EQ(default_c_type(SQL_DATE, false), SQL_C_TYPE_DATE);
  EXPECT_EQ(default_c_type(SQL_GUID, false), SQL_C_GUID);
  EXPECT_EQ(default_c_type(SQL_INTERVAL_DAY, false), SQL_C_INTERVAL_DAY);
  EXPECT_EQ(default_c_type(12345, false), SQL_C_CHAR);
}

}  // namespace
}  // namespace driver
