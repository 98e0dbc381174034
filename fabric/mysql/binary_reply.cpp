#include "fabric/mysql/binary_reply.h"

#include <utility>

#include "fabric/mysql/packet_cells.h"

namespace fabric::mysql {

BinaryReply::BinaryReply(std::shared_ptr<Session> session, SharedHead& latest)
    : WireReply(std::move(session)), latest_(latest) {
  begin();
}

BinaryReply::~BinaryReply() { leave(); }

bool BinaryReply::cut(std::span<const std::uint8_t> packet) {
  constexpr std::uint8_t kRow = 0;
  constexpr std::size_t kReservedBits = 2;
  const std::span<Cell> row = cells();
  const std::size_t mask_size = (row.size() + kReservedBits + 7) / 8;
  if (packet.size() <= mask_size || packet[0] != kRow) return false;
  const std::uint8_t* const mask = packet.data() + 1;
  const std::uint8_t* at = mask + mask_size;
  const std::uint8_t* const end = packet.data() + packet.size();
  const std::uint8_t* width = head().widths.data();
  std::size_t bit = kReservedBits;
  for (Cell& cell : row) {
    if ((mask[bit / 8] >> bit % 8 & 1U) != 0) {
      cell = {};
    } else {
      at = *width != 0 ? take_value(at, end, *width, cell) : take_counted_value(at, end, cell);
      if (at == nullptr) return false;
    }
    ++bit;
    ++width;
  }
  return true;
}

}  // namespace fabric::mysql
