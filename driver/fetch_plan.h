// How rows go into the bound columns: for each the conversion and the places of its values, worked
// out once for as long as what they are made of stays. Guarded by the connection's mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

  /// What a plan is made of, beside the columns' description: whoever changes that calls forget().
  struct Basis {
    Basis(const Descriptor& bound, const fabric::mysql::Reply& reply, bool with_bookmarks)
        : ard(&bound),
          changes(bound.changes()),
          bind_type(bound.bind_type),
          offset(bound.bind_offset_ptr == nullptr ? 0 : *bound.bind_offset_ptr),
          columns(&reply.columns()),
          format(reply.format()),
          bookmarks(with_bookmarks) {}
    bool operator==(const Basis&) const = default;

    const Descriptor* ard;
    std::uint64_t changes;
    SQLULEN bind_type;
    SQLLEN offset;
    const std::vector<fabric::mysql::Column>* columns;
    fabric::mysql::RowFormat format;
    bool bookmarks;
  };

  [[nodiscard]] bool stands_on(const Basis& basis) const { return basis_ == basis; }
  /// For the rows of a reply that `ird` describes.
  void make(const Basis& basis, const Descriptor& ird, const TypeRules& rules);
  void forget() {
    basis_.reset();
    columns_.clear();
  }
  /// The bound columns in ascending order.
  std::vector<Bound>& columns() { return columns_; }

 private:
  std::vector<Bound> columns_;
  std::optional<Basis> basis_;
};

}  // namespace driver
