#include "driver/routing/other_literals.h"

#include <algorithm>

namespace driver::routing {
namespace {

/// `visit` is given each literal, until it returns false.
template <class Visit>
bool each_literal(Analysis& analysis, Visit&& visit) {
  const auto all = [&](std::vector<WrittenValue>& values) {
    return std::ranges::all_of(values, [&](WrittenValue& value) {
      auto* literal = std::get_if<Literal>(&value);
      return literal == nullptr || visit(*literal);
    });
  };
  const auto in_condition = [&](KeyCondition& condition) { return all(condition.values); };
  return std::ranges::all_of(analysis.conditions, in_condition) &&
         std::ranges::all_of(analysis.assigned, in_condition) &&
         std::ranges::all_of(analysis.unlisted, [&](UnlistedRows& unlisted) {
           return std::ranges::all_of(unlisted.rows, all);
         });
}

}  // namespace

bool make_renewable(Analysis& analysis, std::span<const LiteralPlace> literals) {
  if (!analysis.refusal.empty()) return false;  // it may quote the text
  return each_literal(analysis, [&](Literal& literal) {
    const auto place =
        std::ranges::lower_bound(literals, literal.offset, {}, &LiteralPlace::offset);
    if (place == literals.end() || place->offset != literal.offset || place->size != literal.size) {
      return false;
    }
    literal.number = static_cast<std::size_t>(place - literals.begin());
    return true;
  });
}

void renew(Analysis& analysis, std::string_view sql, std::span<const LiteralPlace> literals) {
  each_literal(analysis, [&](Literal& literal) {
    const LiteralPlace& place = literals[literal.number];
    literal.value = plain_value(sql.substr(place.offset, place.size), literal.negative);
    return true;
  });
}

}  // namespace driver::routing
