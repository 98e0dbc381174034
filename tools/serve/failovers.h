// The changes of primaries, told from what is seen of each group again and again: nobody else need
// be asked. Pure; time is passed in.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/types.h"

namespace tools::serve {

/// By both clocks: one to measure with, one to show.
struct Moment {
  fabric::base::SteadyTime steady{};
  std::chrono::system_clock::time_point wall{};
};

struct Failover {
  Moment at;  ///< when the new primary was seen
  std::string group, from, to;
  /// Since the old primary was seen to fail; nothing: it was not, so somebody switched over.
  std::optional<fabric::base::Duration> took;
};

class Failovers {
 public:
  static constexpr std::size_t kKept = 50;

  /// `primary`: null when the group has none. `works`: it answers, or has not been asked yet.
  void saw(const std::string& group, const fabric::Server* primary, bool works, const Moment& now);

  /// The latest first.
  [[nodiscard]] const std::deque<Failover>& list() const { return list_; }
  /// Since when the group is without a primary that works; nothing: it has one.
  [[nodiscard]] std::optional<Moment> lost_since(const std::string& group) const;

 private:
  struct Watched {
    std::optional<fabric::Server> primary;  // the last one
    std::optional<Moment> lost;
  };
  std::map<std::string, Watched> groups_;
  std::deque<Failover> list_;
};

}  // namespace tools::serve
