#include "driver/routing/hidden_tables.h"

#include <algorithm>
#include <set>

#include "driver/routing/loose_names.h"
#include "driver/routing/token_list.h"

namespace driver::routing {
namespace {

bool is_view(const Definition& definition) { return definition.kind.ends_with("VIEW"); }
bool is_code(const Definition& definition) {
  return definition.kind == "TRIGGER" || definition.kind == "FUNCTION";
}

class Search {
 public:
  Search(const ShardedTables& sharded, DefinitionSource& source)
      : sharded_(sharded), source_(source) {}

  HiddenTable behind(const MentionedName& name) {
    if (!seen_.insert({name.schema, name.name, name.use}).second) return {};
    for (const Definition& one : source_.definitions(name)) {
      if (!is_view(one) && !is_code(one)) continue;
      HiddenTable found = in(one, name);
      if (!found.why.empty()) return found;
    }
    return {};
  }

 private:
  HiddenTable in(const Definition& definition, const MentionedName& name) {
    const std::string what = described(definition, name);
    if (definition.harmless) return {};
    if (definition.text.empty()) {
      return {{}, what + " whose definition this account may not read, and may use sharded tables"};
    }
    const auto [sharded, others] =
        is_view(definition) ? of_view(definition, name.schema) : of_code(definition, name.schema);
    if (!sharded.empty()) return {sharded, what + " that uses the sharded table " + sharded};
    for (const MentionedName& other : others) {
      HiddenTable found = behind(other);
      if (!found.why.empty()) return {found.table, what + " that uses " + found.why};
    }
    return {};
  }

  static std::string described(const Definition& definition, const MentionedName& name) {
    const std::string full = name.schema + "." + name.name;
    if (definition.kind == "TRIGGER") return full + ", which has a trigger";
    return full + (is_view(definition) ? ", a view" : "(), a stored function");
  }

  struct Used {
    std::string sharded;
    std::vector<MentionedName> others;
  };

  /// A query, which names all that it uses with the database.
  [[nodiscard]] Used of_view(const Definition& definition, const std::string& schema) const {
    const sql::StatementFacts facts = facts_of(definition.text, definition.options);
    Analysis analysis = analyse({definition.text, definition.options, facts, schema}, sharded_);
    if (!analysis.uses.empty()) return {analysis.uses.front().written, {}};
    return {{}, std::move(analysis.others)};
  }

  [[nodiscard]] Used of_code(const Definition& definition, const std::string& schema) const {
    const TokenList tokens(definition.text, definition.options);
    Used used;
    for (MentionedName& name : loose_names(tokens, schema, NameUse::kWritten)) {
      const ShardedTable found = sharded_.find(name.schema, name.name);
      if (found && name.use != NameUse::kCalled) {
        return {found.table->schema + "." + found.table->table, {}};
      }
      used.others.push_back(std::move(name));
    }
    return used;
  }

  const ShardedTables& sharded_;
  DefinitionSource& source_;
  std::set<std::tuple<std::string, std::string, NameUse>> seen_;
};

}  // namespace

std::string definitions_query(NameUse use, std::string_view schema_literal,
                              std::string_view name_literal) {
  const std::string schema = " = " + std::string(schema_literal);
  const std::string name = " = " + std::string(name_literal);
  constexpr const char* kQuotes = ", FIND_IN_SET('ANSI_QUOTES', @@sql_mode)";
  constexpr const char* kBackslashes = ", FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@sql_mode)";
  const std::string modes = std::string(kQuotes) + kBackslashes;
  if (use == NameUse::kCalled) {
    return "SELECT ROUTINE_TYPE, ROUTINE_DEFINITION, SQL_DATA_ACCESS" + modes +
           " FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA" + schema + " AND ROUTINE_NAME" +
           name + " AND ROUTINE_TYPE = 'FUNCTION'";
  }
  std::string sql = "SELECT t.TABLE_TYPE, v.VIEW_DEFINITION, ''" + modes +
                    " FROM information_schema.TABLES t LEFT JOIN information_schema.VIEWS v ON "
                    "v.TABLE_SCHEMA" +
                    schema + " AND v.TABLE_NAME" + name + " WHERE t.TABLE_SCHEMA" + schema +
                    " AND t.TABLE_NAME" + name;
  if (use != NameUse::kWritten) return sql;
  sql += " UNION ALL SELECT 'TRIGGER', ACTION_STATEMENT, EVENT_MANIPULATION" + modes +
         " FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA" + schema +
         " AND EVENT_OBJECT_TABLE" + name;
  return sql;
}

std::vector<Definition> definitions_from(const std::vector<rows::Record>& rows) {
  std::vector<Definition> found;
  for (const rows::Record& row : rows) {
    Definition& one = found.emplace_back();
    one.kind = row.at(0).value_or("");
    one.text = row.at(1).value_or("");
    one.harmless = row.at(2) == "NO SQL";
    if (one.kind == "TRIGGER") one.event = row.at(2).value_or("");
    one.options.ansi_quotes = row.at(3).value_or("0") != "0";
    one.options.no_backslash_escapes = row.at(4).value_or("0") != "0";
  }
  return found;
}

HiddenTable hidden_table(const MentionedName& name, const ShardedTables& sharded,
                         DefinitionSource& source) {
  return Search(sharded, source).behind(name);
}

}  // namespace driver::routing
