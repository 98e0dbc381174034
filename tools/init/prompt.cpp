#include "tools/init/prompt.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "fabric/base/error.h"

namespace tools::init {
namespace {

/// While it lives, the terminal shows nothing that is typed. Ctrl-C ends the reading, not the
/// program, which would leave the terminal so.
class NoEcho {
 public:
  NoEcho() {
    struct sigaction wake {};
    wake.sa_handler = [](int) {};
    sigaction(SIGINT, &wake, &interrupt_);
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~NoEcho() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    sigaction(SIGINT, &interrupt_, nullptr);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  struct sigaction interrupt_ {};
  bool changed_ = false;
};

/// Not by std::cin, which goes on reading when a signal comes.
std::string read_line() {
  std::string line;
  char next = 0;
  while (read(STDIN_FILENO, &next, 1) == 1) {
    if (next == '\n') return line;
    line += next;
  }
  throw fabric::base::Error(fabric::base::SqlState::kHY000, "Nothing was written: no answer");
}

std::string without_blanks(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Prompt::Prompt(bool allowed) : possible_(allowed && isatty(STDIN_FILENO) != 0) {}

std::string Prompt::ask(const std::string& question, const std::string& standard) const {
  std::cerr << question << (standard.empty() ? "" : " [" + standard + "]") << ": " << std::flush;
  std::string answer = without_blanks(read_line());
  return answer.empty() ? standard : answer;
}

std::string Prompt::ask_secret(const std::string& question) const {
  const NoEcho quiet;  // first: it forgets what was typed ahead
  std::cerr << question << ": " << std::flush;
  std::string answer = read_line();
  std::cerr << '\n';
  return answer;
}

bool Prompt::ask_yes(const std::string& question, bool standard) const {
  while (true) {
    const std::string answer = ask(question + (standard ? " (Y/n)" : " (y/N)"), {});
    if (answer.empty()) return standard;
    if (answer == "y" || answer == "Y" || answer == "yes") return true;
    if (answer == "n" || answer == "N" || answer == "no") return false;
  }
}

void Prompt::say(const std::string& text) const { std::cerr << text << '\n'; }

}  // namespace tools::init
