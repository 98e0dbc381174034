#include "fabric/base/net.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "fabric/base/name_lookup.h"

namespace fabric::base {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

AddressList look_up(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return nullptr;
  return AddressList(list);
}

ConnectOutcome outcome_of(int error) {
  switch (error) {
    case 0:
      return ConnectOutcome::kConnected;
    case ECONNREFUSED:
    case ENOENT:  // a Unix socket's path
      return ConnectOutcome::kRefused;
    case ETIMEDOUT:
    case EAGAIN:
      return ConnectOutcome::kTimedOut;
    default:
      return ConnectOutcome::kUnreachable;
  }
}

int poll_one(int fd, short events, Deadline deadline) {
  pollfd wanted{fd, events, 0};
  for (;;) {
    const int ready = poll(&wanted, 1, poll_timeout(deadline));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

/// 0, or an errno; ETIMEDOUT at the deadline.
int finish_connect(int fd, Deadline deadline) {
  const int ready = poll_one(fd, POLLOUT, deadline);
  if (ready == 0) return ETIMEDOUT;
  if (ready < 0) return errno;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

struct Address {
  const sockaddr* place;
  socklen_t size;
};

ConnectResult connect_address(Address address, Deadline deadline, SharedSocket* cancellable) {
  Socket socket(::socket(address.place->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return {ConnectOutcome::kUnreachable, errno, {}};
  int error = connect(socket.fd(), address.place, address.size) == 0 ? 0 : errno;
  // Shut down before it connects, a socket would connect nevertheless.
  if (cancellable != nullptr) cancellable->set(socket.fd());
  if (error == EINPROGRESS) error = finish_connect(socket.fd(), deadline);
  if (error != 0) {
    if (cancellable != nullptr) cancellable->set(-1);
    return {outcome_of(error), error, {}};
  }
  return {ConnectOutcome::kConnected, 0, std::move(socket)};
}

ConnectResult connect_unix(const std::string& path, Deadline deadline, SharedSocket* cancellable) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return {ConnectOutcome::kUnreachable, ENAMETOOLONG, {}};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return connect_address({reinterpret_cast<const sockaddr*>(&address), sizeof address}, deadline,
                         cancellable);
}

void set_port(sockaddr* address, std::uint16_t port) {
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(port);
  } else if (address->sa_family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(port);
  }
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : fd_(other.release()) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  Socket old(std::exchange(fd_, other.release()));
  return *this;
}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

int Socket::release() { return std::exchange(fd_, -1); }

int poll_timeout(Deadline deadline) {
  if (deadline.is_never()) return -1;
  const auto left = deadline.left(std::chrono::steady_clock::now());
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::min<decltype(rounded)>(rounded, std::numeric_limits<int>::max()));
}

bool is_numeric_host(const std::string& host) { return look_up(host, AI_NUMERICHOST) != nullptr; }

ConnectResult connect_to(const Endpoint& endpoint, Deadline deadline, SharedSocket* cancellable) {
  if (!endpoint.socket.empty()) return connect_unix(endpoint.socket, deadline, cancellable);
  ConnectResult result;
  NameLookup lookup(endpoint.host);
  if (cancellable != nullptr) cancellable->set(lookup.fd());
  const std::vector<std::string> addresses = lookup.wait(deadline);
  if (cancellable != nullptr) cancellable->set(-1);
  if (deadline.passed(std::chrono::steady_clock::now())) {
    result.outcome = ConnectOutcome::kTimedOut;
    return result;
  }
  for (const std::string& address : addresses) {
    const AddressList parsed = look_up(address, AI_NUMERICHOST);
    if (parsed == nullptr) continue;
    set_port(parsed->ai_addr, endpoint.port);
    result = connect_address({parsed->ai_addr, parsed->ai_addrlen}, deadline, cancellable);
    if (result.outcome == ConnectOutcome::kConnected) break;
  }
  return result;
}

bool wait_first_byte(const Socket& socket, Deadline deadline) {
  if (poll_one(socket.fd(), POLLIN, deadline) <= 0) return false;
  char byte = 0;
  return recv(socket.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

}  // namespace fabric::base
