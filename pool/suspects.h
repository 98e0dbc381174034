// Servers to skip, and until when: one list for the whole process, by address. A server whose link
// broke or that cannot be reached stays suspect until somebody reaches it; one that refuses work is
// skipped for a while and then believed again. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/log.h"
#include "fabric/base/mutex.h"
#include "fabric/types.h"
#include "pool/bell.h"

namespace pool {

enum class Doubt : std::uint8_t {
  kLostLink,     ///< a session broke: others are preferred, but it may be tried at once
  kUnreachable,  ///< a connect failed, or a call was met with silence
  kReadOnly,     ///< refuses writes: skipped for writes only
  kRefusing,     ///< refuses all statements (Galera without quorum)
};

class Suspects {
 public:
  Suspects(const fabric::base::Clock& clock, fabric::base::Log& log) : clock_(clock), log_(log) {}

  struct Standing {
    bool suspect = false;
    fabric::base::SteadyTime retry_at{};  ///< when a suspect may be tried again
  };

  /// Skips the server for 50 ms at first, then twice as long each time up to 1 s. Marks that come
  /// while it is being skipped tell nothing new: false.
  bool mark(const fabric::base::Endpoint& server, Doubt doubt);
  /// A connect or a ping succeeded: its link is no longer in doubt.
  void reached(const fabric::base::Endpoint& server);
  /// Its role or address has changed: nothing of the past counts.
  void forget(const fabric::base::Endpoint& server);
  [[nodiscard]] Standing standing(const fabric::base::Endpoint& server,
                                  fabric::RequestMode mode) const;

  /// Rings when a server stops being suspect, and when the owner has other news for those who wait.
  [[nodiscard]] Bell& bell() { return bell_; }

 private:
  struct Trouble {
    unsigned marks = 0;
    fabric::base::SteadyTime last{};
    fabric::base::SteadyTime until{};
  };
  struct Entry {
    Trouble link, refusal;  // no trouble while `marks` is zero
    bool writes_only = false;
  };
  void drop_old(fabric::base::SteadyTime now) REQUIRES(mutex_);
  /// How often in a row it was marked now; zero when this mark tells nothing new.
  unsigned note(const fabric::base::Endpoint& server, Doubt doubt) REQUIRES(mutex_);

  const fabric::base::Clock& clock_;
  fabric::base::Log& log_;
  Bell bell_;
  mutable fabric::base::Mutex mutex_;
  std::map<fabric::base::Endpoint, Entry> entries_ GUARDED_BY(mutex_);
};

}  // namespace pool
