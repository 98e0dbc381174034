// SQLGetDescField, SQLGetDescRec, SQLSetDescField, SQLSetDescRec, SQLCopyDesc; W and A.
#include "driver/call.h"
#include "driver/connection.h"
#include "driver/descriptor.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Descriptor;
using fabric::base::Error;
using fabric::base::SqlState;

void put_field(SQLSMALLINT id, SQLLEN value, SQLPOINTER target, SQLINTEGER* length) {
  std::size_t width = 0;
  switch (id) {
    case SQL_DESC_ARRAY_SIZE:
    case SQL_DESC_ARRAY_STATUS_PTR:
    case SQL_DESC_BIND_OFFSET_PTR:
    case SQL_DESC_ROWS_PROCESSED_PTR:
    case SQL_DESC_DATA_PTR:
    case SQL_DESC_INDICATOR_PTR:
    case SQL_DESC_OCTET_LENGTH_PTR:
    case SQL_DESC_LENGTH:
    case SQL_DESC_OCTET_LENGTH:
    case SQL_DESC_DISPLAY_SIZE:
      width = sizeof(SQLLEN);
      break;
    case SQL_DESC_BIND_TYPE:
    case SQL_DESC_AUTO_UNIQUE_VALUE:
    case SQL_DESC_CASE_SENSITIVE:
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
    case SQL_DESC_NUM_PREC_RADIX:
      width = sizeof(SQLINTEGER);
      break;
    default:
      width = sizeof(SQLSMALLINT);
  }
  if (target != nullptr) std::memcpy(target, &value, width);  // little-endian: the low bytes
  if (length != nullptr) *length = static_cast<SQLINTEGER>(width);
}

template <class Char>
SQLRETURN get_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER value,
                    SQLINTEGER capacity, SQLINTEGER* length) {
  return call<Descriptor>(handle, [&](Descriptor& descriptor) {
    if (!Descriptor::is_text_field(id)) {
      put_field(id, descriptor.field(record, id), value, length);
      return SQL_SUCCESS;
    }
    if (record > descriptor.count()) return SQL_NO_DATA;
    if (driver::text::to_application_bytes(descriptor.text_field(record, id),
                                           static_cast<Char*>(value), capacity, length)) {
      descriptor.diagnostics.warn(SqlState::k01004, "The descriptor field was cut");
    }
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN set_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER value,
                    SQLINTEGER length) {
  return call<Descriptor>(handle, [&](Descriptor& descriptor) {
    if (!Descriptor::is_text_field(id)) {
      descriptor.set_field(record, id, value);
      return SQL_SUCCESS;
    }
    const SQLINTEGER units = length < 0 ? length : length / static_cast<SQLINTEGER>(sizeof(Char));
    descriptor.set_text_field(
        record, id,
        driver::text::from_application(static_cast<const Char*>(value), units).value_or(""));
    return SQL_SUCCESS;
  });
}

struct RecordOutput {
  SQLSMALLINT* name_length;
  SQLSMALLINT* type;
  SQLSMALLINT* subtype;
  SQLLEN* length;
  SQLSMALLINT* precision;
  SQLSMALLINT* scale;
  SQLSMALLINT* nullable;
};

template <class Char>
SQLRETURN get_record(SQLHDESC handle, SQLSMALLINT number, Char* name, SQLSMALLINT capacity,
                     const RecordOutput& out) {
  return call<Descriptor>(handle, [&](Descriptor& descriptor) {
    if (number > descriptor.count()) return SQL_NO_DATA;
    const driver::DescriptorRecord* record = descriptor.find(number);
    if (record == nullptr) throw Error(SqlState::k07009, "There is no such descriptor record");
    if (out.type != nullptr) *out.type = record->type;
    if (out.subtype != nullptr) *out.subtype = record->datetime_interval_code;
    if (out.length != nullptr) *out.length = record->octet_length;
    if (out.precision != nullptr) *out.precision = record->precision;
    if (out.scale != nullptr) *out.scale = record->scale;
    if (out.nullable != nullptr) *out.nullable = record->nullable;
    if (driver::text::to_application(descriptor.text_field(number, SQL_DESC_NAME), name, capacity,
                                     out.name_length)) {
      descriptor.diagnostics.warn(SqlState::k01004, "The name was cut");
    }
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLGetDescField(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id,
                                             SQLPOINTER value, SQLINTEGER capacity,
                                             SQLINTEGER* length) {
  return get_field<SQLCHAR>(handle, record, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetDescFieldW(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id,
                                              SQLPOINTER value, SQLINTEGER capacity,
                                              SQLINTEGER* length) {
  return get_field<SQLWCHAR>(handle, record, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLSetDescField(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id,
                                             SQLPOINTER value, SQLINTEGER length) {
  return set_field<SQLCHAR>(handle, record, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLSetDescFieldW(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id,
                                              SQLPOINTER value, SQLINTEGER length) {
  return set_field<SQLWCHAR>(handle, record, id, value, length);
}

extern "C" SQLRETURN SQL_API SQLGetDescRec(SQLHDESC handle, SQLSMALLINT record, SQLCHAR* name,
                                           SQLSMALLINT capacity, SQLSMALLINT* name_length,
                                           SQLSMALLINT* type, SQLSMALLINT* subtype, SQLLEN* length,
                                           SQLSMALLINT* precision, SQLSMALLINT* scale,
                                           SQLSMALLINT* nullable) {
  return get_record(handle, record, name, capacity,
                    {name_length, type, subtype, length, precision, scale, nullable});
}

extern "C" SQLRETURN SQL_API SQLGetDescRecW(SQLHDESC handle, SQLSMALLINT record, SQLWCHAR* name,
                                            SQLSMALLINT capacity, SQLSMALLINT* name_length,
                                            SQLSMALLINT* type, SQLSMALLINT* subtype, SQLLEN* length,
                                            SQLSMALLINT* precision, SQLSMALLINT* scale,
                                            SQLSMALLINT* nullable) {
  return get_record(handle, record, name, capacity,
                    {name_length, type, subtype, length, precision, scale, nullable});
}

extern "C" SQLRETURN SQL_API SQLSetDescRec(SQLHDESC handle, SQLSMALLINT number, SQLSMALLINT type,
                                           SQLSMALLINT subtype, SQLLEN length,
                                           SQLSMALLINT precision, SQLSMALLINT scale,
                                           SQLPOINTER data, SQLLEN* octet_length,
                                           SQLLEN* indicator) {
  return call<Descriptor>(handle, [&](Descriptor& descriptor) {
    descriptor.set_record(number, type, subtype, length, precision, scale);
    driver::DescriptorRecord& record = descriptor.record(number);
    record.data_ptr = data;
    record.octet_length_ptr = octet_length;
    record.indicator_ptr = indicator;
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source_handle, SQLHDESC target_handle) {
  auto* source = driver::resolve<Descriptor>(source_handle);
  if (source == nullptr) return SQL_INVALID_HANDLE;
  return call<Descriptor>(target_handle, [&](Descriptor& target) {
    target.copy_from(*source);
    return SQL_SUCCESS;
  });
}
