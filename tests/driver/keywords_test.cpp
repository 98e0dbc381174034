#include "driver/keywords.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace driver {
namespace {

Keyword found(std::string_view name) {
  const KeywordRow* row = find_keyword(name);
  return row == nullptr ? Keyword::kCount_ : row->keyword;
}

TEST(Keywords, AreFoundWhateverTheCaseAndFillers) {
  for (const auto* spelling :
       {"FABRIC_NODES", "fabric nodes", "Fabric-Nodes", "fabricnodes", " FABRIC_NODES "}) {
    EXPECT_EQ(found(spelling), Keyword::kFabricNodes) << spelling;
  }
}

TEST(Keywords, AreFoundByTheNamesOfTheOtherDrivers) {
  const std::map<std::string, Keyword> names{{"USER", Keyword::kUid},
                                             {"PASSWORD", Keyword::kPwd},
                                             {"DB", Keyword::kDatabase},
                                             {"SERVERNAME", Keyword::kServer},
                                             {"SSL-CA", Keyword::kSslCa},
                                             {"SSL-MODE", Keyword::kSslMode},
                                             {"SSL_KEY", Keyword::kSslKey},
                                             {"READTIMEOUT", Keyword::kReadTimeout},
                                             {"OPTIONS", Keyword::kOption},
                                             {"FABRIC_SERVER_GROUP", Keyword::kFabricGroup},
                                             {"GROUP", Keyword::kFabricGroup},
                                             {"ApplicationIntent", Keyword::kFabricMode},
                                             {"TLS-VERSIONS", Keyword::kTlsVersions}};
  for (const auto& [name, keyword] : names) EXPECT_EQ(found(name), keyword) << name;
}

TEST(Keywords, HaveNoNameTwice) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < kKeywordCount; ++i) {
    const KeywordRow& row = row_of(static_cast<Keyword>(i));
    ++seen[normalized_keyword(row.name)];
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty()) ++seen[normalized_keyword(alias)];
    }
  }
  for (const auto& [name, count] : seen) {
    EXPECT_EQ(count, 1) << name;
    EXPECT_FALSE(is_peer_keyword(name)) << name;
    EXPECT_FALSE(is_manager_keyword(name)) << name;
  }
}

TEST(Keywords, OfTheOtherDriversAreKnownButNotOurs) {
  for (const auto* name : {"NO_SSPS", "no-ssps", "PREFETCH", "AUTO_RECONNECT", "USE_MYCNF"}) {
    EXPECT_TRUE(is_peer_keyword(name)) << name;
    EXPECT_EQ(found(name), Keyword::kCount_) << name;
  }
  EXPECT_FALSE(is_peer_keyword("FROBNICATE"));
  EXPECT_FALSE(is_peer_keyword(""));
}

TEST(Keywords, AreSuggestedForATypingMistake) {
  EXPECT_EQ(nearest_keyword("FABRIC_GRUOP"), "FABRIC_GROUP");
  EXPECT_EQ(nearest_keyword("fabricnode s"), "FABRIC_NODES");
  EXPECT_EQ(nearest_keyword("SEVER"), "SERVER");
  EXPECT_EQ(nearest_keyword("maxpoolsiz"), "MAX_POOL_SIZE");
  EXPECT_EQ(nearest_keyword("FROBNICATE"), "");
  EXPECT_EQ(nearest_keyword(std::string(100'000, 'x')), "");
}

TEST(Keywords, ThatHoldSecretsAreMarked) {
  for (const auto* name : {"PWD", "PASSWORD", "FABRIC_PASSWORD"}) {
    EXPECT_EQ(find_keyword(name)->kind, ValueKind::kSecret) << name;
  }
}

}  // namespace
}  // namespace driver
