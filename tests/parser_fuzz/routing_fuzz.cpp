// A statement through the whole analysis and its hint. Only base::Error may come out; what is
// placed is placed in a group of the mapping, and in the same one by the analysis of another text.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "driver/routing/placement.h"
#include "driver/routing/statement_hint.h"
#include "fabric/base/error.h"
#include "tests/driver/routing/other_text.h"
#include "tests/driver/routing/routing_farm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driver::routing;
  static const fabric::Topology topology = farm();
  static FarmColumns columns;
  static const std::array<fabric::mysql::Parameter, 2> parameters{std::int64_t{5},
                                                                  fabric::mysql::TextValue{"Ada"}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const driver::sql::StatementFacts facts = driver::sql::facts_of(text);
  try {
    static_cast<void>(with_wishes({}, wishes_of(facts.fabric_comment), "emp"));
  } catch (const fabric::base::Error&) {
  }
  const AnalysedText analysed{text, {}, facts, "emp"};
  const Analysis analysis = analyse(analysed, ShardedTables(topology));
  if (analysis.subject != Subject::kSharded) return 0;
  const Placement placement = one_group({analysis, topology, parameters, columns});
  if (placement.refusal.empty() == placement.group.empty()) std::abort();
  if (!placement.group.empty() && placement.group != "s1" && placement.group != "s2") std::abort();
  for (const OtherLiterals& others : kOtherLiterals) {
    const auto renewed = analysis_by_way_of(others, analysed, ShardedTables(topology));
    if (!renewed) continue;
    const Placement again = one_group({*renewed, topology, parameters, columns});
    if (again.group != placement.group || again.refusal != placement.refusal) std::abort();
  }
  return 0;
}
