// INSERT, REPLACE, UPDATE, DELETE: where their rows go, and what they must not do in one shard.
#include "driver/routing/same_name.h"
#include "driver/routing/statement_parser.h"

namespace driver::routing {
namespace {

/// The parts of `range` between commas outside parentheses.
std::vector<Range> split(const TokenList& tokens, Range range) {
  std::vector<Range> parts;
  std::size_t begin = range.begin;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (tokens.at(i).is('(')) i = tokens.partner(i);
    if (!tokens.at(i).is(',')) continue;
    parts.push_back({begin, i});
    begin = i + 1;
  }
  if (range.size() > 0) parts.push_back({begin, range.end});
  return parts;
}

}  // namespace

bool StatementParser::has_sharded(const Operand& operand) const {
  for (const std::size_t table : operand.tables) {
    if (tables_[table].use != kNone) return true;
  }
  return false;
}

void StatementParser::refuse_other_table(const std::string& name) {
  throw Refusal{"it also changes " + name +
                ", which is not sharded: such tables are changed in the global group alone"};
}

bool StatementParser::names_sharding_column(std::size_t index, std::size_t use) const {
  return sql::is_identifier(tokens_.at(index)) &&
         same_name(sql::unquoted_name(tokens_.at(index)),
                   analysis_.uses[use].sharded.table->column);
}

void StatementParser::read_insert() {
  analysis_.inserts = true;
  analysis_.replaces = at_word("REPLACE");
  ++at_;
  skip_words({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"});
  skip_word("INTO");
  Table target = read_table_name();
  if (skip_word("PARTITION")) skip_parentheses(new_block(kNone));
  const ShardedTable sharded = sharded_.find(target.schema, target.table);
  if (!sharded) {
    note_other(target, NameUse::kWritten);
    return read_insert_beside(target);
  }
  target.use = add_use(sharded, target);
  const std::size_t use = target.use;
  const std::size_t block = new_block(kNone);
  blocks_[block].from = add_table(std::move(target));
  blocks_[block].from_known = true;
  read_insert_into(use);
}

/// Into a table that is not sharded: sharded ones in its queries would be read in another place.
void StatementParser::read_insert_beside(const Table& target) {
  if (current().is('(') && !query_at(at_)) skip_parentheses(new_block(kNone));
  if (query_at(at_) && !at_word("VALUES")) {
    read_query(kNone);
  } else {
    scan(new_block(kNone), {});
  }
  if (!at_end()) scan(new_block(kNone), {});
  if (!analysis_.uses.empty()) refuse_other_table(target.table);
}

void StatementParser::read_insert_into(std::size_t use) {
  std::optional<std::size_t> key;
  const bool listed = current().is('(') && !query_at(at_);
  if (listed) {
    key = read_columns(use);
    if (!key) {
      throw Refusal{"its columns do not include the sharding column " +
                    analysis_.uses[use].sharded.table->column};
    }
  }
  if (at_any({"VALUES", "VALUE"})) {
    ++at_;
    read_rows(use, key);
  } else if (!listed && skip_word("SET")) {
    read_insert_set(use);
  } else {
    throw Refusal{"INSERT ... SELECT may bring rows of every shard"};
  }
  read_behind_rows(use);
}

/// (columns): the place of the sharding column among them.
std::optional<std::size_t> StatementParser::read_columns(std::size_t use) {
  const std::size_t close = tokens_.partner(at_);
  if (close >= tokens_.size()) not_understood();
  std::optional<std::size_t> key;
  std::size_t place = 0;
  for (const Range column : split(tokens_, {at_ + 1, close})) {
    if (column.size() == 0) not_understood();
    if (names_sharding_column(column.end - 1, use)) key = place;
    ++place;
  }
  at_ = close + 1;
  return key;
}

std::vector<Range> StatementParser::read_row(std::size_t block) {
  skip_word("ROW");
  const Range inside{at_ + 1, tokens_.partner(at_)};
  skip_parentheses(block);
  return split(tokens_, inside);
}

void StatementParser::read_rows(std::size_t use, std::optional<std::size_t> key) {
  const std::size_t block = new_block(kNone);
  KeyCondition condition{.use = use, .stored = true};
  UnlistedRows unlisted{.use = use};
  do {
    const std::vector<Range> row = read_row(block);
    if (key) {
      if (*key >= row.size()) {
        throw Refusal{"row " + std::to_string(condition.values.size() + 1) +
                      " of its VALUES has no value for the sharding column"};
      }
      condition.values.push_back(written_value(tokens_, row[*key], text_.options));
      continue;
    }
    auto& values = unlisted.rows.emplace_back();
    for (const Range cell : row) values.push_back(written_value(tokens_, cell, text_.options));
  } while (skip(','));
  if (key) {
    analysis_.conditions.push_back(std::move(condition));
  } else {
    analysis_.unlisted.push_back(std::move(unlisted));
  }
}

void StatementParser::read_insert_set(std::size_t use) {
  const std::size_t begin = at_;
  scan(new_block(kNone), {"ON", "RETURNING", "AS"});
  for (const Range assignment : split(tokens_, {begin, at_})) {
    std::size_t equals = assignment.begin;
    while (equals < assignment.end && !tokens_.at(equals).is('=')) ++equals;
    if (equals == assignment.begin || equals >= assignment.end) not_understood();
    if (!names_sharding_column(equals - 1, use)) continue;
    KeyCondition condition{.use = use, .stored = true};
    condition.values.push_back(written_value(tokens_, {equals + 1, assignment.end}, text_.options));
    analysis_.conditions.push_back(std::move(condition));
    return;
  }
  throw Refusal{"its columns do not include the sharding column " +
                analysis_.uses[use].sharded.table->column};
}

/// AS new(a, b) ON DUPLICATE KEY UPDATE a = ..., RETURNING ...
void StatementParser::read_behind_rows(std::size_t use) {
  constexpr std::size_t kFirstBlock = 0;
  if (skip_word("AS")) {
    ++at_;
    if (current().is('(')) skip_parentheses(kFirstBlock);
  }
  if (skip_word("ON")) {
    if (!skip_word("DUPLICATE") || !skip_word("KEY") || !skip_word("UPDATE")) not_understood();
    analysis_.replaces = true;
    const std::size_t begin = at_;
    scan(kFirstBlock, {"RETURNING"});
    for (const Range assignment : split(tokens_, {begin, at_})) {
      std::size_t equals = assignment.begin;
      while (equals < assignment.end && !tokens_.at(equals).is('=')) ++equals;
      if (equals == assignment.begin || equals >= assignment.end) not_understood();
      if (names_sharding_column(equals - 1, use)) {
        throw Refusal{"it changes the sharding column, which would belong to another shard"};
      }
    }
  }
  if (skip_word("RETURNING")) scan(kFirstBlock, {});
}

void StatementParser::read_update() {
  analysis_.updates = true;
  ++at_;
  skip_words({"LOW_PRIORITY", "IGNORE"});
  const std::size_t block = new_block(kNone);
  Operand from = read_tables(block);
  const bool sharded = has_sharded(from);
  const std::string first = tables_[from.tables.front()].table;
  if (!sharded) note_all_written();
  blocks_[block].from = std::move(from);
  blocks_[block].from_known = true;
  if (!skip_word("SET")) not_understood();
  const std::size_t begin = at_;
  scan(block, {"WHERE", "ORDER", "LIMIT", "RETURNING"});
  if (sharded) read_assignments({begin, at_}, block);
  read_where(block);
  read_clauses(block);
  if (!sharded && !analysis_.uses.empty()) refuse_other_table(first);
}

/// Which of its tables it changes is not looked at.
void StatementParser::note_all_written() {
  for (MentionedName& other : analysis_.others) other.use = NameUse::kWritten;
}

void StatementParser::read_assignments(Range range, std::size_t block) {
  for (const Range assignment : split(tokens_, range)) {
    std::size_t equals = assignment.begin;
    while (equals < assignment.end && !tokens_.at(equals).is('=') &&
           tokens_.at(equals).text != ":=") {
      ++equals;
    }
    if (equals == assignment.begin || equals >= assignment.end) not_understood();
    read_assignment({assignment.begin, equals}, {equals + 1, assignment.end}, block);
  }
}

/// The column may be of any table that the statement joins.
void StatementParser::read_assignment(Range target, Range value, std::size_t block) {
  const Operand& from = blocks_[block].from;
  const std::size_t last = target.end - 1;
  const bool qualified = target.size() >= 3;
  for (const std::size_t table : from.tables) {
    if (qualified && !same_name(tables_[table].name, sql::unquoted_name(tokens_.at(last - 2)))) {
      continue;
    }
    if (tables_[table].use == kNone) refuse_other_table(tables_[table].name);
    if (!names_sharding_column(last, tables_[table].use)) continue;
    KeyCondition kept{.use = tables_[table].use, .stored = true};
    kept.values.push_back(written_value(tokens_, value, text_.options));
    analysis_.assigned.push_back(std::move(kept));
  }
}

std::vector<StatementParser::Table> StatementParser::read_targets() {
  std::vector<Table> targets;
  do {
    targets.push_back(read_table_name());
    if (skip('.')) expect('*');
  } while (skip(','));
  return targets;
}

void StatementParser::require_sharded(const std::vector<Table>& targets, std::size_t block) const {
  for (const Table& target : targets) {
    const std::size_t table = named_table("", target.name, blocks_[block].from);
    if (table == kNone || tables_[table].use == kNone) refuse_other_table(target.name);
  }
}

/// DELETE FROM t ..., DELETE t, u FROM t JOIN u ..., DELETE FROM t, u USING t JOIN u ...
void StatementParser::read_delete() {
  ++at_;
  skip_words({"LOW_PRIORITY", "QUICK", "IGNORE"});
  std::vector<Table> targets;
  const bool targets_first = !skip_word("FROM");
  const std::size_t begin = at_;
  targets = read_targets();
  const bool several = targets_first || at_word("USING");
  if (targets_first && !skip_word("FROM")) not_understood();
  if (!targets_first && !skip_word("USING")) at_ = begin;
  const std::size_t block = new_block(kNone);
  Operand from = read_tables(block);
  const bool sharded = has_sharded(from);
  if (!sharded) note_all_written();
  blocks_[block].from = std::move(from);
  blocks_[block].from_known = true;
  if (several && sharded) require_sharded(targets, block);
  read_where(block);
  read_clauses(block);
  if (!sharded && !analysis_.uses.empty()) refuse_other_table(targets.front().table);
}

}  // namespace driver::routing
