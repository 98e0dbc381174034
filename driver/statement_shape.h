// The shape of a statement: its text with plain integers and strings taken out. Statements of one
// shape differ in nothing that facts_of() tells, so that what was read once holds for all of them.
// Pure; any thread. KnownShapes: of one connection, guarded by its mutex.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "driver/sql/statement_facts.h"
#include "driver/statement_route.h"

namespace driver {

/// What a text has beside its shape.
struct TakenOut {
  /// Bytes of the statement's own word about its route, where it stands before all else and begins
  /// exactly so: `/*fabric:`.
  std::size_t hint = 0;
  std::vector<routing::LiteralPlace> literals = {};
};

sql::FabricComment plain_hint(std::string_view sql, const TakenOut& taken_out);

/// Writes it into `shape`, and what it lacks into `taken_out`. False for text that is long or holds
/// what is read with more care: comments, variables, escapes of ODBC and of strings, double quotes,
/// introducers of strings.
bool shape_of(std::string_view sql, std::string& shape, TakenOut& taken_out);

/// What is known of all statements of one shape.
struct KnownShape {
  sql::StatementFacts facts;  ///< but for the hint
  KnownRoutes routes = {};    ///< by Connection, once one was routed
};

class KnownShapes {
 public:
  /// Of a text that was added and differs in plain integers and strings alone. Null: read it.
  [[nodiscard]] std::shared_ptr<KnownShape> find(std::string_view sql, TakenOut& taken_out);
  /// `facts`: of `sql`, which goes to the server as it is. Null: not worth keeping.
  std::shared_ptr<KnownShape> add(std::string_view sql, const sql::StatementFacts& facts,
                                  TakenOut& taken_out);
  /// Routes that were made with another topology are forgotten.
  void route_with(const fabric::TopologyPtr& topology);

 private:
  std::unordered_map<std::string, std::shared_ptr<KnownShape>> known_;
  fabric::TopologyPtr topology_;
  std::string shape_;  ///< kept for its memory
};

}  // namespace driver
