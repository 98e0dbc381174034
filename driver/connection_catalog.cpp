// The questions of the catalog functions to the server at hand.
#include <array>

#include "driver/connection.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::Parameter;
using fabric::mysql::ServerConnection;
using fabric::mysql::TextValue;

namespace {

sql::StatementFacts facts_of_question() {
  sql::StatementFacts facts;
  facts.kind = sql::StatementKind::kSelect;
  facts.pure_read = true;
  facts.opens_no_transaction = true;
  return facts;
}

/// It can still be asked as text: there is no room for another prepared statement, or the server
/// forgot this one.
bool concerns_preparing(const MysqlError& error) {
  constexpr unsigned kUnknown = 1243;
  constexpr unsigned kNeedsPreparing = 1615;
  return error.number() == fabric::mysql::kTooManyPrepared || error.number() == kUnknown ||
         error.number() == kNeedsPreparing;
}

std::unique_ptr<fabric::mysql::Reply> ask(ServerConnection& connection, const std::string& sql,
                                          std::vector<rows::Record>& found) {
  auto reply = connection.query(sql, Deadline::never());
  found = rows::rows_of(*reply, Deadline::never());
  return reply;
}

}  // namespace

std::vector<rows::Record> Connection::rows(const std::string& sql) {
  std::vector<rows::Record> found;
  execute(
      facts_of_question(),
      [&](ServerConnection& connection) { return ask(connection, sql, found); }, Deadline::never(),
      Where::kHere);
  return found;
}

/// To prepare takes a round trip of its own, so what is asked once on a connection goes as text.
std::vector<rows::Record> Connection::rows_of(const catalog::OneTable& table,
                                              const std::string& sql) {
  const bool first = asked_.about_tables.insert(sql).second;
  if (first || settings_.options.client_side_prepare) return rows(text_about(table, sql));
  std::vector<rows::Record> found;
  pool::PreparedLoan question;  // outlives the answer
  const auto answer = execute(
      facts_of_question(),
      [&](ServerConnection& connection) {
        try {
          question = borrowed_.lease.prepare(sql, Deadline::never());
          const std::array<Parameter, 2> names{TextValue{table.database}, TextValue{table.table}};
          auto reply = question->execute(names, Deadline::never());
          found = rows::rows_of(*reply, Deadline::never());
          return reply;
        } catch (const MysqlError& error) {
          if (question) question.drop();  // before its connection may be given up
          if (!concerns_preparing(error)) throw;
        }
        return ask(connection, text_about(table, sql), found);
      },
      Deadline::never(), Where::kHere);
  return found;
}

std::string Connection::current_database() { return session_.database; }

bool Connection::no_backslash_escapes() {
  return borrowed_.lease && borrowed_.lease.connection().no_backslash_escapes();
}

bool Connection::is_mariadb() { return ready_connection(Deadline::never()).is_mariadb(); }

unsigned Connection::version_number() {
  return ready_connection(Deadline::never()).version_number();
}

}  // namespace driver
