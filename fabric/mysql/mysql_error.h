// An error of a server or of the C client library, with the evidence that retry decisions need.
#pragma once

#include <cstdint>
#include <string>

#include "fabric/base/error.h"

namespace fabric::mysql {

/// How far a statement had come when its link was lost.
enum class LinkLoss : std::uint8_t {
  kNone,        ///< the server answered with an error; the link stands
  kBeforeSend,  ///< the link was found dead before the first byte was handed to the kernel
  kInSend,      ///< before the command was handed over whole: the server cannot have run it, and
                ///< the command itself may be why (max_allowed_packet)
  kAfterSend,   ///< the outcome is unknown
};

/// Why a call was ended by us, if it was.
enum class Ended : std::uint8_t {
  kNo,
  kDeadline,
  kLinkTimeout,  ///< LinkOptions' read_timeout or write_timeout
  kSilentServer,
};

class MysqlError : public base::Error {
 public:
  MysqlError(unsigned number, const std::string& sqlstate, const std::string& text,
             LinkLoss loss = LinkLoss::kNone, Ended ended = Ended::kNo);

  [[nodiscard]] unsigned number() const { return static_cast<unsigned>(native()); }
  [[nodiscard]] LinkLoss loss() const { return loss_; }
  [[nodiscard]] Ended ended() const { return ended_; }

 private:
  LinkLoss loss_;
  Ended ended_;
};

}  // namespace fabric::mysql
