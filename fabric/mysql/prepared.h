// A server-side prepared statement of one connection. Belongs to the thread that uses the
// connection; must not outlive it. A reset of the connection destroys it at the server: drop it
// before.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/mysql/parameter.h"
#include "fabric/mysql/reply.h"

namespace fabric::mysql {

/// max_prepared_stmt_count, of the whole server, is reached.
inline constexpr unsigned kTooManyPrepared = 1461;

class Prepared {
 public:
  ~Prepared();  ///< closes it at the server (no answer is awaited), silently on a dead link
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  [[nodiscard]] std::size_t parameter_count() const;
  /// Columns of the result to expect; empty when the statement yields none.
  [[nodiscard]] const std::vector<Column>& columns() const;

  /// COM_STMT_SEND_LONG_DATA: appends to the value of parameter `index` (from 0) of the next
  /// execute(), which is given a SentValue for it. No answer is awaited: what is wrong shows at
  /// execute(). The server keeps pieces until then, so a statement that is not executed is dropped.
  void send_piece(std::size_t index, std::string_view bytes, base::Deadline deadline);

  /// Runs it and reads the first result's head. `parameters.size()` is parameter_count().
  /// The reply must be finished or destroyed before the next command on the connection.
  std::unique_ptr<Reply> execute(std::span<const Parameter> parameters, base::Deadline deadline);
  /// Runs it for several rows in one command, where the server takes_bulk(). `values` lie row
  /// behind row; those of one parameter are of one kind or NULL, none is a SentValue. What fails
  /// fails whole: the server does not say at which row.
  std::unique_ptr<Reply> execute_rows(std::span<const Parameter> values, std::size_t rows,
                                      base::Deadline deadline);

 private:
  friend class ServerConnection;
  struct State;
  explicit Prepared(std::unique_ptr<State> state);
  void require_alive() const;
  std::unique_ptr<State> state_;
};

}  // namespace fabric::mysql
