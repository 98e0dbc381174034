// What a descriptor holds: header fields and records (ODBC 3.8, SQLSetDescField). Plain data, which
// SQLCopyDesc copies whole; its owner, a Descriptor, guards it.
#pragma once

#include <string>
#include <vector>

#include "driver/type_info.h"
#include "fabric/mysql/reply.h"

namespace driver {

/// One record. Column facts (IRD) come from describe(); bindings (ARD, APD) from the application.
struct DescriptorRecord {
  SQLSMALLINT type = SQL_C_DEFAULT;  ///< verbose: SQL_DATETIME, SQL_INTERVAL
  SQLSMALLINT concise_type = SQL_C_DEFAULT;
  SQLSMALLINT datetime_interval_code = 0;
  SQLINTEGER datetime_interval_precision = 0;
  SQLULEN length = 0;
  SQLLEN octet_length = 0;
  SQLSMALLINT precision = 0;
  SQLSMALLINT scale = 0;
  SQLINTEGER radix = 0;
  SQLSMALLINT parameter_type = SQL_PARAM_INPUT;
  SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
  SQLPOINTER data_ptr = nullptr;
  SQLLEN* octet_length_ptr = nullptr;
  SQLLEN* indicator_ptr = nullptr;
  ColumnDescription description;  ///< IRD only
  fabric::mysql::Column source;   ///< IRD only: the names
  std::string name;               ///< IPD only

  [[nodiscard]] bool bound() const {
    return data_ptr != nullptr || octet_length_ptr != nullptr || indicator_ptr != nullptr;
  }
};

struct DescriptorFields {
  SQLULEN array_size = 1;
  SQLUSMALLINT* array_status_ptr = nullptr;
  SQLLEN* bind_offset_ptr = nullptr;
  SQLULEN bind_type = SQL_BIND_BY_COLUMN;
  SQLULEN* rows_processed_ptr = nullptr;
  DescriptorRecord bookmark;
  std::vector<DescriptorRecord> records;
};

/// Sets SQL_DESC_CONCISE_TYPE, SQL_DESC_TYPE and SQL_DESC_DATETIME_INTERVAL_CODE together.
void set_concise_type(DescriptorRecord& record, SQLSMALLINT concise);

}  // namespace driver
