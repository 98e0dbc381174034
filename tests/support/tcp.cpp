#include "tests/support/tcp.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace test_support {

using fabric::base::Socket;

Socket bind_on_loopback(std::uint16_t port) {
  Socket bound(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(bound.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (bind(bound.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("proxy: cannot bind to port " + std::to_string(port));
  }
  return bound;
}

void listen_on(const Socket& bound) {
  if (listen(bound.fd(), 128) != 0) throw std::runtime_error("proxy: cannot listen");
}

std::uint16_t port_of(const Socket& bound) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(bound.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool receive(int fd, std::string& into) {
  std::array<char, 16 * 1024> room;
  const ssize_t got = recv(fd, room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0) into.append(room.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

bool send_some(int fd, std::string& from) {
  const ssize_t sent = send(fd, from.data(), from.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) from.erase(0, static_cast<std::size_t>(sent));
  return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

void reset_at_close(const Socket& socket) {
  const linger at_once{1, 0};
  setsockopt(socket.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace test_support
