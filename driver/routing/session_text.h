// How servers read the texts of a session, by the character sets that it has set. The driver reads
// UTF-8: where these differ, a key would be another one to the server. Plain values; pure
// functions.
#pragma once

#include <string>
#include <string_view>

namespace driver::routing {

struct SessionText {
  std::string client = "utf8mb4";      ///< character_set_client
  std::string connection = "utf8mb4";  ///< character_set_connection: literals are converted to it

  [[nodiscard]] bool utf8() const;
  /// Whether the driver and a server see the same tokens in a statement, its ASCII at least.
  [[nodiscard]] bool readable() const;
  /// Whether a key is the same to both.
  [[nodiscard]] bool keeps(std::string_view key) const;
};

[[nodiscard]] bool ascii(std::string_view text);

/// What to tell who sets it by SET NAMES; empty for UTF-8's.
[[nodiscard]] std::string charset_warning(std::string_view charset);

}  // namespace driver::routing
