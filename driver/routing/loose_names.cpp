#include "driver/routing/loose_names.h"

#include <algorithm>
#include <array>

#include "driver/sql/pure_read.h"

namespace driver::routing {
namespace {

/// What a table's name may follow.
constexpr std::array<std::string_view, 17> kBeforeTable{
    "FROM",   "JOIN",   "STRAIGHT_JOIN", "INTO",          "UPDATE", "TABLE",
    "TABLES", "DELETE", "INSERT",        "REPLACE",       "USING",  "LOW_PRIORITY",
    "IGNORE", "QUICK",  "DELAYED",       "HIGH_PRIORITY", "LATERAL"};

/// Words that a parenthesis may follow, beside those of pure reads.
constexpr std::array<std::string_view, 15> kNoFunctions{
    "AGAINST", "ANY",  "COLUMNS", "DEFAULT", "FIELDS", "KEYS",  "LINES", "OVER",
    "ROW",     "SOME", "TABLE",   "TABLES",  "VALUES", "VALUE", "WITHIN"};

constexpr std::array<std::string_view, 4> kSystemSchemas{"information_schema", "mysql",
                                                         "performance_schema", "sys"};

/// A name with the database before it, if it has one.
struct Chain {
  std::string schema, name;
  std::size_t end = 0;  ///< behind it, its columns too
};

Chain chain_at(const TokenList& tokens, std::size_t index, const std::string& database) {
  Chain chain{database, sql::unquoted_name(tokens.at(index)), index + 1};
  bool qualified = false;
  while (tokens.at(chain.end).is('.') && sql::is_identifier(tokens.at(chain.end + 1))) {
    if (!qualified) {
      chain.schema = std::exchange(chain.name, sql::unquoted_name(tokens.at(chain.end + 1)));
    }
    qualified = true;
    chain.end += 2;
  }
  return chain;
}

bool system_schema(const std::string& schema) {
  return std::ranges::any_of(
      kSystemSchemas, [&](std::string_view one) { return sql::equals_ignoring_case(schema, one); });
}

bool may_be_stored(const TokenList& tokens, std::size_t index) {
  const sql::Token& word = tokens.at(index);
  if (word.kind != sql::TokenKind::kWord || tokens.at(index + 1).is('.')) return true;
  return !sql::known_before_parenthesis(word.text) && !tokens.is_any(index, kNoFunctions);
}

bool table_may_stand(const TokenList& tokens, std::size_t index) {
  if (tokens.at(index + 1).is('.')) return true;
  if (index == 0 || tokens.is_any(index, kBeforeTable)) return false;
  return tokens.at(index - 1).is(',') || tokens.at(index - 1).is('(') ||
         tokens.is_any(index - 1, kBeforeTable);
}

void collect(const TokenList& tokens, const std::string& database, std::vector<MentionedName>& into,
             std::optional<NameUse> tables) {
  for (std::size_t i = 0; i < tokens.size();) {
    if (!sql::is_identifier(tokens.at(i))) {
      ++i;
      continue;
    }
    const Chain chain = chain_at(tokens, i, database);
    const bool behind_into = i > 0 && tokens.is_any(i - 1, kBeforeTable);
    if (tokens.at(chain.end).is('(') && !behind_into) {
      if (may_be_stored(tokens, i)) add_name(into, {chain.schema, chain.name, NameUse::kCalled});
    } else if (tables && table_may_stand(tokens, i)) {
      add_name(into, {chain.schema, chain.name, *tables});
    }
    i = chain.end;
  }
}

}  // namespace

void add_name(std::vector<MentionedName>& names, MentionedName name) {
  if (name.schema.empty() || system_schema(name.schema)) return;
  if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

std::vector<MentionedName> loose_names(const TokenList& tokens, const std::string& database,
                                       NameUse tables) {
  std::vector<MentionedName> names;
  collect(tokens, database, names, tables);
  return names;
}

std::vector<MentionedName> called_functions(const TokenList& tokens, const std::string& database) {
  std::vector<MentionedName> names;
  collect(tokens, database, names, std::nullopt);
  return names;
}

}  // namespace driver::routing
