#include "tools/watch/log.h"

#include <Poco/JSON/Object.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace tools::watch {
namespace {

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> day{};
  std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> thousandths{};
  std::snprintf(thousandths.data(), thousandths.size(), ".%03dZ",
                static_cast<int>(since.count() % 1000));
  return std::string(day.data()) + thousandths.data();
}

}  // namespace

void Log::say(const std::string& group, const std::string& server, const std::string& text) {
  if (json_) {
    Poco::JSON::Object line(Poco::JSON_PRESERVE_KEY_ORDER);
    line.set("time", utc_now());
    if (!group.empty()) line.set("group", group);
    if (!server.empty()) line.set("server", server);
    line.set("text", text);
    line.stringify(out_);
    out_ << std::endl;
    return;
  }
  out_ << utc_now() << ' ' << (group.empty() ? "" : group + ": ")
       << (server.empty() ? "" : server + " ") << text << std::endl;
}

bool Log::say_once(const std::string& group, const std::string& server, const std::string& subject,
                   const std::string& text) {
  std::string key = group;
  key.append("\n").append(server).append("\n").append(subject);
  std::string& last = said_[key];
  if (last == text) return false;
  last = text;
  if (!text.empty()) say(group, server, text);
  return !text.empty();
}

}  // namespace tools::watch
