// Rows of the binary protocol, streamed. Internal to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

class BinaryReply final : public WireReply {
 public:
  /// The session has just sent the command. `latest`, its statement's, outlives the reply.
  BinaryReply(std::shared_ptr<Session> session, SharedHead& latest);
  ~BinaryReply() override;
  BinaryReply(const BinaryReply&) = delete;
  BinaryReply& operator=(const BinaryReply&) = delete;

  [[nodiscard]] RowFormat format() const override { return RowFormat::kBinary; }

 protected:
  bool cut(std::span<const std::uint8_t> packet) override;
  SharedHead& latest_head() override { return latest_; }

 private:
  SharedHead& latest_;
};

}  // namespace fabric::mysql
