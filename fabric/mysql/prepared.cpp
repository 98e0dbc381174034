#include "fabric/mysql/prepared.h"

#include <utility>

#include "fabric/mysql/binary_reply.h"
#include "fabric/mysql/prepared_state.h"
#include "fabric/mysql/row_parameters.h"

namespace fabric::mysql {
namespace {

/// While it lives, the statement runs for so many rows.
class ArraySize {
 public:
  ArraySize(MYSQL_STMT* statement, std::size_t rows) : statement_(statement) {
    set(static_cast<unsigned>(rows));
  }
  ~ArraySize() { set(0); }
  ArraySize(const ArraySize&) = delete;
  ArraySize& operator=(const ArraySize&) = delete;

 private:
  void set(unsigned rows) { mysql_stmt_attr_set(statement_, STMT_ATTR_ARRAY_SIZE, &rows); }
  MYSQL_STMT* statement_;
};

}  // namespace

Prepared::Prepared(std::unique_ptr<State> state) : state_(std::move(state)) {}

Prepared::~Prepared() { state_->session->close_statement(state_->statement); }

std::size_t Prepared::parameter_count() const { return mysql_stmt_param_count(state_->statement); }

const std::vector<Column>& Prepared::columns() const { return state_->columns; }

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
}

std::unique_ptr<Reply> Prepared::execute(std::span<const Parameter> parameters,
                                         base::Deadline deadline) {
  require_alive();
  Session& session = *state_->session;
  MYSQL_STMT* statement = state_->statement;
  const Session::Waiting waiting(session, deadline);
  session.prepare_to_send();
  if (!parameters.empty() &&
      mysql_stmt_bind_param(statement, state_->parameters.bind(parameters)) != 0) {
    throw statement_error(session, statement);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {  // binding has reset it
    if (std::holds_alternative<SentValue>(parameters[i])) statement->params[i].long_data_used = 1;
  }
  // The library compares the answer with the columns it knows and fails when a table has changed
  // since; without any it takes what comes.
  statement->field_count = 0;
  if (mysql_stmt_execute(statement) != 0) throw statement_error(session, statement);
  return std::make_unique<BinaryReply>(state_->session, statement, state_->latest);
}

std::unique_ptr<Reply> Prepared::execute_rows(std::span<const Parameter> values, std::size_t rows,
                                              base::Deadline deadline) {
  require_alive();
  Session& session = *state_->session;
  MYSQL_STMT* statement = state_->statement;
  const Session::Waiting waiting(session, deadline);
  session.prepare_to_send();
  RowParameters parameters(values, rows);
  const ArraySize array(statement, rows);
  if (mysql_stmt_bind_param(statement, parameters.binds()) != 0) {
    throw statement_error(session, statement);
  }
  statement->field_count = 0;
  if (mysql_stmt_execute(statement) != 0) throw statement_error(session, statement);
  return std::make_unique<BinaryReply>(state_->session, statement, state_->latest);
}

}  // namespace fabric::mysql
