#include "fabric/mysql/library.h"

#include <mutex>

#include "fabric/mysql/client_library.h"

namespace fabric::mysql {

void start_client_library() {
  static std::once_flag once;  // mysql_init does it unlocked
  std::call_once(once, [] { mysql_library_init(0, nullptr, nullptr); });
}

}  // namespace fabric::mysql
