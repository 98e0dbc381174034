#include "driver/stats_file.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <utility>

namespace driver {
namespace {

using fabric::base::MutexLock;

constexpr std::chrono::seconds kEvery{5};

std::string with_process(std::string path) {
  for (auto at = path.find("%p"); at != path.npos; at = path.find("%p", at)) {
    path.replace(at, 2, std::to_string(getpid()));
  }
  return path;
}

bool write(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc | std::ios::binary);
    file << text;
    if (!file.flush()) return false;
  }
  return std::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace

bool StatsFile::add(const std::string& given) {
  const std::string path = with_process(given);
  MutexLock lock(mutex_);
  if (stopping_ || paths_.contains(path)) return true;
  if (!write(path, text_())) return false;
  paths_.insert(path);
  if (!worker_.joinable()) {
    worker_ = fabric::base::Worker("fabric-stats", [this](const std::stop_token&) { run(); });
  }
  return true;
}

void StatsFile::end() {
  fabric::base::Worker worker;  // joined after the unlock
  MutexLock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  std::swap(worker, worker_);
}

void StatsFile::run() {
  for (bool last = false; !last;) {
    std::set<std::string> paths;
    {
      MutexLock lock(mutex_);
      const auto until = std::chrono::steady_clock::now() + kEvery;
      while (!stopping_ && std::chrono::steady_clock::now() < until) {
        changed_.wait_until(mutex_, until);
      }
      last = stopping_;
      paths = paths_;
    }
    try {
      const std::string text = text_();
      for (const std::string& path : paths) write(path, text);
    } catch (const std::exception&) {
      // No memory: the next time.
    }
  }
}

}  // namespace driver
