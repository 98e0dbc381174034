#include "driver/sql/pure_read.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "driver/sql/pure_words.h"
#include "fabric/base/ascii.h"

namespace driver::sql {
namespace {

/// For each first letter, a bit for each length that a word of the table has: most words of a
/// statement are in no table, and this says so at once.
template <const auto& kWords>
constexpr auto lengths_by_letter() {
  std::array<std::uint32_t, 32> lengths{};
  for (const std::string_view word : kWords) {
    lengths[static_cast<std::size_t>(word[0] & 0x1F)] |= 1U << word.size();
  }
  return lengths;
}

/// `kWords` is sorted and in upper case; `word` is compared without case.
template <const auto& kWords>
bool in(std::string_view word) {
  static constexpr auto kLengths = lengths_by_letter<kWords>();
  if (word.empty() || word.size() > 31) return false;
  if ((kLengths[static_cast<std::size_t>(word[0] & 0x1F)] >> word.size() & 1U) == 0) return false;
  std::array<char, 32> upper{};
  std::ranges::transform(word, upper.begin(), [](char c) { return fabric::base::upper(c); });
  return std::ranges::binary_search(kWords, std::string_view(upper.data(), word.size()));
}

/// FOR UPDATE and FOR SHARE lock; index hints, SUBSTRING and system versions do not.
bool harmless_for(const Token& next) {
  return next.kind == TokenKind::kNumber || next.kind == TokenKind::kMarker ||
         next.is_word("SYSTEM_TIME") || next.is_word("JOIN") || next.is_word("ORDER") ||
         next.is_word("GROUP");
}

}  // namespace

bool known_before_parenthesis(std::string_view word) {
  return in<kWordsBeforeParenthesis>(word) || in<kPureFunctions>(word) ||
         in<kWindowFunctions>(word) || in<kServerFunctions>(word) || in<kLinkFunctions>(word);
}

void PureReadCheck::feed(const TokenStream& tokens) {
  follow_with(tokens);
  if (scope_ != ReadScope::kNoRead && !allowed(tokens)) scope_ = ReadScope::kNoRead;
  follow_parentheses(tokens.current());
}

bool PureReadCheck::allowed(const TokenStream& tokens) {
  const Token& token = tokens.current();
  if (over_awaited_ == OverState::kNext) {
    over_awaited_ = OverState::kNone;
    if (!token.is_word("OVER")) return false;
  }
  if (token.conditional) return false;
  const bool opens = tokens.next().is('(');
  switch (token.kind) {
    case TokenKind::kUserVariable:
    case TokenKind::kUnterminated:
      return false;
    case TokenKind::kSystemVariable:
      return allowed_variable(tokens);
    case TokenKind::kString:
      // Under an ANSI_QUOTES that nobody told us of, "f"(1) is a call and "\" ends at once.
      return token.text.front() != '"' || (!opens && token.text.find('\\') == token.text.npos);
    case TokenKind::kQuotedIdentifier:
      return (!opens || cte_name_) && !in<kSessionTables>(token.bare());
    case TokenKind::kWord:
      return allowed_word(tokens) && (!opens || cte_name_ || allowed_call(tokens));
    case TokenKind::kOperator:
      return token.text != ":=";
    default:
      return true;
  }
}

/// @@x, @@session.x: the token at hand is what stands before the dot.
bool PureReadCheck::allowed_variable(const TokenStream& tokens) {
  const bool scoped = tokens.next().is('.');
  widen(!scoped && in<kLinkVariables>(tokens.current().bare()) ? ReadScope::kSession
                                                               : ReadScope::kServer);
  return true;
}

bool PureReadCheck::allowed_word(const TokenStream& tokens) {
  const Token& word = tokens.current();
  const Token& next = tokens.next();
  if (word.is_word("NEXTVAL") || word.is_word("CURRVAL")) return false;
  if (tokens.previous().is('.')) {
    if (tokens.before_previous().kind == TokenKind::kSystemVariable &&
        in<kLinkVariables>(word.text)) {
      widen(ReadScope::kSession);
    }
    return !in<kSessionTables>(word.text);
  }
  if (word.is_word("CURRENT_USER")) widen(ReadScope::kServer);
  if (in<kImpureWords>(word.text) || in<kSessionTables>(word.text)) return false;
  if (word.is_word("FOR")) return harmless_for(next);
  if (word.is_word("NEXT") || word.is_word("PREVIOUS")) return !next.is_word("VALUE");
  if (word.is_word("INSERT") || word.is_word("REPLACE")) return next.is('(');
  return true;
}

/// A word that a parenthesis follows: a known function or a reserved word.
bool PureReadCheck::allowed_call(const TokenStream& tokens) {
  const Token& word = tokens.current();
  if (tokens.previous().is('.')) return false;
  if (in<kWordsBeforeParenthesis>(word.text)) return true;
  if ((word.is_word("ANY") || word.is_word("SOME")) && tokens.opens_subquery_next()) return true;
  if ((word.is_word("OVER") || word.is_word("AGAINST")) && tokens.previous().is(')')) return true;
  // `count (x)` calls a stored function unless IGNORE_SPACE is set.
  if (tokens.next().after_space) return false;
  if (in<kPureFunctions>(word.text) || allowed_of_session(tokens)) return true;
  if (over_awaited_ != OverState::kNone || !in<kWindowFunctions>(word.text)) return false;
  over_awaited_ = OverState::kInArguments;
  window_depth_ = depth_;
  return true;
}

/// A function without arguments that tells of the session.
bool PureReadCheck::allowed_of_session(const TokenStream& tokens) {
  const std::string_view name = tokens.current().text;
  const bool of_link = in<kLinkFunctions>(name);
  if ((!of_link && !in<kServerFunctions>(name)) || !tokens.closes_next()) return false;
  widen(of_link ? ReadScope::kSession : ReadScope::kServer);
  return true;
}

void PureReadCheck::follow_parentheses(const Token& token) {
  if (token.is('(')) ++depth_;
  if (!token.is(')')) return;
  --depth_;
  if (over_awaited_ == OverState::kInArguments && depth_ == window_depth_) {
    over_awaited_ = OverState::kNext;
  }
}

/// Finds the names in WITH a (x) AS (...), b (y) AS (...): a parenthesis after them is no call.
void PureReadCheck::follow_with(const TokenStream& tokens) {
  const Token& token = tokens.current();
  cte_name_ = cte_name_next_ && is_identifier(token) && !token.is_word("RECURSIVE");
  cte_name_next_ = cte_name_next_ && token.is_word("RECURSIVE");
  if (token.is_word("WITH") && !tokens.next().is_word("ROLLUP")) {
    in_with_ = cte_name_next_ = true;
    with_depth_ = depth_;
  } else if (in_with_ && depth_ == with_depth_) {
    if (token.is(',')) cte_name_next_ = true;
    if (token.is_word("SELECT")) in_with_ = false;
  }
}

}  // namespace driver::sql
