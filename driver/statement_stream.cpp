// A result that is read before the application asks for it.
#include "driver/read_ahead_reply.h"
#include "driver/statement.h"
#include "fabric/mysql/server_connection.h"

namespace driver {

void Statement::read_ahead(fabric::mysql::ServerConnection& wire, std::size_t most) {
  const auto waits = [&wire] { return wire.answer_waits(fabric::base::Duration::zero()); };
  if (!live_ || reply_ == nullptr || reply_->columns().empty() || !waits()) return;
  rowset_.keep();
  auto* ahead = dynamic_cast<ReadAheadReply*>(reply_.get());
  if (ahead == nullptr) {
    auto fresh =
        std::make_unique<ReadAheadReply>(std::move(reply_), connection_.settings().spool_memory);
    ahead = fresh.get();
    reply_ = std::move(fresh);
  }
  for (std::size_t read = 0; read < most && waits();) {
    const std::size_t bytes = ahead->step();
    if (bytes == 0) break;
    read += bytes;
  }
  if (!ahead->wire_free()) return;
  live_ = false;
  connection_.set_streaming(nullptr);
  connection_.finished_reading(facts_);
}

}  // namespace driver
