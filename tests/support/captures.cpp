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

constexpr char kComQuit = 1;
constexpr char kComQuery = 3;

/// Reads one connection's packets, in order.
class SessionReader {
 public:
  explicit SessionReader(std::string capture) { session_.capture = std::move(capture); }

  void read(const Poco::JSON::Object& packet) {
    const bool client = packet.getValue<std::string>("from") == "C";
    if (!packet.has("hex")) {
      if (!client && answer_ != nullptr) answer_->then = FakeAnswer::Then::kClose;
      return;
    }
    const std::string payload = bytes_of(packet.getValue<std::string>("hex"));
    if (!client && answer_ == nullptr) {
      session_.greeting = payload;
    } else if (!client) {
      answer_->payloads.push_back(payload);
    } else if (answer_ == nullptr) {
      session_.login = payload;
      answer_ = &session_.login_answer;
    } else if (payload.front() != kComQuit) {
      session_.commands.push_back({payload, {}});
      answer_ = &session_.commands.back().answer;
    }
  }

  CapturedSession session() {
    for (CapturedSession::Command& command : session_.commands) {
      const bool answered = !command.answer.payloads.empty();
      if (!answered && command.answer.then == FakeAnswer::Then::kGoOn) {
        command.answer.then = FakeAnswer::Then::kStaySilent;
      }
    }
    return std::move(session_);
  }

 private:
  CapturedSession session_;
  FakeAnswer* answer_ = nullptr;
};

std::vector<CapturedSession> sessions_of(const std::string& capture) {
  std::ifstream file(source_file("tests/data/fabric/mysqlrpc/" + capture + ".json"));
  Poco::JSON::Parser parser;
  const auto connections = parser.parse(file).extract<Poco::JSON::Array::Ptr>();
  std::vector<CapturedSession> sessions;
  for (unsigned c = 0; c < connections->size(); ++c) {
    SessionReader reader(capture);
    const auto packets = connections->getArray(c);
    for (unsigned p = 0; p < packets->size(); ++p) reader.read(*packets->getObject(p));
    sessions.push_back(reader.session());
  }
  return sessions;
}

std::vector<CapturedExchange> exchanges_of(const std::vector<CapturedSession>& sessions) {
  std::vector<CapturedExchange> all;
  for (const CapturedSession& session : sessions) {
    for (const auto& [payload, answer] : session.commands) {
      if (payload.front() != kComQuery) continue;
      all.push_back({session.capture, payload.substr(1), FakeServer::raw(answer.payloads)});
    }
  }
  return all;
}

}  // namespace

std::vector<CapturedSession> captured_sessions() {
  std::set<std::string> captures;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_file("tests/data/fabric/mysqlrpc"))) {
    if (entry.path().extension() == ".json") captures.insert(entry.path().stem().string());
  }
  std::vector<CapturedSession> all;
  for (const std::string& capture : captures) {
    for (CapturedSession& session : sessions_of(capture)) all.push_back(std::move(session));
  }
  return all;
}

std::vector<CapturedExchange> captured_exchanges() { return exchanges_of(captured_sessions()); }

FakeAnswer captured_answer(const std::string& capture, const std::string& statement) {
  const std::vector<CapturedExchange> all = exchanges_of(sessions_of(capture));
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
