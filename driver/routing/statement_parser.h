// Reads one statement for analyse(): its query blocks, the tables in them and the conditions that
// hold for all of their rows. Knows what it must and refuses the rest: Refusal carries the reason
// out. Lives while one statement is read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "driver/routing/analysis.h"
#include "driver/routing/token_list.h"

namespace driver::routing {

struct Refusal {
  std::string why;
};

class StatementParser {
 public:
  StatementParser(const AnalysedText& text, const TokenList& tokens, const ShardedTables& sharded)
      : text_(text), tokens_(tokens), sharded_(sharded) {}

  /// The statement's first word is at hand. Throws Refusal.
  Analysis read();

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// Tables joined so far, by the entries of tables_.
  struct Operand {
    std::vector<std::size_t> tables;
    /// By sharding column (folded), the table whose column stands for those that USING or NATURAL
    /// made one; kNone: of a table that is not sharded.
    std::map<std::string, std::size_t> merged;
  };
  struct Table {
    std::string name;
    std::string schema, table;  ///< empty: derived
    std::size_t use = kNone;    ///< in analysis_.uses; kNone: not sharded
  };
  struct Block {
    std::size_t parent = kNone;
    Operand from = {};
    bool from_known = false;  ///< else names may still turn out to be of this block
  };
  enum class JoinKind : std::uint8_t { kInner, kLeft, kRight };
  /// Whom a condition restricts.
  struct Reach {
    std::size_t block;
    const Operand* seen;   ///< tables that its names may mean
    const Operand* fixes;  ///< tables whose rows it restricts
  };

  // Moving (statement_parser.cpp).
  [[nodiscard]] const sql::Token& current() const { return tokens_.at(at_); }
  [[nodiscard]] bool at_word(std::string_view upper) const { return tokens_.is_word(at_, upper); }
  [[nodiscard]] bool at_any(std::initializer_list<std::string_view> upper) const {
    return tokens_.is_any(at_, upper);
  }
  [[nodiscard]] bool at_any(std::span<const std::string_view> upper) const {
    return tokens_.is_any(at_, upper);
  }
  bool skip_word(std::string_view upper);
  bool skip(char c);
  void expect(char c);
  void skip_words(std::initializer_list<std::string_view> upper);
  /// Over the parentheses at hand, subqueries in them read.
  void skip_parentheses(std::size_t block);
  [[nodiscard]] bool at_end() const { return at_ >= tokens_.size(); }
  [[noreturn]] void not_understood() const;
  [[nodiscard]] bool query_at(std::size_t index) const;
  void enter();
  void leave() { --depth_; }

  // Statements (parse_writes.cpp).
  void read_insert();
  void read_insert_beside(const Table& target);
  void read_insert_into(std::size_t use);
  void read_rows(std::size_t use, std::optional<std::size_t> key);
  std::vector<Range> read_row(std::size_t block);
  std::optional<std::size_t> read_columns(std::size_t use);
  void read_insert_set(std::size_t use);
  void read_behind_rows(std::size_t use);
  void read_update();
  void note_all_written();
  void read_assignments(Range range, std::size_t block);
  void read_assignment(Range target, Range value, std::size_t block);
  void read_delete();
  std::vector<Table> read_targets();
  void require_sharded(const std::vector<Table>& targets, std::size_t block) const;
  [[nodiscard]] bool names_sharding_column(std::size_t index, std::size_t use) const;
  [[nodiscard]] bool has_sharded(const Operand& operand) const;
  [[noreturn]] static void refuse_other_table(const std::string& name);

  // Query blocks (parse_query.cpp).
  void read_query(std::size_t parent);
  void read_with();
  void read_query_term(std::size_t parent);
  void read_select(std::size_t parent);
  void read_where(std::size_t block);
  void read_clauses(std::size_t block);
  /// Up to a word of `stops` or the operator `stop`, a closing parenthesis, or the end; subqueries
  /// are read on the way.
  void scan(std::size_t block, std::initializer_list<std::string_view> stops, char stop = ')');
  [[nodiscard]] bool at_set_operator() const;
  [[nodiscard]] bool at_window() const;
  std::size_t new_block(std::size_t parent);

  // Tables (parse_tables.cpp).
  Operand read_tables(std::size_t block);
  Operand read_joined(std::size_t block);
  [[nodiscard]] bool at_join() const;
  Operand read_join(std::size_t block, Operand left);
  Operand read_factor(std::size_t block);
  Operand read_derived();
  Operand read_named_table();
  [[nodiscard]] bool is_common_table(const Table& table) const;
  Operand add_table(Table table);
  void note_other(const Table& table, NameUse use);
  std::size_t add_use(const ShardedTable& sharded, const Table& table);
  void read_alias(Table& table);
  void skip_index_hints();
  void merge_columns(JoinKind kind, const Operand& left, const Operand& right, Operand& joined,
                     const std::vector<std::string>& columns);
  std::vector<std::string> using_columns();
  std::vector<std::string> natural_columns(const Operand& left, const Operand& right) const;
  [[nodiscard]] std::size_t column_owner(const Operand& operand, const std::string& column) const;
  /// [schema.]table at hand, the schema by default the session's.
  Table read_table_name();

  // Conditions (parse_conditions.cpp).
  void read_condition(Range range, const Reach& reach);
  void read_conjunct(Range range, const Reach& reach);
  void note_obstacle(Range range, const Reach& reach);
  bool read_equality(Range range, const Reach& reach);
  bool read_in_list(Range range, const Reach& reach);
  void add_condition(std::size_t table, std::vector<WrittenValue> values, const Reach& reach);
  void add_links(std::size_t one, std::size_t other, const Reach& reach);
  [[nodiscard]] bool fixes(const Reach& reach, std::size_t table) const;
  /// The table whose sharding column `range` is as a whole; kNone: something else.
  [[nodiscard]] std::size_t sharding_column(Range range, const Reach& reach) const;
  [[nodiscard]] std::size_t named_table(const std::string& schema, const std::string& name,
                                        const Operand& operand) const;
  [[nodiscard]] std::optional<std::vector<Range>> conjuncts(Range range);

  const AnalysedText& text_;
  const TokenList& tokens_;
  const ShardedTables& sharded_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<Table> tables_;
  std::vector<Block> blocks_;
  std::vector<std::string> common_tables_;  ///< names of WITH that hold at this place
  Analysis analysis_;
};

/// " near 'x'" for messages.
std::string near(const TokenList& tokens, std::size_t index);

}  // namespace driver::routing
