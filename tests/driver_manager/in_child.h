// Runs a part of a test in a forked child.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>

namespace test_support {

inline constexpr unsigned kChildLimit = 60;  // seconds until a child that hangs is killed

/// Runs `body` in a forked child and returns what it returned; -1 when it crashed or hung. Threads
/// of the test's own should rest: what ASan's allocator had locked for them stays so in the child.
inline int in_child(const std::function<int()>& body) {
  const pid_t pid = fork();
  if (pid == 0) {
    alarm(kChildLimit);
    int code = 99;
    try {
      code = body();
    } catch (const std::exception& error) {
      fprintf(stderr, "in the child: %s\n", error.what());
    }
    _exit(code);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace test_support
