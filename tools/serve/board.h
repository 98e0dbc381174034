// What is known of the farm by now: written by those who look, read by those who ask for the page.
// Nothing waits for anybody here, so that a server that hangs holds nothing back. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/topology.h"
#include "tools/serve/view.h"

namespace tools::serve {

/// Now, by both clocks.
Moment now();

class Board {
 public:
  explicit Board(std::string farm) : farm_(std::move(farm)), began_(now()) {}

  /// `problem`: why it could not be had anew; empty: a node has just told it. May be null then.
  void topology_is(const fabric::TopologyPtr& topology, const std::string& problem);
  void server_is(const std::string& uuid, Diagnosis diagnosis);

  [[nodiscard]] FarmView view() const;
  /// The uuids of all that are shown: those that nodes no longer list, too, for an hour.
  [[nodiscard]] std::vector<std::string> servers() const;
  /// Nothing when it is not shown any more.
  [[nodiscard]] std::optional<fabric::Server> server(const std::string& uuid) const;
  /// Some group is without a primary that works: the nodes will soon say something new.
  [[nodiscard]] bool failover_awaited() const;
  /// Of the log of the group's primary, as of a moment ago; empty: not known.
  [[nodiscard]] std::string primary_position(const std::string& group, bool mariadb) const;

 private:
  void look_at_group(const std::string& name, const Moment& moment) REQUIRES(mutex_);
  [[nodiscard]] const ServerView* primary_of(const std::string& group) const REQUIRES(mutex_);

  const std::string farm_;
  const Moment began_;
  mutable fabric::base::Mutex mutex_;
  fabric::TopologyPtr topology_ GUARDED_BY(mutex_);
  std::string problem_ GUARDED_BY(mutex_) = "no node has been asked yet";
  Moment topology_at_ GUARDED_BY(mutex_);
  std::map<std::string, ServerView> servers_ GUARDED_BY(mutex_);  // by uuid
  Failovers failovers_ GUARDED_BY(mutex_);
};

}  // namespace tools::serve
