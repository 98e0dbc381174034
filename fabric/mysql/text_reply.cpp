#include "fabric/mysql/text_reply.h"

#include <utility>

#include "fabric/mysql/packet_cells.h"

namespace fabric::mysql {

TextReply::TextReply(std::shared_ptr<Session> session) : WireReply(std::move(session)) { begin(); }

TextReply::~TextReply() { leave(); }

bool TextReply::cut(std::span<const std::uint8_t> packet) {
  const std::uint8_t* at = packet.data();
  const std::uint8_t* const end = at + packet.size();
  for (Cell& cell : cells()) {
    at = take_counted_value(at, end, cell);
    if (at == nullptr) return false;
  }
  return true;
}

}  // namespace fabric::mysql
