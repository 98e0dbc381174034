// A descriptor (ODBC 3.8, "Descriptors"): the four implicit ones of a statement, or one allocated
// by the application. Bindings live here; statements read them at execute and fetch. Guarded by the
// connection's mutex.
#pragma once

#include <string>
#include <vector>

#include "driver/handle.h"
#include "driver/type_info.h"
#include "fabric/mysql/reply.h"

namespace driver {

class Connection;

enum class DescriptorRole : std::uint8_t { kApplication, kImplementationRow, kImplementationParam };

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
  SQLSMALLINT parameter_type = SQL_PARAM_INPUT;
  SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
  SQLPOINTER data_ptr = nullptr;
  SQLLEN* octet_length_ptr = nullptr;
  SQLLEN* indicator_ptr = nullptr;
  ColumnDescription description;  ///< IRD only
  fabric::mysql::Column source;   ///< IRD only: the names
  std::string name;               ///< IPD only
};

class Descriptor final : public Handle {
 public:
  static constexpr HandleKind kKind = HandleKind::kDescriptor;

  Descriptor(Connection& connection, Mutex& mutex, DescriptorRole role, bool automatic);

  [[nodiscard]] Connection& connection() const { return connection_; }
  [[nodiscard]] DescriptorRole role() const { return role_; }
  /// True for a statement's own; false for one from SQLAllocHandle.
  [[nodiscard]] bool automatic() const { return automatic_; }

  /// The whole IRD, from what a server says of a result.
  void describe_columns(const std::vector<fabric::mysql::Column>& columns, const TypeRules& rules);
  /// Record 0 of an IRD.
  void describe_bookmark(const TypeRules& rules);

  /// Record `number` (1-based; 0 is the bookmark), made if needed.
  DescriptorRecord& record(SQLSMALLINT number);
  [[nodiscard]] const DescriptorRecord* find(SQLSMALLINT number) const;
  /// SQL_DESC_COUNT.
  [[nodiscard]] SQLSMALLINT count() const;
  void set_count(SQLSMALLINT count);
  void clear() { set_count(0); }
  void copy_from(const Descriptor& other);

  /// SQLBindCol and SQLBindParameter set all of a binding at once.
  void bind(SQLSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
            SQLLEN* length_or_indicator);
  void unbind(SQLSMALLINT number);

  /// The fields of SQLSetDescRec but for its pointers.
  void set_record(SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT subtype, SQLLEN length,
                  SQLSMALLINT precision, SQLSMALLINT scale);

  /// SQLGetDescField and SQLSetDescField but for text fields; throw base::Error (HY091, 07009,
  /// ...).
  SQLLEN field(SQLSMALLINT number, SQLSMALLINT id) const;
  void set_field(SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER value);
  [[nodiscard]] static bool is_text_field(SQLSMALLINT id);
  [[nodiscard]] std::string text_field(SQLSMALLINT number, SQLSMALLINT id) const;
  void set_text_field(SQLSMALLINT number, SQLSMALLINT id, std::string value);

  // Header fields.
  SQLULEN array_size = 1;
  SQLUSMALLINT* array_status_ptr = nullptr;
  SQLLEN* bind_offset_ptr = nullptr;
  SQLULEN bind_type = SQL_BIND_BY_COLUMN;
  SQLULEN* rows_processed_ptr = nullptr;

 private:
  void set_record_field(DescriptorRecord& record, SQLSMALLINT id, SQLPOINTER value);

  Connection& connection_;
  const DescriptorRole role_;
  const bool automatic_;
  DescriptorRecord bookmark_;
  std::vector<DescriptorRecord> records_;
};

/// What a bookmark looks like as a column: eight bytes, the row's number.
fabric::mysql::Column bookmark_column();

/// Sets SQL_DESC_CONCISE_TYPE, SQL_DESC_TYPE and SQL_DESC_DATETIME_INTERVAL_CODE together.
void set_concise_type(DescriptorRecord& record, SQLSMALLINT concise);

}  // namespace driver
