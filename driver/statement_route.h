// Where one statement goes, decided from its own word, its connection's settings and its text.
// Plain values; guarded by the connection's mutex.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "driver/routing/other_literals.h"
#include "driver/routing/statement_hint.h"
#include "driver/settings/connection_settings.h"
#include "driver/sql/statement_facts.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/parameter.h"
#include "fabric/topology.h"

namespace driver {

/// The analysis of a text, or of all texts of one shape, and what it was made with.
struct RememberedAnalysis {
  fabric::TopologyPtr topology;
  std::string database;
  sql::ScanOptions options;
  routing::Analysis analysis;
};

/// A hint with a key and tables, known again where it differs in nothing but the key.
struct RememberedHint {
  fabric::TopologyPtr topology;
  std::string database;
  settings::RouteSettings connection;  ///< what its connection had set
  std::string before, behind;          ///< the texts around the key
  settings::FabricMode mode;
  const fabric::ShardMap* map;  ///< of `topology`
};

/// What is known of the routes of all texts of one shape.
struct KnownRoutes {
  std::optional<RememberedAnalysis> analysis;
  std::optional<RememberedHint> hint;
};

/// Where a statement goes, by the topology at hand.
struct StatementPlace {
  std::string_view group;
  const fabric::ShardMap* map;  ///< whose sharded tables decide; null: none do
  settings::FabricMode mode;
};

struct RoutedStatement {
  const std::string& sql;  ///< escapes translated
  const sql::StatementFacts& facts;
  std::span<const fabric::mysql::Parameter> parameters;
  sql::ScanOptions options;
  const routing::Wishes& wishes;                         ///< its attributes
  std::optional<RememberedAnalysis>* remembered = {};    ///< its text's; null: not kept
  KnownRoutes* of_shape = {};                            ///< its shape's; null: none is known
  std::span<const routing::LiteralPlace> literals = {};  ///< that the shape does not have
  bool explained = false;                                ///< somebody reads the reason
};

/// A statement on its way to a StatementRoute.
struct RouteQuestion {
  const RoutedStatement& statement;
  const settings::RouteSettings& settings;  ///< its connection's, with its own word
  const fabric::TopologyPtr& topology;
  fabric::base::Deadline deadline;
};

struct StatementRoute {
  bool stays = false;  ///< it needs no place of its own: where the session is
  std::string group;
  settings::FabricMode mode = settings::FabricMode::kReadWrite;
  bool has_mode = false;   ///< the statement's own word has one
  bool explained = false;  ///< else there is no reason
  std::string reason;
  int level = 0;  ///< of docs/routing.md, 1 to 5; 0 when it stays
  routing::Subject subject = routing::Subject::kOpaque;  ///< also where the text was not read
  /// Why it cannot be decided; then there is no group. For EXPLAIN FABRIC, and while preparing.
  std::string refusal;
  /// Why a row it writes may belong elsewhere, wherever the statement goes; empty: nothing known.
  std::string key_trigger;
  fabric::TopologyPtr topology;
  const fabric::ShardMap* map = nullptr;  ///< whose sharded tables decide; of `topology`

  void because(std::string_view why) {
    if (explained) reason = why;
  }
};

/// Thrown before anything is sent: its shard may lie elsewhere by now.
struct RouteMoved {};

}  // namespace driver
