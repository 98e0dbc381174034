// Which group holds the rows that an analysed statement means, by its values and its columns'
// types. Pure but for the ColumnSource.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "driver/routing/analysis.h"
#include "driver/routing/column_info.h"
#include "driver/routing/key_rules.h"
#include "driver/routing/session_text.h"
#include "fabric/mysql/parameter.h"

namespace driver::routing {

struct PlacementInput {
  const Analysis& analysis;
  const fabric::Topology& topology;  ///< that the analysis was made with
  std::span<const fabric::mysql::Parameter> parameters;
  ColumnSource& columns;
  const SessionText* text = nullptr;  ///< how the server reads the keys; null: as UTF-8
  bool explained = false;             ///< somebody reads the reason
};

/// In one group, or refused.
struct Placement {
  std::string_view group;  ///< of the topology; empty: refused
  std::string reason;  ///< if it is read: "shop.orders: order_id = 42 lies in shard 2 of mapping 1"
  std::string refusal;  ///< a clause
};
Placement one_group(const PlacementInput& input);

}  // namespace driver::routing
