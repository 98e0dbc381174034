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

/// Row `index` from 0 of `record`, which is one of `descriptor` (an ARD or APD).
inline BoundCell bound_cell(const Descriptor& descriptor, const DescriptorRecord& record,
                            std::size_t index) {
  const std::ptrdiff_t base =
      descriptor.bind_offset_ptr == nullptr ? 0 : *descriptor.bind_offset_ptr;
  const auto position = static_cast<std::ptrdiff_t>(index);
  auto data_step = static_cast<std::ptrdiff_t>(descriptor.bind_type);
  std::ptrdiff_t length_step = data_step;
  if (descriptor.bind_type == SQL_BIND_BY_COLUMN) {
    const SQLLEN fixed = fixed_c_size(record.concise_type);
    data_step = fixed != 0 ? fixed : record.octet_length;
    length_step = sizeof(SQLLEN);
  }
  return {.data = advance(static_cast<char*>(record.data_ptr), base + position * data_step),
          .length = advance(record.octet_length_ptr, base + position * length_step),
          .indicator = advance(record.indicator_ptr, base + position * length_step)};
}

}  // namespace driver
