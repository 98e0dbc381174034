// Asks the person at the terminal, on stderr, so that stdout is what came of it. Nobody is asked
// where standard input is no terminal. Used by one thread.
#pragma once

#include <string>

namespace tools::init {

class Prompt {
 public:
  explicit Prompt(bool allowed);

  [[nodiscard]] bool possible() const { return possible_; }
  /// The answer, or `standard` for none.
  [[nodiscard]] std::string ask(const std::string& question, const std::string& standard) const;
  /// Nothing that is typed is shown.
  [[nodiscard]] std::string ask_secret(const std::string& question) const;
  [[nodiscard]] bool ask_yes(const std::string& question, bool standard) const;
  void say(const std::string& text) const;

 private:
  bool possible_;
};

}  // namespace tools::init
