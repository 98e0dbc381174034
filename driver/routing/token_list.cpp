#include "driver/routing/token_list.h"

namespace driver::routing {

TokenList::TokenList(std::string_view sql, ScanOptions options) {
  tokens_.reserve(sql.size() / 4 + 2);
  SqlScanner scanner(sql, options);
  do {
    scanner.next(tokens_.emplace_back());
  } while (tokens_.back().kind != TokenKind::kEnd);
  while (tokens_.size() > 1 && tokens_[tokens_.size() - 2].kind == TokenKind::kSemicolon) {
    tokens_.erase(tokens_.end() - 2);
  }
  conditional_ = scanner.saw_version_comment();
  extra_.assign(tokens_.size(), size());
  std::vector<std::size_t> open;
  std::size_t markers = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (tokens_[i].is('(')) open.push_back(i);
    if (tokens_[i].kind == TokenKind::kMarker) extra_[i] = markers++;
    if (!tokens_[i].is(')') || open.empty()) continue;
    extra_[i] = open.back();
    extra_[open.back()] = i;
    open.pop_back();
  }
}

}  // namespace driver::routing
