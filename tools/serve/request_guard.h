// Who may ask the page's server for what. A page of another site that has its own name point to
// this machine (DNS rebinding) sends that name as Host, and is refused. Pure.
#pragma once

#include <string>
#include <vector>

namespace tools::serve {

/// 127.0.0.0/8 or ::1, in digits.
bool loopback_address(const std::string& address);

struct Guard {
  bool remote = false;             ///< it listens beyond loopback
  std::vector<std::string> names;  ///< under which it may be asked, beside addresses

  /// `host` as the header has it, with or without a port.
  [[nodiscard]] bool takes(const std::string& host) const;
};

}  // namespace tools::serve
