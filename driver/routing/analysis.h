// What the text of one statement says of its route, before any value or column is known: which
// sharded tables it uses, and what fixes the sharding column of each. Apart from the decision
// (decision.h), so that one statement in several shards can be made of the same facts.
// Plain values and a pure function; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/routing/key_value.h"
#include "driver/routing/sharded_tables.h"
#include "driver/sql/statement_facts.h"

namespace driver::routing {

enum class Subject : std::uint8_t {
  kNothing,  ///< no table: it runs where the session is
  kReading,  ///< tables that are not sharded, to read
  kWriting,  ///< tables that are not sharded, or what cannot be seen
  kOpaque,   ///< CALL and the like: what it touches is not in its text
  kSchema,   ///< DDL of sharded tables: the mapping's global group
  kSharded
};

/// One mention of a sharded table where rows of it are read or written.
struct TableUse {
  ShardedTable sharded;
  std::string name;     ///< as columns name it: its alias, else the table's own name
  std::string written;  ///< schema.table, for messages
};

/// "The sharding column of `use` is one of `values`", true of every row that counts.
struct KeyCondition {
  std::size_t use = 0;
  std::vector<WrittenValue> values = {};
  bool stored = false;  ///< the values are written, not compared
};

/// Where the sharding column of `from` is fixed, that of `to` equals it.
struct KeyLink {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// An INSERT without a list of columns: the values of each row in the table's order.
struct UnlistedRows {
  std::size_t use = 0;
  std::vector<std::vector<WrittenValue>> rows = {};
};

enum class NameUse : std::uint8_t { kRead, kWritten, kCalled };

/// A name that is not registered as sharded where a table or a stored function may stand. A view,
/// a trigger or a function may use sharded tables all the same (hidden_tables.h).
struct MentionedName {
  std::string schema, name;
  NameUse use = NameUse::kRead;
  friend bool operator==(const MentionedName&, const MentionedName&) = default;
};

struct Analysis {
  Subject subject = Subject::kNothing;
  /// kSharded, kSchema: why it cannot be decided, as a sentence; empty when values decide.
  std::string refusal;
  std::vector<TableUse> uses;
  std::vector<KeyCondition> conditions;
  std::vector<KeyLink> links;
  /// What an UPDATE sets sharding columns to: they have to be that already.
  std::vector<KeyCondition> assigned;
  std::vector<UnlistedRows> unlisted;
  /// What was seen of a condition that fixes nothing, for the message: "its WHERE has an OR".
  std::string obstacle;
  bool inserts = false;  ///< rows, whether by itself or as what ANALYZE runs
  bool updates = false;  ///< likewise
  /// It replaces what it finds under equal keys (REPLACE, ON DUPLICATE KEY UPDATE).
  bool replaces = false;
  bool has_markers = false;  ///< values of parameters are among the conditions
  std::vector<MentionedName> others;
};

struct AnalysedText {
  std::string_view sql;
  sql::ScanOptions options;
  const sql::StatementFacts& facts;  ///< of it
  std::string database;              ///< the session's, where names have none
};

/// Never throws but bad_alloc.
Analysis analyse(const AnalysedText& text, const ShardedTables& sharded);

}  // namespace driver::routing
