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
      return converter != nullptr && converter(*column, format, cell, target) == SqlState::k00000;
    }

    const fabric::mysql::Column* column = nullptr;
    fabric::mysql::RowFormat format = fabric::mysql::RowFormat::kText;
    convert::Converter converter = nullptr;  ///< null: to_c() alone knows
    convert::CTarget target;                 ///< its C type and rules; the rest is the call's
  };

  /// Column `index` (from 0) as `c_type`, if that was chosen before, else null.
  Column* find(std::size_t index, SQLSMALLINT c_type) {
    const bool chosen = index < columns_.size() && columns_[index].target.c_type == c_type;
    return chosen ? &columns_[index] : nullptr;
  }
  Column* choose(std::size_t index, SQLSMALLINT c_type, const fabric::mysql::Reply& reply,
                 const TypeRules& rules) {
    columns_.resize(reply.columns().size());
    Column& chosen = columns_[index];
    chosen.column = &reply.columns()[index];
    chosen.format = reply.format();
    chosen.target.c_type = c_type;
    chosen.target.rules = rules;
    chosen.converter = convert::converter_for(*chosen.column, chosen.format, chosen.target);
    return &chosen;
  }
  /// The columns are others, lie elsewhere, or come in another format.
  void forget() { columns_.clear(); }

 private:
  std::vector<Column> columns_;
};

}  // namespace driver
