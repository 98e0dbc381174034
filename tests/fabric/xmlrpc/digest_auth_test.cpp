#include "fabric/xmlrpc/digest_auth.h"

#include <Poco/Net/HTTPAuthenticationParams.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace fabric::xmlrpc {
namespace {

namespace fs = std::filesystem;

std::string field(const std::string& header, const std::string& name) {
  return Poco::Net::HTTPAuthenticationParams(header.substr(7)).get(name, "");
}

TEST(DigestAuth, GivesTheResponseOfTheCheckValues) {
  const std::string header =
      digest_authorization({kFabricRealm, "abc", ""}, {"admin", "secret"}, 1, "cn");
  EXPECT_EQ(header,
            "Digest username=\"admin\", realm=\"MySQL Fabric\", nonce=\"abc\", uri=\"/RPC2\", "
            "response=\"693de1c4a5295dfbee100fc7ae43fda4\", algorithm=\"MD5\", qop=auth, "
            "nc=00000001, cnonce=\"cn\"");
}

TEST(DigestAuth, GivesWhatARealNodeAccepted) {
  const std::map<std::string, std::string> passwords{{"admin", "adminpw"}, {"conn", "connpw"}};
  // Wrong on purpose, each in its own way.
  const std::set<std::string> wrong{"error.bad_password", "error.garbled_digest",
                                    "error.no_qop",       "error.wrong_realm_name",
                                    "error.uri_slash",    "http.path_root"};
  std::size_t compared = 0;
  for (const auto& entry :
       fs::directory_iterator(test_support::source_file("tests/data/fabric/xmlrpc"))) {
    const std::string name = entry.path().filename().string();
    const std::size_t end = name.find(".request.txt");
    if (end == std::string::npos || wrong.contains(name.substr(0, end))) continue;
    const std::string request = test_support::text_of_file(entry.path());
    const std::size_t start = request.find("Authorization: Digest ");
    if (start == std::string::npos) continue;
    const std::string sent = request.substr(start + 15, request.find("\r\n", start) - start - 15);
    const auto password = passwords.find(field(sent, "username"));
    if (password == passwords.end() || field(sent, "response").empty()) continue;
    const std::string ours = digest_authorization(
        {field(sent, "realm"), field(sent, "nonce"), field(sent, "opaque")},
        {password->first, password->second},
        static_cast<unsigned>(std::stoul(field(sent, "nc"), nullptr, 16)), field(sent, "cnonce"));
    EXPECT_EQ(field(ours, "response"), field(sent, "response")) << name;
    ++compared;
  }
  EXPECT_GT(compared, 90U);
}

TEST(DigestAuth, ReadsAChallengeAsANodeSendsIt) {
  const auto challenge = parse_digest_challenge(
      "Digest realm=\"MySQL Fabric\", nonce=\"MjAyNg==\", algorithm=\"MD5\", opaque=\"a5\", "
      "qop=\"auth\"");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->realm, "MySQL Fabric");
  EXPECT_EQ(challenge->nonce, "MjAyNg==") << "with its padding";
  EXPECT_EQ(challenge->opaque, "a5");
  EXPECT_TRUE(parse_digest_challenge("digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\""));
}

TEST(DigestAuth, TakesNoOtherKindOfLogin) {
  for (const char* header :
       {"", "Basic realm=\"MySQL Fabric\"", "Digest", "Digest realm=\"r\"",
        "Digest realm=\"r\", nonce=\"n\"", "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
        "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256",
        "Digest nonce=\"n\", qop=\"auth\"", "Digest realm=\"r, nonce=n, qop=auth"}) {
    EXPECT_FALSE(parse_digest_challenge(header)) << header;
  }
}

TEST(DigestAuth, QuotesNamesThatHoldQuotes) {
  const std::string header = digest_authorization({"r", "n", "o\"p"}, {"a\"b\\c", "p"}, 255, "c");
  EXPECT_NE(header.find("username=\"a\\\"b\\\\c\""), std::string::npos) << header;
  EXPECT_NE(header.find("opaque=\"o\\\"p\""), std::string::npos) << header;
  EXPECT_NE(header.find("nc=000000ff"), std::string::npos) << header;
}

}  // namespace
}  // namespace fabric::xmlrpc
