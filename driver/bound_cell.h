// Where the value of one bound column or parameter lies for one row of an array: binding offset,
// row-wise and column-wise binding applied. Pure; any thread.
#pragma once

#include "driver/descriptor.h"
#include "driver/pointers.h"

namespace driver {

struct BoundCell {
  char* data = nullptr;
  SQLLEN* length = nullptr;
  SQLLEN* indicator = nullptr;
};

/// The values of `record`, which is one of `descriptor` (an ARD or APD), as they are bound now.
class BoundCells {
 public:
  BoundCells(const DescriptorFields& descriptor, const DescriptorRecord& record,
             SQLSMALLINT c_type) {
    const SQLLEN fixed = fixed_c_size(c_type);
    const auto row_size = static_cast<std::ptrdiff_t>(descriptor.bind_type);
    const bool by_row = descriptor.bind_type != SQL_BIND_BY_COLUMN;
    const std::ptrdiff_t width = fixed != 0 ? fixed : record.octet_length;
    const std::ptrdiff_t offset =
        descriptor.bind_offset_ptr == nullptr ? 0 : *descriptor.bind_offset_ptr;
    data_ = {record.data_ptr, offset, by_row ? row_size : width};
    const std::ptrdiff_t length_step = by_row ? row_size : std::ptrdiff_t{sizeof(SQLLEN)};
    length_ = {record.octet_length_ptr, offset, length_step};
    indicator_ = {record.indicator_ptr, offset, length_step};
  }

  /// Of row `index` from 0.
  [[nodiscard]] BoundCell at(std::size_t index) const {
    return {.data = static_cast<char*>(data_.at(index)),
            .length = static_cast<SQLLEN*>(length_.at(index)),
            .indicator = static_cast<SQLLEN*>(indicator_.at(index))};
  }

 private:
  /// A pointer for each row; null stays null.
  struct Places {
    Places() = default;
    Places(void* pointer, std::ptrdiff_t offset, std::ptrdiff_t distance)
        : first(advance(static_cast<char*>(pointer), offset)),
          step(pointer == nullptr ? 0 : distance) {}
    [[nodiscard]] void* at(std::size_t index) const {
      return first + static_cast<std::ptrdiff_t>(index) * step;
    }
    char* first = nullptr;
    std::ptrdiff_t step = 0;
  };
  Places data_, length_, indicator_;
};

/// Of a column that `column` of an IRD describes.
inline SQLSMALLINT c_type_of(const DescriptorRecord& bound, const DescriptorRecord& column,
                             const TypeRules& rules) {
  if (bound.concise_type != SQL_C_DEFAULT) return bound.concise_type;
  return default_c_type(column.concise_type, column.description.is_unsigned, rules);
}

}  // namespace driver
