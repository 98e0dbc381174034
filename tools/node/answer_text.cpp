#include "tools/node/answer_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "tools/columns.h"
#include "tools/node/table_json.h"

namespace tools::node {
namespace {

using fabric::RpcTable;

/// The answer to a change, whose further tables tell its steps.
bool is_change(const RpcTable& table) {
  return std::ranges::find(table.names, "finished") != table.names.end();
}

std::string number_of(const RpcTable& table) {
  return table.rows.empty() ? std::string()
                            : table.rows.front()[table.column("result")].value_or("");
}

/// As a text where it is no number that fits.
void set_number(Poco::JSON::Object& object, const char* name, const std::string& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool whole = text.empty() || (error == std::errc() && stop == end);
  whole ? object.set(name, number) : object.set(name, text);
}

std::string capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

}  // namespace

std::string answer_text(const std::vector<RpcTable>& tables, const char* result) {
  if (tables.empty()) return "done\n";
  const RpcTable& table = tables.front();
  if (is_change(table)) {
    return result == nullptr ? "done\n" : std::string(result) + " " + number_of(table) + "\n";
  }
  if (table.rows.empty()) return "none\n";
  std::vector<Cells> lines{{}};
  for (const std::string& name : table.names) lines.front().push_back(capitals(name));
  for (const auto& row : table.rows) {
    Cells& line = lines.emplace_back();
    for (const RpcTable::Cell& cell : row) line.push_back(printable(cell.value_or("-")));
  }
  return aligned(lines, std::vector<std::string>(lines.size()));
}

std::string answer_json(const std::vector<RpcTable>& tables, const char* result) {
  Poco::JSON::Object done(Poco::JSON_PRESERVE_KEY_ORDER);
  done.set("done", true);
  if (tables.empty()) return written(done);
  const RpcTable& table = tables.front();
  if (is_change(table)) {
    if (result != nullptr) set_number(done, result, number_of(table));
    return written(done);
  }
  return written(array_of(objects_of(table)));
}

}  // namespace tools::node
