// A group between changes of primary: everybody but the primary is read-only and follows it; what
// died is FAULTY; what came back follows again if it holds nothing that the primary lacks.
#pragma once

#include <string>

#include "tools/watch/round.h"

namespace tools::watch {

class GroupCare {
 public:
  /// Both must outlive the object; the group has a primary, which answers.
  GroupCare(Round& round, const WatchedGroup& group);

  /// Throws LeaseLost or fabric::NodeFailure; what a single server fails is said and tried again.
  void run();
  /// Servers other than the primary that are dead become FAULTY; also without a primary.
  static void mark_dead(Round& round, const WatchedGroup& group);

 private:
  using Server = fabric::Server;
  void tend(const Server& server);
  void keep_read_only(const Server& server);
  void make_follow(const Server& server);
  bool holds_more(const Server& server);
  void rejoin(const Server& server);
  void tend_primary();
  void note_upstream();
  void say(const Server& server, const std::string& text);
  void say_once(const Server& server, const std::string& subject, const std::string& text);

  Round& round_;
  const WatchedGroup& group_;
  const Server& primary_;
};

}  // namespace tools::watch
