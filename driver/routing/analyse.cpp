#include <algorithm>
#include <array>

#include "driver/routing/analysis.h"
#include "driver/routing/loose_names.h"
#include "driver/routing/statement_parser.h"
#include "driver/sql/pure_read.h"
#include "fabric/base/ascii.h"

namespace driver::routing {
namespace {

/// What one look at the words tells, before anything is kept.
struct FirstLook {
  bool may_name_sharded = false;
  bool reads_tables = false;
  bool locks = false;                ///< FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE
  bool may_call = false;             ///< a function that may be a stored one
  std::array<std::string, 2> words;  ///< the first two, in upper case
};

FirstLook look_at(const AnalysedText& text, const ShardedTables& sharded) {
  FirstLook look;
  sql::SqlScanner scanner(text.sql, text.options);
  bool after_from = false;
  bool after_for = false;
  bool after_lock = false;
  bool after_unknown = false;
  bool after_dot = false;
  std::size_t count = 0;
  for (sql::Token token = scanner.next(); token.kind != sql::TokenKind::kEnd; scanner.next(token)) {
    if (count < look.words.size()) look.words[count] = fabric::base::upper(token.text);
    ++count;
    if (after_from && !token.is_word("DUAL")) look.reads_tables = true;
    after_from = token.is_word("FROM");
    look.locks |= (after_for && (token.is_word("UPDATE") || token.is_word("SHARE"))) ||
                  (after_lock && token.is_word("IN"));
    after_for = token.is_word("FOR");
    after_lock = token.is_word("LOCK");
    look.may_call |= after_unknown && token.is('(');
    // With its database, any name may be a stored function's: shop.year(1).
    after_unknown =
        sql::is_identifier(token) && (after_dot || !sql::known_before_parenthesis(token.text));
    after_dot = token.is('.');
    if (!sql::is_identifier(token)) continue;
    const bool plain = token.kind == sql::TokenKind::kWord;
    look.may_name_sharded |=
        sharded.has_table_named(plain ? token.text : std::string_view(sql::unquoted_name(token)));
  }
  return look;
}

/// SHOW of what the session itself has done, wherever it is.
bool shows_session(const FirstLook& look) {
  constexpr std::array kOfSession{"WARNINGS", "ERRORS",    "COUNT",   "STATUS",   "SESSION",
                                  "LOCAL",    "VARIABLES", "PROFILE", "PROFILES", "PROCESSLIST",
                                  "GLOBAL",   "EXPLAIN",   "LOCALES"};
  return look.words[0] == "SHOW" &&
         std::ranges::find(kOfSession, look.words[1]) != kOfSession.end();
}

/// Of a statement without sharded tables.
Subject plain_subject(sql::StatementKind kind, const FirstLook& look) {
  switch (kind) {
    case sql::StatementKind::kExplain:
      // MariaDB's ANALYZE runs what it explains.
      if (look.words[0] == "ANALYZE" && look.words[1] != "SELECT") return Subject::kWriting;
      [[fallthrough]];
    case sql::StatementKind::kSelect:
    case sql::StatementKind::kValues:
      if (look.locks) return Subject::kWriting;
      return look.reads_tables || look.words[0] == "TABLE" ? Subject::kReading : Subject::kNothing;
    case sql::StatementKind::kShow:
      return shows_session(look) ? Subject::kNothing : Subject::kReading;
    case sql::StatementKind::kSet:
    case sql::StatementKind::kDo:
      return look.reads_tables ? Subject::kReading : Subject::kNothing;
    case sql::StatementKind::kCall:
    case sql::StatementKind::kExecute:
      return Subject::kOpaque;
    case sql::StatementKind::kPrepare:
      return look.words[0] == "PREPARE" ? Subject::kOpaque : Subject::kNothing;
    case sql::StatementKind::kHandler:
      return Subject::kReading;
    case sql::StatementKind::kLock:
      return look.words[0] == "LOCK" ? Subject::kWriting : Subject::kNothing;
    case sql::StatementKind::kAdmin: {
      constexpr std::array kOfTables{"ANALYZE", "OPTIMIZE", "CHECK", "REPAIR", "CHECKSUM"};
      return std::ranges::find(kOfTables, look.words[0]) != kOfTables.end() ? Subject::kWriting
                                                                            : Subject::kNothing;
    }
    case sql::StatementKind::kEmpty:
    case sql::StatementKind::kBegin:
    case sql::StatementKind::kCommit:
    case sql::StatementKind::kRollback:
    case sql::StatementKind::kSavepoint:
    case sql::StatementKind::kXa:
    case sql::StatementKind::kUse:
      return Subject::kNothing;
    default:
      return Subject::kWriting;
  }
}

/// The statements that StatementParser reads.
bool parsed(sql::StatementKind kind) {
  switch (kind) {
    case sql::StatementKind::kSelect:
    case sql::StatementKind::kValues:
    case sql::StatementKind::kInsert:
    case sql::StatementKind::kReplace:
    case sql::StatementKind::kUpdate:
    case sql::StatementKind::kDelete:
    case sql::StatementKind::kExplain:
    case sql::StatementKind::kSet:
    case sql::StatementKind::kDo:
    case sql::StatementKind::kUnknown:
      return true;
    default:
      return false;
  }
}

/// Where the name at `index` of the definition of a table or an index can mean a column alone, or
/// an index.
class Definitions {
 public:
  Definitions(const TokenList& tokens, sql::StatementKind kind) : tokens_(tokens) {
    if (kind != sql::StatementKind::kDdl) return;
    std::size_t i = 1;
    while (tokens.is_any(i, {"OR", "REPLACE", "TEMPORARY", "UNIQUE", "FULLTEXT", "SPATIAL",
                             "ONLINE", "OFFLINE", "IGNORE"})) {
      ++i;
    }
    of_index_ = tokens.is_any(0, {"CREATE", "DROP"}) && tokens.is_word(i, "INDEX");
    of_table_ = tokens.is_any(0, {"CREATE", "ALTER"}) && tokens.is_word(i, "TABLE");
    for (std::size_t from = i; of_table_ && from < tokens.size(); ++from) {
      // A query names columns and tables alike.
      if (tokens.is_any(from, {"SELECT", "UNION", "LIKE"})) of_table_ = false;
    }
  }

  [[nodiscard]] bool no_table_at(std::size_t index) const {
    const std::size_t first = tokens_.at(index - 1).is('.') && index >= 2 ? index - 2 : index;
    if (first == 0) return false;
    if (of_index_) return !tokens_.is_word(first - 1, "ON");
    return of_table_ &&
           !tokens_.is_any(first - 1, {"TABLE", "EXISTS", "REFERENCES", "RENAME", "TO", "AS"}) &&
           !tokens_.at(first - 1).is('=');
  }

 private:
  const TokenList& tokens_;
  bool of_index_ = false;
  bool of_table_ = false;
};

/// The session's, and those that a text of several statements enters on its way: a name without a
/// database may be of any of them.
std::vector<std::string> databases(const AnalysedText& text, const TokenList& tokens) {
  std::vector<std::string> found{text.database};
  if (text.facts.kind != sql::StatementKind::kMulti) return found;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool first = i == 0 || tokens.at(i - 1).kind == sql::TokenKind::kSemicolon;
    if (!first || !tokens.is_word(i, "USE") || !sql::is_identifier(tokens.at(i + 1))) continue;
    found.push_back(sql::unquoted_name(tokens.at(i + 1)));
  }
  return found;
}

/// Every name in the statement that may mean a sharded table.
std::vector<TableUse> mentions(const AnalysedText& text, const TokenList& tokens,
                               const ShardedTables& sharded) {
  std::vector<TableUse> found;
  const Definitions definitions(tokens, text.facts.kind);
  const std::vector<std::string> unsaid = databases(text, tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!sql::is_identifier(tokens.at(i)) || definitions.no_table_at(i)) continue;
    const std::string name = sql::unquoted_name(tokens.at(i));
    const bool qualified =
        i >= 2 && tokens.at(i - 1).is('.') && sql::is_identifier(tokens.at(i - 2));
    const auto schemas =
        qualified ? std::vector<std::string>{sql::unquoted_name(tokens.at(i - 2))} : unsaid;
    for (const std::string& schema : schemas) {
      if (const ShardedTable table = sharded.find(schema, name)) {
        found.push_back({table, name, table.table->schema + "." + table.table->table});
      }
    }
  }
  return found;
}

Analysis refused(std::vector<TableUse> uses, std::string why) {
  Analysis analysis;
  analysis.subject = Subject::kSharded;
  analysis.uses = std::move(uses);
  analysis.refusal = std::move(why);
  return analysis;
}

/// CREATE TABLE ... SELECT, not what only defines a query.
bool fills_by_query(const TokenList& tokens) {
  if (!tokens.is_word(0, "CREATE")) return false;
  std::size_t i = 1;
  while (tokens.is_any(i, {"OR", "REPLACE", "TEMPORARY"})) ++i;
  for (bool table = tokens.is_word(i, "TABLE"); table && i < tokens.size(); ++i) {
    if (tokens.is_word(i, "SELECT")) return true;
    if (tokens.is_word(i, "AS") && tokens.is_any(i + 1, {"TABLE", "VALUES"})) return true;
  }
  return false;
}

/// DDL and the like: it is done in the mapping's global group, from where it reaches every shard.
Analysis schema_of(std::vector<TableUse> uses, const TokenList& tokens) {
  if (fills_by_query(tokens)) {
    return refused(std::move(uses), "CREATE TABLE ... SELECT would need the rows of every shard");
  }
  Analysis analysis;
  analysis.subject = Subject::kSchema;
  analysis.uses = std::move(uses);
  return analysis;
}

Analysis unparsed(const AnalysedText& text, const TokenList& tokens, std::vector<TableUse> uses) {
  switch (text.facts.kind) {
    case sql::StatementKind::kDdl:
    case sql::StatementKind::kAdmin:
      if (tokens.is_word(0, "FLUSH")) break;
      if (tokens.is_any(0, {"CHECK", "CHECKSUM"})) {
        return refused(std::move(uses),
                       "its answer would be of the rows that are in one shard only");
      }
      return schema_of(std::move(uses), tokens);
    case sql::StatementKind::kMulti:
      return refused(
          std::move(uses),
          "there are several statements in one text, which may belong to several shards");
    case sql::StatementKind::kLoadData:
      return refused(std::move(uses), "LOAD DATA may bring rows of every shard");
    case sql::StatementKind::kLock:
      return refused(std::move(uses), "LOCK TABLES locks in one shard only");
    default:
      break;
  }
  return refused(std::move(uses),
                 "no value of its sharding column can be seen in such a statement");
}

void count_markers(Analysis& analysis) {
  const auto marker = [](const WrittenValue& value) {
    return std::holds_alternative<Marker>(value);
  };
  for (const auto* conditions : {&analysis.conditions, &analysis.assigned}) {
    for (const KeyCondition& condition : *conditions) {
      analysis.has_markers |= std::ranges::any_of(condition.values, marker);
    }
  }
  for (const UnlistedRows& unlisted : analysis.unlisted) {
    for (const auto& row : unlisted.rows) {
      analysis.has_markers |= std::ranges::any_of(row, marker);
    }
  }
}

/// A map that cannot be told from others: of what is used together.
std::string several_mappings(const std::vector<TableUse>& uses) {
  for (const TableUse& use : uses) {
    if (use.sharded.map == uses.front().sharded.map) continue;
    return uses.front().written + " and " + use.written + " belong to different shard mappings";
  }
  return {};
}

/// Of several statements in one text.
std::vector<MentionedName> loose_names_of_all(const AnalysedText& text, const TokenList& tokens) {
  std::vector<MentionedName> names;
  for (const std::string& database : databases(text, tokens)) {
    for (MentionedName& name : loose_names(tokens, database, NameUse::kWritten)) {
      add_name(names, std::move(name));
    }
  }
  return names;
}

/// Of a statement that the parser does not read, or does not understand.
std::vector<MentionedName> loose_names_of(const AnalysedText& text, const TokenList& tokens) {
  switch (text.facts.kind) {
    case sql::StatementKind::kShow:
    case sql::StatementKind::kHandler:
    case sql::StatementKind::kAdmin:
      return {};
    case sql::StatementKind::kDdl:
      if (!fills_by_query(tokens)) return {};
      return loose_names(tokens, text.database, NameUse::kRead);
    case sql::StatementKind::kSelect:
    case sql::StatementKind::kValues:
    case sql::StatementKind::kExplain:
    case sql::StatementKind::kLock:
      return loose_names(tokens, text.database, NameUse::kRead);
    case sql::StatementKind::kMulti:
      return loose_names_of_all(text, tokens);
    default:
      return loose_names(tokens, text.database, NameUse::kWritten);
  }
}

void add_functions(const AnalysedText& text, const TokenList& tokens,
                   std::vector<MentionedName>& names) {
  for (MentionedName& called : called_functions(tokens, text.database)) {
    const auto same = [&](const MentionedName& one) {
      return one.schema == called.schema && one.name == called.name;
    };
    if (std::ranges::none_of(names, same)) names.push_back(std::move(called));
  }
}

/// Among several statements, or in a block of code.
bool runs_unseen(sql::StatementKind kind, const TokenList& tokens) {
  if (kind != sql::StatementKind::kMulti && kind != sql::StatementKind::kUnknown) return false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.is_any(i, {"CALL", "EXECUTE", "PREPARE"})) return true;
  }
  return false;
}

Analysis parse(const AnalysedText& text, const TokenList& tokens, const ShardedTables& sharded) {
  try {
    if (tokens.conditional()) {
      throw Refusal{"it holds a version comment, which only some servers read"};
    }
    return StatementParser(text, tokens, sharded).read();
  } catch (Refusal& refusal) {
    return refused(mentions(text, tokens, sharded), std::move(refusal.why));
  }
}

}  // namespace

Analysis analyse(const AnalysedText& text, const ShardedTables& sharded) {
  const FirstLook look = look_at(text, sharded);
  Analysis plain;
  plain.subject = plain_subject(text.facts.kind, look);
  const bool nothing = plain.subject == Subject::kNothing && !look.may_call;
  if (plain.subject == Subject::kOpaque || (nothing && !look.may_name_sharded)) return plain;
  const TokenList tokens(text.sql, text.options);
  if (runs_unseen(text.facts.kind, tokens)) plain.subject = Subject::kOpaque;
  Analysis analysis;
  if (parsed(text.facts.kind)) {
    analysis = parse(text, tokens, sharded);
    if (analysis.uses.empty()) {
      const bool read = analysis.refusal.empty();
      plain.others = read ? std::move(analysis.others) : loose_names_of(text, tokens);
      add_functions(text, tokens, plain.others);
      return plain;
    }
    analysis.subject = Subject::kSharded;
  } else {
    std::vector<TableUse> uses = mentions(text, tokens, sharded);
    if (uses.empty() || plain.subject == Subject::kNothing ||
        text.facts.kind == sql::StatementKind::kShow) {
      if (plain.subject != Subject::kNothing) plain.others = loose_names_of(text, tokens);
      return plain;
    }
    analysis = unparsed(text, tokens, std::move(uses));
  }
  if (analysis.refusal.empty()) analysis.refusal = several_mappings(analysis.uses);
  count_markers(analysis);
  return analysis;
}

}  // namespace driver::routing
