// The system's lookup of a host name has no timeout, so each runs on a thread of its own, which a
// caller may leave behind. Owner: the caller. Any thread may end the wait by shutdown(2) of fd().
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/base/net.h"

namespace fabric::base {

class NameLookup {
 public:
  /// Starts at once, but for a host in digits, which needs no lookup.
  explicit NameLookup(const std::string& host);

  /// Readable once the lookup is over; -1 when there is none to wait for.
  [[nodiscard]] int fd() const { return over_.fd(); }
  /// The numeric addresses of the host; none if it has none, or at the deadline, or when the wait
  /// was ended.
  [[nodiscard]] std::vector<std::string> wait(Deadline deadline);

 private:
  struct Answer;
  std::shared_ptr<Answer> answer_;
  Socket over_;
};

}  // namespace fabric::base
