#include "tools/watch/fence_command.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "fabric/base/error.h"

namespace tools::watch {
namespace {

std::vector<std::string> environment_of(const fabric::Server& server) {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    // The command is told no password of ours.
    if (std::strncmp(*one, "FABRICCTL_", 10) != 0) all.emplace_back(*one);
  }
  all.push_back("FABRIC_GROUP=" + server.group);
  all.push_back("FABRIC_SERVER=" + server.uuid);
  all.push_back("FABRIC_HOST=" + server.endpoint.host);
  all.push_back("FABRIC_PORT=" + std::to_string(server.endpoint.port));
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

int outcome(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

int run_command(const std::string& command, const fabric::Server& server,
                fabric::base::Deadline deadline) {
  std::vector<std::string> words{"/bin/sh", "-c", command};
  std::vector<std::string> variables = environment_of(server);
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> environment = pointers(variables);
  const pid_t child = fork();
  if (child < 0) {
    throw fabric::base::Error(
        fabric::base::SqlState::kHY000,
        std::string("The fence command could not be started: ") + std::strerror(errno));
  }
  if (child == 0) {
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execve(arguments[0], arguments.data(), environment.data());
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (deadline.passed(std::chrono::steady_clock::now())) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return outcome(status);
}

}  // namespace tools::watch
