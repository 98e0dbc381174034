// Which groups hold the rows that an analysed statement means, by its values and its columns'
// types. Today's driver runs a statement in one group; what it would take to run it in several is
// kept apart: places() tells each key's group, one_group() asks for one. Pure but for the
// ColumnSource.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "driver/routing/analysis.h"
#include "driver/routing/column_info.h"
#include "driver/routing/key_rules.h"
#include "driver/routing/session_text.h"
#include "fabric/mysql/parameter.h"

namespace driver::routing {

struct KeyPlace {
  std::string key;   ///< as messages show it
  std::string text;  ///< as a server would print it
  std::string group;
  int shard_id = 0;
};

/// The rows of one table that count: all keys they can have, or why these are not known.
struct UsePlaces {
  std::vector<KeyPlace> keys;
  std::string refusal;
};

struct PlacementInput {
  const Analysis& analysis;
  const fabric::Topology& topology;  ///< that the analysis was made with
  std::span<const fabric::mysql::Parameter> parameters;
  ColumnSource& columns;
  SessionText text = {};   ///< how the server reads the keys
  bool explained = false;  ///< somebody reads the reason
};

/// One entry per use of the analysis, which has no refusal of its own.
std::vector<UsePlaces> places(const PlacementInput& input);

struct Placement {
  std::string group;   ///< empty: refused
  std::string reason;  ///< if it is read: "shop.orders: order_id = 42 lies in shard 2 of mapping 1"
  std::string refusal;  ///< a clause
};
Placement one_group(const PlacementInput& input);

}  // namespace driver::routing
