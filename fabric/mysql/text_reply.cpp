#include "fabric/mysql/text_reply.h"

#include <span>
#include <utility>

namespace fabric::mysql {

TextReply::TextReply(std::shared_ptr<Session> session) : WireReply(std::move(session)) {
  begin_result();
}

TextReply::~TextReply() { leave(); }

const MYSQL_FIELD* TextReply::open_rows(unsigned* column_count) {
  MYSQL* mysql = session().handle();
  *column_count = mysql_field_count(mysql);
  if (*column_count == 0) return nullptr;
  result_ = mysql_use_result(mysql);
  if (result_ == nullptr) throw session().error(LinkLoss::kAfterSend);
  return mysql_fetch_fields(result_);
}

WireReply::Step TextReply::read_row() {
  const MYSQL_ROW row = mysql_fetch_row(result_);
  if (row == nullptr) {
    return mysql_errno(session().handle()) == 0 ? Step::kEnd : Step::kFailed;
  }
  const unsigned long* lengths = mysql_fetch_lengths(result_);
  const std::span<Cell> row_cells = cells();
  for (std::size_t i = 0; i < row_cells.size(); ++i) {
    row_cells[i] = {reinterpret_cast<const std::uint8_t*>(row[i]), lengths[i]};
  }
  return Step::kRow;
}

void TextReply::close_rows() {
  if (result_ != nullptr) mysql_free_result(std::exchange(result_, nullptr));
}

int TextReply::advance() { return mysql_next_result(session().handle()); }

MysqlError TextReply::failure() { return session().error(LinkLoss::kAfterSend); }

}  // namespace fabric::mysql
