#include "tools/top/stats_files.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "tools/file_text.h"

namespace tools::top {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPidMark = "%p";
constexpr std::chrono::seconds kFresh{15};  // written each 5 s

bool fresh(const fs::path& path) {
  std::error_code failed;
  const auto written = fs::last_write_time(path, failed);
  return !failed && fs::file_time_type::clock::now() - written < kFresh;
}

bool lives(int pid) { return kill(pid, 0) == 0 || errno == EPERM; }

/// What stands for %p in the middle of `name`.
std::optional<int> pid_in(std::string_view name, std::string_view before, std::string_view after) {
  if (!name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
  if (name.size() <= before.size() + after.size()) return std::nullopt;
  name.remove_prefix(before.size());
  name.remove_suffix(after.size());
  int pid = 0;
  const auto end = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (end.ec != std::errc() || end.ptr != name.data() + name.size()) return std::nullopt;
  return pid;
}

std::string program_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

std::vector<ProcessStats> read_stats_files(const std::string& given) {
  std::vector<ProcessStats> processes;
  const fs::path path(given);
  const std::string name = path.filename().string();
  const std::size_t mark = name.find(kPidMark);
  if (mark == std::string::npos) {
    if (fresh(path)) processes.push_back({.page = parse_stats(text_of(path).value_or(""))});
    return processes;
  }
  const std::string before = name.substr(0, mark);
  const std::string after = name.substr(mark + kPidMark.size());
  std::error_code failed;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const auto pid = pid_in(entry.path().filename().string(), before, after);
    if (!pid || !lives(*pid) || !fresh(entry.path())) continue;
    processes.push_back({*pid, program_of(*pid), parse_stats(text_of(entry.path()).value_or(""))});
  }
  std::ranges::sort(processes, {}, &ProcessStats::pid);
  return processes;
}

}  // namespace tools::top
