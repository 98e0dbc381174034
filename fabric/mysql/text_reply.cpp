#include "fabric/mysql/text_reply.h"

#include <utility>

#include "fabric/mysql/packet_cells.h"

namespace fabric::mysql {

TextReply::TextReply(std::shared_ptr<Session> session) : WireReply(std::move(session)) {
  begin_result();
}

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

int TextReply::advance() {
  MYSQL* mysql = session().handle();
  const int rc = mysql_next_result(mysql);
  const bool failed_here = rc < 0 && mysql_errno(mysql) != 0;  // LOAD DATA LOCAL: no such file
  return failed_here ? 1 : rc;
}

MysqlError TextReply::failure() { return session().error(LinkLoss::kAfterSend); }

}  // namespace fabric::mysql
