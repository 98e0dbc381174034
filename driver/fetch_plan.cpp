#include "driver/fetch_plan.h"

#include <algorithm>

namespace driver {

void FetchPlan::make(const Basis& basis, const Descriptor& ird, const TypeRules& rules) {
  forget();
  const Descriptor& ard = *basis.ard;
  const auto& described = *basis.columns;
  const SQLSMALLINT last =
      std::min<SQLSMALLINT>(ard.count(), static_cast<SQLSMALLINT>(described.size()));
  for (SQLSMALLINT number = basis.bookmarks ? 0 : 1; number <= last; ++number) {
    const DescriptorRecord& record = *ard.find(number);
    if (record.data_ptr == nullptr && record.octet_length_ptr == nullptr) continue;
    const SQLSMALLINT c_type = c_type_of(record, *ird.find(number), rules);
    Bound bound{.number = static_cast<SQLUSMALLINT>(number),
                .column = nullptr,
                .converter = nullptr,
                .cells = BoundCells(ard, record, c_type),
                .target = {.c_type = record.concise_type,
                           .capacity = record.octet_length,
                           .precision = record.precision,
                           .scale = record.scale,
                           .seconds_precision = record.precision,
                           .rules = rules}};
    if (number > 0) {
      bound.column = &described[static_cast<std::size_t>(number - 1)];
      bound.converter = convert::converter_for(*bound.column, basis.format, bound.target);
    }
    columns_.push_back(bound);
  }
  basis_ = basis;
}

}  // namespace driver
