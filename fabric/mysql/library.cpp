#include "fabric/mysql/library.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <mutex>

#include "fabric/mysql/client_library.h"

namespace fabric::mysql {
namespace {

/// libPocoFoundation blocks SIGPIPE, when it is loaded, in the thread that loads it and so us. We
/// are linked so that this runs first (-z initfirst); where it does not, nothing is put right.
struct {
  pthread_t thread;
  bool sigpipe_let_in;
} as_loaded;

[[gnu::constructor]] void note_mask() {
  sigset_t blocked;
  as_loaded.thread = pthread_self();
  as_loaded.sigpipe_let_in =
      pthread_sigmask(SIG_SETMASK, nullptr, &blocked) == 0 && sigismember(&blocked, SIGPIPE) == 0;
}

void restore_mask() {
  if (!as_loaded.sigpipe_let_in || pthread_equal(as_loaded.thread, pthread_self()) == 0) return;
  sigset_t sigpipe;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &sigpipe, nullptr);
}

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
    restore_mask();
  });
}

}  // namespace fabric::mysql
