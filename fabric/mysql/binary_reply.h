// Rows of the binary protocol, streamed: the library's result callback hands out where each column
// lies in the packet, so nothing is copied or converted. Internal to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

class BinaryReply final : public WireReply {
 public:
  /// `statement` has just been executed on the session and outlives the reply.
  BinaryReply(std::shared_ptr<Session> session, MYSQL_STMT* statement);
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

 private:
  static void take_cell(void* reply, unsigned column, unsigned char** row);
  MYSQL_STMT* statement_;
  std::vector<std::uint8_t> widths_;  ///< of the columns; 0: each value says its own
};

/// The error of the last call on a prepared statement.
MysqlError statement_error(Session& session, MYSQL_STMT* statement);

}  // namespace fabric::mysql
