// The right to change anything: a row in the node's database, renewed by a thread of its own so
// that long steps do not lose it. This side lets it go a quarter of its time before the row does,
// so nodes' clocks may differ by that much; what is published is safe whatever the clocks say,
// since the transaction looks at the row itself. Owner: a Watch. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/error.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "tools/watch/node_store.h"

namespace tools::watch {

class LeaseLost final : public fabric::base::Error {
 public:
  LeaseLost()
      : Error(fabric::base::SqlState::kHY000, "the lease is lost: another instance may be active") {
  }
};

class Lease {
 public:
  /// `store` is the lease's alone.
  Lease(std::unique_ptr<NodeStore> store, std::string who, fabric::base::Duration time,
        const fabric::base::Clock& clock);
  ~Lease();  ///< gives it up, so that the next instance need not wait
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Takes it when it is free. False: `holder` has it. Throws fabric::NodeFailure.
  bool take(std::string& holder);
  [[nodiscard]] bool held() const;
  /// Throws LeaseLost.
  [[nodiscard]] int epoch() const;
  /// `wanted`, or the end of the lease when that is earlier. Throws LeaseLost.
  [[nodiscard]] fabric::base::Deadline within(fabric::base::Duration wanted) const;
  /// The node said so.
  void lose();

 private:
  void keep(const std::stop_token& stop);
  bool renew(int epoch, fabric::base::Duration time);

  const std::unique_ptr<NodeStore> store_;  // take()'s before the thread runs, then the thread's
  const std::string who_;
  const fabric::base::Duration time_;
  const fabric::base::Clock& clock_;

  mutable fabric::base::Mutex mutex_;
  fabric::base::CondVar stopped_;
  int epoch_ GUARDED_BY(mutex_) = 0;  // 0: not held
  fabric::base::SteadyTime until_ GUARDED_BY(mutex_){};
  bool stop_ GUARDED_BY(mutex_) = false;
  fabric::base::Worker keeper_;
};

}  // namespace tools::watch
