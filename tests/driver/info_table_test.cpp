#include "driver/info_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "fabric/base/error.h"

namespace driver {
namespace {

InfoContext mariadb() {
  return {.data_source_name = "farm",
          .server_name = "db1.example",
          .user_name = "app",
          .database_name = "shop",
          .server_version = "10.11.19-MariaDB",
          .is_mariadb = true,
          .named_mariadb = true,
          .version_number = 101119};
}

InfoContext mysql56() {
  return {.data_source_name = "",
          .server_name = "127.0.0.1",
          .user_name = "app",
          .database_name = "",
          .server_version = "5.6.24",
          .is_mariadb = false,
          .version_number = 50624};
}

std::string text(SQLUSMALLINT type, const InfoContext& context = mariadb()) {
  return std::get<std::string>(info_value(type, context));
}
SQLUSMALLINT small(SQLUSMALLINT type, const InfoContext& context = mariadb()) {
  return std::get<SQLUSMALLINT>(info_value(type, context));
}
SQLUINTEGER mask(SQLUSMALLINT type, const InfoContext& context = mariadb()) {
  return std::get<SQLUINTEGER>(info_value(type, context));
}

TEST(InfoTable, AnswersEveryTypeOfOdbc38ThatIsTheDriversToAnswer) {
  // What only the driver manager knows: its handles and versions.
  constexpr std::array kDriverManagers{SQL_DRIVER_HDBC, SQL_DRIVER_HENV, SQL_DRIVER_HSTMT,
                                       SQL_ODBC_VER,    SQL_DRIVER_HLIB, SQL_DRIVER_HDESC,
                                       SQL_DM_VER};
  const auto types = info_types();
  const auto answered = [&](int type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  for (int type = SQL_INFO_FIRST; type <= SQL_CONVERT_GUID; ++type) {
    const bool driver_managers =
        std::find(kDriverManagers.begin(), kDriverManagers.end(), type) != kDriverManagers.end();
    EXPECT_EQ(answered(type), !driver_managers) << type;
  }
  for (int type = SQL_XOPEN_CLI_YEAR; type <= SQL_MAX_IDENTIFIER_LEN; ++type) {
    EXPECT_TRUE(answered(type)) << type;
  }
  for (int type = SQL_ASYNC_MODE; type <= SQL_ASYNC_NOTIFICATION; ++type) {
    EXPECT_TRUE(answered(type)) << type;
  }
  for (const SQLUSMALLINT type : types) EXPECT_NO_THROW(info_value(type, mariadb())) << type;
}

TEST(InfoTable, AnswersHarmlesslyToTypesOfOdbc4) {
  for (SQLUSMALLINT type = 174; type <= 181; ++type) EXPECT_EQ(mask(type), 0U) << type;
}

TEST(InfoTable, RefusesATypeThatOdbcDoesNotKnow) {
  for (const SQLUSMALLINT type : std::to_array<SQLUSMALLINT>({182, 9999, 10006, 65535})) {
    try {
      info_value(type, mariadb());
      ADD_FAILURE() << type;
    } catch (const fabric::base::Error& error) {
      EXPECT_EQ(error.state(), fabric::base::SqlState::kHY096);
    }
  }
}

TEST(InfoTable, NamesTheDriver) {
  EXPECT_EQ(text(SQL_DRIVER_NAME), "libfabricodbc.so");
  EXPECT_EQ(text(SQL_DRIVER_VER), "00.01.0000");
  EXPECT_EQ(text(SQL_DRIVER_ODBC_VER), "03.80");
}

TEST(InfoTable, NamesTheServerAndItsVersionInTwoTwoFourDigits) {
  EXPECT_EQ(text(SQL_DBMS_NAME), "MariaDB");
  EXPECT_EQ(text(SQL_DBMS_VER), "10.11.0019 10.11.19-MariaDB");
  EXPECT_EQ(text(SQL_DBMS_NAME, mysql56()), "MySQL");
  EXPECT_EQ(text(SQL_DBMS_VER, mysql56()), "05.06.0024 5.6.24");
}

TEST(InfoTable, TellsWhatTheConnectionKnows) {
  EXPECT_EQ(text(SQL_DATA_SOURCE_NAME), "farm");
  EXPECT_EQ(text(SQL_SERVER_NAME), "db1.example");
  EXPECT_EQ(text(SQL_USER_NAME), "app");
  EXPECT_EQ(text(SQL_DATABASE_NAME), "shop");
  EXPECT_EQ(text(SQL_DATA_SOURCE_READ_ONLY), "N");
  InfoContext read_only = mariadb();
  read_only.read_only = true;
  EXPECT_EQ(text(SQL_DATA_SOURCE_READ_ONLY, read_only), "Y");
}

TEST(InfoTable, FollowsTheServersLetterCase) {
  EXPECT_EQ(small(SQL_IDENTIFIER_CASE), SQL_IC_SENSITIVE);
  EXPECT_EQ(small(SQL_QUOTED_IDENTIFIER_CASE), SQL_IC_SENSITIVE);
  InfoContext folded = mariadb();
  folded.lower_case_table_names = 1;
  EXPECT_EQ(small(SQL_IDENTIFIER_CASE, folded), SQL_IC_LOWER);
  folded.lower_case_table_names = 2;
  EXPECT_EQ(small(SQL_IDENTIFIER_CASE, folded), SQL_IC_MIXED);
}

TEST(InfoTable, FollowsTheServersLimits) {
  EXPECT_EQ(small(SQL_MAX_USER_NAME_LEN), 128);
  EXPECT_EQ(small(SQL_MAX_USER_NAME_LEN, mysql56()), 16);
  EXPECT_EQ(small(SQL_MAX_COLUMNS_IN_INDEX), 32);
  EXPECT_EQ(small(SQL_MAX_COLUMNS_IN_INDEX, mysql56()), 16);
  EXPECT_EQ(small(SQL_MAX_IDENTIFIER_LEN), 64);
}

TEST(InfoTable, SaysThatDatabasesAreCatalogsAndThatThereAreNoSchemas) {
  EXPECT_EQ(text(SQL_CATALOG_NAME), "Y");
  EXPECT_EQ(text(SQL_CATALOG_TERM), "database");
  EXPECT_EQ(text(SQL_CATALOG_NAME_SEPARATOR), ".");
  EXPECT_EQ(small(SQL_CATALOG_LOCATION), SQL_CL_START);
  EXPECT_EQ(mask(SQL_CATALOG_USAGE), 31U);
  EXPECT_EQ(mask(SQL_SCHEMA_USAGE), 0U);
  EXPECT_EQ(text(SQL_SCHEMA_TERM), "");
}

TEST(InfoTable, CallsDatabasesWhatTheDsnCallsThem) {
  InfoContext schemas = mariadb();
  schemas.no_catalog = true;
  schemas.no_schema = false;
  EXPECT_EQ(text(SQL_CATALOG_NAME, schemas), "N");
  EXPECT_EQ(text(SQL_CATALOG_TERM, schemas), "");
  EXPECT_EQ(text(SQL_CATALOG_NAME_SEPARATOR, schemas), "");
  EXPECT_EQ(small(SQL_CATALOG_LOCATION, schemas), 0);
  EXPECT_EQ(mask(SQL_CATALOG_USAGE, schemas), 0U);
  EXPECT_EQ(small(SQL_MAX_CATALOG_NAME_LEN, schemas), 0);
  EXPECT_EQ(text(SQL_SCHEMA_TERM, schemas), "schema");
  EXPECT_EQ(mask(SQL_SCHEMA_USAGE, schemas), 31U);
  EXPECT_EQ(small(SQL_MAX_SCHEMA_NAME_LEN, schemas), 64);
}

TEST(InfoTable, HasNoStaticCursorWhereTheDsnForbidsThem) {
  InfoContext forward = mariadb();
  forward.forward_only = true;
  EXPECT_EQ(mask(SQL_SCROLL_OPTIONS, forward), SQLUINTEGER{SQL_SO_FORWARD_ONLY});
  EXPECT_EQ(mask(SQL_STATIC_CURSOR_ATTRIBUTES1, forward), 0U);
  EXPECT_EQ(mask(SQL_STATIC_CURSOR_ATTRIBUTES2, forward), 0U);
}

TEST(InfoTable, HasDynamicCursorsWhereTheDsnAllowsThem) {
  InfoContext dynamic = mariadb();
  dynamic.dynamic_cursor = true;
  EXPECT_EQ(mask(SQL_SCROLL_OPTIONS, dynamic),
            SQLUINTEGER{SQL_SO_FORWARD_ONLY | SQL_SO_STATIC | SQL_SO_DYNAMIC});
  const SQLUINTEGER seen =
      SQL_CA2_SENSITIVITY_ADDITIONS | SQL_CA2_SENSITIVITY_DELETIONS | SQL_CA2_SENSITIVITY_UPDATES;
  EXPECT_EQ(mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES2, dynamic) & seen, seen);
  EXPECT_EQ(mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES1, dynamic) & SQL_CA1_BOOKMARK, 0U);
}

TEST(InfoTable, SaysWhichCursorsThereAreAndWhatTheyDo) {
  EXPECT_EQ(mask(SQL_SCROLL_OPTIONS), SQLUINTEGER{SQL_SO_FORWARD_ONLY | SQL_SO_STATIC});
  const SQLUINTEGER scrolls = SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE | SQL_CA1_BOOKMARK;
  EXPECT_EQ(mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1) & scrolls, 0U);
  EXPECT_EQ(mask(SQL_STATIC_CURSOR_ATTRIBUTES1) & scrolls, scrolls);
  EXPECT_EQ(mask(SQL_STATIC_CURSOR_ATTRIBUTES1) & SQL_CA1_LOCK_EXCLUSIVE, 0U);
  EXPECT_EQ(mask(SQL_KEYSET_CURSOR_ATTRIBUTES1), 0U);
  EXPECT_EQ(mask(SQL_GETDATA_EXTENSIONS),
            SQLUINTEGER{SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BLOCK | SQL_GD_BOUND |
                        SQL_GD_OUTPUT_PARAMS});
  EXPECT_EQ(mask(SQL_ASYNC_MODE), SQLUINTEGER{SQL_AM_NONE});
}

TEST(InfoTable, CountsBatchesOnlyWhenTheDsnAllowsThem) {
  EXPECT_EQ(mask(SQL_BATCH_SUPPORT), SQLUINTEGER{SQL_BS_SELECT_PROC});
  EXPECT_EQ(mask(SQL_BATCH_ROW_COUNT), 0U);
  InfoContext multi = mariadb();
  multi.multi_statements = true;
  EXPECT_EQ(mask(SQL_BATCH_SUPPORT, multi),
            SQLUINTEGER{SQL_BS_SELECT_PROC | SQL_BS_SELECT_EXPLICIT | SQL_BS_ROW_COUNT_EXPLICIT});
  EXPECT_EQ(mask(SQL_BATCH_ROW_COUNT, multi), SQLUINTEGER{SQL_BRC_EXPLICIT});
}

TEST(InfoTable, ListsReservedWordsThatOdbcDoesNotHave) {
  const std::string words = "," + text(SQL_KEYWORDS) + ",";
  EXPECT_NE(words.find(",STRAIGHT_JOIN,"), std::string::npos);
  EXPECT_NE(words.find(",LIMIT,"), std::string::npos);
  EXPECT_EQ(words.find(",SELECT,"), std::string::npos);
}

TEST(InfoTable, OffersTheConversionsThatTheEscapeHas) {
  EXPECT_EQ(mask(SQL_CONVERT_FUNCTIONS), SQLUINTEGER{SQL_FN_CVT_CONVERT | SQL_FN_CVT_CAST});
  EXPECT_NE(mask(SQL_CONVERT_VARCHAR) & SQL_CVT_TIMESTAMP, 0U);
  EXPECT_NE(mask(SQL_CONVERT_INTEGER) & SQL_CVT_WVARCHAR, 0U);
  EXPECT_EQ(mask(SQL_CONVERT_DATE) & SQL_CVT_INTEGER, 0U);
  EXPECT_EQ(mask(SQL_CONVERT_GUID), 0U);
}

TEST(InfoTable, DescribesTransactions) {
  EXPECT_EQ(small(SQL_TXN_CAPABLE), SQL_TC_DDL_COMMIT);
  EXPECT_EQ(mask(SQL_TXN_ISOLATION_OPTION), 15U);
  EXPECT_EQ(mask(SQL_DEFAULT_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_REPEATABLE_READ});
  EXPECT_EQ(text(SQL_MULTIPLE_ACTIVE_TXN), "Y");
}

}  // namespace
}  // namespace driver
