// What the driver under the fuzzer is connected to: a real server, or a scripted one that answers
// garbage. Owned by main (servers) or by a child (scripts).
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "tests/fuzz/values.h"
#include "tests/support/fake_server.h"

namespace fuzz {

/// The first one works; the others have odd options.
std::vector<std::string> connection_strings(const fabric::base::Endpoint& server);

/// Answers each statement by what the seed says: well, or cut, changed, endless, mute.
class GarbageServer {
 public:
  explicit GarbageServer(std::uint64_t seed);
  [[nodiscard]] fabric::base::Endpoint endpoint() const { return server_.endpoint(); }

 private:
  test_support::FakeAnswer answer(std::string_view sql);

  std::uint64_t seed_;
  std::atomic<std::uint64_t> asked_{0};
  test_support::FakeServer server_;
};

}  // namespace fuzz
