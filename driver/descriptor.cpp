#include "driver/descriptor.h"

#include <cstdint>

#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;

SQLLEN as_number(SQLPOINTER value) {
  return static_cast<SQLLEN>(reinterpret_cast<std::intptr_t>(value));
}

bool is_header_field(SQLSMALLINT id) {
  switch (id) {
    case SQL_DESC_ALLOC_TYPE:
    case SQL_DESC_ARRAY_SIZE:
    case SQL_DESC_ARRAY_STATUS_PTR:
    case SQL_DESC_BIND_OFFSET_PTR:
    case SQL_DESC_BIND_TYPE:
    case SQL_DESC_COUNT:
    case SQL_DESC_ROWS_PROCESSED_PTR:
      return true;
    default:
      return false;
  }
}

Error unknown_field(SQLSMALLINT id) {
  return {SqlState::kHY091, "Descriptor field " + std::to_string(id) + " does not exist"};
}

Error bad_record(SQLSMALLINT number) {
  return {SqlState::k07009, "Descriptor record " + std::to_string(number) + " does not exist"};
}

void describe_column(DescriptorRecord& target, const fabric::mysql::Column& column,
                     const TypeRules& rules) {
  const ColumnDescription described = describe(column, rules);
  target.description = described;
  target.source = column;
  if (rules.full_column_names && !column.table.empty()) {
    target.name = column.table + "." + column.name;
  }
  target.concise_type = described.sql_type;
  target.type = described.verbose_type;
  target.datetime_interval_code = described.datetime_code;
  target.length = described.length;
  target.octet_length = described.octet_length;
  target.precision = described.precision;
  target.scale = described.scale;
  target.nullable = described.nullable;
}

}  // namespace

void set_concise_type(DescriptorRecord& record, SQLSMALLINT concise) {
  record.concise_type = concise;
  record.type = verbose_type(concise);
  record.datetime_interval_code = datetime_subcode(concise);
}

Descriptor::Descriptor(Connection& connection, Mutex& mutex, DescriptorRole role, bool automatic)
    : Handle(kKind, mutex), connection_(connection), role_(role), automatic_(automatic) {}

fabric::mysql::Column bookmark_column() {
  constexpr std::uint16_t kBinary = 63;
  constexpr std::uint16_t kNotNullUnsigned = 1U | 32U;
  fabric::mysql::Column column;
  column.type = fabric::mysql::WireType::kLongLong;
  column.length = 20;
  column.charset = kBinary;
  column.flags = kNotNullUnsigned;
  return column;
}

void Descriptor::describe_columns(const std::vector<fabric::mysql::Column>& columns,
                                  const TypeRules& rules) {
  records_.assign(columns.size(), {});
  for (std::size_t i = 0; i < columns.size(); ++i) describe_column(records_[i], columns[i], rules);
}

void Descriptor::describe_bookmark(const TypeRules& rules) {
  fabric::mysql::Column shown = bookmark_column();
  shown.type = fabric::mysql::WireType::kString;  // SQL_BINARY
  shown.length = sizeof(std::uint64_t);
  bookmark_ = {};
  describe_column(bookmark_, shown, rules);
}

DescriptorRecord& Descriptor::record(SQLSMALLINT number) {
  if (number < 0) throw bad_record(number);
  if (number == 0) return bookmark_;
  if (number > count()) set_count(number);
  return records_[static_cast<std::size_t>(number - 1)];
}

const DescriptorRecord* Descriptor::find(SQLSMALLINT number) const {
  if (number == 0) return &bookmark_;
  if (number < 0 || number > count()) return nullptr;
  return &records_[static_cast<std::size_t>(number - 1)];
}

SQLSMALLINT Descriptor::count() const { return static_cast<SQLSMALLINT>(records_.size()); }

void Descriptor::set_count(SQLSMALLINT count) {
  if (count < 0) throw bad_record(count);
  records_.resize(static_cast<std::size_t>(count));
}

void Descriptor::copy_from(const Descriptor& other) {
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  records_ = other.records_;
  bookmark_ = other.bookmark_;
  array_size = other.array_size;
  array_status_ptr = other.array_status_ptr;
  bind_offset_ptr = other.bind_offset_ptr;
  bind_type = other.bind_type;
  rows_processed_ptr = other.rows_processed_ptr;
}

void Descriptor::bind(SQLSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
                      SQLLEN* length_or_indicator) {
  DescriptorRecord& target = record(number);
  set_concise_type(target, c_type);
  target.octet_length = capacity;
  target.data_ptr = data;
  target.octet_length_ptr = length_or_indicator;
  target.indicator_ptr = length_or_indicator;
  if (c_type == SQL_C_NUMERIC) {
    target.precision = 38;
    target.scale = 0;
  }
}

void Descriptor::unbind(SQLSMALLINT number) {
  if (number > count()) return;
  DescriptorRecord& target = record(number);
  target.data_ptr = nullptr;
  target.octet_length_ptr = nullptr;
  target.indicator_ptr = nullptr;
  while (!records_.empty() && records_.back().data_ptr == nullptr &&
         records_.back().octet_length_ptr == nullptr) {
    records_.pop_back();
  }
}

void Descriptor::set_record(SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT subtype,
                            SQLLEN length, SQLSMALLINT precision, SQLSMALLINT scale) {
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  const bool split = type == SQL_DATETIME || type == SQL_INTERVAL;
  const SQLSMALLINT concise = split ? concise_type(type, subtype) : type;
  if (concise == 0 && split) {
    throw Error(SqlState::kHY021, "The type and its subtype do not go together");
  }
  DescriptorRecord& target = record(number);
  set_concise_type(target, concise);
  target.octet_length = length;
  target.precision = precision;
  target.scale = scale;
}

SQLLEN Descriptor::field(SQLSMALLINT number, SQLSMALLINT id) const {
  switch (id) {
    case SQL_DESC_ALLOC_TYPE:
      return automatic_ ? SQL_DESC_ALLOC_AUTO : SQL_DESC_ALLOC_USER;
    case SQL_DESC_ARRAY_SIZE:
      return static_cast<SQLLEN>(array_size);
    case SQL_DESC_ARRAY_STATUS_PTR:
      return as_number(array_status_ptr);
    case SQL_DESC_BIND_OFFSET_PTR:
      return as_number(bind_offset_ptr);
    case SQL_DESC_BIND_TYPE:
      return static_cast<SQLLEN>(bind_type);
    case SQL_DESC_COUNT:
      return count();
    case SQL_DESC_ROWS_PROCESSED_PTR:
      return as_number(rows_processed_ptr);
    default:
      break;
  }
  const DescriptorRecord* found = find(number);
  if (found == nullptr) throw bad_record(number);
  const ColumnDescription& shown = found->description;
  switch (id) {
    case SQL_DESC_TYPE:
      return found->type;
    case SQL_DESC_CONCISE_TYPE:
      return found->concise_type;
    case SQL_DESC_DATETIME_INTERVAL_CODE:
      return found->datetime_interval_code;
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
      return found->datetime_interval_precision;
    case SQL_DESC_LENGTH:
      return static_cast<SQLLEN>(found->length);
    case SQL_DESC_OCTET_LENGTH:
      return found->octet_length;
    case SQL_DESC_PRECISION:
      return found->precision;
    case SQL_DESC_SCALE:
      return found->scale;
    case SQL_DESC_PARAMETER_TYPE:
      return found->parameter_type;
    case SQL_DESC_NULLABLE:
      return found->nullable;
    case SQL_DESC_DATA_PTR:
      return as_number(found->data_ptr);
    case SQL_DESC_OCTET_LENGTH_PTR:
      return as_number(found->octet_length_ptr);
    case SQL_DESC_INDICATOR_PTR:
      return as_number(found->indicator_ptr);
    case SQL_DESC_AUTO_UNIQUE_VALUE:
      return shown.auto_unique ? SQL_TRUE : SQL_FALSE;
    case SQL_DESC_CASE_SENSITIVE:
      return shown.case_sensitive ? SQL_TRUE : SQL_FALSE;
    case SQL_DESC_DISPLAY_SIZE:
      return shown.display_size;
    case SQL_DESC_FIXED_PREC_SCALE:
      return SQL_FALSE;
    case SQL_DESC_NUM_PREC_RADIX:
      return shown.radix;
    case SQL_DESC_SEARCHABLE:
      return shown.type == nullptr ? SQL_PRED_NONE : shown.type->searchable;
    case SQL_DESC_UNNAMED:
      return found->source.name.empty() && found->name.empty() ? SQL_UNNAMED : SQL_NAMED;
    case SQL_DESC_UNSIGNED:
      return shown.is_unsigned ? SQL_TRUE : SQL_FALSE;
    case SQL_DESC_UPDATABLE:
      return SQL_ATTR_READWRITE_UNKNOWN;
    case SQL_DESC_ROWVER:
      return SQL_FALSE;
    default:
      throw unknown_field(id);
  }
}

bool Descriptor::is_text_field(SQLSMALLINT id) {
  switch (id) {
    case SQL_DESC_BASE_COLUMN_NAME:
    case SQL_DESC_BASE_TABLE_NAME:
    case SQL_DESC_CATALOG_NAME:
    case SQL_DESC_LABEL:
    case SQL_DESC_LITERAL_PREFIX:
    case SQL_DESC_LITERAL_SUFFIX:
    case SQL_DESC_LOCAL_TYPE_NAME:
    case SQL_DESC_NAME:
    case SQL_DESC_SCHEMA_NAME:
    case SQL_DESC_TABLE_NAME:
    case SQL_DESC_TYPE_NAME:
      return true;
    default:
      return false;
  }
}

std::string Descriptor::text_field(SQLSMALLINT number, SQLSMALLINT id) const {
  const DescriptorRecord* found = find(number);
  if (found == nullptr) throw bad_record(number);
  const fabric::mysql::Column& source = found->source;
  const TypeInfo* type = found->description.type;
  switch (id) {
    case SQL_DESC_BASE_COLUMN_NAME:
      return source.base_name;
    case SQL_DESC_BASE_TABLE_NAME:
      return source.base_table;
    case SQL_DESC_CATALOG_NAME:
      return source.catalog_schema;
    case SQL_DESC_LABEL:
    case SQL_DESC_NAME:
      return found->name.empty() ? source.name : found->name;
    case SQL_DESC_LITERAL_PREFIX:
    case SQL_DESC_LITERAL_SUFFIX:
      return type == nullptr ? "" : std::string(type->quote);
    case SQL_DESC_LOCAL_TYPE_NAME:
    case SQL_DESC_TYPE_NAME:
      return type == nullptr ? "" : std::string(type->name);
    case SQL_DESC_SCHEMA_NAME:
      return {};
    case SQL_DESC_TABLE_NAME:
      return source.table;
    default:
      throw unknown_field(id);
  }
}

void Descriptor::set_text_field(SQLSMALLINT number, SQLSMALLINT id, std::string value) {
  if (role_ == DescriptorRole::kImplementationRow) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  if (id != SQL_DESC_NAME || role_ != DescriptorRole::kImplementationParam) {
    throw Error(SqlState::kHY091, "This text field cannot be set in this descriptor");
  }
  record(number).name = std::move(value);
}

void Descriptor::set_field(SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER value) {
  if (role_ == DescriptorRole::kImplementationRow && id != SQL_DESC_ARRAY_STATUS_PTR &&
      id != SQL_DESC_ROWS_PROCESSED_PTR) {
    throw Error(SqlState::kHY016, "An implementation row descriptor cannot be changed");
  }
  switch (id) {
    case SQL_DESC_ALLOC_TYPE:
      throw Error(SqlState::kHY091, "SQL_DESC_ALLOC_TYPE is read-only");
    case SQL_DESC_ARRAY_SIZE:
      array_size = static_cast<SQLULEN>(as_number(value));
      return;
    case SQL_DESC_ARRAY_STATUS_PTR:
      array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      return;
    case SQL_DESC_BIND_OFFSET_PTR:
      bind_offset_ptr = static_cast<SQLLEN*>(value);
      return;
    case SQL_DESC_BIND_TYPE:
      bind_type = static_cast<SQLULEN>(as_number(value));
      return;
    case SQL_DESC_COUNT:
      set_count(static_cast<SQLSMALLINT>(as_number(value)));
      return;
    case SQL_DESC_ROWS_PROCESSED_PTR:
      rows_processed_ptr = static_cast<SQLULEN*>(value);
      return;
    default:
      break;
  }
  if (is_header_field(id)) throw unknown_field(id);
  set_record_field(record(number), id, value);
}

void Descriptor::set_record_field(DescriptorRecord& target, SQLSMALLINT id, SQLPOINTER value) {
  const auto small = static_cast<SQLSMALLINT>(as_number(value));
  // The standard unbinds when anything but these deferred fields changes.
  const bool deferred =
      id == SQL_DESC_DATA_PTR || id == SQL_DESC_OCTET_LENGTH_PTR || id == SQL_DESC_INDICATOR_PTR;
  if (!deferred && role_ == DescriptorRole::kApplication) target.data_ptr = nullptr;
  switch (id) {
    case SQL_DESC_TYPE:
    case SQL_DESC_CONCISE_TYPE:
      set_concise_type(target, small);
      if (small == SQL_C_NUMERIC) target.precision = 38;
      return;
    case SQL_DESC_DATETIME_INTERVAL_CODE:
      target.datetime_interval_code = small;
      if (target.type == SQL_DATETIME) {
        target.concise_type = static_cast<SQLSMALLINT>(SQL_TYPE_DATE + small - 1);
      }
      return;
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
      target.datetime_interval_precision = small;
      return;
    case SQL_DESC_LENGTH:
      target.length = static_cast<SQLULEN>(as_number(value));
      return;
    case SQL_DESC_OCTET_LENGTH:
      target.octet_length = as_number(value);
      return;
    case SQL_DESC_PRECISION:
      target.precision = small;
      return;
    case SQL_DESC_SCALE:
      target.scale = small;
      return;
    case SQL_DESC_NUM_PREC_RADIX:
      return;
    case SQL_DESC_PARAMETER_TYPE:
      target.parameter_type = small;
      return;
    case SQL_DESC_UNNAMED:
      target.name.clear();
      return;
    case SQL_DESC_DATA_PTR:
      target.data_ptr = value;
      return;
    case SQL_DESC_OCTET_LENGTH_PTR:
      target.octet_length_ptr = static_cast<SQLLEN*>(value);
      return;
    case SQL_DESC_INDICATOR_PTR:
      target.indicator_ptr = static_cast<SQLLEN*>(value);
      return;
    default:
      throw unknown_field(id);
  }
}

}  // namespace driver
