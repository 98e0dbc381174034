// Where a server listens.
#pragma once

#include <cstdint>
#include <string>

namespace fabric::base {

struct Endpoint {
  std::string host;
  std::uint16_t port = 3306;
  std::string socket;  ///< a Unix socket's path; used instead of host and port when not empty

  [[nodiscard]] std::string text() const {
    return socket.empty() ? host + ":" + std::to_string(port) : socket;
  }
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace fabric::base
