// Small pieces of TCP for probes and connections: a non-blocking connect that says how it failed, a
// wait for the peer's first byte.
// Thread-safe: no state. Deadlines are points of the real steady clock.
#pragma once

#include <cstdint>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/shared_socket.h"

namespace fabric::base {

enum class ConnectOutcome : std::uint8_t {
  kConnected,
  kRefused,      ///< the host answers, nobody listens
  kUnreachable,  ///< no such host, no route, or not permitted
  kTimedOut,     ///< no answer before the deadline
};

/// Owns a file descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

struct ConnectResult {
  ConnectOutcome outcome = ConnectOutcome::kUnreachable;
  int error = 0;  ///< errno of the last failed attempt, 0 where none applies
  Socket socket;  ///< non-blocking; valid when connected
};

/// Tries each address of the endpoint (or its Unix socket) until one connects. Never throws for
/// what the network does. What is in the making lies in `cancellable`, so that another thread can
/// end the wait for it; it stays there when connected.
ConnectResult connect_to(const Endpoint& endpoint, Deadline deadline,
                         SharedSocket* cancellable = nullptr);

/// True once the peer has sent something that can be read; false at its EOF, an error or the
/// deadline. A MySQL server speaks first, so this tells a living one from a listening backlog.
bool wait_first_byte(const Socket& socket, Deadline deadline);

/// True for an IPv4 or IPv6 address in digits.
bool is_numeric_host(const std::string& host);

/// Milliseconds for poll(2) until the deadline, rounded up; -1 when there is none.
int poll_timeout(Deadline deadline);

}  // namespace fabric::base
