// How SQLGetData converts short values of the result at hand: for each column the conversion to the
// C type that was asked for last, which as a rule is that of the next row too. Guarded by the
// connection's mutex.
#pragma once

#include <vector>

#include "driver/convert/converter.h"
#include "fabric/mysql/reply.h"

namespace driver {

class GetPlan {
 public:
  struct Column {
    /// Puts the cell where the call wants it; false where get_piece() is to say what that means.
    bool convert(const fabric::mysql::Cell& cell, SQLPOINTER data, SQLLEN capacity,
                 SQLLEN* length_or_indicator) {
      target.buffer = data;
      target.capacity = capacity;
      target.length = target.indicator = length_or_indicator;
      return converter(*column, format, cell, target) == SqlState::k00000;
    }

    const fabric::mysql::Column* column = nullptr;
    fabric::mysql::RowFormat format = fabric::mysql::RowFormat::kText;
    convert::Converter converter = not_whole;
    convert::CTarget target;  ///< its C type and rules; the rest is the call's
  };

  /// Column `index` (from 0) as `c_type`, if that was chosen before, else null.
  Column* find(std::size_t index, SQLSMALLINT c_type) {
    const bool chosen = index < count_ && columns_[index].target.c_type == c_type;
    return chosen ? &columns_[index] : nullptr;
  }
  void choose(std::size_t index, SQLSMALLINT c_type, const fabric::mysql::Reply& reply,
              const TypeRules& rules) {
    count_ = reply.columns().size();
    columns_.resize(count_);
    Column& chosen = columns_[index];
    chosen.column = &reply.columns()[index];
    chosen.format = reply.format();
    chosen.target.c_type = c_type;
    chosen.target.rules = rules;
    const auto found = convert::converter_for(*chosen.column, chosen.format, chosen.target);
    chosen.converter = found != nullptr ? found : not_whole;
  }
  /// The columns are others, lie elsewhere, or come in another format.
  void forget() {
    columns_.clear();
    count_ = 0;
  }

 private:
  /// For what to_c() alone knows.
  static SqlState not_whole(const fabric::mysql::Column& /*column*/,
                            fabric::mysql::RowFormat /*format*/,
                            const fabric::mysql::Cell& /*cell*/,
                            const convert::CTarget& /*target*/) noexcept {
    return SqlState::kHY000;
  }

  std::size_t count_ = 0;  ///< of columns_, whose own is a division
  std::vector<Column> columns_;
};

}  // namespace driver
