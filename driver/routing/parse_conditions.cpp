// Conditions: what is true of every row that passes one, as a conjunct of its top level.
//
// Only conjuncts of a known form count, each as a whole: what is not recognised restricts further
// or not at all, and so never makes a wrong shard right.
#include <algorithm>

#include "driver/routing/same_name.h"
#include "driver/routing/statement_parser.h"

namespace driver::routing {

/// None when an OR or XOR joins the parts.
std::optional<std::vector<Range>> StatementParser::conjuncts(Range range) {
  std::vector<Range> parts;
  std::size_t begin = range.begin;
  int cases = 0;
  bool saw_case = false;
  bool between = false;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (tokens_.at(i).is('(')) {
      i = tokens_.partner(i);
      continue;
    }
    if (tokens_.is_word(i, "CASE")) ++cases;
    saw_case |= cases > 0;
    // END may be a column's name too, and what stands between CASE and its own END is no conjunct.
    const bool beyond_end = tokens_.is_word(i, "END") && saw_case;
    if (cases == 0 && (beyond_end || tokens_.is_any(i, {"WHEN", "THEN", "ELSE"}))) not_understood();
    if (tokens_.is_word(i, "END") && cases > 0) --cases;
    if (cases > 0) continue;
    // It takes all that follows for its value, ANDs too.
    if (tokens_.at(i).text == ":=") throw Refusal{"its condition assigns to a variable"};
    const bool ampersands = tokens_.at(i).is('&') && tokens_.at(i + 1).is('&');
    const bool bars = tokens_.at(i).is('|') && tokens_.at(i + 1).is('|');
    if (bars || tokens_.is_any(i, {"OR", "XOR"})) return std::nullopt;
    if (tokens_.is_word(i, "BETWEEN")) between = true;
    if (!ampersands && !tokens_.is_word(i, "AND")) continue;
    if (between && !ampersands) {
      between = false;
      continue;
    }
    if (begin == i) not_understood();
    parts.push_back({begin, i});
    if (ampersands) ++i;
    begin = i + 1;
  }
  if (begin >= range.end) not_understood();
  parts.push_back({begin, range.end});
  return parts;
}

void StatementParser::read_condition(Range range, const Reach& reach) {
  enter();
  const auto parts = conjuncts(range);
  if (!parts) {
    if (analysis_.obstacle.empty()) analysis_.obstacle = "the condition has an OR";
  } else {
    for (const Range part : *parts) read_conjunct(part, reach);
  }
  leave();
}

void StatementParser::read_conjunct(Range range, const Reach& reach) {
  if (tokens_.at(range.begin).is('(') && tokens_.partner(range.begin) == range.end - 1) {
    if (range.size() == 2) not_understood();
    if (!query_at(range.begin)) read_condition({range.begin + 1, range.end - 1}, reach);
    return;
  }
  if (read_equality(range, reach) || read_in_list(range, reach)) return;
  note_obstacle(range, reach);
}

/// What is told when nothing else fixes the column.
void StatementParser::note_obstacle(Range range, const Reach& reach) {
  if (!analysis_.obstacle.empty()) return;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (!sql::is_identifier(tokens_.at(i))) continue;
    const std::size_t table = sharding_column({i, i + 1}, reach);
    if (table == kNone) continue;
    analysis_.obstacle =
        tokens_.is_word(range.begin, "NOT")
            ? "the condition on the sharding column is negated"
            : "the condition on the sharding column is neither column = value nor column IN (...)";
    return;
  }
}

/// column = value, value = column, column = column.
bool StatementParser::read_equality(Range range, const Reach& reach) {
  std::size_t equals = range.begin;
  while (equals < range.end && !tokens_.at(equals).is('=')) {
    if (tokens_.at(equals).is('(')) return false;
    ++equals;
  }
  const Range left{range.begin, equals};
  const Range right{equals + 1, range.end};
  if (equals >= range.end || left.size() == 0 || right.size() == 0) return false;
  const std::size_t one = sharding_column(left, reach);
  const std::size_t other = sharding_column(right, reach);
  if (one == kNone && other == kNone) return false;
  if (one != kNone && other != kNone) {
    add_links(one, other, reach);
    return true;
  }
  WrittenValue value = written_value(tokens_, one == kNone ? left : right, text_.options);
  if (const auto* known = std::get_if<KeyValue>(&value)) {
    if (const auto* unfit = std::get_if<UnfitKey>(known); unfit && unfit->what == "an expression") {
      if (analysis_.obstacle.empty()) {
        analysis_.obstacle = "the sharding column is compared with an expression";
      }
      return true;
    }
  }
  add_condition(one == kNone ? other : one, {std::move(value)}, reach);
  return true;
}

/// column IN (value, ...)
bool StatementParser::read_in_list(Range range, const Reach& reach) {
  std::size_t in = range.begin;
  while (in < range.end && !tokens_.is_word(in, "IN")) ++in;
  if (in + 1 >= range.end || !tokens_.at(in + 1).is('(')) return false;
  if (tokens_.partner(in + 1) != range.end - 1) return false;
  const std::size_t table = sharding_column({range.begin, in}, reach);
  if (table == kNone || query_at(in + 1)) return false;
  std::vector<WrittenValue> values;
  std::size_t begin = in + 2;
  for (std::size_t i = begin; i < range.end; ++i) {
    if (tokens_.at(i).is('(')) {
      i = tokens_.partner(i);
      continue;
    }
    if (i + 1 < range.end && !tokens_.at(i).is(',')) continue;
    values.push_back(written_value(tokens_, {begin, i}, text_.options));
    begin = i + 1;
  }
  add_condition(table, std::move(values), reach);
  return true;
}

bool StatementParser::fixes(const Reach& reach, std::size_t table) const {
  return std::ranges::find(reach.fixes->tables, table) != reach.fixes->tables.end();
}

void StatementParser::add_condition(std::size_t table, std::vector<WrittenValue> values,
                                    const Reach& reach) {
  if (!fixes(reach, table)) {
    if (analysis_.obstacle.empty()) {
      analysis_.obstacle =
          "the condition of an outer join keeps all rows of " + tables_[table].name;
    }
    return;
  }
  analysis_.conditions.push_back({tables_[table].use, std::move(values), false});
}

/// A table of a block around this one decides about the rows of this block, not the other way.
void StatementParser::add_links(std::size_t one, std::size_t other, const Reach& reach) {
  const std::size_t first = tables_[one].use;
  const std::size_t second = tables_[other].use;
  if (fixes(reach, other)) analysis_.links.push_back({first, second});
  if (fixes(reach, one)) analysis_.links.push_back({second, first});
}

std::size_t StatementParser::named_table(const std::string& schema, const std::string& name,
                                         const Operand& operand) const {
  std::size_t alike = kNone;
  for (const std::size_t table : operand.tables) {
    const Table& candidate = tables_[table];
    if (!schema.empty() && !same_name(candidate.schema, schema)) continue;
    if (candidate.name == name) return table;
    if (same_name(candidate.name, name)) alike = table;
  }
  return alike;
}

std::size_t StatementParser::sharding_column(Range range, const Reach& reach) const {
  if (range.size() != 1 && range.size() != 3 && range.size() != 5) return kNone;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const bool dot = (i - range.begin) % 2 == 1;
    if (dot ? !tokens_.at(i).is('.') : !sql::is_identifier(tokens_.at(i))) return kNone;
  }
  const std::string column = sql::unquoted_name(tokens_.at(range.end - 1));
  const std::string name = range.size() > 1 ? sql::unquoted_name(tokens_.at(range.end - 3)) : "";
  const std::string schema = range.size() > 3 ? sql::unquoted_name(tokens_.at(range.begin)) : "";
  const Operand* seen = reach.seen;
  for (std::size_t block = reach.block;;) {
    const std::size_t table =
        name.empty() ? column_owner(*seen, folded(column)) : named_table(schema, name, *seen);
    if (table != kNone) {
      const std::size_t use = tables_[table].use;
      const bool sharding =
          use != kNone && folded(analysis_.uses[use].sharded.table->column) == folded(column);
      return sharding ? table : kNone;
    }
    block = blocks_[block].parent;
    if (block == kNone || !blocks_[block].from_known) return kNone;
    // A name without its table may be an ordinary column of this block.
    if (name.empty()) return kNone;
    seen = &blocks_[block].from;
  }
}

}  // namespace driver::routing
