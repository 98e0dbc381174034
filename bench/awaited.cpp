// Preloaded where instructions are counted: the first look for an answer finds none, so that each
// is waited for. Whether it is there already would be chance, and a wait takes instructions.
#include <dlfcn.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace {

constexpr std::size_t kMost = 4096;
std::array<std::atomic<bool>, kMost> asked;  // by descriptor

template <class Function>
Function* next(Function* /*this one*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::size_t index_of(int fd) { return static_cast<std::size_t>(fd) % kMost; }

}  // namespace

extern "C" {

[[gnu::visibility("default")]] ssize_t send(int fd, const void* data, size_t size, int flags) {
  static auto* const real = next(&send, "send");
  asked[index_of(fd)] = true;
  return real(fd, data, size, flags);
}

[[gnu::visibility("default")]] ssize_t recv(int fd, void* data, size_t size, int flags) {
  static auto* const real = next(&recv, "recv");
  const bool looks = (flags & MSG_DONTWAIT) != 0 && (flags & MSG_PEEK) == 0;
  if (looks && asked[index_of(fd)].exchange(false)) {
    errno = EAGAIN;
    return -1;
  }
  return real(fd, data, size, flags);
}

}  // extern "C"
