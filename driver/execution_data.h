// Data at execution: which values an application still has to give by SQLParamData and SQLPutData,
// and the pieces it has given. Owner: a statement; guarded by its connection's mutex.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "driver/convert/parameter_from_c.h"
#include "driver/odbc.h"

namespace driver {

class ExecutionData {
 public:
  /// SQL_DATA_AT_EXEC or SQL_LEN_DATA_AT_EXEC(n) in a length or an indicator.
  [[nodiscard]] static bool wanted(const convert::CSource& source);

  void clear();
  /// The value of a parameter in a set, to be given in this C type.
  void want(std::size_t set, SQLSMALLINT number, const convert::CSource& source);
  [[nodiscard]] bool empty() const { return values_.empty(); }

  /// SQLParamData: goes to the next value; false when all are given. Throws HY010 when the one at
  /// hand got no SQLPutData.
  bool next();
  /// True once SQLParamData has named a value.
  [[nodiscard]] bool named() const { return current_ != 0; }
  /// Where the application bound the value at hand: what SQLParamData gives back.
  [[nodiscard]] SQLPOINTER token() const { return values_[current_ - 1].token; }
  [[nodiscard]] std::size_t set() const { return values_[current_ - 1].set; }
  /// SQLPutData for the value at hand, which next() has named. Throws HY009, HY019, HY020, HY090.
  void put(const void* data, SQLLEN length);

  // A long value goes to the server in pieces, so that it never lies here whole.
  [[nodiscard]] SQLSMALLINT number() const { return values_[current_ - 1].number; }
  /// The value at hand is the last one wanted: all others are known.
  [[nodiscard]] bool at_last() const { return current_ == values_.size(); }
  /// Bytes of the value at hand that are here, and whether others were sent.
  [[nodiscard]] std::size_t held() const { return values_[current_ - 1].bytes.size(); }
  [[nodiscard]] bool begun() const { return values_[current_ - 1].sent != 0; }
  struct Piece {
    std::string text;  ///< UTF-8, or bytes, as the server gets it
    std::size_t taken = 0;
  };
  /// Made of at most `most` of the bytes that are here, behind the first `from`. A surrogate pair
  /// is never cut; the first half of one waits for the other, unless the value ends with it.
  [[nodiscard]] Piece piece(std::size_t from, std::size_t most, bool end) const;
  /// So many of the bytes that are here.
  void were_sent(std::size_t bytes);
  [[nodiscard]] bool sent_any() const;
  /// What was sent is gone with its link: nothing can be executed with it any more.
  void lose_sent();
  [[nodiscard]] bool sent_lost() const { return sent_lost_; }
  /// Of values that can be sent as they are given: whether the server gets text or bytes.
  [[nodiscard]] static std::optional<bool> text_in_pieces(SQLSMALLINT c_type, SQLSMALLINT sql_type);

  /// Puts what was given in the place of `source`'s own data; false when that value was not wanted.
  /// The source points into this object, `length` holds its size.
  bool replace(std::size_t set, SQLSMALLINT number, convert::CSource& source, SQLLEN& length) const;
  /// The value was sent.
  [[nodiscard]] bool sent(std::size_t set, SQLSMALLINT number) const;

 private:
  struct Value {
    std::size_t set;
    SQLSMALLINT number;
    SQLSMALLINT c_type;
    SQLPOINTER token;
    std::string bytes;
    SQLLEN special = 0;  ///< SQL_NULL_DATA, SQL_DEFAULT_PARAM or 0
    bool given = false;
    std::size_t sent = 0;  ///< bytes
  };
  [[nodiscard]] const Value* find(std::size_t set, SQLSMALLINT number) const;

  std::vector<Value> values_;  ///< by set, then by number
  std::size_t current_ = 0;    ///< 1-based; 0: SQLParamData was not called yet
  bool sent_lost_ = false;
};

}  // namespace driver
