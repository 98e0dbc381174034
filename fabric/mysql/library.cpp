#include "fabric/mysql/library.h"

#include <signal.h>

#include <mutex>

#include "fabric/mysql/client_library.h"

namespace fabric::mysql {

void start_client_library() {
  static std::once_flag once;  // mysql_init does it unlocked
  std::call_once(once, [] {
    struct sigaction of_application;
    sigaction(SIGPIPE, nullptr, &of_application);
    mysql_library_init(0, nullptr, nullptr);
    sigaction(SIGPIPE, &of_application, nullptr);  // the library has set it to be ignored
  });
}

}  // namespace fabric::mysql
