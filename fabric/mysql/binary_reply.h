// Rows of the binary protocol, streamed. Internal to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

class BinaryReply final : public WireReply {
 public:
  /// `statement` has just been executed on the session and outlives the reply, as `latest` does.
  BinaryReply(std::shared_ptr<Session> session, MYSQL_STMT* statement, SharedHead& latest);
  ~BinaryReply() override;
  BinaryReply(const BinaryReply&) = delete;
  BinaryReply& operator=(const BinaryReply&) = delete;

  [[nodiscard]] RowFormat format() const override { return RowFormat::kBinary; }

 protected:
  bool cut(std::span<const std::uint8_t> packet) override;
  int advance() override;
  MysqlError failure() override;
  SharedHead& latest_head() override { return latest_; }

 private:
  void take_over();
  MYSQL_STMT* statement_;
  SharedHead& latest_;
};

/// The error of the last call on a prepared statement.
MysqlError statement_error(Session& session, MYSQL_STMT* statement);

}  // namespace fabric::mysql
