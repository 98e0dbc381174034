// A change of primary of one group, from the decision to the publication. Each step looks at what
// is there, so it may be run again from any state that an instance before has left.
#pragma once

#include <string>
#include <vector>

#include "tools/watch/round.h"

namespace tools::watch {

class PromotionRun {
 public:
  /// `group` as the node gave it, with its promotion. Both must outlive the object.
  PromotionRun(Round& round, const WatchedGroup& group);

  /// Throws Held, LeaseLost, fabric::NodeFailure or MysqlError; the next round goes on.
  void run();

 private:
  using Server = fabric::Server;
  void leave();
  void fence_leaving();
  void run_fence_command();
  void drain(ServerLink& link);
  /// Waits until one that takes over has all that the reachable old primary has.
  void catch_up();
  void settle();
  const Server& choose() const;
  void wait_applied(const Server& successor);
  void take_over(const Server& successor);
  void redirect_others(const Server& successor);
  void reopen(const Server& server);

  [[nodiscard]] bool may_take_over(const Server& server) const;
  [[nodiscard]] std::vector<const Server*> candidates() const;
  bool wait_until_applied(const Server& server, const GtidSet& wanted);
  void say(const Server* server, const std::string& text);

  Round& round_;
  const WatchedGroup& group_;
  const Promotion promotion_;
  const Server* leaving_ = nullptr;  // null: the group had none
  bool leaving_answers_ = false;
};

}  // namespace tools::watch
