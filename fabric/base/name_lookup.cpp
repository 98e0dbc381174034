#include "fabric/base/name_lookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <utility>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace fabric::base {
namespace {

std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  std::vector<std::string> forms;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return forms;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) ==
        0) {
      forms.emplace_back(text);
    }
  }
  freeaddrinfo(list);
  return forms;
}

}  // namespace

/// Shared by the caller and the lookup's thread; whoever ends last frees it.
struct NameLookup::Answer {
  Mutex mutex;
  std::vector<std::string> addresses GUARDED_BY(mutex);
  Socket done;  ///< the thread's end of the pair
};

NameLookup::NameLookup(const std::string& host) : answer_(std::make_shared<Answer>()) {
  if (is_numeric_host(host)) {
    MutexLock lock(answer_->mutex);
    answer_->addresses = {host};
    return;
  }
  int ends[2];
  // Out of descriptors: as if there were no such host.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  over_ = Socket(ends[0]);
  answer_->done = Socket(ends[1]);
  Worker thread("fabric-lookup", [answer = answer_, host](const std::stop_token&) {
    try {
      std::vector<std::string> found = addresses_of(host);
      MutexLock lock(answer->mutex);
      answer->addresses = std::move(found);
    } catch (...) {  // out of memory: as if there were no such host
    }
    // A byte, since a forked child may hold the end too, so that closing it says nothing.
    static_cast<void>(send(answer->done.fd(), "", 1, MSG_NOSIGNAL));
  });
  thread.detach();
}

std::vector<std::string> NameLookup::wait(Deadline deadline) {
  if (over_ && !wait_first_byte(over_, deadline)) return {};
  MutexLock lock(answer_->mutex);
  return answer_->addresses;
}

}  // namespace fabric::base
