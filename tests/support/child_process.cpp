#include "tests/support/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>

#include "fabric/base/mutex.h"
#include "fabric/base/net.h"

namespace test_support {

Account server_account() {
  if (geteuid() != 0) return {};
  for (const char* name : {"mysql", "nobody"}) {
    if (const passwd* user = getpwnam(name)) return {true, user->pw_uid, user->pw_gid};
  }
  throw std::runtime_error("root may not run servers, and there is no user mysql or nobody");
}

pid_t start_process(const std::vector<std::string>& command, const Account& account,
                    const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t pid = fork();
  if (pid == 0) {  // async-signal-safe calls only
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const bool changed = !account.change || (setgroups(0, nullptr) == 0 &&
                                             setgid(account.gid) == 0 && setuid(account.uid) == 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid, which clears it
    if (changed && chdir("/") == 0) execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(out);
  close(in);
  if (pid < 0) throw std::runtime_error("fork failed");
  return pid;
}

void run_process(const std::vector<std::string>& command, const Account& account,
                 const std::filesystem::path& log) {
  const pid_t pid = start_process(command, account, log);
  int status = 0;
  const bool waited = waitpid(pid, &status, 0) == pid;
  if (waited && WIFSIGNALED(status)) {
    throw EndedBySignal(command[0] + " was ended by signal " + std::to_string(WTERMSIG(status)) +
                        ":\n" + text_of_file(log));
  }
  if (!waited || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(command[0] + " failed:\n" + text_of_file(log));
  }
}

std::uint16_t free_port() {
  constexpr int kFirst = 10000;
  constexpr int kLast = 32767;  // the system gives those above to whoever asks for any
  static fabric::base::Mutex mutex;
  static std::random_device random;
  static std::set<int> given;
  const fabric::base::MutexLock lock(mutex);
  for (int tries = 0; tries < 1000; ++tries) {
    const fabric::base::Socket probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int port = std::uniform_int_distribution<int>(kFirst, kLast)(random);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        given.insert(port).second) {
      return static_cast<std::uint16_t>(port);
    }
  }
  throw std::runtime_error("no free port on loopback");
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace test_support
