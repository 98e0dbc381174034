// A value that comes in pieces (SQLPutData). Pure; guarded by its statement's mutex.
#pragma once

#include <string>

#include "driver/odbc.h"

namespace driver {

struct LongData {
  std::string bytes;
  bool null = false;
  bool given = false;
};

/// Whether a length or indicator asks for data at execution.
bool at_execution(SQLLEN indicator);

/// One piece more. Throws HY020, HY019, HY009 and HY090.
void append_long_data(LongData& target, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN length);

}  // namespace driver
