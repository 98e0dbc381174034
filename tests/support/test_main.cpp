// The main() of every GoogleTest program. A test that hangs says which it is and where its threads
// stand: ctest would end the program without a word.
#include <execinfo.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include "tests/support/slowness.h"

extern "C" __attribute__((weak)) void __sanitizer_print_stack_trace();

namespace {

using std::chrono::seconds;

/// The longest tests take some ten seconds.
constexpr seconds kHang{60 * test_support::kSlowness};
/// How long a thread has for its stack, whose names a sanitizer reads from disk.
constexpr seconds kForAStack{10};

std::binary_semaphore told{0};

void tell_stack(int) {
  if (__sanitizer_print_stack_trace != nullptr) {
    __sanitizer_print_stack_trace();
  } else {
    std::array<void*, 64> frames{};
    backtrace_symbols_fd(frames.data(), backtrace(frames.data(), frames.size()), STDERR_FILENO);
  }
  told.release();
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The driver's own threads take no signal: they have no stack to tell.
bool takes_the_signal(const std::filesystem::path& thread) {
  const std::string status = text_of(thread / "status");
  const std::size_t blocked = status.find("SigBlk:");
  return blocked != std::string::npos &&
         (std::strtoull(status.c_str() + blocked + 7, nullptr, 16) >> (SIGUSR1 - 1) & 1U) == 0;
}

void report(pid_t process) {
  const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& thread : std::filesystem::directory_iterator(tasks)) {
    const pid_t id = std::stoi(thread.path().filename());
    fprintf(stderr, "[   HANGS  ] process %d thread %d, in %s, %s", process, id,
            text_of(thread.path() / "wchan").c_str(), text_of(thread.path() / "comm").c_str());
    if (id == gettid() || !takes_the_signal(thread.path())) continue;
    syscall(SYS_tgkill, process, id, SIGUSR1);
    if (process == getpid()) {
      static_cast<void>(told.try_acquire_for(kForAStack));
    } else {
      std::this_thread::sleep_for(kForAStack);
    }
  }
}

/// Of this program: a test may have forked it, and its servers are no concern.
void report_children() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream children(thread.path() / "children");
    for (pid_t child = 0; children >> child;) {
      std::error_code gone;
      const auto its =
          std::filesystem::read_symlink("/proc/" + std::to_string(child) + "/exe", gone);
      if (its != program) continue;
      report(child);
      kill(child, SIGKILL);
    }
  }
}

/// Ends the program when a test takes longer than any may.
class HangReport : public testing::EmptyTestEventListener {
 public:
  void OnTestStart(const testing::TestInfo& test) override {
    note(std::string(test.test_suite_name()) + "." + test.name());
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    note(std::string("after ") + test.test_suite_name() + "." + test.name());
  }

 private:
  void note(std::string running) {
    const std::lock_guard lock(mutex_);
    running_ = std::move(running);
    ++turn_;
    changed_.notify_one();
  }
  void watch(const std::stop_token& end) {
    std::unique_lock lock(mutex_);
    while (!end.stop_requested()) {
      const bool moved =
          changed_.wait_for(lock, end, kHang, [this, turn = turn_] { return turn_ != turn; });
      if (moved || end.stop_requested()) continue;
      fprintf(stderr, "[   HANGS  ] %s\n", running_.c_str());
      report(getpid());
      report_children();
      _exit(1);
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string running_ = "before the first test";
  int turn_ = 0;
  std::jthread watcher_{[this](const std::stop_token& end) { watch(end); }};
};

}  // namespace

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  std::signal(SIGUSR1, tell_stack);
  testing::UnitTest::GetInstance()->listeners().Append(new HangReport);
  return RUN_ALL_TESTS();
}
