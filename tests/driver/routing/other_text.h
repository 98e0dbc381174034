// A statement's route by way of another one that differs from it in plain integers and strings
// alone, as a connection finds it that has analysed the other one before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/routing/other_literals.h"
#include "driver/statement_shape.h"

namespace driver::routing {

struct OtherLiterals {
  std::string_view integer, string;  ///< the string with its quotes
};
inline constexpr OtherLiterals kOtherLiterals[] = {
    {"0", "''"}, {"1234", "'FOR UPDATE OR 1'"}, {"18446744073709551616", "'2020-06-01'"}};

/// Nothing where it has no shape, or the analysis of the other one does not hold for it.
inline std::optional<Analysis> analysis_by_way_of(const OtherLiterals& others,
                                                  const AnalysedText& text,
                                                  const ShardedTables& sharded) {
  std::string shape;
  TakenOut places;
  if (!shape_of(text.sql, shape, places)) return {};
  std::string sql;
  std::size_t end = 0;
  for (const LiteralPlace& place : places.literals) {
    sql += text.sql.substr(end, place.offset - end);
    sql += text.sql[place.offset] == '\'' ? others.string : others.integer;
    end = place.offset + place.size;
  }
  sql += text.sql.substr(end);
  std::string other_shape;
  TakenOut other_places;
  if (!shape_of(sql, other_shape, other_places) || other_shape != shape) return {};
  Analysis analysis = analyse({sql, text.options, text.facts, text.database}, sharded);
  if (!make_renewable(analysis, other_places.literals)) return {};
  renew(analysis, text.sql, places.literals);
  return analysis;
}

}  // namespace driver::routing
