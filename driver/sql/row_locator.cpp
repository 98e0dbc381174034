#include "driver/sql/row_locator.h"

#include <algorithm>
#include <optional>

#include "driver/sql/equals.h"
#include "driver/sql/literals.h"
#include "driver/sql/scan.h"
#include "fabric/base/error.h"

namespace driver::sql {

using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::Column;
using fabric::mysql::Row;

namespace {

constexpr std::size_t kLongestCompared = std::size_t{64} << 10U;
/// Of a column's flags: ON UPDATE CURRENT_TIMESTAMP.
constexpr std::uint16_t kOnUpdateNow = 8192;

Error refusal(const std::string& why) {
  return {SqlState::kHYC00, "The rows of this result cannot be changed: " + why};
}

}  // namespace

RowLocator::RowLocator(const Columns& columns, fabric::mysql::RowFormat format,
                       const std::string& table)
    : columns_(columns), format_(format) {
  const Column* first = nullptr;
  for (const Column& column : columns) {
    if (column.base_table.empty() || column.base_name.empty()) continue;
    if (first == nullptr) first = &column;
    if (column.base_table != first->base_table || column.catalog_schema != first->catalog_schema ||
        column.table != first->table) {
      throw refusal("they come from several tables");
    }
  }
  if (first == nullptr) throw refusal("all columns are expressions");
  if (!equals_ignoring_case(first->base_table, table)) {
    throw refusal("they do not come from the table that the statement names");
  }
  name_ = first->base_table;
  schema_ = first->catalog_schema;
  table_ = sql_name(schema_) + "." + sql_name(name_);
}

bool RowLocator::of_table(std::size_t column) const {
  return column < columns_.size() && !columns_[column].base_table.empty() &&
         !columns_[column].base_name.empty();
}

bool RowLocator::in_key(std::size_t column) const {
  return std::find(key_.begin(), key_.end(), column) != key_.end();
}

std::optional<std::size_t> RowLocator::column_named(const std::string& name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (of_table(i) && equals_ignoring_case(columns_[i].base_name, name)) return i;
  }
  return {};
}

std::optional<std::size_t> RowLocator::place_of(std::size_t column,
                                                std::span<const std::size_t> among) const {
  for (std::size_t place = among.size(); place > 0; --place) {
    const std::string& name = columns_[among[place - 1]].base_name;
    if (equals_ignoring_case(name, columns_[column].base_name)) return place - 1;
  }
  return {};
}

void RowLocator::note_generated(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (const auto column = column_named(name)) generated_.push_back(*column);
  }
}

bool RowLocator::is_generated(std::size_t column) const {
  return std::ranges::find(generated_, column) != generated_.end();
}

void RowLocator::compare_too(const std::string& sharding_column) {
  compared_too_ = column_named(sharding_column);
}

void RowLocator::choose_key(const std::vector<std::vector<std::string>>& keys) {
  for (const auto& names : keys) {
    std::vector<std::size_t> found;
    for (const std::string& name : names) {
      if (const auto column = column_named(name)) found.push_back(*column);
    }
    if (names.empty() || found.size() != names.size()) continue;
    key_ = std::move(found);
    return;
  }
}

std::string RowLocator::where(const Row& row, bool all_values) const {
  return where_after(row, all_values, {}, {});
}

std::string RowLocator::where_after(const Row& row, bool all_values,
                                    std::span<const std::size_t> changed,
                                    std::span<const fabric::mysql::Parameter> values) const {
  std::string text;
  const auto follows = [&](std::size_t i) {
    const bool with_others = is_generated(i) || (columns_[i].flags & kOnUpdateNow) != 0;
    return !changed.empty() && with_others && !place_of(i, changed);
  };
  const bool keyed = has_key() && std::ranges::none_of(key_, follows);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!of_table(i) || follows(i)) continue;
    const bool compared =
        in_key(i) || !keyed || i == compared_too_ ||
        (all_values && compares_exactly(columns_[i]) && row[i].size <= kLongestCompared);
    if (!compared) continue;
    if (!text.empty()) text += " AND ";
    const std::optional<std::size_t> set = place_of(i, changed);
    text += set ? sql_equals(columns_[i], values[*set]) : sql_equals(columns_[i], format_, row[i]);
  }
  return text.empty() ? "FALSE" : text;
}

std::optional<std::string> RowLocator::where_added(std::span<const std::size_t> given,
                                                   std::span<const fabric::mysql::Parameter> values,
                                                   std::uint64_t insert_id) const {
  std::string text;
  for (const std::size_t column : key_) {
    const bool made = columns_[column].auto_increment() && insert_id != 0;
    const std::optional<std::size_t> set = place_of(column, given);
    if (!made && !set) return std::nullopt;
    if (!text.empty()) text += " AND ";
    text += sql_equals(columns_[column], made ? fabric::mysql::Parameter(insert_id) : values[*set]);
  }
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string RowLocator::update(std::span<const std::size_t> changed,
                               const std::string& where) const {
  std::string text = "UPDATE " + table_ + " SET ";
  for (std::size_t i = 0; i < changed.size(); ++i) {
    text += (i > 0 ? "," : "") + sql_name(columns_[changed[i]].base_name) + "=?";
  }
  return text + " WHERE " + where + " LIMIT 1";
}

std::string RowLocator::insert(std::span<const std::size_t> given) const {
  std::string names;
  std::string values;
  for (const std::size_t column : given) {
    names += (names.empty() ? "" : ",") + sql_name(columns_[column].base_name);
    values += values.empty() ? "?" : ",?";
  }
  return "INSERT INTO " + table_ + " (" + names + ") VALUES (" + values + ")";
}

std::string RowLocator::remove(const std::string& where) const {
  return "DELETE FROM " + table_ + " WHERE " + where + " LIMIT 1";
}

std::string RowLocator::count(const std::string& where) const {
  return "SELECT COUNT(*) FROM (SELECT 1 FROM " + table_ + " WHERE " + where +
         " LIMIT 2) AS found_rows";
}

std::string RowLocator::select(const std::string& where) const {
  std::string text = "SELECT ";
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    text += i > 0 ? "," : "";
    text += of_table(i) ? sql_name(columns_[i].base_name) : "NULL";
  }
  return text + " FROM " + table_ + " WHERE " + where + " LIMIT 1";
}

}  // namespace driver::sql
