// Rows of the text protocol, streamed. Internal to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

class TextReply final : public WireReply {
 public:
  /// The session has just sent the command.
  explicit TextReply(std::shared_ptr<Session> session);
  ~TextReply() override;
  TextReply(const TextReply&) = delete;
  TextReply& operator=(const TextReply&) = delete;

  [[nodiscard]] RowFormat format() const override { return RowFormat::kText; }

 protected:
  bool cut(std::span<const std::uint8_t> packet) override;
  SharedHead& latest_head() override { return session().latest_head(); }
};

}  // namespace fabric::mysql
