#include "driver/descriptor_fields.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "driver/pointers.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;
using Record = DescriptorRecord;
using Header = DescriptorFields;

bool interval_has_seconds(SQLSMALLINT code) {
  return code == SQL_CODE_SECOND || code == SQL_CODE_DAY_TO_SECOND ||
         code == SQL_CODE_HOUR_TO_SECOND || code == SQL_CODE_MINUTE_TO_SECOND;
}

template <class T>
SQLLEN as_number(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return static_cast<SQLLEN>(reinterpret_cast<std::intptr_t>(value));
  } else {
    return static_cast<SQLLEN>(value);
  }
}

template <auto kMember, class Owner>
SQLLEN get(const Owner& owner) {
  return as_number(owner.*kMember);
}

template <auto kMember, class Owner>
void set(Owner& owner, SQLPOINTER value) {
  using T = std::remove_reference_t<decltype(owner.*kMember)>;
  if constexpr (std::is_pointer_v<T>) {
    owner.*kMember = static_cast<T>(value);
  } else {
    owner.*kMember = static_cast<T>(number(value));
  }
}

void write_concise_type(Record& record, SQLPOINTER value) {
  set_concise_type(record, static_cast<SQLSMALLINT>(number(value)));
  set_type_defaults(record);
}

void write_type(Record& record, SQLPOINTER value) {
  const auto type = static_cast<SQLSMALLINT>(number(value));
  if (type != SQL_DATETIME && type != SQL_INTERVAL) return write_concise_type(record, value);
  record.type = type;
  // Until its subcode is set too, the type is its own concise type.
  const SQLSMALLINT concise = concise_type(type, record.datetime_interval_code);
  record.concise_type = concise != 0 ? concise : type;
  set_type_defaults(record);
}

void write_subcode(Record& record, SQLPOINTER value) {
  record.datetime_interval_code = static_cast<SQLSMALLINT>(number(value));
  if (record.type != SQL_DATETIME && record.type != SQL_INTERVAL) return;
  record.concise_type = concise_type(record.type, record.datetime_interval_code);
  set_type_defaults(record);
}

void write_unnamed(Record& record, SQLPOINTER /*value*/) { record.name.clear(); }

template <auto kMember>
SQLLEN described(const Record& record) {
  return as_number(record.description.*kMember);
}

SQLLEN updatable(const Record& record) {
  return record.source.base_table.empty() ? SQL_ATTR_READONLY : SQL_ATTR_READWRITE_UNKNOWN;
}
SQLLEN searchable(const Record& record) {
  const TypeInfo* type = record.description.type;
  return type == nullptr ? SQL_PRED_NONE : type->searchable;
}
SQLLEN unnamed(const Record& record) {
  return record.source.name.empty() && record.name.empty() ? SQL_UNNAMED : SQL_NAMED;
}
SQLLEN never(const Record& /*record*/) { return SQL_FALSE; }

constexpr auto kNone = FieldAccess::kUnused;
constexpr auto kRead = FieldAccess::kRead;
constexpr auto kWrite = FieldAccess::kWrite;

template <auto kMember>
constexpr DescriptorFieldRow header(SQLSMALLINT id, FieldShape shape, FieldAccess application,
                                    FieldAccess row, FieldAccess param) {
  return {.id = id,
          .shape = shape,
          .application = application,
          .row = row,
          .param = param,
          .read_header = get<kMember, Header>,
          .write_header = set<kMember, Header>};
}

/// Set by applications in all descriptors but an IRD.
template <auto kMember>
constexpr DescriptorFieldRow common(SQLSMALLINT id, FieldShape shape,
                                    void (*write)(Record&, SQLPOINTER) = set<kMember, Record>) {
  return {.id = id,
          .shape = shape,
          .application = kWrite,
          .row = kRead,
          .param = kWrite,
          .read_record = get<kMember, Record>,
          .write_record = write};
}

/// A binding's pointer.
template <auto kMember>
constexpr DescriptorFieldRow deferred(SQLSMALLINT id, FieldAccess param = kNone) {
  return {.id = id,
          .shape = FieldShape::kLength,
          .application = kWrite,
          .row = kNone,
          .param = param,
          .read_record = get<kMember, Record>,
          .write_record = set<kMember, Record>};
}

constexpr DescriptorFieldRow fact(SQLSMALLINT id, FieldShape shape, FieldAccess param,
                                  SQLLEN (*read)(const Record&)) {
  return {.id = id,
          .shape = shape,
          .application = kNone,
          .row = kRead,
          .param = param,
          .read_record = read};
}

constexpr DescriptorFieldRow text(SQLSMALLINT id, FieldAccess param = kNone) {
  return {.id = id, .shape = FieldShape::kText, .application = kNone, .row = kRead, .param = param};
}

using enum FieldShape;
using Facts = ColumnDescription;

SQLLEN read_count(const Header& fields) { return as_number(fields.records.size()); }
SQLLEN read_nothing(const Header& /*fields*/) { return 0; }

constexpr DescriptorFieldRow kCount{.id = SQL_DESC_COUNT,
                                    .shape = kSmall,
                                    .application = kWrite,
                                    .row = kRead,
                                    .param = kWrite,
                                    .read_header = read_count};  // written by set_count()
constexpr DescriptorFieldRow kAllocType{.id = SQL_DESC_ALLOC_TYPE,
                                        .shape = kSmall,
                                        .application = kRead,
                                        .row = kRead,
                                        .param = kRead,
                                        .read_header = read_nothing};  // known to a Descriptor
constexpr DescriptorFieldRow kUnnamed{.id = SQL_DESC_UNNAMED,
                                      .shape = kSmall,
                                      .application = kNone,
                                      .row = kRead,
                                      .param = kWrite,
                                      .read_record = unnamed,
                                      .write_record = write_unnamed};
constexpr DescriptorFieldRow kParameterType{.id = SQL_DESC_PARAMETER_TYPE,
                                            .shape = kSmall,
                                            .application = kNone,
                                            .row = kNone,
                                            .param = kWrite,
                                            .read_record = get<&Record::parameter_type, Record>,
                                            .write_record = set<&Record::parameter_type, Record>};

constexpr std::array kFields{
    header<&Header::array_size>(SQL_DESC_ARRAY_SIZE, kLength, kWrite, kNone, kNone),
    header<&Header::array_status_ptr>(SQL_DESC_ARRAY_STATUS_PTR, kLength, kWrite, kWrite, kWrite),
    header<&Header::bind_offset_ptr>(SQL_DESC_BIND_OFFSET_PTR, kLength, kWrite, kNone, kNone),
    header<&Header::bind_type>(SQL_DESC_BIND_TYPE, kInteger, kWrite, kNone, kNone),
    header<&Header::rows_processed_ptr>(SQL_DESC_ROWS_PROCESSED_PTR, kLength, kNone, kWrite,
                                        kWrite),
    kAllocType,
    kCount,
    common<&Record::type>(SQL_DESC_TYPE, kSmall, write_type),
    common<&Record::concise_type>(SQL_DESC_CONCISE_TYPE, kSmall, write_concise_type),
    common<&Record::datetime_interval_code>(SQL_DESC_DATETIME_INTERVAL_CODE, kSmall, write_subcode),
    common<&Record::datetime_interval_precision>(SQL_DESC_DATETIME_INTERVAL_PRECISION, kInteger),
    common<&Record::length>(SQL_DESC_LENGTH, kLength),
    common<&Record::octet_length>(SQL_DESC_OCTET_LENGTH, kLength),
    common<&Record::precision>(SQL_DESC_PRECISION, kSmall),
    common<&Record::scale>(SQL_DESC_SCALE, kSmall),
    common<&Record::radix>(SQL_DESC_NUM_PREC_RADIX, kInteger),
    deferred<&Record::data_ptr>(SQL_DESC_DATA_PTR, kWrite),  // in an IPD: asks for a check
    deferred<&Record::octet_length_ptr>(SQL_DESC_OCTET_LENGTH_PTR),
    deferred<&Record::indicator_ptr>(SQL_DESC_INDICATOR_PTR),
    kParameterType,
    kUnnamed,
    fact(SQL_DESC_NULLABLE, kSmall, kRead, get<&Record::nullable, Record>),
    fact(SQL_DESC_AUTO_UNIQUE_VALUE, kInteger, kNone, described<&Facts::auto_unique>),
    fact(SQL_DESC_CASE_SENSITIVE, kInteger, kRead, described<&Facts::case_sensitive>),
    fact(SQL_DESC_DISPLAY_SIZE, kLength, kNone, described<&Facts::display_size>),
    fact(SQL_DESC_FIXED_PREC_SCALE, kSmall, kRead, never),
    fact(SQL_DESC_ROWVER, kSmall, kRead, never),
    fact(SQL_DESC_SEARCHABLE, kSmall, kNone, searchable),
    fact(SQL_DESC_UNSIGNED, kSmall, kRead, described<&Facts::is_unsigned>),
    fact(SQL_DESC_UPDATABLE, kSmall, kNone, updatable),
    text(SQL_DESC_BASE_COLUMN_NAME),
    text(SQL_DESC_BASE_TABLE_NAME),
    text(SQL_DESC_CATALOG_NAME),
    text(SQL_DESC_LABEL),
    text(SQL_DESC_LITERAL_PREFIX),
    text(SQL_DESC_LITERAL_SUFFIX),
    text(SQL_DESC_LOCAL_TYPE_NAME, kRead),
    text(SQL_DESC_NAME, kWrite),
    text(SQL_DESC_SCHEMA_NAME),
    text(SQL_DESC_TABLE_NAME),
    text(SQL_DESC_TYPE_NAME, kRead),
};

const DescriptorFieldRow* find_field(SQLSMALLINT id) {
  const auto* const found = std::ranges::find(kFields, id, &DescriptorFieldRow::id);
  return found == kFields.end() ? nullptr : found;
}

}  // namespace

void set_type_defaults(DescriptorRecord& record) {
  switch (record.type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      record.precision = 0;
      break;
    case SQL_DATETIME:
      record.precision = record.datetime_interval_code == SQL_CODE_TIMESTAMP ? 6 : 0;
      break;
    case SQL_NUMERIC:
    case SQL_DECIMAL:
      record.precision = 38;
      record.scale = 0;
      break;
    case SQL_FLOAT:
      record.precision = 15;
      break;
    case SQL_INTERVAL:
      record.datetime_interval_precision = 2;
      record.precision = interval_has_seconds(record.datetime_interval_code) ? 6 : 0;
      break;
    default:
      break;
  }
}

FieldAccess DescriptorFieldRow::access(DescriptorRole role) const {
  switch (role) {
    case DescriptorRole::kApplication:
      return application;
    case DescriptorRole::kImplementationRow:
      return row;
    default:
      return param;
  }
}

const DescriptorFieldRow& descriptor_field(SQLSMALLINT id) {
  if (const DescriptorFieldRow* row = find_field(id)) return *row;
  throw Error(SqlState::kHY091, "Descriptor field " + std::to_string(id) + " does not exist");
}

bool is_text_field(SQLSMALLINT id) {
  const DescriptorFieldRow* row = find_field(id);
  return row != nullptr && row->shape == FieldShape::kText;
}

std::string text_of(const DescriptorRecord& record, SQLSMALLINT id) {
  const fabric::mysql::Column& source = record.source;
  const TypeInfo* type = record.description.type;
  switch (id) {
    case SQL_DESC_BASE_COLUMN_NAME:
      return source.base_name;
    case SQL_DESC_BASE_TABLE_NAME:
      return source.base_table;
    case SQL_DESC_CATALOG_NAME:
      return source.catalog_schema;
    case SQL_DESC_LABEL:
    case SQL_DESC_NAME:
      return record.name.empty() ? source.name : record.name;
    case SQL_DESC_LITERAL_PREFIX:
      return type == nullptr ? "" : std::string(type->quote);
    case SQL_DESC_LITERAL_SUFFIX:
      return type == nullptr ? "" : std::string(type->closing_quote());
    case SQL_DESC_LOCAL_TYPE_NAME:
    case SQL_DESC_TYPE_NAME:
      return type == nullptr ? "" : std::string(type->name);
    case SQL_DESC_TABLE_NAME:
      return source.table;
    default:
      return {};  // SQL_DESC_SCHEMA_NAME: databases are catalogs
  }
}

}  // namespace driver
