// Changes rows of an open cursor's table and reads them anew: SQL written by RowLocator, run on the
// cursor's connection beside its own result. Belongs to the statement of that cursor; guarded by
// the connection's mutex.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "driver/cursor_options.h"
#include "driver/row_locator.h"
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
  CursorChanges(const Statement& statement, const RowLocator::Columns& columns,
                fabric::mysql::RowFormat format, const std::string& select);

  [[nodiscard]] const RowLocator& locator() const { return locator_; }
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
  void insert(Chosen columns, Values values);

  /// The row as it is now, `old` with `columns` set to `values`; expressions keep their old value.
  /// False: it is not there any more.
  using Taker = std::function<void(const fabric::mysql::Row&)>;
  bool read_again(const fabric::mysql::Row& old, Chosen columns, Values values, const Taker& take);

 private:
  std::uint64_t run(const std::string& sql, Values values);
  void find_key();

  const Statement& statement_;
  Connection& connection_;
  RowLocator locator_;
  bool knows_generated_ = false;
};

/// Of an UPDATE: rows that were found, though nothing changed in them.
std::uint64_t matched_rows(const fabric::mysql::Counts& counts);

inline constexpr const char* kNoRowHit =
    "The row is not there any more, or was changed by another: nothing was done";
inline constexpr const char* kSeveralRowsHit =
    "Several rows look like this one: one of them was changed";

}  // namespace driver
