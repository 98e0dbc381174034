#include "driver/routing/token_list.h"

#include <array>
#include <utility>

namespace driver::routing {
namespace {

/// Reserved words that a table's name may follow.
constexpr std::array<std::string_view, 13> kBeforeName{
    "FROM",   "JOIN",    "STRAIGHT_JOIN", "INTO",         "UPDATE",  "TABLE",        "DELETE",
    "INSERT", "REPLACE", "USING",         "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY"};

}  // namespace

/// `FROM .t` is a table of the session's database as `FROM t` is.
void TokenList::drop_leading_dots() {
  std::vector<sql::Token> kept;
  kept.reserve(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const bool leading =
        i > 0 && tokens_[i].is('.') && sql::is_identifier(at(i + 1)) &&
        (tokens_[i - 1].is(',') || tokens_[i - 1].is('(') || is_any(i - 1, kBeforeName));
    if (!leading) kept.push_back(tokens_[i]);
  }
  tokens_ = std::move(kept);
}

TokenList::TokenList(std::string_view sql, sql::ScanOptions options) {
  tokens_.reserve(sql.size() / 4 + 2);
  sql::SqlScanner scanner(sql, options);
  do {
    scanner.next(tokens_.emplace_back());
  } while (tokens_.back().kind != sql::TokenKind::kEnd);
  while (tokens_.size() > 1 && tokens_[tokens_.size() - 2].kind == sql::TokenKind::kSemicolon) {
    tokens_.erase(tokens_.end() - 2);
  }
  drop_leading_dots();
  conditional_ = scanner.saw_version_comment();
  extra_.assign(tokens_.size(), size());
  std::vector<std::size_t> open;
  std::size_t markers = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (tokens_[i].is('(')) open.push_back(i);
    if (tokens_[i].kind == sql::TokenKind::kMarker) extra_[i] = markers++;
    if (!tokens_[i].is(')') || open.empty()) continue;
    extra_[i] = open.back();
    extra_[open.back()] = i;
    open.pop_back();
  }
}

}  // namespace driver::routing
