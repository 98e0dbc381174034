#include "fabric/mysql/library.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <mutex>

#include "fabric/mysql/client_library.h"

namespace fabric::mysql {
namespace {

/// Where an application was started without them, a link would become one of these, and what the
/// program prints would go to a server.
void occupy_standard_descriptors() {
  for (;;) {
    const int opened = open("/dev/null", O_RDWR);
    if (opened < 0 || opened > STDERR_FILENO) {
      if (opened > STDERR_FILENO) close(opened);
      return;
    }
  }
}

}  // namespace

void start_client_library() {
  static std::once_flag once;  // mysql_init does it unlocked
  std::call_once(once, [] {
    occupy_standard_descriptors();
    struct sigaction of_application;
    sigaction(SIGPIPE, nullptr, &of_application);
    mysql_library_init(0, nullptr, nullptr);
    sigaction(SIGPIPE, &of_application, nullptr);  // the library has set it to be ignored
  });
}

}  // namespace fabric::mysql
