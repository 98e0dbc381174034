// Route -> Lease: picks the server of a group by request mode and weight, takes a connection from
// its ServerPool, and waits out a failover. One per (farm, group, credentials, options), shared by
// all connections of the process. Thread-safe; no lock is held over I/O.
#pragma once

#include <memory>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/farm.h"
#include "fabric/types.h"
#include "pool/lease.h"
#include "pool/options.h"

namespace pool {

class Pools;

struct BorrowRequest {
  fabric::RequestMode mode = fabric::RequestMode::kReadWrite;
  std::string database = {};  ///< put right on hand-over; empty: none wanted
  fabric::base::Deadline pool_deadline = fabric::base::Deadline::never();  ///< HYT01 after it
  fabric::base::Deadline deadline = fabric::base::Deadline::never();  ///< overall: 08001 after it
  std::shared_ptr<const std::string> holder = {};                     ///< who asks, for warnings
  /// By whose shard maps the group was found; null: by none.
  fabric::TopologyPtr planned_by = {};
};

/// A lease together with the server it leads to.
struct Borrowed {
  Lease lease;
  fabric::Server server;
  bool limit_differs = false;  ///< another DSN has another limit for this pool: the larger counts
};

class GroupPool {
 public:
  GroupPool(std::shared_ptr<fabric::Farm> farm, std::string group, Pools& pools,
            fabric::mysql::Credentials credentials, PoolOptions options);
  ~GroupPool();

  /// Throws base::Error: HYT01 no connection became free; 08001 no server could be reached in time
  /// or the group is not known (names the groups there are); the server's own error when it denies
  /// the login (28000, 42000). With a farm that can change, waits for a new primary until
  /// `request.deadline`; with a plain list, each server is tried once, in order. An empty lease:
  /// no server fits, and the shard maps are others than those of `planned_by`.
  Borrowed borrow(const BorrowRequest& request);

  /// A statement has succeeded there: evidence for the farm, should the link break later. Cheap;
  /// borrow() does it too.
  void worked(const fabric::Server& server);

  /// A statement's link was lost, or the server refused as read-only: skip it, tell the farm.
  void failed(const fabric::Server& server, const fabric::mysql::MysqlError& error);

  [[nodiscard]] const std::string& group() const;
  /// A read would be sent elsewhere than to the primary, as the farm is known now. Cheap.
  [[nodiscard]] bool has_secondary() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pool
