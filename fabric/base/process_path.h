// Paths of files that each process has for itself: `%p` in them is the process's number.
#pragma once

#include <unistd.h>

#include <string>

namespace fabric::base {

inline std::string process_path(std::string path) {
  const std::string number = std::to_string(getpid());
  for (auto at = path.find("%p"); at != path.npos; at = path.find("%p", at)) {
    path.replace(at, 2, number);
  }
  return path;
}

}  // namespace fabric::base
