// How a link is given up. Never blocks; any thread.
#pragma once

#include <sys/socket.h>

namespace fabric::mysql {

/// Whoever waits on the socket wakes with an EOF. Closing it then throws away what the server has
/// not acknowledged: else a network that falls silent and comes back would bring it a statement
/// whose caller was told that its outcome is unknown.
inline void give_up_link(int fd) noexcept {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  shutdown(fd, SHUT_RDWR);
}

}  // namespace fabric::mysql
