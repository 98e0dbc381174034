#include "tests/support/fault_flow.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "tests/support/tcp.h"

namespace test_support {
namespace {

constexpr std::size_t kRoom = 256 * 1024;  // bytes on their way; then the sender waits
constexpr std::size_t kSlicesPerSecond = 50;

}  // namespace

bool FaultFlow::reads(const FlowFault& fault) const {
  return !fault.hold && !ended_ && (over_ || waiting_ < kRoom);
}

FaultFlow::Time FaultFlow::due() const {
  return pieces_.empty() ? Time::max() : std::max(pieces_.front().due, free_at_);
}

bool FaultFlow::writes(const FlowFault& fault, Time now) const {
  return !fault.hold && due() <= now;
}

FaultFlow::Time FaultFlow::next(const FlowFault& fault, Time now) const {
  return fault.hold || due() <= now ? Time::max() : due();
}

void FaultFlow::read(const FlowFault& fault, Time now) {
  std::string bytes;
  ended_ = !receive(from_, bytes);
  if (over_ || (bytes.empty() && !ended_)) return;
  waiting_ += bytes.size();
  pieces_.push_back({now + fault.delay, std::move(bytes)});
}

FaultFlow::Fate FaultFlow::write(const FlowFault& fault, Time now) {
  while (writes(fault, now)) {
    std::string& bytes = pieces_.front().bytes;
    if (bytes.empty()) {
      end_now();
      return Fate::kStays;
    }
    std::size_t most = bytes.size();
    if (fault.bytes_per_second > 0) {
      most = std::min(most, std::max<std::size_t>(fault.bytes_per_second / kSlicesPerSecond, 1));
    }
    if (fault.closes_after)
      most = std::min(most, *fault.closes_after - std::min(passed_, *fault.closes_after));
    std::string slice = bytes.substr(0, most);
    if (!slice.empty() && !send_some(to_, slice)) return Fate::kReset;
    const std::size_t sent = most - slice.size();
    bytes.erase(0, sent);
    waiting_ -= sent;
    passed_ += sent;
    if (fault.closes_after && passed_ >= *fault.closes_after) return Fate::kEnds;
    if (fault.bytes_per_second > 0) {
      free_at_ = now + std::chrono::microseconds(sent * 1'000'000 / fault.bytes_per_second);
    }
    if (bytes.empty()) pieces_.pop_front();
    if (!slice.empty()) break;  // the receiver is slow
  }
  return Fate::kStays;
}

void FaultFlow::end_now() {
  pieces_.clear();
  waiting_ = 0;
  over_ = true;
  shutdown(to_, SHUT_WR);
}

}  // namespace test_support
