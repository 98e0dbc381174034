#include "tools/live_screen.h"

#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <mutex>
#include <string_view>
#include <thread>

#include "tools/columns.h"

namespace tools {
namespace {

constexpr std::string_view kHideCursor = "\x1b[?25l";
constexpr std::string_view kShowCursor = "\x1b[?25h";
constexpr std::string_view kClear = "\x1b[2J";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

/// As many bytes as make `columns` characters of UTF-8.
std::string_view cut(std::string_view line, std::size_t columns) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U;
    if (begins && ++characters > columns) return line.substr(0, i);
  }
  return line;
}

std::size_t line_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// As many as fit.
void append_lines(std::string& text, std::string_view lines, WindowSize size) {
  for (std::size_t line = 0; line < size.lines && !lines.empty(); ++line) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string shown = printable(cut(lines.substr(0, end), size.columns));
    const bool marked = shown.starts_with('*');
    if (marked) text += kBold;
    text += shown;
    if (marked) text += kPlain;
    text.append(kClearLine).append("\r\n");
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

sigset_t ending_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  return ends;
}

/// False: it was stopped meanwhile.
bool pause(const std::stop_token& stop, fabric::base::Duration time) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace

bool LiveScreen::possible() {
  const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return isatty(STDOUT_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

LiveScreen::~LiveScreen() {
  if (drawn_) std::cout << kShowCursor << std::flush;
}

void LiveScreen::draw(const std::string& picture, const std::string& below) {
  winsize told{};
  WindowSize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &told) == 0 && told.ws_col > 0 && told.ws_row > 0) {
    size = {.lines = told.ws_row, .columns = told.ws_col};
  }
  if (!drawn_) std::cout << kHideCursor << kClear;
  drawn_ = true;
  std::cout << fitted(picture, below, size) << std::flush;
}

std::string fitted(const std::string& picture, const std::string& below, WindowSize size) {
  const std::size_t room = size.lines - 1;  // the cursor's line is below it
  const std::size_t kept = std::min(room, line_count(below));
  std::string text(kHome);
  append_lines(text, picture, {.lines = room - kept, .columns = size.columns});
  append_lines(text, below, {.lines = kept, .columns = size.columns});
  text += kClearBelow;
  return text;
}

void hold_back_signals() {
  const sigset_t ends = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
}

void repeat_until_signal(fabric::base::Duration every, const std::function<void()>& round,
                         const std::function<void()>& cancel) {
  std::exception_ptr failure;
  const pthread_t waiter = pthread_self();
  std::jthread runner([&](const std::stop_token& stop) {
    try {
      do {
        round();
        if (!std::cout.flush()) break;  // its reader has gone
      } while (pause(stop, every));
      if (!stop.stop_requested()) pthread_kill(waiter, SIGTERM);
    } catch (...) {
      if (stop.stop_requested()) return;  // it was cancelled
      failure = std::current_exception();
      pthread_kill(waiter, SIGTERM);
    }
  });
  const sigset_t ends = ending_signals();
  int number = 0;
  sigwait(&ends, &number);
  sigset_t second;
  sigemptyset(&second);
  sigaddset(&second, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &second, nullptr);  // the next Ctrl-C ends the process at once
  runner.request_stop();
  cancel();
  runner.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tools
