// One borrower's search for a server in a farm that may change meanwhile: its deadline, its waits
// and the last reason. Lives on the borrower's stack.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fabric/farm.h"
#include "pool/group_pool.h"
#include "pool/pools.h"

namespace pool {

/// The error's own text, with the server's address if it does not say it already.
std::string reason_of(const fabric::Server& server, const fabric::base::Error& error);

class Search {
 public:
  Search(fabric::Farm& farm, Pools& pools, const BorrowRequest& request);

  /// Call before looking at the topology: whatever changes afterwards ends the next wait.
  void listen();
  [[nodiscard]] bool over() const;
  void failed(const fabric::Server& server, const fabric::base::Error& error);
  /// It has no room for us (1040): a read is taken elsewhere, and waits for room only where no
  /// other server can serve it.
  void met_full(const fabric::Server& server, const fabric::base::Error& error);
  [[nodiscard]] bool may_go_elsewhere() const;
  [[nodiscard]] bool has_met_full() const { return !full_.empty(); }
  /// The group without those; stands until the next call.
  const fabric::Group& others(const fabric::Group& group);
  /// From now on there is nowhere else to go.
  void wait_for_room();
  /// Until a suspect's time comes or anything changes. Without a suspect (`retry_at` is the end of
  /// time) only a topology newer than `version` can help: the farm asks its nodes meanwhile.
  void wait(fabric::base::SteadyTime retry_at, std::uint64_t version);
  void refresh();
  /// 08001 with the group, the purpose and the last reason, or `otherwise` if nothing was tried.
  [[nodiscard]] fabric::base::Error error(const std::string& group,
                                          const std::string& otherwise) const;

 private:
  fabric::Farm& farm_;
  Pools& pools_;
  const BorrowRequest& request_;
  const fabric::base::SteadyTime began_;
  std::uint64_t heard_ = 0;
  std::string reason_;
  int native_ = 0;
  std::vector<std::string> full_;  ///< by UUID
  fabric::Group others_;
  bool waits_for_room_ = false;
};

}  // namespace pool
