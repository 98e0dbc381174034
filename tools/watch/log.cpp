#include "tools/watch/log.h"

#include <Poco/JSON/Object.h>

#include "tools/time_text.h"

namespace tools::watch {
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
