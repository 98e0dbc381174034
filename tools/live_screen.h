// What is shown again and again until Ctrl-C: a picture drawn in place on a terminal, and the loop
// that makes it. The terminal is as it was afterwards.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "fabric/base/clock.h"

namespace tools {

/// Standard output as a place for pictures. Used by one thread at a time.
class LiveScreen {
 public:
  LiveScreen() = default;
  ~LiveScreen();  ///< the cursor is seen again, below the picture
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  /// Standard output is a terminal that can place its cursor.
  [[nodiscard]] static bool possible();
  /// In place of the last one: lines ended by \n, cut to the window; of a picture that is too high
  /// the end is left out, but not `below`, which stands under it. Lines that begin with '*' are
  /// bold.
  void draw(const std::string& picture, const std::string& below = {});

 private:
  bool drawn_ = false;
};

/// In lines and columns, as a terminal counts.
struct WindowSize {
  std::size_t lines = 24;
  std::size_t columns = 80;
};

/// As it is sent to a window of that size. Pure.
std::string fitted(const std::string& picture, const std::string& below, WindowSize size);

/// Calls `round` now and each `every`, on a thread of its own, until SIGINT or SIGTERM; then
/// `cancel`, from this thread, to end what a round waits for. Throws what a round throws. To be
/// called before there are other threads.
void repeat_until_signal(fabric::base::Duration every, const std::function<void()>& round,
                         const std::function<void()>& cancel);

/// SIGINT and SIGTERM go to no thread made from here on, but to repeat_until_signal().
void hold_back_signals();

}  // namespace tools
