#include "fabric/mysql/mysql_error.h"

#include "fabric/mysql/error_traits.h"

namespace fabric::mysql {
namespace {

base::SqlState state_for(unsigned number, const std::string& sqlstate, const std::string& text,
                         Ended ended) {
  switch (ended) {
    case Ended::kDeadline:
      return base::SqlState::kHYT00;
    case Ended::kLinkTimeout:
      return base::SqlState::kHYT01;
    case Ended::kSilentServer:
      return base::SqlState::k08S01;
    case Ended::kNo:
      break;
  }
  return traits_of(number, text, sqlstate).state;
}

}  // namespace

MysqlError::MysqlError(unsigned number, const std::string& sqlstate, const std::string& text,
                       LinkLoss loss, Ended ended)
    : Error(state_for(number, sqlstate, text, ended), text, static_cast<int>(number)),
      loss_(loss),
      ended_(ended) {}

}  // namespace fabric::mysql
