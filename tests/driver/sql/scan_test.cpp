#include "driver/sql/scan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace driver::sql {
namespace {

std::vector<std::string> texts(std::string_view sql, ScanOptions options = {}) {
  std::vector<std::string> result;
  SqlScanner scanner(sql, options);
  for (Token token = scanner.next(); token.kind != TokenKind::kEnd; token = scanner.next()) {
    result.emplace_back(token.text);
  }
  return result;
}

std::vector<TokenKind> kinds(std::string_view sql, ScanOptions options = {}) {
  std::vector<TokenKind> result;
  SqlScanner scanner(sql, options);
  for (Token token = scanner.next(); token.kind != TokenKind::kEnd; token = scanner.next()) {
    result.push_back(token.kind);
  }
  return result;
}

using Texts = std::vector<std::string>;
using Kinds = std::vector<TokenKind>;

TEST(SqlScanner, SplitsWordsNumbersAndOperators) {
  EXPECT_EQ(texts("SELECT a.b+1.5e-3,`x y` FROM t;"),
            (Texts{"SELECT", "a", ".", "b", "+", "1.5e-3", ",", "`x y`", "FROM", "t", ";"}));
}

TEST(SqlScanner, GivesEndForEver) {
  SqlScanner scanner("");
  EXPECT_EQ(scanner.next().kind, TokenKind::kEnd);
  EXPECT_EQ(scanner.next().kind, TokenKind::kEnd);
}

TEST(SqlScanner, KeepsQuotesOfBothKindsInStrings) {
  EXPECT_EQ(texts(R"('it''s' "say ""hi""" 'a"b' "a'b")"),
            (Texts{"'it''s'", R"("say ""hi""")", "'a\"b'", "\"a'b\""}));
}

TEST(SqlScanner, ReadsBackslashesAsEscapesUnlessToldNotTo) {
  EXPECT_EQ(texts(R"('a\'b' c)"), (Texts{R"('a\'b')", "c"}));
  EXPECT_EQ(texts(R"('a\\' c)"), (Texts{R"('a\\')", "c"}));
  EXPECT_EQ(texts(R"('a\' c)", {.no_backslash_escapes = true}), (Texts{R"('a\')", "c"}));
}

TEST(SqlScanner, NeverReadsBackslashesInQuotedNames) {
  EXPECT_EQ(texts(R"(`a\` b)"), (Texts{R"(`a\`)", "b"}));
  EXPECT_EQ(texts(R"("a\" b)", {.ansi_quotes = true}), (Texts{R"("a\")", "b"}));
}

TEST(SqlScanner, TakesDoubleQuotesAsNamesUnderAnsiQuotes) {
  EXPECT_EQ(kinds("\"a\""), Kinds{TokenKind::kString});
  EXPECT_EQ(kinds("\"a\"", {.ansi_quotes = true}), Kinds{TokenKind::kQuotedIdentifier});
}

TEST(SqlScanner, SkipsAllKindsOfComments) {
  EXPECT_EQ(texts("a # ? '\nb -- ? \"\nc /* ? ' */ d --\te"), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(texts("a --"), Texts{"a"});
  EXPECT_EQ(texts("a/**/b/* * / */c"), (Texts{"a", "b", "c"}));
}

TEST(SqlScanner, TakesTwoDashesWithoutABlankAsMinuses) {
  EXPECT_EQ(texts("1--1"), (Texts{"1", "-", "-", "1"}));
}

TEST(SqlScanner, GivesTheContentOfVersionCommentsAsCode) {
  EXPECT_EQ(texts("SELECT /*!50100 a, */ /*M!100100 b */ /*! c*/d"),
            (Texts{"SELECT", "a", ",", "b", "c", "d"}));
  SqlScanner scanner("/*!50100 a */ b");
  EXPECT_TRUE(scanner.next().conditional);
  EXPECT_FALSE(scanner.next().conditional);
  EXPECT_TRUE(scanner.saw_version_comment());
  EXPECT_FALSE(scanner.saw_hint());
}

TEST(SqlScanner, SkipsACommentInsideAVersionComment) {
  EXPECT_EQ(texts("/*! a /* b */ c */ d"), (Texts{"a", "c", "d"}));
}

TEST(SqlScanner, SkipsVersionCommentsThatTheServerDoesNotRun) {
  const ScanOptions mysql{.server_version = 50624};
  const ScanOptions mariadb{.server_version = 101111, .mariadb = true};
  const std::string_view sql =
      "a /*!50600 b */ /*!50625 c */ /*!50700 d */ /*!99999 e */ /*!100000 f */ /*! g */ /*M! h */ "
      "/*M!50700 i */ /*M!101112 j */ k";
  EXPECT_EQ(texts(sql, mysql), (Texts{"a", "b", "g", "k"}));
  EXPECT_EQ(texts(sql, mariadb), (Texts{"a", "b", "c", "f", "g", "h", "i", "k"}));
  EXPECT_EQ(texts("/*!99999 it's /* ? */ ? */ a", mysql), Texts{"a"});
  EXPECT_EQ(texts("/*M! /* ? */ a */", mysql), (Texts{"a", "*", "/"}));
  EXPECT_EQ(kinds("/*!99999 /* a */", mariadb), Kinds{TokenKind::kUnterminated});
  SqlScanner scanner("/*!99999 a */ b", mysql);
  EXPECT_FALSE(scanner.next().conditional);
  EXPECT_TRUE(scanner.saw_version_comment());
}

TEST(SqlScanner, NoticesHints) {
  SqlScanner scanner("SELECT /*+ SET_VAR(a=1) */ 1");
  while (scanner.next().kind != TokenKind::kEnd) {
  }
  EXPECT_TRUE(scanner.saw_hint());
}

TEST(SqlScanner, TellsMarkersFromQuestionMarksInText) {
  int markers = 0;
  SqlScanner scanner("? '?' \"?\" `?` -- ?\n /* ? */ ?+? # ?");
  for (Token token = scanner.next(); token.kind != TokenKind::kEnd; token = scanner.next()) {
    if (token.kind == TokenKind::kMarker) ++markers;
  }
  EXPECT_EQ(markers, 3);
}

TEST(SqlScanner, ReadsVariables) {
  EXPECT_EQ(
      texts("@a @`b c` @'d' @@e @@global.f @@`g` @h.i$j:=1"),
      (Texts{"@a", "@`b c`", "@'d'", "@@e", "@@global", ".", "f", "@@`g`", "@h.i$j", ":=", "1"}));
  EXPECT_EQ(kinds("@a @@b @"),
            (Kinds{TokenKind::kUserVariable, TokenKind::kSystemVariable, TokenKind::kOperator}));
}

TEST(SqlScanner, ReadsNumbersOfAllForms) {
  for (const std::string number : {"0", "12", "1.", "1.5", ".5", "1e5", "1.e+5", "1E-5", "0xFF",
                                   "0b01", "x'FF'", "X'ff'", "b'01'", "1e+5"}) {
    EXPECT_EQ(kinds(number), Kinds{TokenKind::kNumber}) << number;
    EXPECT_EQ(texts(number), Texts{number});
  }
}

TEST(SqlScanner, TakesAWordThatStartsWithADigitAsAWord) {
  for (const std::string word : {"1st", "0xfg", "0b2", "1e5x", "2e"}) {
    EXPECT_EQ(kinds(word), Kinds{TokenKind::kWord}) << word;
  }
  EXPECT_EQ(texts("t.1e5"), (Texts{"t", ".", "1e5"}));
}

TEST(SqlScanner, TakesUtf8AsPartOfWords) {
  EXPECT_EQ(texts("größe=名前"), (Texts{"größe", "=", "名前"}));
}

TEST(SqlScanner, ReadsNationalAndIntroducedStrings) {
  EXPECT_EQ(kinds("N'x' n'y' _utf8'z'"),
            (Kinds{TokenKind::kString, TokenKind::kString, TokenKind::kWord, TokenKind::kString}));
}

TEST(SqlScanner, SaysWhatIsNotTerminated) {
  for (const std::string text :
       {"'a", "'a''", "\"a", "`a", "/* a", "@'a", "@`a", "x'0", "N'a", "'a\\", "@@`a", "'a\\'"}) {
    EXPECT_EQ(kinds(text), Kinds{TokenKind::kUnterminated}) << text;
    EXPECT_EQ(texts(text), Texts{text});
  }
}

TEST(SqlScanner, SaysWhereATokenIsAndWhetherBlanksPrecedeIt) {
  SqlScanner scanner("a (b)/**/c");
  EXPECT_FALSE(scanner.next().after_space);
  const Token open = scanner.next();
  EXPECT_TRUE(open.after_space);
  EXPECT_EQ(open.offset, 2U);
  EXPECT_FALSE(scanner.next().after_space);
  EXPECT_FALSE(scanner.next().after_space);
  EXPECT_TRUE(scanner.next().after_space);
}

TEST(Token, ComparesWordsWithoutCase) {
  EXPECT_TRUE(SqlScanner("sElEcT").next().is_word("SELECT"));
  EXPECT_FALSE(SqlScanner("`SELECT`").next().is_word("SELECT"));
  EXPECT_FALSE(SqlScanner("SELECTS").next().is_word("SELECT"));
}

TEST(Token, StripsQuotesAndSigils) {
  const auto bare = [](std::string_view sql) { return std::string(SqlScanner(sql).next().bare()); };
  EXPECT_EQ(bare("`a b`"), "a b");
  EXPECT_EQ(bare("'a'"), "a");
  EXPECT_EQ(bare("N'a'"), "a");
  EXPECT_EQ(bare("@`a`"), "a");
  EXPECT_EQ(bare("@@a"), "a");
  EXPECT_EQ(bare("@@`a`"), "a");
  EXPECT_EQ(bare("abc"), "abc");
  EXPECT_EQ(bare("''"), "");
}

}  // namespace
}  // namespace driver::sql
