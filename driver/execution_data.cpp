#include "driver/execution_data.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "driver/text/utf.h"
#include "driver/type_info.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::base::SqlState;

namespace {

bool at_execution(const SQLLEN* pointer) {
  if (pointer == nullptr) return false;
  SQLLEN value = 0;
  std::memcpy(&value, pointer, sizeof value);
  return value == SQL_DATA_AT_EXEC || value <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

/// The size of one piece, of which `data` may be null only if it is 0.
std::size_t piece_size(SQLSMALLINT c_type, const void* data, SQLLEN length) {
  if (data == nullptr && length != 0) {
    throw Error(SqlState::kHY009, "SQLPutData got a null pointer");
  }
  if (const SQLLEN fixed = fixed_c_size(c_type); fixed != 0) {
    if (data == nullptr) throw Error(SqlState::kHY009, "SQLPutData got a null pointer");
    return static_cast<std::size_t>(fixed);
  }
  if (length >= 0) return static_cast<std::size_t>(length);
  if (length != SQL_NTS || c_type == SQL_C_BINARY) {
    throw Error(SqlState::kHY090,
                "The length given to SQLPutData is negative: a number of bytes, SQL_NTS for text "
                "or SQL_NULL_DATA is expected");
  }
  return c_type == SQL_C_WCHAR
             ? text::length_of(static_cast<const SQLWCHAR*>(data)) * sizeof(SQLWCHAR)
             : std::strlen(static_cast<const char*>(data));
}

}  // namespace

bool ExecutionData::wanted(const convert::CSource& source) {
  return at_execution(source.indicator) || at_execution(source.length);
}

void ExecutionData::clear() {
  values_.clear();
  current_ = 0;
  sent_lost_ = false;
}

void ExecutionData::want(std::size_t set, SQLSMALLINT number, const convert::CSource& source) {
  values_.push_back({.set = set,
                     .number = number,
                     .c_type = source.c_type,
                     .token = const_cast<void*>(source.data),
                     .bytes = {}});
}

bool ExecutionData::next() {
  if (current_ != 0 && !values_[current_ - 1].given) {
    throw Error(SqlState::kHY010,
                "The parameter that SQLParamData named waits for its value: call SQLPutData");
  }
  if (current_ == values_.size()) return false;
  ++current_;
  return true;
}

void ExecutionData::put(const void* data, SQLLEN length) {
  Value& value = values_[current_ - 1];
  const bool special = length == SQL_NULL_DATA || length == SQL_DEFAULT_PARAM;
  if (value.given && (special || value.special != 0)) {
    throw Error(SqlState::kHY020, "Neither can data be appended to a NULL nor a NULL to data");
  }
  if (special) {
    value.special = length;
  } else {
    if (value.given && fixed_c_size(value.c_type) != 0) {
      throw Error(SqlState::kHY019, "Only text and binary data go in pieces");
    }
    const std::size_t size = piece_size(value.c_type, data, length);
    if (size != 0) value.bytes.append(static_cast<const char*>(data), size);
  }
  value.given = true;
}

ExecutionData::Piece ExecutionData::piece(std::size_t from, std::size_t most, bool end) const {
  const Value& value = values_[current_ - 1];
  const std::size_t size = std::min(most, value.bytes.size() - from);
  if (value.c_type != SQL_C_WCHAR) return {value.bytes.substr(from, size), size};
  std::u16string units(size / sizeof(SQLWCHAR), u'\0');
  std::memcpy(units.data(), value.bytes.data() + from, units.size() * sizeof(SQLWCHAR));
  if (end && from + size == value.bytes.size()) return {text::to_utf8(units), size};
  const bool half = !units.empty() && (units.back() & 0xFC00U) == 0xD800U;
  if (half) units.pop_back();
  return {text::to_utf8(units), units.size() * sizeof(SQLWCHAR)};
}

void ExecutionData::were_sent(std::size_t bytes) {
  Value& value = values_[current_ - 1];
  value.sent += bytes;
  value.bytes.erase(0, bytes);
}

bool ExecutionData::sent_any() const {
  return std::ranges::any_of(values_, [](const Value& value) { return value.sent != 0; });
}

void ExecutionData::lose_sent() { sent_lost_ = sent_lost_ || sent_any(); }

std::optional<bool> ExecutionData::text_in_pieces(SQLSMALLINT c_type, SQLSMALLINT sql_type) {
  switch (sql_type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      return c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY
                 ? std::optional(true)
                 : std::nullopt;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return c_type == SQL_C_BINARY ? std::optional(false) : std::nullopt;
    default:
      return std::nullopt;
  }
}

bool ExecutionData::sent(std::size_t set, SQLSMALLINT number) const {
  const Value* found = find(set, number);
  return found != nullptr && found->sent != 0;
}

const ExecutionData::Value* ExecutionData::find(std::size_t set, SQLSMALLINT number) const {
  const auto place = std::tuple(set, number);
  const auto found = std::ranges::lower_bound(
      values_, place, {}, [](const Value& value) { return std::tuple(value.set, value.number); });
  if (found == values_.end() || std::tuple(found->set, found->number) != place) return nullptr;
  return &*found;
}

bool ExecutionData::replace(std::size_t set, SQLSMALLINT number, convert::CSource& source,
                            SQLLEN& length) const {
  const Value* found = find(set, number);
  if (found == nullptr) return false;
  length = found->special != 0 ? found->special : static_cast<SQLLEN>(found->bytes.size());
  source.data = found->bytes.data();
  source.length = source.indicator = &length;
  return true;
}

}  // namespace driver
