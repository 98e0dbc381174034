#include "driver/routing/placement.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace driver::routing {
namespace {

using fabric::ShardType;

struct KeyPlace {
  KeyValue written;
  fabric::ShardKey key;
  std::string_view group;  ///< of the topology
  int shard_id = 0;
};

/// The rows of one table that count: all keys they can have, or why these are not known.
struct UsePlaces {
  std::vector<KeyPlace> keys;
  std::string refusal;
};

bool in_one_group(const std::vector<KeyPlace>& keys) {
  return std::ranges::all_of(
      keys, [&](const KeyPlace& place) { return place.group == keys.front().group; });
}

class Placer {
 public:
  explicit Placer(const PlacementInput& input) : input_(input), analysis_(input.analysis) {
    find_columns();
    list_unlisted();
  }

  UsePlaces places_of(std::size_t use) {
    UsePlaces found = fixed_places(use);
    if (!changes_key(use, found)) return found;
    return {{},
            "it changes the sharding column, and the row would belong to another shard: delete and "
            "insert it"};
  }

 private:
  void find_columns() {
    tables_.reserve(analysis_.uses.size());
    for (const TableUse& use : analysis_.uses) {
      const fabric::ShardTable& table = *use.sharded.table;
      auto known = input_.columns.columns(table.schema, table.table);
      const ColumnInfo* key = known->find(table.column);
      tables_.push_back({std::move(known), key});
    }
  }

  [[nodiscard]] const ColumnInfo* column(std::size_t use) const { return tables_[use].key; }

  /// INSERT without a list of columns: the table's own order says which value is the key.
  void list_unlisted() {
    for (const UnlistedRows& unlisted : analysis_.unlisted) {
      std::vector<const ColumnInfo*> visible;
      for (const ColumnInfo& one : tables_[unlisted.use].known->columns) {
        if (!one.invisible) visible.push_back(&one);
      }
      const auto key = std::ranges::find(visible, column(unlisted.use));
      KeyCondition condition{.use = unlisted.use, .values = {}, .stored = true};
      for (const auto& row : unlisted.rows) {
        if (row.size() != visible.size() || key == visible.end()) {
          mismatch_ = "row " + std::to_string(condition.values.size() + 1) + " of its VALUES has " +
                      std::to_string(row.size()) + " values, the table " +
                      std::to_string(visible.size()) + " columns";
          return;
        }
        condition.values.push_back(row[static_cast<std::size_t>(key - visible.begin())]);
      }
      unlisted_.push_back(std::move(condition));
    }
  }

  /// An UPDATE that sets the sharding column to what the statement fixes it to changes nothing.
  bool changes_key(std::size_t use, const UsePlaces& found) {
    return std::ranges::any_of(analysis_.assigned, [&](const KeyCondition& assigned) {
      if (assigned.use != use) return false;
      if (!found.refusal.empty() || found.keys.size() != 1) return true;
      const KeyAnswer key = key_of(value_of(assigned.values.front()), *column(use),
                                   analysis_.uses[use].sharded.map->type, KeyPurpose::kStored);
      const auto* same = std::get_if<fabric::ShardKey>(&key);
      return same == nullptr || fabric::text_of(*same) != fabric::text_of(found.keys.front().key);
    });
  }

  UsePlaces fixed_places(std::size_t use) {
    const TableUse& table = analysis_.uses[use];
    const ColumnInfo* found = column(use);
    if (found == nullptr) {
      return {{},
              "the server shows no column " + table.sharded.table->column + " of " + table.written +
                  " to this user"};
    }
    const std::string problem = column_problem(*found, table.sharded.map->type);
    if (!problem.empty()) return {{}, problem};
    if (!mismatch_.empty()) return {{}, mismatch_};
    UsePlaces answer;
    const auto told = [&] { return !answer.refusal.empty() || !answer.keys.empty(); };
    const bool placed = any_condition(use, [&](const KeyCondition& condition) {
      UsePlaces one = places_by(condition, use);
      const bool fixes = one.refusal.empty() && in_one_group(one.keys);
      if (fixes || !told()) answer = std::move(one);
      return fixes;
    });
    if (!placed && !told()) {
      answer.refusal = "nothing fixes its sharding column " + table.sharded.table->column;
      if (!analysis_.obstacle.empty()) answer.refusal += ": " + analysis_.obstacle;
    }
    return answer;
  }

  /// Whether `fits` is true of a condition: its own, or of a table that its column equals.
  template <class Fits>
  bool any_condition(std::size_t use, const Fits& fits) const {
    const auto any_of = [&](std::size_t one) {
      const auto suits = [&](const KeyCondition& condition) {
        return condition.use == one && fits(condition);
      };
      return std::ranges::any_of(analysis_.conditions, suits) ||
             std::ranges::any_of(unlisted_, suits);
    };
    if (any_of(use)) return true;
    std::vector<std::size_t> equal{use};
    for (std::size_t i = 0; i < equal.size(); ++i) {
      for (const KeyLink& link : analysis_.links) {
        const bool seen = std::ranges::find(equal, link.from) != equal.end();
        if (link.to != equal[i] || seen) continue;
        if (any_of(link.from)) return true;
        equal.push_back(link.from);
      }
    }
    return false;
  }

  UsePlaces places_by(const KeyCondition& condition, std::size_t use) {
    const TableUse& table = analysis_.uses[use];
    const fabric::ShardMap& map = *table.sharded.map;
    const ColumnInfo& own = *column(use);
    const ColumnInfo* other = column(condition.use);
    if (other == nullptr || other->family != own.family) {
      return {{}, "its sharding column equals one of another type"};
    }
    const KeyPurpose purpose = !condition.stored    ? KeyPurpose::kCompared
                               : analysis_.replaces ? KeyPurpose::kBoth
                                                    : KeyPurpose::kStored;
    if (purpose != KeyPurpose::kStored && !input_.topology.lookup(map).in_one_group()) {
      const std::string problem = equality_problem(own, map.type);
      if (!problem.empty()) return {{}, problem};
    }
    UsePlaces answer;
    answer.keys.reserve(condition.values.size());
    for (std::size_t row = 0; row < condition.values.size(); ++row) {
      KeyValue value = value_of(condition.values[row]);
      KeyAnswer key = read_alike(value) ? key_of(value, own, map.type, purpose)
                                        : KeyAnswer(foreign_text(value));
      if (const auto* why = std::get_if<std::string>(&key)) {
        const bool of_rows = condition.stored && condition.values.size() > 1;
        return {{}, "the key " + (of_rows ? "of row " + std::to_string(row + 1) + " " : "") + *why};
      }
      auto& found_key = std::get<fabric::ShardKey>(key);
      const fabric::ShardAnswer found = input_.topology.lookup(map).find(found_key);
      if (!found.found()) return {{}, found.error};
      answer.keys.push_back({std::move(value), std::move(found_key), found.group, found.shard_id});
    }
    return answer;
  }

  [[nodiscard]] bool read_alike(const KeyValue& value) const {
    const auto* text = std::get_if<TextKey>(&value);
    return text == nullptr || input_.text == nullptr || input_.text->keeps(text->utf8);
  }

  [[nodiscard]] std::string foreign_text(const KeyValue& value) const {
    return shown(value) + " is read as UTF-8 by the driver, by the server as the session's " +
           (input_.text->client + "/" + input_.text->connection) + ": SET NAMES utf8mb4";
  }

  [[nodiscard]] KeyValue value_of(const WrittenValue& written) const {
    if (const auto* known = std::get_if<KeyValue>(&written)) return *known;
    if (const auto* literal = std::get_if<Literal>(&written)) return literal->value;
    const std::size_t number = std::get<Marker>(written).number;
    if (number >= input_.parameters.size()) {
      return UnfitKey{"parameter " + std::to_string(number + 1) + ", which is not bound"};
    }
    return bound_value(input_.parameters[number]);
  }

  const PlacementInput& input_;
  const Analysis& analysis_;
  struct Table {
    std::shared_ptr<const TableColumns> known;
    const ColumnInfo* key;  ///< the sharding column; null: not shown
  };
  std::vector<Table> tables_;           ///< by use
  std::vector<KeyCondition> unlisted_;  ///< of INSERTs without a list of columns
  std::string mismatch_;
};

std::string several_shards(const TableUse& use, const std::vector<KeyPlace>& keys) {
  const auto other = std::ranges::find_if(
      keys, [&](const KeyPlace& place) { return place.group != keys.front().group; });
  return "its keys lie in several shards (" + use.sharded.table->column + " " +
         shown(keys.front().written) + " in group " + std::string(keys.front().group) + ", " +
         shown(other->written) + " in group " + std::string(other->group) + ")";
}

std::string reason_for(const TableUse& use, const std::vector<KeyPlace>& keys) {
  std::string text = use.written + ": " + use.sharded.table->column;
  text += keys.size() == 1 ? " = " : " in (";
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(keys.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + shown(keys[i].written);
  }
  if (keys.size() > kShown) text += ", ...";
  if (keys.size() > 1) text += ")";
  return text + " lies in shard " + std::to_string(keys.front().shard_id) + " of mapping " +
         std::to_string(use.sharded.map->mapping_id) + " (" + use.sharded.map->type_name + ")";
}

}  // namespace

Placement one_group(const PlacementInput& input) {
  const Analysis& analysis = input.analysis;
  if (!analysis.refusal.empty()) return {.group = {}, .reason = {}, .refusal = analysis.refusal};
  Placement placement;
  Placer placer(input);
  for (std::size_t i = 0; i < analysis.uses.size(); ++i) {
    const TableUse& use = analysis.uses[i];
    UsePlaces places = placer.places_of(i);
    std::string& refusal = places.refusal;
    const std::vector<KeyPlace>& keys = places.keys;
    if (refusal.empty() && !in_one_group(keys)) refusal = several_shards(use, keys);
    if (refusal.empty() && !placement.group.empty() && placement.group != keys.front().group) {
      refusal = "it lies in group " + std::string(keys.front().group) +
                ", other tables of the statement in " + std::string(placement.group);
    }
    if (!refusal.empty()) {
      return {.group = {}, .reason = {}, .refusal = use.written + ": " + refusal};
    }
    if (placement.group.empty()) {
      placement.group = keys.front().group;
      if (input.explained) placement.reason = reason_for(use, keys);
    }
  }
  return placement;
}

}  // namespace driver::routing
