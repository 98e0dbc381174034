// What SQLGetInfo announces of escape sequences is had: each conversion and each function is run.
// What SQLGetTypeInfo offers is had: a column of each type is made, filled and described.
#include <algorithm>
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Info : public ServerCase {
 protected:
  SQLUINTEGER mask(SQLUSMALLINT type) {
    SQLUINTEGER value = 0;
    connection_.check(SQLGetInfo(connection_.raw(), type, &value, sizeof value, nullptr));
    return value;
  }
};

struct Type {
  const char* name;
  SQLUINTEGER bit;
  SQLUSMALLINT information;  ///< SQL_CONVERT_...
  const char* value;         ///< of this type
};
constexpr std::array kTypes{
    Type{"SQL_BIGINT", SQL_CVT_BIGINT, SQL_CONVERT_BIGINT, "5000000000"},
    Type{"SQL_BINARY", SQL_CVT_BINARY, SQL_CONVERT_BINARY, "CAST('1' AS BINARY)"},
    Type{"SQL_BIT", SQL_CVT_BIT, SQL_CONVERT_BIT, "b'1'"},
    Type{"SQL_CHAR", SQL_CVT_CHAR, SQL_CONVERT_CHAR, "'2026-01-02 03:04:05'"},
    Type{"SQL_DATE", SQL_CVT_DATE, SQL_CONVERT_DATE, "{d '2026-01-02'}"},
    Type{"SQL_DECIMAL", SQL_CVT_DECIMAL, SQL_CONVERT_DECIMAL, "1.5"},
    Type{"SQL_DOUBLE", SQL_CVT_DOUBLE, SQL_CONVERT_DOUBLE, "1.5e0"},
    Type{"SQL_FLOAT", SQL_CVT_FLOAT, SQL_CONVERT_FLOAT, "1.5e0"},
    Type{"SQL_INTEGER", SQL_CVT_INTEGER, SQL_CONVERT_INTEGER, "7"},
    Type{"SQL_LONGVARCHAR", SQL_CVT_LONGVARCHAR, SQL_CONVERT_LONGVARCHAR, "'10:11:12'"},
    Type{"SQL_NUMERIC", SQL_CVT_NUMERIC, SQL_CONVERT_NUMERIC, "1.5"},
    Type{"SQL_REAL", SQL_CVT_REAL, SQL_CONVERT_REAL, "1.5e0"},
    Type{"SQL_SMALLINT", SQL_CVT_SMALLINT, SQL_CONVERT_SMALLINT, "7"},
    Type{"SQL_TIME", SQL_CVT_TIME, SQL_CONVERT_TIME, "{t '10:11:12'}"},
    Type{"SQL_TIMESTAMP", SQL_CVT_TIMESTAMP, SQL_CONVERT_TIMESTAMP, "{ts '2026-01-02 03:04:05'}"},
    Type{"SQL_TINYINT", SQL_CVT_TINYINT, SQL_CONVERT_TINYINT, "7"},
    Type{"SQL_VARBINARY", SQL_CVT_VARBINARY, SQL_CONVERT_VARBINARY, "CAST('1' AS BINARY)"},
    Type{"SQL_VARCHAR", SQL_CVT_VARCHAR, SQL_CONVERT_VARCHAR, "'1'"},
    Type{"SQL_LONGVARBINARY", SQL_CVT_LONGVARBINARY, SQL_CONVERT_LONGVARBINARY,
         "CAST('1' AS BINARY)"},
    Type{"SQL_WCHAR", SQL_CVT_WCHAR, SQL_CONVERT_WCHAR, "'1'"},
    Type{"SQL_WLONGVARCHAR", SQL_CVT_WLONGVARCHAR, SQL_CONVERT_WLONGVARCHAR, "'1'"},
    Type{"SQL_WVARCHAR", SQL_CVT_WVARCHAR, SQL_CONVERT_WVARCHAR, "'1'"}};

TEST_P(Info, EveryConversionThatIsAnnouncedIsHad) {
  int conversions = 0;
  SQLUINTEGER known = 0;
  for (const Type& from : kTypes) {
    known |= from.bit;
    const SQLUINTEGER announced = mask(from.information);
    EXPECT_NE(announced, 0U) << from.name;
    for (const Type& to : kTypes) {
      if ((announced & to.bit) == 0) continue;
      const std::string sql =
          std::string("SELECT {fn CONVERT(") + from.value + ", " + to.name + ")}";
      EXPECT_EQ(state_of([&] { ask(sql); }), "00000") << sql;
      ++conversions;
    }
  }
  EXPECT_GT(conversions, 300);
  for (const Type& from : kTypes) EXPECT_EQ(mask(from.information) & ~known, 0U) << from.name;
}

/// In the order of their bits: appendix E's functions, all of them.
TEST_P(Info, EveryFunctionThatIsAnnouncedIsHad) {
  constexpr std::array kStrings{"CONCAT('a', 'b')",
                                "INSERT('abc', 1, 1, 'x')",
                                "LEFT('abc', 1)",
                                "LTRIM(' a')",
                                "LENGTH('a')",
                                "LOCATE('a', 'ba', 1)",
                                "LCASE('A')",
                                "REPEAT('a', 2)",
                                "REPLACE('a', 'a', 'b')",
                                "RIGHT('abc', 1)",
                                "RTRIM('a ')",
                                "SUBSTRING('abc', 1, 1)",
                                "UCASE('a')",
                                "ASCII('a')",
                                "CHAR(65)",
                                "DIFFERENCE('a', 'b')",
                                "LOCATE('a', 'ba')",
                                "SOUNDEX('a')",
                                "SPACE(2)",
                                "BIT_LENGTH('a')",
                                "CHAR_LENGTH('a')",
                                "CHARACTER_LENGTH('a')",
                                "OCTET_LENGTH('a')",
                                "POSITION('a' IN 'ba')"};
  constexpr std::array kNumbers{
      "ABS(-1)",    "ACOS(1)",  "ASIN(1)",     "ATAN(1)",    "ATAN2(1, 1)",   "CEILING(1.5)",
      "COS(1)",     "COT(1)",   "EXP(1)",      "FLOOR(1.5)", "LOG(1)",        "MOD(5, 3)",
      "SIGN(1)",    "SIN(1)",   "SQRT(4)",     "TAN(1)",     "PI()",          "RAND(1)",
      "DEGREES(1)", "LOG10(1)", "POWER(2, 2)", "RADIANS(1)", "ROUND(1.5, 0)", "TRUNCATE(1.5, 0)"};
  constexpr std::array kSystem{"USER()", "DATABASE()", "IFNULL(NULL, 1)"};
  constexpr std::array kMoments{"NOW()",
                                "CURDATE()",
                                "DAYOFMONTH(NOW())",
                                "DAYOFWEEK(NOW())",
                                "DAYOFYEAR(NOW())",
                                "MONTH(NOW())",
                                "QUARTER(NOW())",
                                "WEEK(NOW())",
                                "YEAR(NOW())",
                                "CURTIME()",
                                "HOUR(NOW())",
                                "MINUTE(NOW())",
                                "SECOND(NOW())",
                                "TIMESTAMPADD(SQL_TSI_DAY, 1, NOW())",
                                "TIMESTAMPDIFF(SQL_TSI_DAY, NOW(), NOW())",
                                "DAYNAME(NOW())",
                                "MONTHNAME(NOW())",
                                "CURRENT_DATE()",
                                "CURRENT_TIME()",
                                "CURRENT_TIMESTAMP()",
                                "EXTRACT(YEAR FROM NOW())"};
  const auto check = [this](SQLUSMALLINT information, const auto& calls) {
    EXPECT_EQ(mask(information), (SQLUINTEGER{1} << calls.size()) - 1);
    for (const char* call : calls) {
      EXPECT_EQ(state_of([&] { ask(std::string("SELECT {fn ") + call + "}"); }), "00000") << call;
    }
  };
  check(SQL_STRING_FUNCTIONS, kStrings);
  check(SQL_NUMERIC_FUNCTIONS, kNumbers);
  check(SQL_SYSTEM_FUNCTIONS, kSystem);
  check(SQL_TIMEDATE_FUNCTIONS, kMoments);
}

/// One row of SQLGetTypeInfo.
struct Offered {
  explicit Offered(const OdbcRow& row)
      : name(row[0].value()),
        type(std::stoi(row[1].value())),
        size(std::stoull(row[2].value())),
        prefix(row[3].value_or("")),
        suffix(row[4].value_or("")),
        parameters(row[5].value_or("")),
        auto_unique(row[11].value_or("0") == "1") {}

  /// For CREATE TABLE: what CREATE_PARAMS names stands behind the first word.
  [[nodiscard]] std::string declaration() const {
    std::string given;
    if (parameters == "length") given = "(5)";
    if (parameters == "precision,scale") given = "(10,2)";
    if (parameters == "fraction") given = "(3)";
    if (parameters == "values") given = "('1','2')";
    const std::size_t word = std::min(name.find(' '), name.size());
    return name.substr(0, word) + given + name.substr(word);
  }
  [[nodiscard]] std::string literal() const {
    std::string value = name == "year" ? "2026" : "1";
    if (prefix == "0x") value = "31";
    if (type == SQL_TYPE_DATE) value = "2026-01-02";
    if (type == SQL_TYPE_TIME) value = "10:11:12";
    if (type == SQL_TYPE_TIMESTAMP) value = "2026-01-02 10:11:12";
    return prefix + value + suffix;
  }

  std::string name;
  int type;
  unsigned long long size;
  std::string prefix, suffix, parameters;
  bool auto_unique;
};

TEST_P(Info, EveryTypeThatIsOfferedIsHad) {
  OdbcStatement types(connection_);
  types.check(SQLGetTypeInfo(types.raw(), SQL_ALL_TYPES));
  for (const OdbcRow& row : types.rows()) {
    const Offered offered(row);
    SCOPED_TRACE(offered.name + " " + row[1].value());
    make_table("one_type", "c " + offered.declaration() + " NULL");
    if (offered.name != "geometry") {
      OdbcStatement(connection_).execute("INSERT INTO one_type VALUES (" + offered.literal() + ")");
    }
    OdbcStatement(connection_).execute("INSERT INTO one_type VALUES (NULL)");
    OdbcStatement statement(connection_);
    statement.execute("SELECT c FROM one_type");
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    statement.check(
        SQLDescribeCol(statement.raw(), 1, nullptr, 0, nullptr, &type, &size, nullptr, nullptr));
    // The narrow types, SQL_NUMERIC and SQL_FLOAT are other names of what is there.
    constexpr std::array kOtherNames{SQL_CHAR, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_NUMERIC,
                                     SQL_FLOAT};
    if (std::ranges::find(kOtherNames, offered.type) == kOtherNames.end() &&
        offered.name != "json") {
      EXPECT_EQ(type, offered.type);
    }
    EXPECT_LE(size, offered.size);
    const bool unique =
        state_of([&] {
          make_table("one_type", "c " + offered.declaration() + " AUTO_INCREMENT PRIMARY KEY");
        }) == "00000";
    EXPECT_EQ(unique, offered.auto_unique);
  }
}

TEST_P(Info, EveryLengthThatIsOfferedIsHad) {
  OdbcStatement types(connection_);
  types.check(SQLGetTypeInfo(types.raw(), SQL_ALL_TYPES));
  for (const OdbcRow& row : types.rows()) {
    const Offered offered(row);
    if (offered.parameters != "length") continue;
    const std::string type = offered.name + "(" + std::to_string(offered.size) + ")";
    SCOPED_TRACE(type);
    make_table("longest", "c " + type + ", other " + type);
    OdbcStatement statement(connection_);
    statement.execute("SELECT c FROM longest");
    SQLULEN size = 0;
    statement.check(
        SQLDescribeCol(statement.raw(), 1, nullptr, 0, nullptr, nullptr, &size, nullptr, nullptr));
    EXPECT_EQ(size, offered.size);
  }
}

FOR_EVERY_SERVER(Info);

}  // namespace
}  // namespace test_support
