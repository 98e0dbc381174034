// Rows of the binary protocol, streamed: the library's result callback hands out where each column
// lies in the packet, so nothing is copied or converted. Internal to this folder.
#pragma once

#include <memory>

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
  const MYSQL_FIELD* open_rows(unsigned* column_count) override;
  Step read_row() override;
  void close_rows() override;
  int advance() override;
  MysqlError failure() override;
  SharedHead& latest_head() override { return latest_; }

 private:
  static void take_cell(void* reply, unsigned column, unsigned char** row);
  MYSQL_STMT* statement_;
  SharedHead& latest_;
};

/// The error of the last call on a prepared statement.
MysqlError statement_error(Session& session, MYSQL_STMT* statement);

}  // namespace fabric::mysql
