// Sharded tables behind other names: what a view, a trigger or a stored function uses is not in the
// text of the statement that uses these. Pure but for the DefinitionSource; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/routing/analysis.h"
#include "driver/rows/memory_reply.h"

namespace driver::routing {

/// Something of that name, as information_schema tells it.
struct Definition {
  std::string kind;   ///< VIEW, BASE TABLE, TRIGGER, FUNCTION, ...
  std::string text;   ///< empty: none, or not shown to this account
  std::string event;  ///< of a trigger: INSERT, UPDATE or DELETE
  bool harmless = false;
  sql::ScanOptions options;  ///< how the text reads
};

/// The query whose rows definitions_from() reads.
std::string definitions_query(NameUse use, std::string_view schema_literal,
                              std::string_view name_literal);
std::vector<Definition> definitions_from(const std::vector<rows::Record>& rows);

/// Where definitions come from: a server, or a test's table.
class DefinitionSource {
 public:
  DefinitionSource() = default;
  DefinitionSource(const DefinitionSource&) = delete;
  DefinitionSource& operator=(const DefinitionSource&) = delete;
  virtual ~DefinitionSource() = default;
  /// Throws base::Error when no server can be asked.
  virtual std::vector<Definition> definitions(const MentionedName& name) = 0;
};

struct HiddenTable {
  std::string table;  ///< schema.table, sharded; empty: not known which
  std::string why;    ///< "shop.totals is a view of ..."; empty: there is none
};

HiddenTable hidden_table(const MentionedName& name, const ShardedTables& sharded,
                         DefinitionSource& source);

}  // namespace driver::routing
