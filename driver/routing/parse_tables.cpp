// FROM: tables, derived tables, joins and what their conditions restrict.
//
// The condition of an inner join restricts every table on both sides, as WHERE does. That of an
// outer join restricts the optional side alone: rows of the other side stay whatever it says.
#include <algorithm>
#include <array>
#include <utility>

#include "driver/routing/loose_names.h"
#include "driver/routing/same_name.h"
#include "driver/routing/statement_parser.h"

namespace driver::routing {
namespace {

constexpr std::array<std::string_view, 7> kJoinWords{"JOIN",  "INNER",   "CROSS",        "LEFT",
                                                     "RIGHT", "NATURAL", "STRAIGHT_JOIN"};

/// What may follow a table and is no alias of it.
constexpr std::array<std::string_view, 30> kNoAlias{
    "JOIN",   "INNER", "CROSS",  "LEFT",      "RIGHT",  "NATURAL", "STRAIGHT_JOIN", "ON",
    "USING",  "WHERE", "GROUP",  "HAVING",    "ORDER",  "LIMIT",   "UNION",         "SET",
    "USE",    "FORCE", "IGNORE", "PARTITION", "FOR",    "LOCK",    "PROCEDURE",     "INTO",
    "SELECT", "FROM",  "OUTER",  "RETURNING", "VALUES", "WINDOW"};

}  // namespace

StatementParser::Operand StatementParser::read_tables(std::size_t block) {
  Operand all = read_joined(block);
  while (skip(',')) {
    Operand next = read_joined(block);
    all.tables.insert(all.tables.end(), next.tables.begin(), next.tables.end());
    for (const auto& [column, owner] : next.merged) all.merged.insert_or_assign(column, kNone);
  }
  return all;
}

bool StatementParser::at_join() const { return at_any(kJoinWords); }

StatementParser::Operand StatementParser::read_joined(std::size_t block) {
  Operand left = read_factor(block);
  while (at_join()) left = read_join(block, std::move(left));
  return left;
}

StatementParser::Operand StatementParser::read_join(std::size_t block, Operand left) {
  enter();
  const bool natural = skip_word("NATURAL");
  JoinKind kind = JoinKind::kInner;
  if (at_any({"LEFT", "RIGHT"})) {
    kind = at_word("LEFT") ? JoinKind::kLeft : JoinKind::kRight;
    ++at_;
    skip_word("OUTER");
  } else {
    skip_words({"INNER", "CROSS"});
  }
  if (!at_any({"JOIN", "STRAIGHT_JOIN"})) not_understood();
  ++at_;
  Operand right = read_factor(block);
  // a LEFT JOIN b JOIN c ON ... ON ...: the inner one comes first.
  while (kind != JoinKind::kInner && !natural && at_join()) right = read_join(block, right);
  Operand joined = left;
  joined.tables.insert(joined.tables.end(), right.tables.begin(), right.tables.end());
  for (const auto& [column, owner] : right.merged) joined.merged.insert_or_assign(column, kNone);
  if (natural) {
    merge_columns(kind, left, right, joined, natural_columns(left, right));
  } else if (skip_word("USING")) {
    merge_columns(kind, left, right, joined, using_columns());
  } else if (skip_word("ON")) {
    const std::size_t begin = at_;
    scan(block, {"JOIN",          "INNER",  "CROSS",     "LEFT",  "RIGHT",     "NATURAL",
                 "STRAIGHT_JOIN", "ON",     "USING",     "WHERE", "GROUP",     "HAVING",
                 "ORDER",         "LIMIT",  "FOR",       "LOCK",  "PROCEDURE", "INTO",
                 "UNION",         "EXCEPT", "INTERSECT", "SET",   "RETURNING", "WINDOW"},
         ',');
    // LEFT(a, 1) and RIGHT(a, 1) are functions.
    if (at_any({"LEFT", "RIGHT"}) && tokens_.at(at_ + 1).is('(')) not_understood();
    const Operand& fixed = kind == JoinKind::kInner  ? joined
                           : kind == JoinKind::kLeft ? right
                                                     : left;
    read_condition({begin, at_}, {block, &joined, &fixed});
  }
  leave();
  return joined;
}

StatementParser::Operand StatementParser::read_factor(std::size_t block) {
  skip_word("LATERAL");
  if (current().is('(') && query_at(at_)) return read_derived();
  if (skip('(')) {
    enter();
    Operand inner = read_tables(block);
    leave();
    expect(')');
    return inner;
  }
  return read_named_table();
}

StatementParser::Operand StatementParser::read_derived() {
  ++at_;
  read_query(kNone);
  expect(')');
  Table derived;
  read_alias(derived);
  if (current().is('(')) skip_parentheses(new_block(kNone));  // names of its columns
  return add_table(std::move(derived));
}

StatementParser::Table StatementParser::read_table_name() {
  if (!sql::is_identifier(current())) not_understood();
  Table table;
  table.schema = text_.database;
  table.table = sql::unquoted_name(current());
  ++at_;
  if (current().is('.') && !tokens_.at(at_ + 1).is('*')) {
    ++at_;
    if (!sql::is_identifier(current())) not_understood();
    table.schema = std::exchange(table.table, sql::unquoted_name(current()));
    ++at_;
  }
  table.name = table.table;
  return table;
}

StatementParser::Operand StatementParser::read_named_table() {
  const bool qualified = tokens_.at(at_ + 1).is('.');
  Table table = read_table_name();
  const bool common = !qualified && is_common_table(table);
  if (current().is('(')) {  // JSON_TABLE(...)
    skip_parentheses(new_block(kNone));
    table.table.clear();
  }
  if (skip_word("PARTITION")) skip_parentheses(new_block(kNone));
  if (common) table.table.clear();
  const ShardedTable sharded =
      table.table.empty() ? ShardedTable{} : sharded_.find(table.schema, table.table);
  read_alias(table);
  skip_index_hints();
  if (sharded) table.use = add_use(sharded, table);
  if (!sharded && !table.table.empty()) note_other(table, NameUse::kRead);
  return add_table(std::move(table));
}

/// One that WITH names. Servers differ in whether its case counts.
bool StatementParser::is_common_table(const Table& table) const {
  if (std::ranges::find(common_tables_, table.table) != common_tables_.end()) return true;
  const bool alike = std::ranges::any_of(
      common_tables_, [&](const std::string& name) { return same_name(name, table.table); });
  if (alike && sharded_.find(table.schema, table.table)) {
    throw Refusal{"WITH names a table alike in another case"};
  }
  return alike;
}

void StatementParser::note_other(const Table& table, NameUse use) {
  add_name(analysis_.others, {table.schema, table.table, use});
}

std::size_t StatementParser::add_use(const ShardedTable& sharded, const Table& table) {
  analysis_.uses.push_back(
      {sharded, table.name, sharded.table->schema + "." + sharded.table->table});
  return analysis_.uses.size() - 1;
}

StatementParser::Operand StatementParser::add_table(Table table) {
  tables_.push_back(std::move(table));
  return {{tables_.size() - 1}, {}};
}

void StatementParser::read_alias(Table& table) {
  const bool said = skip_word("AS");
  if (!sql::is_identifier(current()) || (!said && at_any(kNoAlias)) ||
      (!said && at_set_operator())) {
    if (said) not_understood();
    return;
  }
  table.name = sql::unquoted_name(current());
  ++at_;
}

/// USE INDEX FOR JOIN (a, b) IGNORE KEY (c)
void StatementParser::skip_index_hints() {
  while (at_any({"USE", "FORCE", "IGNORE"}) && tokens_.is_any(at_ + 1, {"INDEX", "KEY"})) {
    at_ += 2;
    while (!at_end() && !current().is('(')) ++at_;
    skip_parentheses(new_block(kNone));
    skip(',');
  }
}

std::vector<std::string> StatementParser::using_columns() {
  std::vector<std::string> columns;
  expect('(');
  do {
    if (!sql::is_identifier(current())) not_understood();
    columns.push_back(folded(sql::unquoted_name(current())));
    ++at_;
  } while (skip(','));
  expect(')');
  return columns;
}

std::vector<std::string> StatementParser::natural_columns(const Operand& left,
                                                          const Operand& right) const {
  std::vector<std::string> columns;
  for (const Operand* operand : {&left, &right}) {
    for (const std::size_t table : operand->tables) {
      if (tables_[table].use == kNone) continue;
      columns.push_back(folded(analysis_.uses[tables_[table].use].sharded.table->column));
    }
  }
  return columns;
}

/// Of a column (folded) that one of the operand's tables has for its sharding column. Of several
/// such tables the server would refuse the name.
std::size_t StatementParser::column_owner(const Operand& operand, const std::string& column) const {
  if (const auto merged = operand.merged.find(column); merged != operand.merged.end()) {
    return merged->second;
  }
  std::size_t owner = kNone;
  for (const std::size_t table : operand.tables) {
    if (tables_[table].use == kNone) continue;
    if (folded(analysis_.uses[tables_[table].use].sharded.table->column) != column) continue;
    if (owner != kNone) return kNone;
    owner = table;
  }
  return owner;
}

void StatementParser::merge_columns(JoinKind kind, const Operand& left, const Operand& right,
                                    Operand& joined, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    const std::size_t one = column_owner(left, column);
    const std::size_t other = column_owner(right, column);
    if (one != kNone && other != kNone) {
      const std::size_t from = tables_[one].use;
      const std::size_t to = tables_[other].use;
      if (kind != JoinKind::kRight) analysis_.links.push_back({from, to});
      if (kind != JoinKind::kLeft) analysis_.links.push_back({to, from});
    }
    joined.merged[column] = kind == JoinKind::kRight ? other : one;
  }
}

}  // namespace driver::routing
