#include "driver/settings/connection_string.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "fabric/base/error.h"

namespace driver::settings {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

/// `KEYWORD=value` lines.
std::vector<std::string> pairs(std::string_view text) {
  std::vector<std::string> result;
  for (const GivenPair& pair : parse_connection_string(text)) {
    result.push_back(pair.keyword + "=" + pair.value);
  }
  return result;
}

std::string refusal(std::string_view text) {
  try {
    parse_connection_string(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::kHY000) << text;
    return error.what();
  }
  return "";
}

using Pairs = std::vector<std::string>;

TEST(ConnectionString, GivesPairsInOrder) {
  EXPECT_EQ(pairs("DSN=a;UID=b;PWD=c"), (Pairs{"DSN=a", "UID=b", "PWD=c"}));
  EXPECT_EQ(pairs(";; DSN = a b ; UID= ;\n"), (Pairs{"DSN=a b", "UID="}));
  EXPECT_EQ(pairs(""), Pairs{});
  EXPECT_EQ(pairs("A=b=c"), Pairs{"A=b=c"});
}

TEST(ConnectionString, TakesWhatIsInBracesAsItIs) {
  EXPECT_EQ(pairs("PWD={a;b=c};X=1"), (Pairs{"PWD=a;b=c", "X=1"}));
  EXPECT_EQ(pairs("PWD={a}}b}"), Pairs{"PWD=a}b"});
  EXPECT_EQ(pairs("PWD={ a } ; X = {}"), (Pairs{"PWD= a ", "X="}));
  EXPECT_EQ(pairs("PWD=a{b}c"), Pairs{"PWD=a{b}c"});
}

TEST(ConnectionString, SaysWhereItIsMalformedWithoutShowingTheText) {
  EXPECT_EQ(refusal("DSN=a;secret"),
            "The connection string is malformed: no '=' follows the keyword at position 7; a value "
            "that holds ';' must be in braces");
  EXPECT_EQ(refusal("secret;DSN=a"),
            "The connection string is malformed: no '=' follows the keyword at position 1; a value "
            "that holds ';' must be in braces");
  EXPECT_EQ(refusal("=secret"),
            "The connection string is malformed: no keyword before the '=' at position 1");
  EXPECT_EQ(refusal("PWD={secret"),
            "The connection string is malformed: no '}' closes the '{' at position 5");
  EXPECT_EQ(refusal("PWD={secret}}"),
            "The connection string is malformed: no '}' closes the '{' at position 5");
  EXPECT_EQ(refusal("PWD={a}secret"),
            "The connection string is malformed: no ';' follows the '}' (a '}' within braces is "
            "written twice) at position 8");
}

TEST(ConnectionString, QuotesWhatNeedsBraces) {
  EXPECT_EQ(quoted_value("abc"), "abc");
  EXPECT_EQ(quoted_value(""), "");
  EXPECT_EQ(quoted_value("a,b:3306"), "a,b:3306");
  EXPECT_EQ(quoted_value("a;b"), "{a;b}");
  EXPECT_EQ(quoted_value("a}b"), "{a}}b}");
  EXPECT_EQ(quoted_value(" a"), "{ a}");
  EXPECT_EQ(quoted_value("a "), "{a }");
}

TEST(ConnectionString, ReadsBackWhatItQuoted) {
  std::mt19937 random(7);
  const std::string alphabet = "ab;={}[] \t,'\"\\@?";
  for (int i = 0; i < 5000; ++i) {
    std::string value;
    for (auto n = random() % 12; n > 0; --n) value += alphabet[random() % alphabet.size()];
    const auto read = parse_connection_string("X=" + quoted_value(value) + ";Y=1");
    ASSERT_EQ(read.size(), 2U) << value;
    EXPECT_EQ(read[0].value, value);
  }
}

std::vector<std::string> warnings_of(std::string_view text) {
  GivenAttributes given;
  std::vector<Warning> warnings;
  given.add(parse_connection_string(text), GivenBy::kApplication, warnings);
  std::vector<std::string> texts;
  for (const Warning& warning : warnings) {
    EXPECT_EQ(warning.state, SqlState::k01S00);
    texts.push_back(warning.text);
  }
  return texts;
}

TEST(GivenAttributes, KeepTheFirstOfRepeatedKeywords) {
  GivenAttributes given;
  std::vector<Warning> warnings;
  given.add(parse_connection_string("UID=a;USER=b;uid=c"), GivenBy::kApplication, warnings);
  EXPECT_EQ(*given.find(Keyword::kUid), "a");
  EXPECT_EQ(given.find(Keyword::kPwd), nullptr);
  EXPECT_TRUE(warnings.empty());
}

TEST(GivenAttributes, WarnOfUnknownKeywords) {
  EXPECT_EQ(warnings_of("FROBNICATE=1"), Pairs{"The keyword 'FROBNICATE' is not known"});
  EXPECT_EQ(warnings_of("FROB secret=1"), Pairs{"The keyword 'FROB' is not known"});
  EXPECT_EQ(warnings_of("PWD: secret="), Pairs{"No '=' follows the keyword 'PWD'"});
  EXPECT_EQ(warnings_of("FABRIC_GRUOP=g1"),
            Pairs{"The keyword 'FABRIC_GRUOP' is not known: did you mean FABRIC_GROUP?"});
}

TEST(GivenAttributes, WarnOfKeywordsThatHaveNoEffectYet) {
  EXPECT_EQ(warnings_of("NO_SSPS=1"), Pairs{});
  EXPECT_EQ(warnings_of("Driver=x;Description=y;Trace=0;Threading=0;UID=a"), Pairs{});
}

TEST(GivenAttributes, DoNotShowWhatMayBeTheTailOfAPassword) {
  EXPECT_EQ(warnings_of("PWD=abc;hunter2=x;hunter3=y"),
            (Pairs{"A keyword after PWD is not known: a value that holds ';' must be in braces",
                   "A keyword after PWD is not known: a value that holds ';' must be in braces"}));
  EXPECT_EQ(warnings_of("PWD=abc;FABRIC_GRUOP=x"),
            Pairs{"A keyword after PWD is not known: did you mean FABRIC_GROUP? Or a value that "
                  "holds ';' must be in braces"});
  EXPECT_EQ(warnings_of("PWD={abc};FROB=x"), Pairs{"The keyword 'FROB' is not known"});
  EXPECT_EQ(warnings_of("PWD=abc;UID=b;FROB=x"), Pairs{"The keyword 'FROB' is not known"});
}

TEST(GivenAttributes, LetDsnAndDriverExcludeEachOther) {
  const auto dsn_of = [](std::string_view text) {
    GivenAttributes given;
    std::vector<Warning> warnings;
    given.add(parse_connection_string(text), GivenBy::kApplication, warnings);
    return given.dsn();
  };
  EXPECT_EQ(dsn_of("DSN=a;UID=b"), "a");
  EXPECT_EQ(dsn_of("DSN=a;DRIVER=b"), "a");
  EXPECT_EQ(dsn_of("DRIVER=b;DSN=a"), "");
  EXPECT_EQ(dsn_of("DRIVER=b"), "");
}

TEST(GivenAttributes, CompleteTheStringWithoutSecrets) {
  GivenAttributes given;
  std::vector<Warning> warnings;
  given.add(parse_connection_string("Driver={My Driver};server=a,b:3307;User=me;Password={x;y};"
                                    "fabric password=z;FROB=1;DB={my;db}"),
            GivenBy::kApplication, warnings);
  EXPECT_EQ(given.completed_string(), "DRIVER=My Driver;SERVER=a,b:3307;UID=me;DATABASE={my;db};");
}

TEST(GivenAttributes, LeaveTheEntriesOfTheDsnToItsName) {
  GivenAttributes given;
  std::vector<Warning> warnings;
  given.add(parse_connection_string("DSN=d;DRIVER=x;DB=a"), GivenBy::kApplication, warnings);
  given.add({{"Server", "h"}, {"Database", "b"}}, GivenBy::kDsn, warnings);
  EXPECT_EQ(*given.find(Keyword::kServer), "h");
  EXPECT_EQ(*given.find(Keyword::kDatabase), "a");
  EXPECT_EQ(given.completed_string(), "DSN=d;DATABASE=a;");
}

/// Whatever surrounds it, a secret is in no sentence and in no completed string.
TEST(Secrets, AreNeverEchoed) {
  const std::string secret = "q9Zx";
  const std::vector<std::string> secrets{"PWD=", "Password=", "FABRIC_PASSWORD=", "fabric pwd="};
  const std::vector<std::string> forms{
      "q9Zx",        "{q9Zx}",      "{q9Zx",      "{q9Zx}x", "a;q9Zx",
      "a;q9Zx=1",    "{a;q9Zx=1}",  "q9Zx}",      "a;=q9Zx", "a;q9Zx=;b=q9Zx",
      "a}};q9Zx={x", "=q9Zx;q9Zx=", "'q9Zx;q9Zx'"};
  const std::vector<std::string> rests{
      "",         ";UID=a", ";MAX_POOL_SIZE=x", ";FABRIC_NODES=h", ";SSLMODE=no", ";FROB=1",
      ";GROUP=g", ";oops",  ";SERVER=h:99999"};
  for (const auto& keyword : secrets) {
    for (const auto& form : forms) {
      for (const auto& rest : rests) {
        const std::string text = "DRIVER=d;" + keyword + form + rest;
        std::vector<Warning> warnings;
        std::string said;
        try {
          said = completed_string(settings_from_connection_string(text, warnings));
        } catch (const Error& error) {
          said = error.what();
        }
        for (const Warning& warning : warnings) said += warning.text;
        EXPECT_EQ(said.find(secret), std::string::npos) << text << "\n" << said;
      }
    }
  }
}

}  // namespace
}  // namespace driver::settings
