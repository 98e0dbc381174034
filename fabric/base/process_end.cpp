#include "fabric/base/process_end.h"

#include <atomic>
#include <cstdlib>

namespace fabric::base {
namespace {

std::atomic<void (*)()> end_of_process{nullptr};

}  // namespace

void at_exit(void (*end)()) {
  end_of_process = end;
  at_exit_before_libraries();
}

void at_exit_before_libraries() {
  if (void (*const end)() = end_of_process) static_cast<void>(std::atexit(end));
}

}  // namespace fabric::base
