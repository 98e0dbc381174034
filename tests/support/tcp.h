// What the proxies of the tests share: a listener on loopback, and reading and writing without
// waiting. No state, so thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "fabric/base/net.h"

namespace test_support {

/// How a link ends towards a peer.
enum class Cut : std::uint8_t { kReset, kFin };

/// Bound to the port, or to a free one; connects are refused until listen_on().
fabric::base::Socket bind_on_loopback(std::uint16_t port = 0);
void listen_on(const fabric::base::Socket& bound);
std::uint16_t port_of(const fabric::base::Socket& bound);

/// Appends what waits on the socket. False at the end of file or an error.
bool receive(int fd, std::string& into);
/// Removes what the socket took. False when its peer is gone.
bool send_some(int fd, std::string& from);
/// close() will send RST instead of FIN.
void reset_at_close(const fabric::base::Socket& socket);

}  // namespace test_support
