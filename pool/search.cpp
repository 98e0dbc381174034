#include "pool/search.h"

#include <algorithm>

#include "pool/suspects.h"

namespace pool {
namespace {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::base::SteadyTime;

}  // namespace

Search::Search(fabric::Farm& farm, Pools& pools, const BorrowRequest& request)
    : farm_(farm), pools_(pools), request_(request), began_(pools.clock().now()) {}

void Search::listen() { heard_ = pools_.suspects().bell().count(); }

bool Search::over() const { return request_.deadline.passed(pools_.clock().now()); }

std::string reason_of(const fabric::Server& server, const Error& error) {
  const std::string text = error.what();
  const std::string name = server.endpoint.text();
  return text.find(name) == text.npos ? name + ": " + text : text;
}

void Search::failed(const fabric::Server& server, const Error& error) {
  reason_ = reason_of(server, error);
  native_ = error.native();
}

void Search::met_full(const fabric::Server& server, const Error& error) {
  failed(server, error);
  full_.push_back(server.uuid);
}

bool Search::may_go_elsewhere() const {
  return request_.mode == fabric::RequestMode::kReadOnly && !waits_for_room_;
}

const fabric::Group& Search::others(const fabric::Group& group) {
  others_ = group;
  std::erase_if(others_.servers, [this](const fabric::Server& server) {
    return std::ranges::find(full_, server.uuid) != full_.end();
  });
  return others_;
}

void Search::wait_for_room() {
  waits_for_room_ = true;
  full_.clear();
}

void Search::wait(SteadyTime retry_at, std::uint64_t version) {
  if (retry_at == SteadyTime::max()) {
    farm_.wait_newer(version, request_.deadline);
  } else {
    pools_.suspects().bell().wait(heard_, earliest(request_.deadline, Deadline::at(retry_at)),
                                  pools_.clock());
  }
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
  const std::string unreported = farm_.why_not_reported();
  return {
      SqlState::k08001,
      "No server of group '" + group + "' could be reached for " +
          (writes ? "writing" : "reading") + " within " + std::to_string(waited.count()) + " ms (" +
          (reason_.empty() ? otherwise : reason_) +
          (unreported.empty() ? "" : "; no node took the latest report of a fault: " + unreported) +
          ")",
      native_};
}

}  // namespace pool
