#include "fabric/base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "fabric/base/net.h"
#include "fabric/base/process_path.h"

namespace fabric::base {
namespace {

constexpr std::array<const char*, 5> kNames{"off", "error", "warning", "info", "debug"};
constexpr std::size_t kLongestText = 4096;

std::string now_text() {
  using std::chrono::system_clock;
  const auto now = system_clock::now();
  const std::time_t seconds = system_clock::to_time_t(now);
  const auto rest = now - system_clock::from_time_t(seconds);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(rest).count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string fraction = std::to_string(1000 + millis);  // three digits behind a 1
  fraction[0] = '.';
  return std::string(text.data(), size) + fraction + "Z";
}

std::string line_of(LogLevel level, std::string_view text) {
  std::string line = now_text() + " [" + std::to_string(getpid()) + "] " +
                     kNames[static_cast<std::size_t>(level)] + ": ";
  line += text.substr(0, kLongestText);
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');  // one event, one line
  return line + '\n';
}

/// A pipe without a reader is refused instead of waited for.
Socket open_to_append(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  return Socket(open(path.c_str(), kFlags, 0640));
}

/// In one piece, so that the lines of several processes do not mix. What a full disk has no room
/// for is the rest that it returns.
std::string_view append(const std::string& path, std::string_view text) {
  if (text.empty()) return text;
  const Socket file = open_to_append(path);
  if (!file) return text;
  while (!text.empty()) {
    const ssize_t written = write(file.fd(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return text;
}

std::string line_of_dropped(std::size_t lines) {
  return line_of(LogLevel::kWarning, std::to_string(lines) + " lines were dropped here");
}

}  // namespace

bool Log::add(const std::string& given, LogLevel level) {
  if (level == LogLevel::kOff) return true;
  std::error_code unknown;
  const std::string path =
      std::filesystem::absolute(process_path(given), unknown).lexically_normal().string();
  {
    MutexLock lock(mutex_);
    const auto known = files_.find(path);
    if (known != files_.end() && known->second >= level) return true;
  }
  if (unknown || !open_to_append(path)) return false;
  MutexLock lock(mutex_);
  if (stopping_) return true;
  if (!worker_.joinable()) {
    worker_ = Worker("fabric-log", [this](const std::stop_token&) { run(); });
  }
  LogLevel& its = files_[path];
  its = std::max(its, level);
  level_ = std::max(level_.load(), level);
  return true;
}

void Log::queue(LogLevel level, const std::string& text) {
  Line line{level, line_of(level, text)};
  MutexLock lock(mutex_);
  if (stopping_) return;
  if (waiting_.size() >= kMostWaiting) {
    ++lost_;
    return;
  }
  waiting_.push_back(std::move(line));
  if (waiting_.size() == 1) changed_.notify_one();
}

void Log::lose_one() noexcept {
  MutexLock lock(mutex_);
  ++lost_;
}

void Log::run() noexcept {
  for (;;) {
    std::vector<Line> lines;
    std::size_t lost = 0;
    {
      MutexLock lock(mutex_);
      while (!stopping_ && waiting_.empty()) changed_.wait(mutex_);
      if (waiting_.empty()) return;
      lines.swap(waiting_);
      std::swap(lost, lost_);
    }
    try {
      if (lost > 0) lines.push_back({LogLevel::kWarning, line_of_dropped(lost)});
      write(lines);
    } catch (...) {  // no memory: these lines are lost
    }
  }
}

void Log::write(const std::vector<Line>& lines) {
  Files files;
  {
    MutexLock lock(mutex_);
    files = files_;
  }
  for (const auto& [path, level] : files) {
    std::string batch;
    for (const Line& line : lines) {
      if (line.level <= level) batch += line.text;
    }
    if (batch.empty()) continue;
    Unwritten& unwritten = unwritten_[path];
    if (unwritten.lines > 0) {
      batch.insert(0, (unwritten.tears ? "\n" : "") + line_of_dropped(unwritten.lines));
    }
    const std::string_view rest = append(path, batch);
    if (rest.size() == batch.size()) {
      unwritten.lines += lines.size();
      continue;
    }
    const std::string_view done = std::string_view(batch).substr(0, batch.size() - rest.size());
    unwritten = {static_cast<std::size_t>(std::ranges::count(rest, '\n')), !done.ends_with('\n')};
  }
}

void Log::end() noexcept {
  Worker worker;  // joined after the unlock
  MutexLock lock(mutex_);
  stopping_ = true;
  level_ = LogLevel::kOff;
  changed_.notify_all();
  std::swap(worker, worker_);
}

void Log::abandon_after_fork() noexcept {
  level_ = LogLevel::kOff;
  stopping_ = true;
  mutex_.unlock();
}

}  // namespace fabric::base
