// How the rows of a rowset go into the bound columns: for each the conversion and the places of its
// values, worked out once. It points into the ARD's buffers and the reply's columns, and so lasts
// for one call of the application. Guarded by the connection's mutex.
#pragma once

#include <cstddef>
#include <vector>

#include "driver/bound_cell.h"
#include "driver/convert/converter.h"
#include "driver/descriptor.h"
#include "fabric/mysql/reply.h"

namespace driver {

class FetchPlan {
 public:
  /// One bound column; the bookmark's has the number 0 and no column.
  struct Bound {
    SQLUSMALLINT number;
    const fabric::mysql::Column* column;
    convert::Converter converter;  ///< null: to_c()
    BoundCells cells;
    convert::CTarget target;

    /// Turns `target` to row `index` (from 0) of the rowset.
    void aim(std::size_t index) {
      const BoundCell cell = cells.at(index);
      target.buffer = cell.data;
      target.length = cell.length;
      target.indicator = cell.indicator;
    }
    [[nodiscard]] SqlState convert(fabric::mysql::RowFormat format,
                                   const fabric::mysql::Cell& cell) const {
      return converter != nullptr ? converter(*column, format, cell, target)
                                  : convert::to_c(*column, format, cell, target, nullptr);
    }
  };

  /// For the rows of `reply`, which `ird` describes.
  void make(const Descriptor& ard, const Descriptor& ird, const fabric::mysql::Reply& reply,
            const TypeRules& rules, bool bookmarks);
  [[nodiscard]] bool made() const { return made_; }
  void forget() { made_ = false; }
  /// The bound columns in ascending order.
  std::vector<Bound>& columns() { return columns_; }

 private:
  std::vector<Bound> columns_;
  bool made_ = false;
};

}  // namespace driver
