#include "driver/stats_file.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "fabric/base/process_path.h"

namespace driver {
namespace {

using fabric::base::MutexLock;

constexpr std::chrono::seconds kEvery{5};

}  // namespace

bool StatsFile::write(const std::string& path, const std::string& text) {
  MutexLock lock(writing_);
  std::error_code error;
  const auto there = std::filesystem::status(path, error);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) return false;
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::trunc | std::ios::binary);
  file << text;
  file.close();
  if (file && std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  std::filesystem::remove(fresh, error);
  return false;
}

bool StatsFile::add(const std::string& given) {
  const std::string path = fabric::base::process_path(given);
  {
    MutexLock lock(mutex_);
    if (paths_.contains(path)) return true;
  }
  if (!write(path, text_())) return false;
  {
    MutexLock lock(mutex_);
    paths_.insert(path);
  }
  ticker_.wake_by(std::chrono::steady_clock::now() + kEvery);
  return true;
}

void StatsFile::end() {
  ticker_.end();
  write_all();
}

fabric::base::SteadyTime StatsFile::write_all() {
  std::set<std::string> paths;
  {
    MutexLock lock(mutex_);
    paths = paths_;
  }
  try {
    const std::string text = text_();
    for (const std::string& path : paths) write(path, text);
  } catch (const std::exception&) {
    // No memory: the next time.
  }
  return std::chrono::steady_clock::now() + kEvery;
}

}  // namespace driver
