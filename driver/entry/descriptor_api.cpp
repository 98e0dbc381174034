// SQLGetDescField, SQLGetDescRec, SQLSetDescField, SQLSetDescRec, SQLCopyDesc; W and A.
#include <exception>
#include <utility>

#include "driver/call.h"
#include "driver/connection.h"
#include "driver/descriptor.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Descriptor;
using driver::Sequence;
using fabric::base::Error;
using fabric::base::SqlState;

void put_field(driver::FieldShape shape, SQLLEN value, SQLPOINTER target, SQLINTEGER* length) {
  const std::size_t width = shape == driver::FieldShape::kSmall     ? sizeof(SQLSMALLINT)
                            : shape == driver::FieldShape::kInteger ? sizeof(SQLINTEGER)
                                                                    : sizeof(SQLLEN);
  if (target != nullptr) std::memcpy(target, &value, width);  // little-endian: the low bytes
  if (length != nullptr) *length = static_cast<SQLINTEGER>(width);
}

template <class Char>
SQLRETURN get_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER value,
                    SQLINTEGER capacity, SQLINTEGER* length) {
  return call<Descriptor>(handle, [&](Descriptor& descriptor) {
    const driver::DescriptorFieldRow& row = driver::descriptor_field(id);
    const bool of_columns = !row.in_header() || id == SQL_DESC_COUNT;
    if (of_columns) descriptor.prepare_to_read();
    if (!row.in_header() && descriptor.readable(record) == nullptr) return SQL_NO_DATA;
    if (row.shape != driver::FieldShape::kText) {
      put_field(row.shape, descriptor.field(record, id), value, length);
      return SQL_SUCCESS;
    }
    if (capacity < 0) throw Error(SqlState::kHY090, "The buffer's length is negative");
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
    if (!driver::is_text_field(id)) {
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
    if (capacity < 0) throw Error(SqlState::kHY090, "The buffer's length is negative");
    descriptor.prepare_to_read();
    const driver::DescriptorRecord* record = descriptor.readable(number);
    if (record == nullptr) return SQL_NO_DATA;
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
    descriptor.set_record(number, {.type = type,
                                   .subtype = subtype,
                                   .octet_length = length,
                                   .precision = precision,
                                   .scale = scale,
                                   .data_ptr = data,
                                   .octet_length_ptr = octet_length,
                                   .indicator_ptr = indicator});
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source_handle, SQLHDESC target_handle) {
  driver::DescriptorFields fields;
  std::exception_ptr refused;
  // The two may be of different connections: their locks are taken one after the other.
  const auto read_source = [&](Descriptor& source) {
    try {
      source.require_in_sequence(Sequence::kOrdinary);
      source.prepare_to_read();
      if (source.role() == driver::DescriptorRole::kImplementationRow && source.count() == 0) {
        throw Error(SqlState::k24000, "The statement gives no columns that could be copied");
      }
      fields = source.copy();
    } catch (...) {
      refused = std::current_exception();  // told on the target
    }
    return SQL_SUCCESS;
  };
  if (call<Descriptor>(source_handle, read_source, Sequence::kWhileDataIsNeeded) != SQL_SUCCESS) {
    return SQL_INVALID_HANDLE;
  }
  return call<Descriptor>(target_handle, [&](Descriptor& target) {
    if (refused) std::rethrow_exception(refused);
    target.paste(std::move(fields));
    return SQL_SUCCESS;
  });
}
