#include "tests/support/captures.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "tests/support/source_tree.h"

namespace test_support {

namespace {

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

constexpr char kComQuery = 3;

void add_exchanges(const std::string& capture, std::vector<CapturedExchange>& all) {
  std::ifstream file(source_file("tests/data/fabric/mysqlrpc/" + capture + ".json"));
  Poco::JSON::Parser parser;
  const auto connections = parser.parse(file).extract<Poco::JSON::Array::Ptr>();
  for (unsigned c = 0; c < connections->size(); ++c) {
    bool answering = false;
    const auto packets = connections->getArray(c);
    for (unsigned p = 0; p < packets->size(); ++p) {
      const auto packet = packets->getObject(p);
      if (!packet->has("hex")) continue;
      const std::string payload = bytes_of(packet->getValue<std::string>("hex"));
      if (packet->getValue<std::string>("from") == "C") {
        answering = payload.starts_with(kComQuery);
        if (answering) all.push_back({capture, payload.substr(1), {}});
      } else if (answering) {
        all.back().answer.payloads.push_back(payload);
      }
    }
  }
}

}  // namespace

std::vector<CapturedExchange> captured_exchanges() {
  std::set<std::string> captures;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_file("tests/data/fabric/mysqlrpc"))) {
    if (entry.path().extension() == ".json") captures.insert(entry.path().stem().string());
  }
  std::vector<CapturedExchange> all;
  for (const std::string& capture : captures) add_exchanges(capture, all);
  return all;
}

FakeAnswer captured_answer(const std::string& capture, const std::string& statement) {
  std::vector<CapturedExchange> all;
  add_exchanges(capture, all);
  const auto found = std::find_if(all.begin(), all.end(), [&](const CapturedExchange& one) {
    return one.statement == statement;
  });
  if (found != all.end()) return found->answer;
  throw std::runtime_error("no '" + statement + "' in the capture " + capture);
}

FakeServer::Options real_node() {
  return {.version = "1.5.5-fabric", .capabilities = 0x00028605, .greet = true};
}

}  // namespace test_support
