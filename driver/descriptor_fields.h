// The fields of descriptors as rows: where each lies, how wide it is, and which kind of descriptor
// reads or writes it (ODBC 3.8, SQLSetDescField, "FieldIdentifier").
// Constant data and pure functions, any thread.
#pragma once

#include "driver/descriptor_record.h"

namespace driver {

enum class DescriptorRole : std::uint8_t { kApplication, kImplementationRow, kImplementationParam };

enum class FieldAccess : std::uint8_t { kUnused, kRead, kWrite };

enum class FieldShape : std::uint8_t {
  kSmall,    ///< SQLSMALLINT
  kInteger,  ///< SQLINTEGER
  kLength,   ///< SQLLEN, SQLULEN or a pointer
  kText,
};

struct DescriptorFieldRow {
  SQLSMALLINT id;
  FieldShape shape;
  FieldAccess application, row, param;
  // Numbers and pointers, of the header or of a record; text is read by text_of().
  SQLLEN (*read_header)(const DescriptorFields&) = nullptr;
  void (*write_header)(DescriptorFields&, SQLPOINTER) = nullptr;
  SQLLEN (*read_record)(const DescriptorRecord&) = nullptr;
  void (*write_record)(DescriptorRecord&, SQLPOINTER) = nullptr;

  [[nodiscard]] bool in_header() const { return read_header != nullptr; }
  [[nodiscard]] FieldAccess access(DescriptorRole role) const;
};

/// The defaults that go with the record's type (ODBC 3.8, SQL_DESC_TYPE), but for the length of a
/// text: it stays 0, which asks for no limit.
void set_type_defaults(DescriptorRecord& record);

/// Throws HY091 for a field that ODBC does not know.
const DescriptorFieldRow& descriptor_field(SQLSMALLINT id);
bool is_text_field(SQLSMALLINT id);
/// A text field of a record.
std::string text_of(const DescriptorRecord& record, SQLSMALLINT id);

}  // namespace driver
