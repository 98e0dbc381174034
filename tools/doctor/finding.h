// What a check of `fabricctl doctor` found, as data: how bad it is, about what, and how to mend it.
#pragma once

#include <cstdint>
#include <string>

namespace tools::doctor {

enum class Level : std::uint8_t {
  kOk,
  kNote,  ///< neither good nor bad: what was not looked at and why, or what could be better
  kWarning,
  kError,
};

/// What mends it. Holds no secret: a password is written as '...'.
struct Fix {
  std::string where{};  ///< "in a shell", "in [orders] of /etc/odbc.ini"; alone: advice
  std::string lines{};  ///< to be pasted there

  [[nodiscard]] bool empty() const { return where.empty() && lines.empty(); }
};

struct Finding {
  Level level = Level::kOk;
  std::string check{};    ///< the name of the check, as in the list of checks
  std::string subject{};  ///< "server 10.0.0.1:3306"
  std::string text{};
  Fix fix{};
};

}  // namespace tools::doctor
