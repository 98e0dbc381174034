// The shape of a statement: its text with plain integers and strings taken out. Statements of one
// shape differ in nothing that facts_of() tells, so that what was read once holds for all of them.
// Pure; any thread. KnownShapes: of one connection, guarded by its mutex.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "driver/statement_facts.h"

namespace driver {

/// Writes it into `shape`. False for text that is long or holds what is read with more care:
/// comments, variables, escapes of ODBC and of strings, double quotes, introducers of strings.
bool shape_of(std::string_view sql, std::string& shape);

class KnownShapes {
 public:
  /// Those of a text that was added and differs in plain integers and strings alone. Null: read it.
  /// Good until the next add().
  [[nodiscard]] const StatementFacts* find(std::string_view sql);
  /// `facts`: of `sql`, which goes to the server as it is.
  void add(std::string_view sql, const StatementFacts& facts);

 private:
  std::unordered_map<std::string, StatementFacts> known_;
  std::string shape_;  ///< kept for its memory
};

}  // namespace driver
