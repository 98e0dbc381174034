// A descriptor (ODBC 3.8, "Descriptors"): the four implicit ones of a statement, or one allocated
// by the application. Bindings live here; statements read them at execute and fetch. Guarded by the
// connection's mutex.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/descriptor_fields.h"
#include "driver/descriptor_record.h"
#include "driver/handle.h"

namespace driver {

class Connection;
class Statement;

class Descriptor final : public Handle, public DescriptorFields {
 public:
  static constexpr HandleKind kKind = HandleKind::kDescriptor;

  /// One from SQLAllocHandle: an application descriptor.
  explicit Descriptor(Connection& connection);
  /// A statement's own.
  Descriptor(Statement& statement, Connection& connection, DescriptorRole role);

  [[nodiscard]] Connection& connection() const { return connection_; }
  [[nodiscard]] DescriptorRole role() const { return role_; }
  /// True for a statement's own; false for one from SQLAllocHandle.
  [[nodiscard]] bool automatic() const { return statement_ != nullptr; }

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
  /// Rises whenever a record may have changed.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  /// SQLBindCol and SQLBindParameter set all of a binding at once.
  void bind(SQLSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
            SQLLEN* length_or_indicator);
  void unbind(SQLSMALLINT number);

  // For the functions of descriptors; they throw base::Error (HY016, HY091, 07009, HY021, ...).

  /// HY010 while a statement that uses it waits for data.
  void require_in_sequence(Sequence sequence) const;
  /// HY007 for the IRD of a statement that is not prepared; describes a prepared one.
  void prepare_to_read();
  [[nodiscard]] DescriptorFields copy() const { return *this; }
  void paste(DescriptorFields fields);
  /// The record that SQLGetDescField and SQLGetDescRec read; null past the last: SQL_NO_DATA.
  [[nodiscard]] const DescriptorRecord* readable(SQLSMALLINT number) const;
  /// Not for record fields past the last record, nor for text.
  [[nodiscard]] SQLLEN field(SQLSMALLINT number, SQLSMALLINT id) const;
  [[nodiscard]] std::string text_field(SQLSMALLINT number, SQLSMALLINT id) const;
  void set_field(SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER value);
  void set_text_field(SQLSMALLINT number, SQLSMALLINT id, std::string value);
  struct RecordSetting {
    SQLSMALLINT type;
    SQLSMALLINT subtype;
    SQLLEN octet_length;
    SQLSMALLINT precision;
    SQLSMALLINT scale;
    SQLPOINTER data_ptr;
    SQLLEN* octet_length_ptr;
    SQLLEN* indicator_ptr;
  };
  void set_record(SQLSMALLINT number, const RecordSetting& setting);

 private:
  void require_writable(const DescriptorFieldRow& row) const;
  void require_writable(SQLSMALLINT number) const;
  void require_settable(SQLSMALLINT id, SQLPOINTER value) const;
  void require_consistent(const DescriptorRecord& record) const;

  Connection& connection_;
  Statement* const statement_;
  const DescriptorRole role_;
  std::uint64_t changes_ = 0;
};

/// What a bookmark looks like as a column: eight bytes, the row's number.
fabric::mysql::Column bookmark_column();

}  // namespace driver
