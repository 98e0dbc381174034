#include "tests/fabric/base/other_library.h"

#include <mutex>

namespace fabric::base {

void count_in_other_library(FutexMutex& mutex, long& counted, int times) {
  for (int i = 0; i < times; ++i) {
    const std::lock_guard lock(mutex);
    ++counted;
  }
}

}  // namespace fabric::base
