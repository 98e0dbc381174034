// A library that holds locks of its loader's, as libfabricodbc_xmlrpc.so does the driver's.
#pragma once

#include "fabric/base/futex_mutex.h"

namespace fabric::base {

/// Adds one under the mutex.
[[gnu::visibility("default")]] void count_in_other_library(FutexMutex& mutex, long& counted);

}  // namespace fabric::base
