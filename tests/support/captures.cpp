#include "tests/support/captures.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
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

}  // namespace

FakeAnswer captured_answer(const std::string& capture, const std::string& statement) {
  std::ifstream file(source_file("tests/data/fabric/mysqlrpc/" + capture + ".json"));
  Poco::JSON::Parser parser;
  const auto connections = parser.parse(file).extract<Poco::JSON::Array::Ptr>();
  FakeAnswer answer;
  bool found = false;
  for (unsigned c = 0; c < connections->size() && !found; ++c) {
    const auto packets = connections->getArray(c);
    for (unsigned p = 0; p < packets->size(); ++p) {
      const auto packet = packets->getObject(p);
      if (!packet->has("hex")) continue;
      const std::string payload = bytes_of(packet->getValue<std::string>("hex"));
      const bool from_client = packet->getValue<std::string>("from") == "C";
      if (from_client && found) break;
      if (from_client) found = payload == kComQuery + statement;
      if (!from_client && found) answer.payloads.push_back(payload);
    }
  }
  if (!found) throw std::runtime_error("no '" + statement + "' in the capture " + capture);
  return answer;
}

FakeServer::Options real_node() {
  return {.version = "1.5.5-fabric", .capabilities = 0x00028605, .greet = true};
}

}  // namespace test_support
