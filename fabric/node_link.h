// How one node is asked: the protocol behind NodeClient. Belongs to the client's thread, except
// for what ends its work from outside.
#pragma once

#include "fabric/base/deadline.h"
#include "fabric/base/shared_socket.h"
#include "fabric/rpc_call.h"

namespace fabric {

class NodeLink {
 public:
  virtual ~NodeLink() = default;
  /// Throws NodeFailure. Ends by the deadline, whatever the node does.
  virtual RpcAnswer call(const RpcCall& call, base::Deadline deadline) = 0;

  /// From any thread: a call in flight and all later ones fail soon.
  void cancel() noexcept { socket_.cancel(); }
  /// As TopologySource::abandon_after_fork().
  void abandon_after_fork() noexcept { socket_.abandon_after_fork(); }

 protected:
  void throw_if_cancelled() {
    if (!socket_.cancelled()) return;
    throw NodeFailure(NodeFailure::Kind::kPassing, "the farm is being closed");
  }

  base::SharedSocket socket_;
};

}  // namespace fabric
