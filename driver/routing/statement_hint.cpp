#include "driver/routing/statement_hint.h"

#include <algorithm>
#include <array>

#include "driver/route_attributes.h"
#include "fabric/base/ascii.h"
#include "fabric/base/error.h"

namespace driver::routing {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

struct Item {
  std::string_view name;
  SQLINTEGER id;
};
constexpr std::array kItems{
    Item{"KEY", SQL_ATTR_FABRIC_KEY}, Item{"TABLES", SQL_ATTR_FABRIC_TABLES},
    Item{"MODE", SQL_ATTR_FABRIC_MODE}, Item{"SCOPE", SQL_ATTR_FABRIC_SCOPE},
    Item{"GROUP", SQL_ATTR_FABRIC_GROUP}};

struct Choice {
  SQLINTEGER id;
  std::string_view word;
  std::string_view value;
};
constexpr std::array kChoices{
    Choice{SQL_ATTR_FABRIC_MODE, "RW", "0"}, Choice{SQL_ATTR_FABRIC_MODE, "RO", "1"},
    Choice{SQL_ATTR_FABRIC_MODE, "AUTO", "2"}, Choice{SQL_ATTR_FABRIC_SCOPE, "LOCAL", "0"},
    Choice{SQL_ATTR_FABRIC_SCOPE, "GLOBAL", "1"}};

[[noreturn]] void refuse(const std::string& why) {
  throw Error(SqlState::k42000, "The hint /*fabric: ... */ " + why);
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

constexpr bool is_separator(char c) { return c == ',' || c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_quote(char c) { return c == '\'' || c == '"' || c == '`'; }
constexpr bool ends_key(char c) { return is_separator(c) || is_quote(c) || c == '='; }

class HintReader {
 public:
  explicit HintReader(std::string_view text) : text_(text) {}

  Wishes read() {
    Wishes wishes;
    for (skip_separators(); !text_.empty(); skip_separators()) {
      const Item& item = read_name();
      const std::string value = meaning(item, read_value(item));
      if (!wishes.emplace(item.id, value).second) refuse("gives " + name_of(item) + " twice");
    }
    if (wishes.empty()) refuse("is empty: give key=, tables=, mode=, scope= or group=");
    return wishes;
  }

 private:
  static std::string name_of(const Item& item) { return fabric::base::lower(item.name); }

  void skip_separators() { skip(is_separator); }
  template <class Is>
  void skip(Is is) {
    while (!text_.empty() && is(text_.front())) text_.remove_prefix(1);
  }

  const Item& read_name() {
    const std::size_t end = std::min(text_.find('='), text_.size());
    std::string_view name = text_.substr(0, end);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    const auto* found = std::ranges::find_if(
        kItems, [&](const Item& item) { return sql::equals_ignoring_case(item.name, name); });
    if (found == kItems.end()) {
      name = name.substr(0, std::min(name.find(' '), name.size()));
      refuse("does not know " + in_quotes(name) +
             ": its items are key=, tables=, mode=, scope= and group=");
    }
    if (end == text_.size()) refuse("lacks '=' behind " + name_of(*found));
    text_.remove_prefix(end + 1);
    skip([](char c) { return c == ' '; });
    return *found;
  }

  std::string read_value(const Item& item) {
    if (text_.empty()) refuse("lacks a value behind " + name_of(item) + "=");
    if (is_quote(text_.front())) return read_quoted(item);
    // Names of several tables have commas between them.
    const bool list = item.id == SQL_ATTR_FABRIC_TABLES;
    const auto* end = std::ranges::find_if(
        text_, [list](char c) { return is_separator(c) && !(list && c == ','); });
    const std::string value(text_.begin(), end);
    if (value.empty()) refuse("lacks a value behind " + name_of(item) + "=");
    if (value.find('=') != std::string::npos) {
      refuse("lacks a value behind " + name_of(item) + "=, or the value holds '=': quote it then");
    }
    if (std::ranges::find_if(value, is_quote) != value.end()) {
      refuse("has a quote inside the value of " + name_of(item) + ": quote the whole value");
    }
    text_.remove_prefix(value.size());
    return value;
  }

  std::string read_quoted(const Item& item) {
    const char quote = text_.front();
    std::string value;
    std::size_t i = 1;
    for (; i < text_.size(); ++i) {
      if (text_[i] != quote) {
        value += text_[i];
      } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
        value += text_[i++];
      } else {
        break;
      }
    }
    if (i >= text_.size()) refuse("lacks the closing quote of " + name_of(item));
    text_.remove_prefix(i + 1);
    if (!text_.empty() && !is_separator(text_.front())) {
      refuse("goes on behind the closing quote of " + name_of(item) +
             ": put a blank between items");
    }
    return value;
  }

  static std::string meaning(const Item& item, const std::string& value) {
    std::string words;
    for (const Choice& choice : kChoices) {
      if (choice.id != item.id) continue;
      if (sql::equals_ignoring_case(choice.word, value)) return std::string(choice.value);
      words += (words.empty() ? "" : " or ") + std::string(choice.word);
    }
    if (!words.empty()) {
      refuse("has " + name_of(item) + "=" + in_quotes(value) + ", but takes " + words);
    }
    if (value.empty() && item.id != SQL_ATTR_FABRIC_KEY) {
      refuse("gives an empty " + name_of(item));
    }
    return value;
  }

  std::string_view text_;
};

}  // namespace

Wishes wishes_of(const sql::FabricComment& comment) {
  if (comment.count == 0) return {};
  if (comment.misplaced) refuse("must stand before the first word of the statement");
  if (comment.count > 1) refuse("is given twice: put all items into one");
  return HintReader(comment.text).read();
}

std::optional<KeyedHint> keyed_hint(std::string_view hint) {
  constexpr std::string_view kKey = "key=";
  const std::size_t found = hint.find(kKey);
  if (found == std::string_view::npos) return std::nullopt;
  const std::size_t begin = found + kKey.size();
  std::size_t end = begin;
  while (end < hint.size() && !ends_key(hint[end])) ++end;
  if (end == begin || (end < hint.size() && !is_separator(hint[end]))) return std::nullopt;
  return KeyedHint{hint.substr(0, begin), hint.substr(begin, end - begin), hint.substr(end)};
}

bool KeyedHint::plain() const {
  const std::string_view item = before.substr(0, before.find("key="));
  return std::ranges::none_of(before, is_quote) && std::ranges::none_of(behind, is_quote) &&
         (item.empty() || is_separator(item.back()));
}

std::string_view key_between(std::string_view before, std::string_view behind,
                             std::string_view hint) {
  const std::size_t around = before.size() + behind.size();
  if (hint.size() <= around || !hint.starts_with(before) || !hint.ends_with(behind)) return {};
  const std::string_view key = hint.substr(before.size(), hint.size() - around);
  return std::ranges::none_of(key, ends_key) ? key : std::string_view();
}

bool decide_group(const Wishes& wishes) {
  return std::ranges::any_of(wishes,
                             [](const auto& wish) { return wish.first != SQL_ATTR_FABRIC_MODE; });
}

settings::RouteSettings with_wishes(settings::RouteSettings settings, const Wishes& wishes,
                                    const std::string& database) {
  const bool group = wishes.contains(SQL_ATTR_FABRIC_GROUP);
  const bool key = wishes.contains(SQL_ATTR_FABRIC_KEY);
  const auto scope = wishes.find(SQL_ATTR_FABRIC_SCOPE);
  const bool global = scope != wishes.end() && scope->second == "1";
  if (group && (key || global || wishes.contains(SQL_ATTR_FABRIC_TABLES))) {
    throw Error(SqlState::kHY000,
                "The statement asks for a group, and for a key, tables or scope as well: drop one");
  }
  if (key && global) {
    throw Error(SqlState::kHY000, "The statement asks for a key and for scope=global: drop one");
  }
  if (group) settings.tables.clear();
  if (group || global) {
    settings.key.clear();
    settings.key_given = false;
  }
  if (key) settings.scope = settings::ShardScope::kLocal;
  for (const auto& wish : wishes) {
    settings = with_route_value(std::move(settings), wish, database);
  }
  if (key) settings.key_given = true;  // an empty key is a key
  return settings;
}

}  // namespace driver::routing
