#include "fabric/mysql/prepared.h"

#include <utility>

#include "fabric/mysql/binary_reply.h"
#include "fabric/mysql/execute_request.h"
#include "fabric/mysql/prepared_state.h"

namespace fabric::mysql {

MysqlError statement_error(Session& session, MYSQL_STMT* statement) {
  return session.error(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
                       mysql_stmt_error(statement), LinkLoss::kAfterSend);
}

Prepared::Prepared(std::unique_ptr<State> state) : state_(std::move(state)) {}

Prepared::~Prepared() { state_->session->close_statement(state_->statement); }

std::size_t Prepared::parameter_count() const { return mysql_stmt_param_count(state_->statement); }

const std::vector<Column>& Prepared::columns() const {
  static const std::vector<Column> none;
  return state_->prepared == nullptr ? none : state_->prepared->columns;
}

void Prepared::require_alive() const {
  if (!state_->session->closed() && state_->statement->mysql != nullptr) return;
  throw base::Error(base::SqlState::kHY010,
                    "The prepared statement is gone: its connection was reset or closed");
}

void Prepared::send_piece(std::size_t index, std::string_view bytes, base::Deadline deadline) {
  require_alive();
  Session& session = *state_->session;
  const Session::Waiting waiting(session, deadline);
  session.prepare_to_send();
  if (mysql_stmt_send_long_data(state_->statement, static_cast<unsigned>(index), bytes.data(),
                                bytes.size()) != 0) {
    throw statement_error(session, state_->statement);
  }
  state_->statement->params[index].long_data_used = 0;  // else the next value's, if it is empty
}

std::unique_ptr<Reply> Prepared::execute(std::span<const Parameter> parameters,
                                         base::Deadline deadline) {
  require_alive();
  const auto id = static_cast<std::uint32_t>(state_->statement->stmt_id);
  WireBytes& room = state_->session->room();
  return state_->run(COM_STMT_EXECUTE, execute_request(id, parameters, room), deadline);
}

std::unique_ptr<Reply> Prepared::execute_rows(std::span<const Parameter> values, std::size_t rows,
                                              base::Deadline deadline) {
  require_alive();
  const auto id = static_cast<std::uint32_t>(state_->statement->stmt_id);
  WireBytes& room = state_->session->room();
  return state_->run(COM_STMT_BULK_EXECUTE, bulk_request(id, values, rows, room), deadline);
}

std::unique_ptr<Reply> Prepared::State::run(enum_server_command command, std::string_view bytes,
                                            base::Deadline deadline) {
  const Session::Waiting waiting(*session, deadline);
  session->prepare_to_send();
  session->send(command, bytes);
  session->room().let_go();
  return std::make_unique<BinaryReply>(session, latest);
}

}  // namespace fabric::mysql
