// The grammar of ODBC connection strings, and the list of what was given. Values may be secret:
// nothing here puts a value of a secret keyword into a message. Pure values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/settings/keywords.h"
#include "fabric/base/sqlstate.h"

namespace driver::settings {

struct Warning {
  fabric::base::SqlState state = fabric::base::SqlState::k01S00;
  std::string text;
  bool unknown_keyword = false;
};

/// What is said of keywords that are not known, as sentences to follow an error: it may well be
/// their fault. Empty when there are none.
std::string unknown_keyword_sentences(const std::vector<Warning>& warnings);

/// One KEYWORD=value as written.
struct GivenPair {
  std::string keyword;
  std::string value;  ///< without its braces
  bool braced = false;
};

/// In the order of the string, repeated ones included. Throws base::Error HY000 for a text that
/// breaks the grammar; it names the position, never the text there.
std::vector<GivenPair> parse_connection_string(std::string_view text);

/// `value`, in braces where the grammar needs them.
std::string quoted_value(std::string_view value);

enum class GivenBy : std::uint8_t { kApplication, kDsn };

/// What was asked for: known keywords with their first value, strongest source first.
class GivenAttributes {
 public:
  /// Keywords given before keep their value. Unknown and unused keywords become warnings.
  void add(const std::vector<GivenPair>& pairs, GivenBy source, std::vector<Warning>& warnings);
  /// Nothing happens when the keyword has a value already.
  void add(Keyword keyword, std::string value, GivenBy source = GivenBy::kApplication);
  /// Null when not given.
  [[nodiscard]] const std::string* find(Keyword keyword) const;
  /// The data source to read; empty without DSN=, or when DRIVER= came first and so counts instead.
  [[nodiscard]] std::string dsn() const;
  /// SQLDriverConnect's completed string: what the application gave (a DSN's own entries are named
  /// by DSN=), in canonical names, quoted where needed, without secrets.
  [[nodiscard]] std::string completed_string() const;

 private:
  struct Given {
    Keyword keyword;
    std::string value;
    GivenBy source;
  };
  std::vector<Given> given_;
};

}  // namespace driver::settings
