// The odbc.ini that a data source is written to, through the setup library's code. No state; the
// installer library is not made for several threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/settings/connection_string.h"

namespace tools::init {

enum class Scope : std::uint8_t { kUser, kSystem };

class IniTarget {
 public:
  /// `file`: in place of the user's own; before anything else reads odbc.ini.
  IniTarget(Scope scope, const std::string& file);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// It has a data source of that name already.
  [[nodiscard]] bool has(const std::string& dsn) const;
  /// Why programs would not see what is written; empty: they will.
  [[nodiscard]] std::string hidden_by(const std::string& dsn) const;
  /// Replaces one of that name. A new file of a user's is readable for that user alone. Throws
  /// base::Error with the setup library's sentence.
  void write(const std::string& driver,
             const std::vector<driver::settings::GivenPair>& entries) const;

 private:
  const Scope scope_;
  std::string path_;
};

}  // namespace tools::init
