#include "driver/fabric_statements.h"

#include <algorithm>
#include <array>

#include "driver/sql/token_stream.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"
#include "fabric_odbc.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

struct NamedSetting {
  std::string_view name;  ///< FABRIC_ before it is accepted
  SQLINTEGER attribute;
};
constexpr std::array kSettings{
    NamedSetting{"KEY", SQL_ATTR_FABRIC_KEY},     NamedSetting{"TABLES", SQL_ATTR_FABRIC_TABLES},
    NamedSetting{"GROUP", SQL_ATTR_FABRIC_GROUP}, NamedSetting{"SCOPE", SQL_ATTR_FABRIC_SCOPE},
    NamedSetting{"MODE", SQL_ATTR_FABRIC_MODE},
};

struct NamedValue {
  SQLINTEGER attribute;
  std::string_view name;
  unsigned long value;
};
constexpr std::array kNamedValues{
    NamedValue{SQL_ATTR_FABRIC_SCOPE, "LOCAL", SQL_FABRIC_SCOPE_LOCAL},
    NamedValue{SQL_ATTR_FABRIC_SCOPE, "GLOBAL", SQL_FABRIC_SCOPE_GLOBAL},
    NamedValue{SQL_ATTR_FABRIC_MODE, "RW", SQL_FABRIC_MODE_RW},
    NamedValue{SQL_ATTR_FABRIC_MODE, "RO", SQL_FABRIC_MODE_RO},
    NamedValue{SQL_ATTR_FABRIC_MODE, "AUTO", SQL_FABRIC_MODE_AUTO},
};

struct NamedView {
  std::string_view name;
  FabricView view;
};
constexpr std::array kViews{
    NamedView{"STATUS", FabricView::kStatus},   NamedView{"GROUPS", FabricView::kGroups},
    NamedView{"SERVERS", FabricView::kServers}, NamedView{"SHARDS", FabricView::kShards},
    NamedView{"POOLS", FabricView::kPools},
};

[[noreturn]] void refuse(const std::string& sentence) { throw Error(SqlState::k42000, sentence); }

constexpr auto kSetForm =
    "SET FABRIC takes name = value[, ...]: KEY, TABLES, GROUP, SCOPE (LOCAL, GLOBAL), MODE (RW, "
    "RO, AUTO); DEFAULT is what the DSN says";

const NamedSetting* setting_of(const sql::Token& token) {
  constexpr std::string_view kPrefix = "FABRIC_";
  std::string_view name = token.text;
  if (sql::equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix)) {
    name.remove_prefix(kPrefix.size());
  }
  const auto found = std::ranges::find_if(kSettings, [name](const NamedSetting& setting) {
    return sql::equals_ignoring_case(setting.name, name);
  });
  return found == kSettings.end() ? nullptr : &*found;
}

/// A quoted text or name without its quotes, those within it single again.
std::string unquoted(const sql::Token& token, sql::ScanOptions options) {
  const std::string_view written = token.bare();
  const char quote = token.text.back();
  const bool escapes = token.kind == sql::TokenKind::kString && !options.no_backslash_escapes;
  std::string text;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (escapes && written[i] == '\\') {
      const char next = i + 1 < written.size() ? written[++i] : '\0';
      if (next != '\\' && next != '\'' && next != '"') {
        refuse("A value of SET FABRIC has no escapes but those of a quote and of a backslash");
      }
    } else if (written[i] == quote && i + 1 < written.size()) {
      ++i;
    }
    text += written[i];
  }
  return text;
}

class Reader {
 public:
  Reader(std::string_view sql, sql::ScanOptions options)
      : sql_(sql), options_(options), tokens_(sql, options) {}

  std::optional<FabricStatement> read() {
    FabricStatement statement;
    if (!begins(statement.verb)) return std::nullopt;
    tokens_.advance();
    const std::size_t after = tokens_.current().offset + tokens_.current().text.size();
    tokens_.advance();
    switch (statement.verb) {
      case FabricVerb::kSet:
        statement.changes = changes();
        break;
      case FabricVerb::kShow:
        statement.view = view();
        break;
      case FabricVerb::kExplain:
        statement.explained = std::string(sql_.substr(after));  // hints are comments: they stay
        return statement;
    }
    require_end();
    return statement;
  }

  /// The verb, if the first two words are of a statement of ours.
  bool begins(FabricVerb& verb) {
    while (tokens_.current().kind == sql::TokenKind::kSemicolon) tokens_.advance();
    const sql::Token& fabric = tokens_.next();
    if (!fabric.is_word("FABRIC") || tokens_.current().conditional || fabric.conditional) {
      return false;
    }
    sql::TokenStream ahead = tokens_;
    ahead.advance();
    ahead.advance();
    if (tokens_.at_word("SET")) {
      verb = FabricVerb::kSet;
      const sql::Token& after = ahead.current();
      return !after.is('=') && !after.is('.') && after.text != ":=";  // a variable
    }
    if (tokens_.at_word("SHOW")) {
      verb = FabricVerb::kShow;
      return true;
    }
    if (!tokens_.at_any({"EXPLAIN", "DESCRIBE", "DESC"}) || ahead.at_end()) return false;
    verb = FabricVerb::kExplain;
    // EXPLAIN fabric; EXPLAIN fabric column; EXPLAIN fabric.t: a table is described.
    if (ahead.current().is('.') || ahead.current().kind == sql::TokenKind::kString) return false;
    ahead.advance();
    return !ahead.at_end();
  }

 private:
  RouteChanges changes() {
    RouteChanges changes;
    do {
      const NamedSetting* setting = setting_of(tokens_.current());
      if (setting == nullptr) refuse(kSetForm);
      tokens_.advance();
      if (!tokens_.current().is('=') && tokens_.current().text != ":=") refuse(kSetForm);
      tokens_.advance();
      changes.insert_or_assign(setting->attribute, value_of(setting->attribute));
    } while (skip_comma());
    return changes;
  }

  /// DEFAULT, a word or number, or a quoted text; of TABLES a list of them.
  std::optional<std::string> value_of(SQLINTEGER attribute) {
    if (tokens_.at_word("DEFAULT")) {
      tokens_.advance();
      return std::nullopt;
    }
    std::string text = piece();
    if (attribute == SQL_ATTR_FABRIC_TABLES) {
      while (tokens_.current().is(',') && !a_setting_follows()) {
        tokens_.advance();
        text += "," + piece();
      }
    }
    return attribute == SQL_ATTR_FABRIC_SCOPE || attribute == SQL_ATTR_FABRIC_MODE
               ? named_value(attribute, text)
               : text;
  }

  /// Tokens without a blank between them, up to a comma: 42, -1, db.`a table`, my-group, 'text'.
  std::string piece() {
    std::string text;
    bool first = true;
    for (; !tokens_.at_end() && !tokens_.current().is(','); first = false, tokens_.advance()) {
      const sql::Token& token = tokens_.current();
      const bool quoted =
          token.kind == sql::TokenKind::kString || token.kind == sql::TokenKind::kQuotedIdentifier;
      if (token.kind == sql::TokenKind::kMarker || token.kind == sql::TokenKind::kUserVariable ||
          token.kind == sql::TokenKind::kSystemVariable ||
          token.kind == sql::TokenKind::kUnterminated || token.is('(')) {
        refuse("A value of SET FABRIC is written out: no parameter, variable or expression");
      }
      if (!first && (token.after_space || token.kind == sql::TokenKind::kString)) refuse(kSetForm);
      text += quoted ? unquoted(token, options_) : std::string(token.text);
    }
    if (first) refuse(kSetForm);
    if (text.find('\0') != std::string::npos || !text::valid_utf8(text)) {
      throw Error(SqlState::kHY024, "A value of SET FABRIC is not UTF-8");
    }
    return text;
  }

  [[nodiscard]] bool a_setting_follows() const {
    sql::TokenStream ahead = tokens_;
    ahead.advance();
    return setting_of(ahead.current()) != nullptr && ahead.next().is('=');
  }

  static std::string named_value(SQLINTEGER attribute, const std::string& text) {
    std::string names;
    for (const NamedValue& named : kNamedValues) {
      if (named.attribute != attribute) continue;
      if (sql::equals_ignoring_case(named.name, text)) return std::to_string(named.value);
      names += (names.empty() ? "" : ", ") + std::string(named.name);
    }
    throw Error(SqlState::kHY024, "SET FABRIC: '" + text + "' is none of " + names);
  }

  FabricView view() {
    for (const NamedView& named : kViews) {
      if (!tokens_.at_word(named.name)) continue;
      tokens_.advance();
      return named.view;
    }
    refuse("SHOW FABRIC shows STATUS, GROUPS, SERVERS, SHARDS or POOLS");
  }

  bool skip_comma() {
    if (!tokens_.current().is(',')) return false;
    tokens_.advance();
    return true;
  }

  void require_end() {
    while (tokens_.current().kind == sql::TokenKind::kSemicolon) tokens_.advance();
    if (tokens_.current().kind == sql::TokenKind::kEnd) return;
    refuse("'" + std::string(tokens_.current().text) +
           "' is too much here: a statement that the driver answers itself stands alone");
  }

  std::string_view sql_;
  sql::ScanOptions options_;
  sql::TokenStream tokens_;
};

}  // namespace

bool is_fabric_statement(std::string_view sql, sql::ScanOptions options) {
  FabricVerb verb{};
  return Reader(sql, options).begins(verb);
}

std::optional<FabricStatement> fabric_statement(std::string_view sql, sql::ScanOptions options) {
  return Reader(sql, options).read();
}

}  // namespace driver
