// A Reply over rows made in memory: what catalog functions, SQLGetTypeInfo and the statements the
// driver answers itself give out. Text format, so that it converts and describes like an answer
// of the server. Belongs to the statement that shows it; not thread-safe.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fabric/mysql/reply.h"

namespace driver::rows {

/// One row as text; nullopt is SQL NULL.
using Record = std::vector<std::optional<std::string>>;

/// One more value at the end of a record.
inline void put(Record& record, std::nullopt_t /*null*/) { record.emplace_back(); }
inline void put(Record& record, std::string_view text) { record.emplace_back(std::in_place, text); }
inline void put(Record& record, const char* text) { put(record, std::string_view(text)); }
inline void put(Record& record, std::string text) { record.emplace_back(std::move(text)); }
inline void put(Record& record, std::optional<std::string>&& value) {
  record.push_back(std::move(value));
}
inline void put(Record& record, const std::optional<std::string>& value) {
  record.push_back(value);
}
template <std::integral Number>
void put(Record& record, Number number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  record.emplace_back(std::in_place, digits.begin(), end);
}
template <std::integral Number>
void put(Record& record, std::optional<Number> number) {
  if (number) return put(record, *number);
  put(record, std::nullopt);
}

/// Made of these in place: of an initializer list each would be copied.
template <class... Values>
Record record(Values&&... values) {
  Record record;
  record.reserve(sizeof...(values));
  (put(record, std::forward<Values>(values)), ...);
  return record;
}
template <class... Columns>
std::vector<fabric::mysql::Column> column_list(Columns&&... columns) {
  std::vector<fabric::mysql::Column> list;
  list.reserve(sizeof...(columns));
  (list.push_back(std::forward<Columns>(columns)), ...);
  return list;
}

Record record_of(const fabric::mysql::Row& row);
/// All that is left of the result at hand, of strings and whole numbers if it is binary.
std::vector<Record> rows_of(fabric::mysql::Reply& reply, fabric::base::Deadline deadline);

/// Columns as a server would announce them, described as SMALLINT, INTEGER, BIGINT and
/// VARCHAR(`characters`).
fabric::mysql::Column smallint_column(std::string name);
fabric::mysql::Column integer_column(std::string name);
fabric::mysql::Column bigint_column(std::string name);
fabric::mysql::Column varchar_column(std::string name, std::uint32_t characters);
fabric::mysql::Column not_null(fabric::mysql::Column column);

class MemoryReply final : public fabric::mysql::Reply {
 public:
  /// Every record has one value per column.
  MemoryReply(std::vector<fabric::mysql::Column> columns, std::vector<Record> rows);

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override;
  [[nodiscard]] fabric::mysql::RowFormat format() const override;
  [[nodiscard]] const fabric::mysql::Counts& counts() const override;
  const fabric::mysql::Row* fetch(fabric::base::Deadline deadline) override;
  bool next_result(fabric::base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override;

 private:
  const std::vector<fabric::mysql::Column> columns_;
  const std::vector<Record> rows_;
  const fabric::mysql::Counts counts_;
  std::size_t next_ = 0;
  bool finished_ = false;
  std::vector<fabric::mysql::Cell> cells_;
  fabric::mysql::Row row_;
};

}  // namespace driver::rows
