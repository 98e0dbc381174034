#include "fabric/mysql/named_values.h"

namespace fabric::mysql {
namespace {

std::string text_of(const Cell& cell) {
  return cell.null() ? "" : std::string(reinterpret_cast<const char*>(cell.data), cell.size);
}

}  // namespace

NamedValues pairs(ServerConnection& connection, std::string_view sql, base::Deadline deadline) {
  NamedValues values;
  const auto reply = connection.query(sql, deadline);
  while (const Row* row = reply->fetch(deadline)) values[text_of((*row)[0])] = text_of((*row)[1]);
  return values;
}

std::optional<NamedValues> first_row(ServerConnection& connection, std::string_view sql,
                                     base::Deadline deadline) {
  const auto reply = connection.query(sql, deadline);
  std::optional<NamedValues> values;
  while (const Row* row = reply->fetch(deadline)) {
    if (values) continue;
    values.emplace();
    for (std::size_t i = 0; i < row->size(); ++i) {
      (*values)[reply->columns()[i].name] = text_of((*row)[i]);
    }
  }
  return values;
}

}  // namespace fabric::mysql
