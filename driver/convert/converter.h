// The conversion of one column's cells to one C type, chosen once for the rows of a rowset: where
// both ends are alike a function that does only this. Pure; any thread.
#pragma once

#include "driver/convert/cell_to_c.h"

namespace driver::convert {

/// Answers as to_c() does for the column it was chosen for, without pieces.
using Converter = SqlState (*)(const Column& column, RowFormat format, const Cell& cell,
                               const CTarget& target) noexcept;

/// For cells of `column`; `target` gives the C type and the rules. Null: to_c() alone knows.
Converter converter_for(const Column& column, RowFormat format, const CTarget& target) noexcept;

}  // namespace driver::convert
