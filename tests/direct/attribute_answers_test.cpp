// Attributes that say no, without a driver manager, which keeps many of them from the driver.
#include <gtest/gtest.h>

#include <array>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

struct NamedAttribute {
  const char* name;
  SQLINTEGER id;
};

// unixODBC's headers lack some of ODBC 3.8's names.
constexpr std::array kNotThereOnConnections{
    NamedAttribute{"SQL_ATTR_TRANSLATE_LIB", SQL_ATTR_TRANSLATE_LIB},
    NamedAttribute{"SQL_ATTR_TRANSLATE_OPTION", SQL_ATTR_TRANSLATE_OPTION},
    NamedAttribute{"SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE", SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE},
    NamedAttribute{"SQL_ATTR_DBC_INFO_TOKEN", 118},
    NamedAttribute{"SQL_ATTR_ASYNC_DBC_EVENT", 119},
    NamedAttribute{"SQL_ATTR_ASYNC_DBC_PCALLBACK", 120},
    NamedAttribute{"SQL_ATTR_ASYNC_DBC_PCONTEXT", 121},
    NamedAttribute{"SQL_ATTR_ENLIST_IN_DTC", SQL_ATTR_ENLIST_IN_DTC},
    NamedAttribute{"SQL_ATTR_ENLIST_IN_XA", SQL_ATTR_ENLIST_IN_XA}};
constexpr std::array kNotThereOnStatements{
    NamedAttribute{"SQL_ATTR_ASYNC_STMT_EVENT", SQL_ATTR_ASYNC_STMT_EVENT},
    NamedAttribute{"SQL_ATTR_ASYNC_STMT_PCALLBACK", 30},
    NamedAttribute{"SQL_ATTR_ASYNC_STMT_PCONTEXT", 31}};

class AttributeAnswers : public testing::Test {
 protected:
  AttributeAnswers() {
    EXPECT_TRUE(SQL_SUCCEEDED(rig_.connect()));
    rig_.make_statement();
  }
  /// "=" or the SQLSTATE.
  template <class Value>
  std::string set_on_connection(SQLINTEGER id, Value value) {
    const SQLRETURN result = rig_("SQLSetConnectAttr", rig_.connection, id, value, SQL_NTS);
    return SQL_SUCCEEDED(result) ? "=" : rig_.state_of(SQL_HANDLE_DBC, rig_.connection);
  }
  std::string set_on_statement(SQLINTEGER id, SQLPOINTER value) {
    const SQLRETURN result = rig_("SQLSetStmtAttr", rig_.statement, id, value, 0);
    return SQL_SUCCEEDED(result) ? "=" : rig_.state_of(SQL_HANDLE_STMT, rig_.statement);
  }

  OdbcRig rig_{Through::kNothing};
};

TEST_F(AttributeAnswers, OfWhatIsNotThereAreHYC00) {
  SQLCHAR one[2] = "1";
  for (const NamedAttribute& each : kNotThereOnConnections) {
    // On is refused; off is what there is.
    const bool number = each.id == SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE;
    EXPECT_EQ(number ? set_on_connection(each.id, 1) : set_on_connection(each.id, one), "HYC00")
        << each.name;
  }
  int context = 0;
  for (const NamedAttribute& each : kNotThereOnStatements) {
    EXPECT_EQ(set_on_statement(each.id, &context), "HYC00") << each.name;
  }
}

TEST_F(AttributeAnswers, OfWhatIsReadOnlyAreHY092) {
  for (const SQLINTEGER id : {SQL_ATTR_CONNECTION_DEAD, SQL_ATTR_AUTO_IPD}) {
    EXPECT_EQ(set_on_connection(id, 1), "HY092") << id;
  }
  for (const SQLINTEGER id : {SQL_ATTR_ROW_NUMBER, SQL_GET_BOOKMARK}) {
    EXPECT_EQ(set_on_statement(id, nullptr), "HY092") << id;
  }
}

TEST_F(AttributeAnswers, OfTheDriversOwnDescriptorsAreHY017) {
  for (const SQLINTEGER id : {SQL_ATTR_IMP_ROW_DESC, SQL_ATTR_IMP_PARAM_DESC}) {
    SQLHDESC own = nullptr;
    EXPECT_EQ(rig_("SQLGetStmtAttr", rig_.statement, id, &own, 0, nullptr), SQL_SUCCESS);
    EXPECT_NE(own, nullptr);
    EXPECT_EQ(set_on_statement(id, own), "HY017") << id;
  }
}

TEST_F(AttributeAnswers, KeepTheWindow) {
  int window = 0;
  EXPECT_EQ(set_on_connection(SQL_ATTR_QUIET_MODE, &window), "=");
  void* kept = nullptr;
  EXPECT_EQ(rig_("SQLGetConnectAttr", rig_.connection, SQL_ATTR_QUIET_MODE, &kept, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(kept, &window);
}

}  // namespace
}  // namespace test_support
