// One statement on the farm of routing_farm.h, and the group it goes to or the words of the
// refusal.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "driver/routing/analysis.h"
#include "driver/routing/placement.h"
#include "tests/driver/routing/other_text.h"
#include "tests/driver/routing/routing_farm.h"

namespace driver::routing {

using fabric::mysql::Parameter;

struct Case {
  std::string sql;
  /// A group; (reading), (writing), (nothing), (opaque), (schema); or "!" and words of the refusal.
  std::string expected;
  std::vector<Parameter> parameters = {};
  SessionText session = {};
};

inline std::string answer_by(const Analysis& analysis, const fabric::Topology& topology,
                             const Case& one) {
  FarmColumns columns;
  switch (analysis.subject) {
    case Subject::kNothing:
      return "(nothing)";
    case Subject::kReading:
      return "(reading)";
    case Subject::kWriting:
      return "(writing)";
    case Subject::kOpaque:
      return "(opaque)";
    case Subject::kSchema:
      return analysis.refusal.empty() ? "(schema)" : "!" + analysis.refusal;
    case Subject::kSharded:
      break;
  }
  const Placement placement =
      one_group({analysis, topology, one.parameters, columns, &one.session});
  return placement.refusal.empty() ? std::string(placement.group) : "!" + placement.refusal;
}

inline std::string answer_to(const Case& one, sql::ScanOptions options = {},
                             const std::string& database = "emp") {
  const fabric::Topology topology = farm();
  const ShardedTables sharded(topology);
  const sql::StatementFacts facts = facts_of(one.sql, options);
  const AnalysedText text{one.sql, options, facts, database};
  const std::string answer = answer_by(analyse(text, sharded), topology, one);
  for (const OtherLiterals& others : kOtherLiterals) {
    const auto renewed = analysis_by_way_of(others, text, sharded);
    if (!renewed) continue;
    EXPECT_EQ(answer_by(*renewed, topology, one), answer)
        << one.sql << "\n  after it with " << others.integer << " and " << others.string;
  }
  return answer;
}

inline void expect(const Case& one, sql::ScanOptions options = {}) {
  const std::string answer = answer_to(one, options);
  if (one.expected.starts_with("!")) {
    EXPECT_TRUE(answer.starts_with("!")) << one.sql << "\n  goes to " << answer;
    EXPECT_NE(answer.find(one.expected.substr(1)), std::string::npos)
        << one.sql << "\n  is refused: " << answer;
  } else {
    EXPECT_EQ(answer, one.expected) << one.sql;
  }
}

inline void expect_all(const std::vector<Case>& cases) {
  for (const Case& one : cases) expect(one);
}

inline Parameter text(std::string_view utf8) { return fabric::mysql::TextValue{utf8}; }
inline Parameter number(std::int64_t value) { return value; }

}  // namespace driver::routing
