// Changes rows of an open cursor's table and reads them anew: SQL written by RowLocator, run on the
// cursor's connection beside its own result. Belongs to the statement of that cursor; guarded by
// the connection's mutex.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/cursor_options.h"
#include "driver/sql/row_locator.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/parameter.h"

namespace driver {

class Connection;
class Statement;

class CursorChanges {
 public:
  enum class Hit : std::uint8_t { kOne, kNone, kSeveral };

  /// `select`: the text that the result `columns` came from. Throws HYC00 where no row of it can
  /// be changed.
  CursorChanges(const Statement& statement, const sql::RowLocator::Columns& columns,
                fabric::mysql::RowFormat format, const std::string& select);

  [[nodiscard]] const sql::RowLocator& locator() const { return locator_; }
  /// The server computes it: it is never written.
  bool is_generated(std::size_t column);

  /// How `row` is found, checked: HYC00 when `options` want it to be unique and it need not be.
  struct Found {
    std::string where;
    Hit hit = Hit::kOne;  ///< before the change; kOne with a key: as the change will tell
  };
  Found find(const fabric::mysql::Row& row, const CursorOptions& options);

  using Values = std::span<const fabric::mysql::Parameter>;
  using Chosen = std::span<const std::size_t>;
  Hit update(const Found& found, Chosen columns, Values values);
  Hit remove(const Found& found);
  /// The AUTO_INCREMENT value of the new row; 0: none was made.
  std::uint64_t insert(Chosen columns, Values values);

  /// What an UPDATE will make of the columns that rows are found by.
  struct Foreseen {
    std::vector<std::size_t> columns;
    std::vector<fabric::mysql::Parameter> values;
    std::deque<std::string> texts;  ///< of the values
  };
  /// `update`, up to its WHERE and with `values` for its markers, is about to change what is
  /// `found`. Nothing where it sets none of these columns, or to what cannot be told.
  Foreseen foresee(const Found& found, std::string_view update, Values values);

  /// The row as it is now, `old` with `columns` set to `values`; expressions keep their old value.
  /// False: it is not there any more.
  using Taker = std::function<void(const fabric::mysql::Row&)>;
  bool read_again(const fabric::mysql::Row& old, Chosen columns, Values values, const Taker& take);
  /// The row that insert() has made, NULL for expressions. False: it is not found by its key.
  bool read_added(Chosen columns, Values values, std::uint64_t insert_id, const Taker& take);

 private:
  fabric::mysql::Counts run(const std::string& sql, Values values);
  bool read_row(const std::string& where, const Taker& take);
  bool read_values(const std::string& sql, const std::vector<std::size_t>& asked, Foreseen& into);
  void find_key();
  void require_every_column();

  const Statement& statement_;
  Connection& connection_;
  sql::RowLocator locator_;
  bool knows_generated_ = false;
  bool has_every_column_ = false;
};

/// Of an UPDATE: rows that were found, though nothing changed in them.
std::uint64_t matched_rows(const fabric::mysql::Counts& counts);

inline constexpr const char* kNoRowHit =
    "The row is not there any more, or was changed by another: nothing was done";
inline constexpr const char* kSeveralRowsHit =
    "Several rows look like this one: one of them was changed";

}  // namespace driver
