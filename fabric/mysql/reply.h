// A server's answers as both protocols give them: columns, rows as cells that point into the
// library's buffers, and the closing counts. No <mysql.h> here.
// Belongs to the thread that uses the connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fabric/base/deadline.h"

namespace fabric::mysql {

/// Wire types, numbered as in the protocol (enum_field_types).
enum class WireType : std::uint8_t {
  kDecimal = 0,
  kTiny = 1,
  kShort = 2,
  kLong = 3,
  kFloat = 4,
  kDouble = 5,
  kNull = 6,
  kTimestamp = 7,
  kLongLong = 8,
  kInt24 = 9,
  kDate = 10,
  kTime = 11,
  kDateTime = 12,
  kYear = 13,
  kNewDate = 14,
  kVarchar = 15,
  kBit = 16,
  kJson = 245,
  kNewDecimal = 246,
  kEnum = 247,
  kSet = 248,
  kTinyBlob = 249,
  kMediumBlob = 250,
  kLongBlob = 251,
  kBlob = 252,
  kVarString = 253,
  kString = 254,
  kGeometry = 255
};

struct Column {
  std::string catalog_schema;  ///< database of the base table, empty for expressions
  std::string table;           ///< alias as used in the statement
  std::string base_table;
  std::string name;  ///< label
  std::string base_name;
  WireType type = WireType::kNull;
  std::uint32_t length = 0;   ///< display length in bytes of the connection's charset
  std::uint16_t charset = 0;  ///< collation id; 63 is binary
  std::uint16_t flags =
      0;  ///< NOT_NULL 1, PRI_KEY 2, UNSIGNED 32, BINARY 128, AUTO_INCREMENT 512...
  std::uint8_t decimals = 0;

  [[nodiscard]] bool not_null() const { return (flags & 1U) != 0; }
  [[nodiscard]] bool is_unsigned() const { return (flags & 32U) != 0; }
  [[nodiscard]] bool auto_increment() const { return (flags & 512U) != 0; }
  [[nodiscard]] bool is_binary() const { return charset == 63; }
  friend bool operator==(const Column&, const Column&) = default;
};

/// One value as it lies on the wire: text protocol: its characters; binary protocol: the payload
/// (integers little-endian in their wire width, length-encoded types without their length prefix).
struct Cell {
  const std::uint8_t* data = nullptr;  ///< null: SQL NULL
  std::size_t size = 0;

  [[nodiscard]] bool null() const { return data == nullptr; }
};

enum class RowFormat : std::uint8_t { kText, kBinary };

using Row = std::span<const Cell>;

/// Where the cells of a row lie.
enum class RowLayout : std::uint8_t {
  kScattered,
  kPacket  ///< in one packet, in their order, with only their lengths between them
};

/// The closing facts of one result (an OK packet, or the EOF after rows).
struct Counts {
  std::uint64_t affected_rows = 0;
  std::uint64_t insert_id = 0;
  std::uint16_t warnings = 0;
  std::string info;
};

/// The results of one command, streamed. Only one may be open on a connection.
/// Every call may throw MysqlError; after a lost link the reply and its connection are useless.
class Reply {
 public:
  virtual ~Reply() = default;
  Reply() = default;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  /// The current result's columns; empty when it has no rows to give (then counts() is final).
  [[nodiscard]] virtual const std::vector<Column>& columns() const = 0;
  /// The same where they can outlive the reply, and may be another's too; else null.
  [[nodiscard]] virtual std::shared_ptr<const std::vector<Column>> shared_columns() const {
    return nullptr;
  }
  [[nodiscard]] virtual RowFormat format() const = 0;
  [[nodiscard]] virtual RowLayout layout() const { return RowLayout::kScattered; }
  /// The current result is the one row of a procedure's OUT and INOUT parameters, which a prepared
  /// CALL gives behind all other results.
  [[nodiscard]] virtual bool out_parameters() const { return false; }
  /// Final once fetch() has returned null, or at once without columns.
  [[nodiscard]] virtual const Counts& counts() const = 0;
  /// The next row, valid until the next call; null at the end of this result.
  virtual const Row* fetch(base::Deadline deadline) = 0;
  /// The next row where it has come already; null where fetch() must say.
  virtual const Row* fetch_at_hand() { return nullptr; }
  /// Skips what is left of this result and goes to the next; false when there is none.
  virtual bool next_result(base::Deadline deadline) = 0;
  /// True when everything has been read: the connection is free for another command.
  [[nodiscard]] virtual bool finished() const = 0;
};

}  // namespace fabric::mysql
