#include "tests/support/captured_answers.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "fabric/rpc_tables.h"
#include "tests/support/source_tree.h"

namespace test_support {

namespace {

template <class Cells, class Text>
std::string joined(const Cells& cells, Text&& text) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : "|") + text(cell);
  return line;
}

std::ifstream opened(const std::string& file) {
  std::ifstream in(source_file("tests/data/fabric/" + file));
  if (!in) throw std::runtime_error("no " + file);
  return in;
}

}  // namespace

std::string captured_form(const fabric::RpcAnswer& answer) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(answer.ttl).count();
  std::string text = "ttl " + std::to_string(seconds) + "\n";
  for (const fabric::RpcTable& table : answer.tables) {
    text += "-- " + joined(table.names, [](const std::string& name) { return name; }) + "\n";
    for (const auto& row : table.rows) {
      text += joined(row, [](const fabric::RpcTable::Cell& cell) { return cell.value_or("NULL"); });
      text += '\n';
    }
  }
  return text;
}

std::map<std::string, std::string> expected_answers(const std::string& file) {
  std::map<std::string, std::string> all;
  std::ifstream in = opened(file);
  std::string* current = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('[')) {
      current = &all[line.substr(1, line.size() - 2)];
    } else if (!line.empty()) {
      *current += line + "\n";
    }
  }
  return all;
}

std::map<std::string, std::string> expected_servers() {
  std::map<std::string, std::string> all;
  std::ifstream in = opened("xmlrpc-servers.txt");
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    all[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return all;
}

std::string captured_servers_form(const fabric::RpcAnswer& answer) {
  std::ostringstream text;
  for (const fabric::Server& server : fabric::servers_of(answer)) {
    text << (text.tellp() > 0 ? " " : "") << server.endpoint.port << '@' << server.group << '='
         << (server.writable() ? "w" : "")
         << (server.readable_primary() || server.readable_secondary() ? "r" : "") << '*'
         << server.weight;
  }
  return text.str();
}

}  // namespace test_support
