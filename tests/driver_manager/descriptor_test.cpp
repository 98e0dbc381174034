// Descriptors: what each kind may be asked and told, shared ones, copies.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Descriptors : public ServerCase {
 protected:
  static std::string state(SQLHANDLE descriptor) {
    const auto records = diagnostics_of(SQL_HANDLE_DESC, descriptor);
    return records.empty() ? "no record" : records.front().state;
  }
  SQLHDESC own(SQLINTEGER attribute) {
    SQLHDESC found = nullptr;
    statement_.check(SQLGetStmtAttr(statement_.raw(), attribute, &found, 0, nullptr));
    return found;
  }
  SQLHDESC ard() { return own(SQL_ATTR_APP_ROW_DESC); }
  SQLHDESC apd() { return own(SQL_ATTR_APP_PARAM_DESC); }
  SQLHDESC ird() { return own(SQL_ATTR_IMP_ROW_DESC); }
  SQLHDESC ipd() { return own(SQL_ATTR_IMP_PARAM_DESC); }
  /// One of the application's, freed with the connection.
  SQLHDESC allocate() {
    SQLHDESC made = nullptr;
    connection_.check(SQLAllocHandle(SQL_HANDLE_DESC, connection_.raw(), &made));
    return made;
  }
  void use(const OdbcStatement& statement, SQLINTEGER attribute, SQLHDESC descriptor) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, descriptor, SQL_IS_POINTER));
  }

  /// A numeric field; -999 when it is refused.
  static SQLLEN field(SQLHDESC descriptor, SQLSMALLINT record, SQLSMALLINT id) {
    SQLLEN value = 0;
    const SQLRETURN result = SQLGetDescField(descriptor, record, id, &value, 0, nullptr);
    if (result == SQL_NO_DATA) return kNoData;
    return result == SQL_SUCCESS ? value : -999;
  }
  /// As field(), of a 16-bit one.
  static SQLSMALLINT small(SQLHDESC descriptor, SQLSMALLINT record, SQLSMALLINT id) {
    return static_cast<SQLSMALLINT>(field(descriptor, record, id));
  }
  static std::string text(SQLHDESC descriptor, SQLSMALLINT record, SQLSMALLINT id) {
    std::array<char, 100> value{};
    SQLINTEGER length = 0;
    SQLGetDescField(descriptor, record, id, value.data(), value.size(), &length);
    return {value.data(), static_cast<std::size_t>(length)};
  }
  /// The state a setting ends with.
  static std::string set(SQLHDESC descriptor, SQLSMALLINT record, SQLSMALLINT id, SQLLEN value) {
    const auto pointer = attribute_value(static_cast<std::size_t>(value));
    const SQLRETURN result = SQLSetDescField(descriptor, record, id, pointer, 0);
    return result == SQL_SUCCESS ? "00000" : state(descriptor);
  }
  template <class T>
  static std::string set(SQLHDESC descriptor, SQLSMALLINT record, SQLSMALLINT id, T* value) {
    return set(descriptor, record, id, static_cast<SQLLEN>(reinterpret_cast<std::intptr_t>(value)));
  }

  static constexpr SQLLEN kNoData = -100;
  OdbcStatement statement_{connection_};
};
FOR_EVERY_SERVER(Descriptors);

TEST_P(Descriptors, StartWithTheDefaultsOfTheStandard) {
  const SQLHDESC made = allocate();
  EXPECT_EQ(small(made, 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_USER);
  for (const SQLHDESC descriptor : {ard(), apd(), made}) {
    EXPECT_EQ(field(descriptor, 0, SQL_DESC_ARRAY_SIZE), 1);
    EXPECT_EQ(field(descriptor, 0, SQL_DESC_BIND_TYPE), SQL_BIND_BY_COLUMN);
    EXPECT_EQ(field(descriptor, 0, SQL_DESC_BIND_OFFSET_PTR), 0);
    EXPECT_EQ(field(descriptor, 0, SQL_DESC_COUNT), 0);
  }
  for (const SQLHDESC descriptor : {ard(), apd(), ipd()}) {
    EXPECT_EQ(small(descriptor, 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_AUTO);
    EXPECT_EQ(field(descriptor, 0, SQL_DESC_ARRAY_STATUS_PTR), 0);
  }
  EXPECT_EQ(set(made, 0, SQL_DESC_COUNT, SQLLEN{1}), "00000");
  EXPECT_EQ(small(made, 1, SQL_DESC_TYPE), SQL_C_DEFAULT);
  EXPECT_EQ(small(made, 1, SQL_DESC_CONCISE_TYPE), SQL_C_DEFAULT);
  EXPECT_EQ(field(made, 1, SQL_DESC_DATA_PTR), 0);
  EXPECT_EQ(set(ipd(), 0, SQL_DESC_COUNT, SQLLEN{1}), "00000");
  EXPECT_EQ(small(ipd(), 1, SQL_DESC_PARAMETER_TYPE), SQL_PARAM_INPUT);
}

TEST_P(Descriptors, HoldTheWidthOfATypeThatHasOneWhateverTheBufferLength) {
  SQLINTEGER value = 1;
  for (const SQLLEN said : {0, 2, 99}) {
    statement_.check(SQLBindParameter(statement_.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                      SQL_INTEGER, 0, 0, &value, said, nullptr));
    EXPECT_EQ(field(apd(), 1, SQL_DESC_OCTET_LENGTH), 4);
    statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_SLONG, &value, said, nullptr));
    EXPECT_EQ(field(ard(), 1, SQL_DESC_OCTET_LENGTH), 4);
    statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_CHAR, &value, said, nullptr));
    EXPECT_EQ(field(ard(), 1, SQL_DESC_OCTET_LENGTH), said);
  }
}

TEST_P(Descriptors, OwnOnesCannotBeFreed) {
  EXPECT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, ard()), SQL_ERROR);
  EXPECT_EQ(state(ard()), "HY017");
}

TEST_P(Descriptors, OneServesSeveralStatementsUntilItIsFreed) {
  const SQLHDESC shared = allocate();
  OdbcStatement other(connection_);
  const SQLHDESC own_ard = ard();
  use(statement_, SQL_ATTR_APP_ROW_DESC, shared);
  use(other, SQL_ATTR_APP_ROW_DESC, shared);
  EXPECT_EQ(ard(), shared);
  SQLINTEGER value = 0;
  SQLLEN length = 0;
  statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_SLONG, &value, 0, &length));
  statement_.execute("SELECT 11");
  other.execute("SELECT 22");
  other.fetch();
  EXPECT_EQ(value, 22);
  statement_.fetch();
  EXPECT_EQ(value, 11);
  statement_.close();
  other.close();
  ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, shared), SQL_SUCCESS);
  EXPECT_EQ(ard(), own_ard);
  value = 0;
  EXPECT_EQ(other.value("SELECT 33"), "33");
  EXPECT_EQ(value, 0);
}

TEST_P(Descriptors, OneServesAsParametersOfSeveralStatements) {
  const SQLHDESC shared = allocate();
  OdbcStatement other(connection_);
  use(statement_, SQL_ATTR_APP_PARAM_DESC, shared);
  use(other, SQL_ATTR_APP_PARAM_DESC, shared);
  SQLINTEGER value = 41;
  SQLLEN length = 0;
  for (const OdbcStatement* each :
       std::initializer_list<const OdbcStatement*>{&statement_, &other}) {
    each->check(SQLBindParameter(each->raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                 &value, 0, &length));
  }
  EXPECT_EQ(statement_.value("SELECT ? + 1"), "42");
  EXPECT_EQ(other.value("SELECT ? + 2"), "43");
}

TEST_P(Descriptors, OneServesRowsAndParametersAtOnce) {
  const SQLHDESC shared = allocate();
  use(statement_, SQL_ATTR_APP_PARAM_DESC, shared);
  use(statement_, SQL_ATTR_APP_ROW_DESC, shared);
  SQLINTEGER value = 41;
  SQLLEN length = 0;
  statement_.check(SQLBindParameter(statement_.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER,
                                    0, 0, &value, 0, &length));
  statement_.execute("SELECT ? + 1");
  ASSERT_TRUE(statement_.fetch());
  EXPECT_EQ(value, 42);
}

TEST_P(Descriptors, RefuseToServeAsWhatTheyAreNot) {
  OdbcStatement other(connection_);
  SQLHDESC of_other = nullptr;
  SQLGetStmtAttr(other.raw(), SQL_ATTR_APP_ROW_DESC, &of_other, 0, nullptr);
  const auto refused = [&](SQLINTEGER attribute, SQLHDESC given) {
    return state_of([&] { use(statement_, attribute, given); });
  };
  EXPECT_EQ(refused(SQL_ATTR_APP_ROW_DESC, of_other), "HY017");
  EXPECT_EQ(refused(SQL_ATTR_APP_PARAM_DESC, ard()), "HY017");
  EXPECT_EQ(refused(SQL_ATTR_IMP_ROW_DESC, allocate()), "HY017");
  EXPECT_EQ(refused(SQL_ATTR_APP_ROW_DESC, ard()), "00000");
  OdbcConnection second(environment_);
  second.connect(connection_string(server_.endpoint()));
  SQLHDESC foreign = nullptr;
  second.check(SQLAllocHandle(SQL_HANDLE_DESC, second.raw(), &foreign));
  EXPECT_EQ(refused(SQL_ATTR_APP_ROW_DESC, foreign), "HY024");
}

TEST_P(Descriptors, SetDependentFieldsWithTheType) {
  const SQLHDESC descriptor = ard();
  EXPECT_EQ(set(descriptor, 1, SQL_DESC_CONCISE_TYPE, SQLLEN{SQL_C_TYPE_TIMESTAMP}), "00000");
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_TYPE), SQL_DATETIME);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_TIMESTAMP);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_PRECISION), 6);
  EXPECT_EQ(set(descriptor, 1, SQL_DESC_TYPE, SQLLEN{SQL_C_NUMERIC}), "00000");
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_CONCISE_TYPE), SQL_C_NUMERIC);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_DATETIME_INTERVAL_CODE), 0);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_PRECISION), 38);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_SCALE), 0);
  EXPECT_EQ(set(descriptor, 2, SQL_DESC_TYPE, SQLLEN{SQL_INTERVAL}), "00000");
  EXPECT_EQ(set(descriptor, 2, SQL_DESC_DATETIME_INTERVAL_CODE, SQLLEN{SQL_CODE_DAY_TO_SECOND}),
            "00000");
  EXPECT_EQ(small(descriptor, 2, SQL_DESC_CONCISE_TYPE), SQL_C_INTERVAL_DAY_TO_SECOND);
  EXPECT_EQ(field(descriptor, 2, SQL_DESC_DATETIME_INTERVAL_PRECISION), 2);
  EXPECT_EQ(small(descriptor, 2, SQL_DESC_PRECISION), 6);
  EXPECT_EQ(field(descriptor, 0, SQL_DESC_COUNT), 2);
}

TEST_P(Descriptors, UnbindARecordWhoseTypeChanges) {
  SQLINTEGER value = 0;
  statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_SLONG, &value, 0, nullptr));
  EXPECT_NE(field(ard(), 1, SQL_DESC_DATA_PTR), 0);
  EXPECT_EQ(set(ard(), 1, SQL_DESC_OCTET_LENGTH, SQLLEN{8}), "00000");
  EXPECT_EQ(field(ard(), 1, SQL_DESC_DATA_PTR), 0);
  EXPECT_EQ(set(ard(), 1, SQL_DESC_DATA_PTR, &value), "00000");
  SQLLEN indicator = 0;
  EXPECT_EQ(set(ard(), 1, SQL_DESC_INDICATOR_PTR, &indicator), "00000");
  EXPECT_NE(field(ard(), 1, SQL_DESC_DATA_PTR), 0);
}

TEST_P(Descriptors, CheckARecordWhenItIsBound) {
  SQLINTEGER value = 0;
  EXPECT_EQ(set(ard(), 1, SQL_DESC_TYPE, SQLLEN{SQL_DATETIME}), "00000");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_DATA_PTR, &value), "HY021");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_DATETIME_INTERVAL_CODE, SQLLEN{77}), "HY021");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_CONCISE_TYPE, SQLLEN{7777}), "HY021");
  EXPECT_EQ(set(ard(), 2, SQL_DESC_TYPE, SQLLEN{SQL_C_NUMERIC}), "00000");
  EXPECT_EQ(set(ard(), 2, SQL_DESC_PRECISION, SQLLEN{3}), "00000");
  EXPECT_EQ(set(ard(), 2, SQL_DESC_SCALE, SQLLEN{4}), "00000");
  EXPECT_EQ(set(ard(), 2, SQL_DESC_DATA_PTR, &value), "HY021");
  EXPECT_EQ(SQLSetDescRec(ard(), 3, SQL_DATETIME, 77, 0, 0, 0, &value, nullptr, nullptr),
            SQL_ERROR);
  EXPECT_EQ(state(ard()), "HY021");
}

TEST_P(Descriptors, SayHowManyDigitsSqlGetDataGives) {
  const auto hundredths = [&](SQLSMALLINT c_type) {
    statement_.execute("SELECT CAST(123.456 AS DECIMAL(10,3))");
    EXPECT_TRUE(statement_.fetch());
    SQL_NUMERIC_STRUCT value{};
    const SQLRETURN result = SQLGetData(statement_.raw(), 1, c_type, &value, sizeof value, nullptr);
    const std::string told = result == SQL_ERROR ? statement_.diagnostics().front().state : "";
    statement_.close();
    if (result == SQL_ERROR) return told;
    return std::to_string(value.precision) + " " + std::to_string(value.scale) + " " +
           std::to_string(value.val[0] + 256 * value.val[1]);
  };
  EXPECT_EQ(hundredths(SQL_ARD_TYPE), "07009");
  EXPECT_EQ(hundredths(SQL_C_NUMERIC), "38 0 123");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_PRECISION, SQLLEN{8}), "00000");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_SCALE, SQLLEN{2}), "00000");
  EXPECT_EQ(hundredths(SQL_C_NUMERIC), "8 2 12345");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_TYPE, SQLLEN{SQL_C_NUMERIC}), "00000");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_PRECISION, SQLLEN{7}), "00000");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_SCALE, SQLLEN{1}), "00000");
  EXPECT_EQ(hundredths(SQL_ARD_TYPE), "7 1 1234");
  EXPECT_EQ(hundredths(SQL_C_NUMERIC), "7 1 1234");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_TYPE, SQLLEN{SQL_DATETIME}), "00000");
  EXPECT_EQ(hundredths(SQL_C_NUMERIC), "38 0 123");
}

TEST_P(Descriptors, RefuseFieldsOfOtherKinds) {
  EXPECT_EQ(set(ard(), 0, SQL_DESC_ALLOC_TYPE, SQLLEN{1}), "HY091");
  EXPECT_EQ(set(ard(), 0, SQL_DESC_ROWS_PROCESSED_PTR, SQLLEN{0}), "HY091");
  EXPECT_EQ(set(ipd(), 0, SQL_DESC_ARRAY_SIZE, SQLLEN{2}), "HY091");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_PARAMETER_TYPE, SQLLEN{1}), "HY091");
  EXPECT_EQ(set(apd(), 1, SQL_DESC_NULLABLE, SQLLEN{1}), "HY091");
  EXPECT_EQ(set(ipd(), 1, SQL_DESC_SEARCHABLE, SQLLEN{1}), "HY091");
  EXPECT_EQ(set(ard(), 1, 7777, SQLLEN{1}), "HY091");
  EXPECT_EQ(set(ipd(), 1, SQL_DESC_PARAMETER_TYPE, SQLLEN{77}), "HY105");
  EXPECT_EQ(set(ipd(), 1, SQL_DESC_UNNAMED, SQLLEN{SQL_NAMED}), "HY092");
  EXPECT_EQ(set(ird(), 1, SQL_DESC_TYPE, SQLLEN{SQL_INTEGER}), "HY016");
  SQLUSMALLINT status = 0;
  EXPECT_EQ(set(ird(), 0, SQL_DESC_ARRAY_STATUS_PTR, &status), "00000");
  SQLLEN value = 0;
  EXPECT_EQ(SQLGetDescField(ard(), 0, 7777, &value, 0, nullptr), SQL_ERROR);
  EXPECT_EQ(state(ard()), "HY091");
  EXPECT_EQ(set(ard(), 1, SQL_DESC_TYPE, SQLLEN{SQL_C_LONG}), "00000");
  EXPECT_EQ(text(ard(), 1, SQL_DESC_NAME), "");
}

TEST_P(Descriptors, KnowTheirRecords) {
  EXPECT_EQ(set(ard(), -1, SQL_DESC_TYPE, SQLLEN{SQL_C_LONG}), "07009");
  EXPECT_EQ(set(ipd(), 0, SQL_DESC_TYPE, SQLLEN{SQL_INTEGER}), "07009");
  EXPECT_EQ(set(ard(), 0, SQL_DESC_COUNT, SQLLEN{-1}), "07009");
  EXPECT_EQ(field(ard(), 1, SQL_DESC_TYPE), kNoData);
  EXPECT_EQ(set(ard(), 5, SQL_DESC_TYPE, SQLLEN{SQL_C_LONG}), "00000");
  EXPECT_EQ(field(ard(), 0, SQL_DESC_COUNT), 5);
  EXPECT_EQ(set(ard(), 0, SQL_DESC_COUNT, SQLLEN{2}), "00000");
  EXPECT_EQ(field(ard(), 5, SQL_DESC_TYPE), kNoData);
  SQLSMALLINT type = 0;
  EXPECT_EQ(SQLGetDescRec(ard(), 3, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr, nullptr,
                          nullptr),
            SQL_NO_DATA);
}

TEST_P(Descriptors, TellTheColumnsOfAPreparedStatement) {
  make_table("described",
             "id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20), d DATE, b BLOB");
  SQLSMALLINT count = 0;
  EXPECT_EQ(SQLGetDescField(ird(), 0, SQL_DESC_COUNT, &count, 0, nullptr), SQL_ERROR);
  EXPECT_EQ(state(ird()), "HY007");
  statement_.prepare("SELECT id AS Identity, name, d, 1+1, b FROM described AS x");
  EXPECT_EQ(field(ird(), 0, SQL_DESC_COUNT), 5);
  EXPECT_EQ(small(ird(), 1, SQL_DESC_CONCISE_TYPE), SQL_INTEGER);
  EXPECT_EQ(field(ird(), 1, SQL_DESC_AUTO_UNIQUE_VALUE), SQL_TRUE);
  EXPECT_EQ(small(ird(), 1, SQL_DESC_NULLABLE), SQL_NULLABLE);  // takes NULL as "the next"
  EXPECT_EQ(field(ird(), 1, SQL_DESC_NUM_PREC_RADIX), 10);
  EXPECT_EQ(text(ird(), 1, SQL_DESC_NAME), "Identity");
  EXPECT_EQ(text(ird(), 1, SQL_DESC_BASE_COLUMN_NAME), "id");
  EXPECT_EQ(text(ird(), 1, SQL_DESC_TABLE_NAME), "x");
  EXPECT_EQ(text(ird(), 1, SQL_DESC_BASE_TABLE_NAME), "described");
  EXPECT_EQ(text(ird(), 1, SQL_DESC_CATALOG_NAME), "test");
  EXPECT_EQ(text(ird(), 2, SQL_DESC_LITERAL_SUFFIX), "'");
  EXPECT_EQ(field(ird(), 2, SQL_DESC_LENGTH), 20);
  EXPECT_EQ(small(ird(), 2, SQL_DESC_UPDATABLE), SQL_ATTR_READWRITE_UNKNOWN);
  EXPECT_EQ(small(ird(), 3, SQL_DESC_TYPE), SQL_DATETIME);
  EXPECT_EQ(small(ird(), 3, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_DATE);
  EXPECT_EQ(small(ird(), 4, SQL_DESC_UPDATABLE), SQL_ATTR_READONLY);
  EXPECT_EQ(text(ird(), 5, SQL_DESC_LITERAL_PREFIX), "0x");
  EXPECT_EQ(text(ird(), 5, SQL_DESC_LITERAL_SUFFIX), "");
  EXPECT_EQ(field(ird(), 6, SQL_DESC_TYPE), kNoData);
}

TEST_P(Descriptors, NameParametersAndCutNames) {
  const SQLHDESC descriptor = ipd();
  std::array<char, 8> name{"key"};
  EXPECT_EQ(set(descriptor, 1, SQL_DESC_TYPE, SQLLEN{SQL_INTEGER}), "00000");
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_UNNAMED), SQL_UNNAMED);
  ASSERT_EQ(SQLSetDescField(descriptor, 1, SQL_DESC_NAME, name.data(), SQL_NTS), SQL_SUCCESS);
  EXPECT_EQ(small(descriptor, 1, SQL_DESC_UNNAMED), SQL_NAMED);
  EXPECT_EQ(text(descriptor, 1, SQL_DESC_TYPE_NAME), "int");
  std::array<char, 3> cut{};
  SQLINTEGER length = 0;
  EXPECT_EQ(SQLGetDescField(descriptor, 1, SQL_DESC_NAME, cut.data(), cut.size(), &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(state(descriptor), "01004");
  EXPECT_STREQ(cut.data(), "ke");
  EXPECT_EQ(length, 3);
  std::array<SQLWCHAR, 8> wide{};
  EXPECT_EQ(SQLGetDescFieldW(descriptor, 1, SQL_DESC_NAME, wide.data(), sizeof wide, &length),
            SQL_SUCCESS);
  EXPECT_EQ(length, 6) << "bytes, of UTF-16 too";
  EXPECT_EQ(SQLGetDescField(descriptor, 1, SQL_DESC_NAME, cut.data(), -5, &length), SQL_ERROR);
  EXPECT_EQ(state(descriptor), "HY090");
  EXPECT_EQ(set(descriptor, 1, SQL_DESC_UNNAMED, SQLLEN{SQL_UNNAMED}), "00000");
  EXPECT_EQ(text(descriptor, 1, SQL_DESC_NAME), "");
}

TEST_P(Descriptors, SetWholeRecords) {
  SQLINTEGER value = 0;
  SQLLEN length = 0;
  ASSERT_EQ(SQLSetDescRec(ard(), 1, SQL_C_SLONG, 0, 4, 0, 0, &value, &length, &length),
            SQL_SUCCESS);
  statement_.execute("SELECT 17");
  statement_.fetch();
  EXPECT_EQ(value, 17);
  SQLSMALLINT type = 0;
  SQLLEN octets = 0;
  ASSERT_EQ(SQLGetDescRec(ard(), 1, nullptr, 0, nullptr, &type, nullptr, &octets, nullptr, nullptr,
                          nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(type, SQL_C_SLONG);
  EXPECT_EQ(octets, 4);
  EXPECT_EQ(SQLSetDescRec(ird(), 1, SQL_INTEGER, 0, 4, 0, 0, nullptr, nullptr, nullptr), SQL_ERROR);
  EXPECT_EQ(state(ird()), "HY016");
  EXPECT_EQ(SQLSetDescRec(ipd(), 0, SQL_INTEGER, 0, 4, 0, 0, nullptr, nullptr, nullptr), SQL_ERROR);
  EXPECT_EQ(state(ipd()), "07009");
}

TEST_P(Descriptors, AreCopiedButIntoAnIrd) {
  SQLINTEGER value = 0;
  SQLLEN length = 0;
  statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_SLONG, &value, 0, &length));
  const SQLHDESC copy = allocate();
  ASSERT_EQ(SQLCopyDesc(ard(), copy), SQL_SUCCESS);
  EXPECT_EQ(small(copy, 1, SQL_DESC_TYPE), SQL_C_SLONG);
  EXPECT_EQ(small(copy, 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_USER);
  OdbcStatement other(connection_);
  use(other, SQL_ATTR_APP_ROW_DESC, copy);
  other.execute("SELECT 5");
  other.fetch();
  EXPECT_EQ(value, 5);
  EXPECT_EQ(SQLCopyDesc(ard(), ird()), SQL_ERROR);
  EXPECT_EQ(state(ird()), "HY016");
  EXPECT_EQ(SQLCopyDesc(ird(), copy), SQL_ERROR);
  EXPECT_EQ(state(copy), "HY007");
  statement_.execute("SELECT 'abc' AS word");
  ASSERT_EQ(SQLCopyDesc(ird(), ipd()), SQL_SUCCESS);
  EXPECT_EQ(text(ipd(), 1, SQL_DESC_NAME), "word");
  EXPECT_EQ(field(ipd(), 1, SQL_DESC_LENGTH), 3);
  ASSERT_EQ(SQLCopyDesc(ird(), copy), SQL_SUCCESS);
  EXPECT_EQ(field(copy, 0, SQL_DESC_COUNT), 1);
}

TEST_P(Descriptors, AreCopiedAcrossConnections) {
  OdbcConnection second(environment_);
  second.connect(connection_string(server_.endpoint()));
  OdbcStatement there(second);
  SQLHDESC target = nullptr;
  there.check(SQLGetStmtAttr(there.raw(), SQL_ATTR_APP_ROW_DESC, &target, 0, nullptr));
  SQLINTEGER value = 0;
  statement_.check(SQLBindCol(statement_.raw(), 1, SQL_C_SLONG, &value, 0, nullptr));
  ASSERT_EQ(SQLCopyDesc(ard(), target), SQL_SUCCESS);
  there.execute("SELECT 6");
  there.fetch();
  EXPECT_EQ(value, 6);
}

}  // namespace
}  // namespace test_support
