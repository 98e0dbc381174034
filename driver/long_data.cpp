#include "driver/long_data.h"

#include <cstring>

#include "driver/text/utf.h"
#include "driver/type_info.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::base::SqlState;

bool at_execution(SQLLEN indicator) {
  return indicator == SQL_DATA_AT_EXEC || indicator <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

void append_long_data(LongData& target, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN length) {
  if (length == SQL_NULL_DATA) {
    if (target.given && !target.null) {
      throw Error(SqlState::kHY020, "A NULL cannot be appended to data already given");
    }
    target.given = true;
    target.null = true;
    return;
  }
  if (target.null) throw Error(SqlState::kHY020, "Data cannot be appended to a NULL");
  const SQLLEN fixed = fixed_c_size(c_type);
  if (data == nullptr && length != 0) {
    throw Error(SqlState::kHY009, "SQLPutData got a null pointer");
  }
  std::size_t bytes = 0;
  if (fixed != 0) {
    if (target.given) throw Error(SqlState::kHY019, "Only text and binary data go in pieces");
    bytes = static_cast<std::size_t>(fixed);
  } else if (length == SQL_NTS) {
    bytes = c_type == SQL_C_WCHAR
                ? text::length_of(static_cast<const SQLWCHAR*>(data)) * sizeof(SQLWCHAR)
                : std::strlen(static_cast<const char*>(data));
  } else if (length < 0) {
    throw Error(SqlState::kHY090, "The length given to SQLPutData is negative");
  } else {
    bytes = static_cast<std::size_t>(length);
  }
  if (bytes > 0) target.bytes.append(static_cast<const char*>(data), bytes);
  target.given = true;
}

}  // namespace driver
