// An analysis holds for each statement that differs from the analysed one in nothing but plain
// integers and strings (statement_shape.h), once these have taken the place of the others: all else
// that it says was read from the rest of the text. Pure functions; any thread.
#pragma once

#include <span>
#include <string_view>

#include "driver/routing/analysis.h"

namespace driver::routing {

/// A plain integer or string of a text.
struct LiteralPlace {
  std::size_t offset = 0, size = 0;
};

/// Whether the analysis, of a text with these literals, can be renewed(). Its literals are then
/// known by their number among them.
bool make_renewable(Analysis& analysis, std::span<const LiteralPlace> literals);

/// The analysis becomes that of `sql`, whose literals these are.
void renew(Analysis& analysis, std::string_view sql, std::span<const LiteralPlace> literals);

}  // namespace driver::routing
