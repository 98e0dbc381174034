#include "tests/fabric/base/other_library.h"

#include <mutex>

namespace fabric::base {

void count_in_other_library(FutexMutex& mutex, long& counted) {
  const std::lock_guard lock(mutex);
  ++counted;
}

}  // namespace fabric::base
