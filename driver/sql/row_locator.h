// Finds the row of a table that a row of a result came from, and writes the statements that change
// it. The row is found by a key that is among the columns, else by all of them.
// Belongs to one open cursor; knows no connection. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fabric/mysql/parameter.h"
#include "fabric/mysql/reply.h"

namespace driver::sql {

class RowLocator {
 public:
  using Columns = std::vector<fabric::mysql::Column>;

  /// Throws base::Error HYC00, with the reason, when `columns` are not of the one table or view
  /// that `table` (of the statement's text) names.
  RowLocator(const Columns& columns, fabric::mysql::RowFormat format, const std::string& table);

  /// "`db`.`table`".
  [[nodiscard]] const std::string& table() const { return table_; }
  [[nodiscard]] const std::string& table_name() const { return name_; }
  [[nodiscard]] const std::string& schema() const { return schema_; }
  /// Chooses the first of these keys (each without NULLs, given as its columns' names) whose
  /// columns are all in the result.
  void choose_key(const std::vector<std::vector<std::string>>& keys);
  /// Beside the key, if it is in the result: a statement tells its shard by it.
  void compare_too(const std::string& sharding_column);
  /// Columns (by their names) that the server computes out of others.
  void note_generated(const std::vector<std::string>& names);
  [[nodiscard]] bool is_generated(std::size_t column) const;
  [[nodiscard]] bool has_key() const { return !key_.empty(); }
  [[nodiscard]] bool in_key(std::size_t column) const;
  /// False for an expression.
  [[nodiscard]] bool of_table(std::size_t column) const;
  [[nodiscard]] const fabric::mysql::Column& column(std::size_t column) const {
    return columns_[column];
  }
  [[nodiscard]] std::optional<std::size_t> column_named(const std::string& name) const;
  /// Of the columns in this order the last that is the same one of the table as `column`, which
  /// may have been selected twice.
  [[nodiscard]] std::optional<std::size_t> place_of(std::size_t column,
                                                    std::span<const std::size_t> among) const;
  /// Rows are always found by its value.
  [[nodiscard]] bool finds_by(std::size_t column) const {
    return of_table(column) && (!has_key() || in_key(column) || column == compared_too_);
  }

  /// How `row` is found. `all_values`: only if nobody has changed it.
  [[nodiscard]] std::string where(const fabric::mysql::Row& row, bool all_values) const;
  /// The same once the columns `changed` have been set to `values`, which count where finds_by().
  [[nodiscard]] std::string where_after(const fabric::mysql::Row& row, bool all_values,
                                        std::span<const std::size_t> changed,
                                        std::span<const fabric::mysql::Parameter> values) const;
  /// How the row is found that was inserted with `values` in the columns `given`; nullopt when
  /// neither they nor `insert_id` are its key.
  [[nodiscard]] std::optional<std::string> where_added(
      std::span<const std::size_t> given, std::span<const fabric::mysql::Parameter> values,
      std::uint64_t insert_id) const;
  [[nodiscard]] fabric::mysql::RowFormat format() const { return format_; }

  // With `?` for each of `changed`, in their order.
  [[nodiscard]] std::string update(std::span<const std::size_t> changed,
                                   const std::string& where) const;
  [[nodiscard]] std::string insert(std::span<const std::size_t> given) const;
  [[nodiscard]] std::string remove(const std::string& where) const;
  /// How many rows are found, 2 for more.
  [[nodiscard]] std::string count(const std::string& where) const;
  /// The columns of_table() anew; NULL in the place of expressions.
  [[nodiscard]] std::string select(const std::string& where) const;

 private:
  const Columns columns_;  ///< a copy: the result may move to a spool
  const fabric::mysql::RowFormat format_;
  std::string table_;
  std::string schema_;
  std::string name_;
  std::vector<std::size_t> key_;
  std::optional<std::size_t> compared_too_;
  std::vector<std::size_t> generated_;
};

}  // namespace driver::sql
