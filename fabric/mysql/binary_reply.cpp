#include "fabric/mysql/binary_reply.h"

#include <utility>

namespace fabric::mysql {
namespace {

/// Reads a length-encoded integer and moves past it.
std::size_t read_length(unsigned char** position) {
  const unsigned char* bytes = *position;
  unsigned width = 0;
  switch (bytes[0]) {
    case 252:
      width = 2;
      break;
    case 253:
      width = 3;
      break;
    case 254:
      width = 8;
      break;
    default:
      ++*position;
      return bytes[0];
  }
  std::size_t length = 0;
  for (unsigned i = width; i > 0; --i) length = length << 8 | bytes[i];
  *position += 1 + width;
  return length;
}

}  // namespace

BinaryReply::BinaryReply(std::shared_ptr<Session> session, MYSQL_STMT* statement,
                         SharedHead& latest)
    : WireReply(std::move(session)), statement_(statement), latest_(latest) {
  mysql_stmt_attr_set(statement_, STMT_ATTR_CB_USER_DATA, this);
  mysql_stmt_attr_set(statement_, STMT_ATTR_CB_RESULT,
                      reinterpret_cast<const void*>(&BinaryReply::take_cell));
  begin_result();
}

BinaryReply::~BinaryReply() { leave(); }

const MYSQL_FIELD* BinaryReply::open_rows(unsigned* column_count) {
  MYSQL* mysql = session().handle();
  *column_count = mysql_field_count(mysql);
  return *column_count == 0 ? nullptr : mysql->fields;
}

void BinaryReply::take_cell(void* reply, unsigned column, unsigned char** row) {
  auto& self = *static_cast<BinaryReply*>(reply);
  Cell& cell = self.cells()[column];
  if (row == nullptr) {
    cell = {};
    return;
  }
  std::size_t size = self.head().widths[column];
  if (size == 0) size = read_length(row);
  cell = {*row, size};
  *row += size;
}

WireReply::Step BinaryReply::read_row() {
  switch (mysql_stmt_fetch(statement_)) {
    case 0:
    case MYSQL_DATA_TRUNCATED:
      return Step::kRow;
    case MYSQL_NO_DATA:
      return Step::kEnd;
    default:
      return Step::kFailed;
  }
}

void BinaryReply::close_rows() { mysql_stmt_free_result(statement_); }

int BinaryReply::advance() { return mysql_stmt_next_result(statement_); }

MysqlError BinaryReply::failure() { return statement_error(session(), statement_); }

MysqlError statement_error(Session& session, MYSQL_STMT* statement) {
  // An error between two rows is noted on the connection only.
  if (mysql_stmt_errno(statement) == 0) return session.error(LinkLoss::kAfterSend);
  return session.error(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
                       mysql_stmt_error(statement), LinkLoss::kAfterSend);
}

}  // namespace fabric::mysql
