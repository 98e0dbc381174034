// The end of the process, for what uses libraries that are loaded later: exit() ends first what was
// begun last. Any thread.
#pragma once

namespace fabric::base {

/// Has `end` called at exit(). One for the process.
void at_exit(void (*end)());

/// Has it called before the libraries end that are loaded by now; and again when it is its turn.
void at_exit_before_libraries();

}  // namespace fabric::base
