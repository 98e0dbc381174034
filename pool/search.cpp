#include "pool/search.h"

#include <algorithm>

#include "pool/suspects.h"

namespace pool {
namespace {

using fabric::base::Deadline;
using fabric::base::Duration;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::base::SteadyTime;

/// Between questions to a node while the topology has no server that fits.
constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(1);

}  // namespace

Search::Search(fabric::Farm& farm, Pools& pools, const BorrowRequest& request)
    : farm_(farm),
      pools_(pools),
      request_(request),
      began_(pools.clock().now()),
      pause_(kFirstPause) {}

void Search::listen() { heard_ = pools_.suspects().bell().count(); }

bool Search::over() const { return request_.deadline.passed(pools_.clock().now()); }

void Search::failed(const fabric::Server& server, const Error& error) {
  reason_ = server.endpoint.text() + ": " + error.what();
  native_ = error.native();
}

void Search::wait(SteadyTime retry_at) {
  Bell& bell = pools_.suspects().bell();
  if (retry_at != SteadyTime::max()) {
    return bell.wait(heard_, earliest(request_.deadline, Deadline::at(retry_at)), pools_.clock());
  }
  const Deadline pause = Deadline::after(pools_.clock(), pause_);
  pause_ = std::min(pause_ * 2, kLongestPause);
  bell.wait(heard_, earliest(request_.deadline, pause), pools_.clock());
  if (bell.count() == heard_ && !over()) refresh();
}

void Search::refresh() {
  try {
    farm_.refresh(request_.deadline);
  } catch (const Error& error) {  // the nodes' trouble: the topology there is still stands
    if (reason_.empty()) reason_ = error.what();
  }
}

Error Search::error(const std::string& group, const std::string& otherwise) const {
  const auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(pools_.clock().now() - began_);
  const bool writes = request_.mode == fabric::RequestMode::kReadWrite;
  return {SqlState::k08001,
          "No server of group '" + group + "' could be reached for " +
              (writes ? "writing" : "reading") + " within " + std::to_string(waited.count()) +
              " ms (" + (reason_.empty() ? otherwise : reason_) + ")",
          native_};
}

}  // namespace pool
