#include "driver/environment.h"

#include "driver/attribute_table.h"
#include "driver/pointers.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

void Environment::set_attribute(SQLINTEGER id, SQLPOINTER value) {
  static_cast<void>(settable_attribute(AttributeOwner::kEnvironment, id, value));
  const auto given = static_cast<SQLUINTEGER>(number(value));
  switch (id) {
    case SQL_ATTR_ODBC_VERSION:
      if (given != SQL_OV_ODBC2 && given != SQL_OV_ODBC3 && given != SQL_OV_ODBC3_80) {
        throw Error(SqlState::kHY024, "The ODBC version is not 2, 3 or 3.80");
      }
      if (!connections().empty()) {
        throw Error(SqlState::kHY010, "The ODBC version is set before connections are allocated");
      }
      odbc_version = static_cast<SQLINTEGER>(given);
      diagnostics.odbc2_states = given == SQL_OV_ODBC2;
      return;
    case SQL_ATTR_CONNECTION_POOLING:
      connection_pooling = given;
      return;
    case SQL_ATTR_CP_MATCH:
      pooling_match = given;
      return;
    default:
      if (given == SQL_FALSE) {  // SQL_ATTR_OUTPUT_NTS
        throw Error(SqlState::kHYC00, "Texts are always given with a terminating zero");
      }
  }
}

SQLUINTEGER Environment::attribute(SQLINTEGER id) const {
  static_cast<void>(readable_attribute(AttributeOwner::kEnvironment, id));
  switch (id) {
    case SQL_ATTR_ODBC_VERSION:
      return static_cast<SQLUINTEGER>(odbc_version);
    case SQL_ATTR_CONNECTION_POOLING:
      return connection_pooling;
    case SQL_ATTR_CP_MATCH:
      return pooling_match;
    default:
      return SQL_TRUE;  // SQL_ATTR_OUTPUT_NTS
  }
}

}  // namespace driver
