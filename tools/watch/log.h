// One line per decision, for people or as JSON objects. Used by one thread at a time.
#pragma once

#include <map>
#include <ostream>
#include <string>

namespace tools::watch {

class Log {
 public:
  Log(std::ostream& out, bool json) : out_(out), json_(json) {}

  /// `group` and `server` may be empty.
  void say(const std::string& group, const std::string& server, const std::string& text);
  /// For what is found in each round: says it when it differs from what was last said of `subject`;
  /// an empty text is not said, and forgets.
  /// True when it did.
  bool say_once(const std::string& group, const std::string& server, const std::string& subject,
                const std::string& text);

 private:
  std::ostream& out_;
  const bool json_;
  std::map<std::string, std::string> said_;
};

}  // namespace tools::watch
