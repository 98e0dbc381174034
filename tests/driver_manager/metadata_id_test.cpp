// SQL_ATTR_METADATA_ID in every catalog function that has names: they are identifiers then, in
// which nothing is a wildcard, blanks around them do not count, and a null pointer is HY009.
#include <functional>
#include <set>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

/// One that is called with a table's or a routine's name.
struct NamedCall {
  const char* function;
  std::size_t shown;  ///< the column of the result that is compared
  bool pattern;       ///< without the attribute its argument is one
  std::string found;  ///< for a_b
  std::function<SQLRETURN(SQLHSTMT, SQLCHAR*)> call;
};

constexpr const char* kCatalog = "meta_id";

std::vector<NamedCall> named_calls() {
  SQLCHAR* in = argument(kCatalog);
  const auto four = [in](auto function) {
    return [in, function](SQLHSTMT s, SQLCHAR* name) {
      return function(s, in, SQL_NTS, argument(""), 0, name, SQL_NTS, argument("c_d"), SQL_NTS);
    };
  };
  const auto three = [in](auto function) {
    return [in, function](SQLHSTMT s, SQLCHAR* name) {
      return function(s, in, SQL_NTS, argument(""), 0, name, SQL_NTS);
    };
  };
  return {
      {"SQLTables", 2, true, "a_b",
       [in](SQLHSTMT s, SQLCHAR* name) {
         return SQLTables(s, in, SQL_NTS, argument(""), 0, name, SQL_NTS, nullptr, 0);
       }},
      {"SQLColumns", 3, true, "c_d", four(SQLColumns)},
      {"SQLColumnPrivileges", 3, false, "c_d", four(SQLColumnPrivileges)},
      {"SQLTablePrivileges", 2, true, "a_b", three(SQLTablePrivileges)},
      {"SQLPrimaryKeys", 3, false, "c_d", three(SQLPrimaryKeys)},
      {"SQLStatistics", 8, false, "c_d",
       [in](SQLHSTMT s, SQLCHAR* name) {
         return SQLStatistics(s, in, SQL_NTS, argument(""), 0, name, SQL_NTS, SQL_INDEX_ALL,
                              SQL_QUICK);
       }},
      {"SQLSpecialColumns", 1, false, "c_d",
       [in](SQLHSTMT s, SQLCHAR* name) {
         return SQLSpecialColumns(s, SQL_BEST_ROWID, in, SQL_NTS, argument(""), 0, name, SQL_NTS,
                                  SQL_SCOPE_SESSION, SQL_NULLABLE);
       }},
      {"SQLForeignKeys", 6, false, "a_b",
       [in](SQLHSTMT s, SQLCHAR* name) {
         return SQLForeignKeys(s, nullptr, 0, nullptr, 0, nullptr, 0, in, SQL_NTS, argument(""), 0,
                               name, SQL_NTS);
       }},
      {"SQLProcedures", 2, true, "a_b", three(SQLProcedures)},
      {"SQLProcedureColumns", 2, true, "a_b", four(SQLProcedureColumns)},
  };
}

class MetadataId : public ServerCase {
 protected:
  void SetUp() override {
    for (const char* sql :
         {"DROP DATABASE IF EXISTS meta_id", "CREATE DATABASE meta_id",
          "CREATE TABLE meta_id.parent (c_d INT PRIMARY KEY) ENGINE=InnoDB",
          "CREATE TABLE meta_id.a_b (c_d INT PRIMARY KEY, cxd INT, FOREIGN KEY (c_d) REFERENCES "
          "meta_id.parent (c_d)) ENGINE=InnoDB",
          "CREATE TABLE meta_id.axb (c_d INT PRIMARY KEY, FOREIGN KEY (c_d) REFERENCES "
          "meta_id.parent (c_d)) ENGINE=InnoDB",
          "CREATE PROCEDURE meta_id.a_b (IN c_d INT) SELECT 1",
          "CREATE PROCEDURE meta_id.axb (IN c_d INT) SELECT 1",
          "GRANT SELECT, SELECT (c_d) ON meta_id.a_b TO app",
          "GRANT SELECT, SELECT (c_d) ON meta_id.axb TO app"}) {
      OdbcStatement(connection_).execute(sql);
    }
  }
  void TearDown() override {
    OdbcStatement(connection_).execute("REVOKE SELECT, SELECT (c_d) ON meta_id.a_b FROM app");
    OdbcStatement(connection_).execute("REVOKE SELECT, SELECT (c_d) ON meta_id.axb FROM app");
    OdbcStatement(connection_).execute("DROP DATABASE meta_id");
  }

  /// What is in the shown column of the rows, each value once; "HY009" or another state.
  std::string found(const NamedCall& called, const char* name, bool identifiers) {
    OdbcStatement statement(connection_);
    const SQLULEN on = identifiers ? SQL_TRUE : SQL_FALSE;
    statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_METADATA_ID, attribute_value(on), 0));
    if (called.call(statement.raw(), argument(name)) == SQL_ERROR) {
      return statement.diagnostics().front().state;
    }
    std::set<std::string> values;
    for (const OdbcRow& row : statement.rows()) values.insert(row[called.shown].value_or("NULL"));
    std::string all;
    for (const std::string& value : values) all += (all.empty() ? "" : " ") + value;
    return all;
  }
};

TEST_P(MetadataId, MakesNamesOfPatterns) {
  for (const NamedCall& each : named_calls()) {
    SCOPED_TRACE(each.function);
    EXPECT_EQ(found(each, "a_b", true), each.found);
    EXPECT_EQ(found(each, "a%b", true), "");
    if (!each.pattern || each.found != "a_b") continue;
    EXPECT_EQ(found(each, "a_b", false), "a_b axb");
    EXPECT_EQ(found(each, "a%b", false), "a_b axb");
  }
}

TEST_P(MetadataId, TakesQuotesAndBlanksOffNames) {
  for (const NamedCall& each : named_calls()) {
    SCOPED_TRACE(each.function);
    EXPECT_EQ(found(each, "  a_b ", true), each.found);
    EXPECT_EQ(found(each, "`a_b`", true), each.found);
    EXPECT_EQ(found(each, "`a_b`", false), "");
  }
}

TEST_P(MetadataId, NeedsAName) {
  for (const NamedCall& each : named_calls()) {
    EXPECT_EQ(found(each, nullptr, true), "HY009") << each.function;
  }
}

TEST_P(MetadataId, IsWhereNewStatementsStart) {
  connection_.check(
      SQLSetConnectAttr(connection_.raw(), SQL_ATTR_METADATA_ID, attribute_value(SQL_TRUE), 0));
  OdbcStatement statement(connection_);
  SQLULEN on = 99;
  statement.check(SQLGetStmtAttr(statement.raw(), SQL_ATTR_METADATA_ID, &on, 0, nullptr));
  EXPECT_EQ(on & 0xFFFFFFFFU, SQLULEN{SQL_TRUE});
  statement.check(SQLTables(statement.raw(), argument(kCatalog), SQL_NTS, argument(""), 0,
                            argument("a%"), SQL_NTS, nullptr, 0));
  EXPECT_TRUE(statement.rows().empty());
}

FOR_EVERY_SERVER(MetadataId);

}  // namespace
}  // namespace test_support
