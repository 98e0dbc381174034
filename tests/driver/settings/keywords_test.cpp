#include "driver/settings/keywords.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

namespace driver::settings {
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

TEST(Keywords, HaveNoNameTwiceAndAreFoundByEach) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < kKeywordCount; ++i) {
    const KeywordRow& row = row_of(static_cast<Keyword>(i));
    ++seen[normalized_keyword(row.name)];
    EXPECT_EQ(find_keyword(row.name), &row) << row.name;
    for (const std::string_view alias : row.aliases) {
      if (alias.empty()) continue;
      ++seen[normalized_keyword(alias)];
      EXPECT_EQ(find_keyword(alias), &row) << alias;
    }
  }
  for (const auto& [name, count] : seen) {
    EXPECT_EQ(count, 1) << name;
    EXPECT_EQ(manager_keyword(name), "");
  }
}

TEST(Keywords, AreNotFoundByOtherNames) {
  for (const auto* other : {"", " ", "_-", "FABRIC", "SERVERS", "UIDUID"}) {
    EXPECT_EQ(find_keyword(other), nullptr) << other;
  }
}

TEST(Keywords, OfTheOtherDriversAreAllKnown) {
  const char* const names =
      "DSN DRIVER DESCRIPTION SERVER UID USER PWD PASSWORD PWD1 PWD2 PWD3 PASSWORD1 PASSWORD2 "
      "PASSWORD3 DATABASE DB PORT SOCKET INITSTMT CHARSET OPTION READTIMEOUT WRITETIMEOUT "
      "CLIENT_INTERACTIVE PREFETCH SAVEFILE SSL-KEY SSLKEY SSL-CERT SSLCERT SSL-CA SSLCA "
      "SSL-CAPATH SSLCAPATH SSL-CIPHER SSLCIPHER SSL-MODE SSLMODE SSL-CRL SSL-CRLPATH SSLVERIFY "
      "RSAKEY TLS-VERSIONS NO_TLS_1_2 NO_TLS_1_3 GET_SERVER_PUBLIC_KEY ENABLE_CLEARTEXT_PLUGIN "
      "PLUGIN_DIR DEFAULT_AUTH DEFAULTAUTH CAN_HANDLE_EXP_PWD OCI_CONFIG_FILE OCI_CONFIG_PROFILE "
      "AUTHENTICATION-KERBEROS-MODE OPENID_TOKEN_FILE OPENTELEMETRY MULTI_HOST ENABLE_DNS_SRV "
      "ENABLE_LOCAL_INFILE LOAD_DATA_LOCAL_DIR NO_SSPS NO_DATE_OVERFLOW NO_SCHEMA FOUND_ROWS "
      "BIG_PACKETS NO_PROMPT DYNAMIC_CURSOR NO_DEFAULT_CURSOR NO_LOCALE PAD_SPACE "
      "FULL_COLUMN_NAMES COMPRESSED_PROTO IGNORE_SPACE NAMED_PIPE NO_BIGINT NO_CATALOG USE_MYCNF "
      "SAFE NO_TRANSACTIONS LOG_QUERY NO_CACHE FORWARD_CURSOR AUTO_RECONNECT AUTO_IS_NULL "
      "ZERO_DATE_TO_MIN MIN_DATE_TO_ZERO MULTI_STATEMENTS COLUMN_SIZE_S32 NO_BINARY_RESULT "
      "DFLT_BIGINT_BIND_STR OPTIONS NamedPipe TCPIP SERVERNAME CONN_TIMEOUT READ_TIMEOUT "
      "WRITE_TIMEOUT INTERACTIVE TRACE ATTR SSLCRL SSLCRLPATH TLSPEERFP SSLFP TLSPEERFPLIST "
      "SSLFPLIST TLSVERSION FORCETLS SERVERKEY TLSKEYPWD FORWARDONLY STREAMRS SCHEMANOERROR "
      "NULLISCURRENT NOLOCALINFILE EDSERVER PREPONCLIENT PSCACHESIZE MAXCACHEKEY PCALLBACK "
      "RCALLBACK NOBIGINT TRUNCDT FIELD_LENGTH DEBUG STMT SSL_ENFORCE DISABLE_SSL_DEFAULT";
  std::istringstream words(names);
  for (std::string name; words >> name;) EXPECT_NE(find_keyword(name), nullptr) << name;
}

TEST(Keywords, HaveTheOptionBitsOfTheOtherDrivers) {
  const std::map<std::string, std::uint32_t> bits{{"FIELD_LENGTH", 1},
                                                  {"FOUND_ROWS", 2},
                                                  {"DEBUG", 4},
                                                  {"BIG_PACKETS", 8},
                                                  {"NO_PROMPT", 16},
                                                  {"DYNAMIC_CURSOR", 32},
                                                  {"NO_SCHEMA", 64},
                                                  {"NO_DEFAULT_CURSOR", 128},
                                                  {"NO_LOCALE", 256},
                                                  {"PAD_SPACE", 512},
                                                  {"FULL_COLUMN_NAMES", 1024},
                                                  {"COMPRESSED_PROTO", 2048},
                                                  {"IGNORE_SPACE", 4096},
                                                  {"NAMED_PIPE", 8192},
                                                  {"NO_BIGINT", 16384},
                                                  {"NO_CATALOG", 32768},
                                                  {"USE_MYCNF", 65536},
                                                  {"SAFE", 131072},
                                                  {"NO_TRANSACTIONS", 262144},
                                                  {"LOG_QUERY", 524288},
                                                  {"NO_CACHE", 1048576},
                                                  {"FORWARD_CURSOR", 2097152},
                                                  {"AUTO_RECONNECT", 4194304},
                                                  {"AUTO_IS_NULL", 8388608},
                                                  {"ZERO_DATE_TO_MIN", 1U << 24U},
                                                  {"MIN_DATE_TO_ZERO", 1U << 25U},
                                                  {"MULTI_STATEMENTS", 1U << 26U},
                                                  {"COLUMN_SIZE_S32", 1U << 27U},
                                                  {"NO_BINARY_RESULT", 1U << 28U},
                                                  {"DFLT_BIGINT_BIND_STR", 1U << 29U}};
  for (const auto& [name, bit] : bits) EXPECT_EQ(find_keyword(name)->option_bit, bit) << name;
  std::uint32_t all = 0;
  for (const KeywordRow& row : all_keywords()) all |= row.option_bit;
  EXPECT_EQ(all, (1U << 30U) - 1);
}

TEST(Keywords, AreSuggestedForATypingMistake) {
  EXPECT_EQ(nearest_keyword("FABRIC_GRUOP"), "FABRIC_GROUP");
  EXPECT_EQ(nearest_keyword("fabricnode s"), "FABRIC_NODES");
  EXPECT_EQ(nearest_keyword("SEVER"), "SERVER");
  EXPECT_EQ(nearest_keyword("PASWORD"), "PASSWORD") << "an alias";
  EXPECT_EQ(nearest_keyword("maxpoolsiz"), "MAX_POOL_SIZE");
  EXPECT_EQ(nearest_keyword("FROBNICATE"), "");
  EXPECT_EQ(nearest_keyword(std::string(100'000, 'x')), "");
}

TEST(Keywords, ThatHoldSecretsAreMarked) {
  for (const auto* name :
       {"PWD", "PASSWORD", "PWD2", "PASSWORD3", "TLSKEYPWD", "FABRIC_PASSWORD"}) {
    EXPECT_EQ(find_keyword(name)->kind, ValueKind::kSecret) << name;
  }
}

}  // namespace
}  // namespace driver::settings
