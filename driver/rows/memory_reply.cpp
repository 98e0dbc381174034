#include "driver/rows/memory_reply.h"

#include <cassert>
#include <utility>

namespace driver::rows {

namespace {

using fabric::mysql::WireType;

/// A whole number of the binary protocol.
std::string digits_of(const fabric::mysql::Cell& cell, bool is_unsigned) {
  std::uint64_t value = 0;
  for (std::size_t i = cell.size; i > 0; --i) value = value << 8U | cell.data[i - 1];
  if (is_unsigned) return std::to_string(value);
  const auto unused = static_cast<int>(64 - 8 * cell.size);
  return std::to_string(static_cast<std::int64_t>(value << unused) >> unused);
}

bool is_whole_number(WireType type) {
  switch (type) {
    case WireType::kTiny:
    case WireType::kShort:
    case WireType::kYear:
    case WireType::kInt24:
    case WireType::kLong:
    case WireType::kLongLong:
      return true;
    default:
      return false;
  }
}

/// Turns the whole numbers of a row of the binary protocol, which stand there as bytes, into text.
void spell_numbers(Record& record, const fabric::mysql::Row& row,
                   const std::vector<fabric::mysql::Column>& columns) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].null() || !is_whole_number(columns[i].type)) continue;
    record[i] = digits_of(row[i], columns[i].is_unsigned());
  }
}

}  // namespace

Record record_of(const fabric::mysql::Row& row) {
  Record record;
  record.reserve(row.size());
  for (const fabric::mysql::Cell& cell : row) {
    if (cell.null()) {
      record.emplace_back();
    } else {
      record.emplace_back(std::in_place, reinterpret_cast<const char*>(cell.data), cell.size);
    }
  }
  return record;
}

std::vector<Record> rows_of(fabric::mysql::Reply& reply, fabric::base::Deadline deadline) {
  std::vector<Record> rows;
  const bool binary = reply.format() == fabric::mysql::RowFormat::kBinary;
  while (const fabric::mysql::Row* row = reply.fetch(deadline)) {
    rows.push_back(record_of(*row));
    if (binary) spell_numbers(rows.back(), *row, reply.columns());
  }
  return rows;
}

namespace mysql = fabric::mysql;

namespace {

constexpr std::uint16_t kUtf8mb4 = 45;  // utf8mb4_general_ci
constexpr std::uint16_t kBinary = 63;
constexpr std::uint16_t kNotNullFlag = 1;
constexpr std::uint16_t kBinaryFlag = 128;
constexpr std::uint32_t kBytesPerCharacter = 4;

mysql::Column number_column(std::string name, mysql::WireType type, std::uint32_t length) {
  mysql::Column column;
  column.name = std::move(name);
  column.type = type;
  column.length = length;
  column.charset = kBinary;
  column.flags = kBinaryFlag;
  return column;
}

}  // namespace

mysql::Column smallint_column(std::string name) {
  return number_column(std::move(name), mysql::WireType::kShort, 6);
}

mysql::Column integer_column(std::string name) {
  return number_column(std::move(name), mysql::WireType::kLong, 11);
}

mysql::Column bigint_column(std::string name) {
  return number_column(std::move(name), mysql::WireType::kLongLong, 20);
}

mysql::Column varchar_column(std::string name, std::uint32_t characters) {
  mysql::Column column;
  column.name = std::move(name);
  column.type = mysql::WireType::kVarString;
  column.length = characters * kBytesPerCharacter;
  column.charset = kUtf8mb4;
  return column;
}

mysql::Column not_null(mysql::Column column) {
  column.flags = static_cast<std::uint16_t>(column.flags | kNotNullFlag);
  return column;
}

MemoryReply::MemoryReply(std::vector<mysql::Column> columns, std::vector<Record> rows)
    : columns_(std::move(columns)),
      rows_(std::move(rows)),
      counts_{.affected_rows = rows_.size(), .insert_id = 0, .warnings = 0, .info = {}},
      cells_(columns_.size()),
      row_(cells_) {}

const std::vector<mysql::Column>& MemoryReply::columns() const { return columns_; }

mysql::RowFormat MemoryReply::format() const { return mysql::RowFormat::kText; }

const mysql::Counts& MemoryReply::counts() const { return counts_; }

const mysql::Row* MemoryReply::fetch(fabric::base::Deadline /*deadline*/) {
  if (next_ == rows_.size()) {
    finished_ = true;
    return nullptr;
  }
  const Record& record = rows_[next_++];
  assert(record.size() == cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto& value = record[i];
    cells_[i] = value ? mysql::Cell{.data = reinterpret_cast<const std::uint8_t*>(value->data()),
                                    .size = value->size()}
                      : mysql::Cell{};
  }
  return &row_;
}

bool MemoryReply::next_result(fabric::base::Deadline /*deadline*/) {
  next_ = rows_.size();
  finished_ = true;
  return false;
}

bool MemoryReply::finished() const { return finished_; }

}  // namespace driver::rows
