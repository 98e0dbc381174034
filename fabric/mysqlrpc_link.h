// A node over MySQL-RPC: `CALL dump.servers(0,'')` and its kin on one connection that is kept.
// Answers come in either of two forms: the real node's result sets without a closing OK, or a
// stored procedure's with one. Source: fabric-protocol reference, sections 1.5 to 1.7.
#pragma once

#include <memory>

#include "fabric/base/endpoint.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/node_link.h"

namespace fabric {

class MysqlRpcLink final : public NodeLink {
 public:
  /// `watchdog` must outlive the link.
  MysqlRpcLink(base::Endpoint node, mysql::Credentials credentials, mysql::Watchdog& watchdog);
  ~MysqlRpcLink() override;

  RpcAnswer call(const RpcCall& call, base::Deadline deadline) override;

 private:
  RpcAnswer call_once(const RpcCall& call, base::Deadline deadline);
  void connect(base::Deadline deadline);
  void drop_connection();

  const base::Endpoint node_;
  const mysql::Credentials credentials_;
  mysql::Watchdog& watchdog_;
  std::unique_ptr<mysql::ServerConnection> connection_;
};

}  // namespace fabric
