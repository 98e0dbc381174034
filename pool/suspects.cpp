#include "pool/suspects.h"

#include <algorithm>
#include <string_view>

namespace pool {
namespace {

using fabric::base::Duration;
using fabric::base::LogLevel;
using fabric::base::SteadyTime;

constexpr Duration kFirstSkip = std::chrono::milliseconds(50);
constexpr Duration kLongestSkip = std::chrono::seconds(1);
constexpr unsigned kDoublings = 5;  // 50 ms << 5 is past the longest
/// Trouble that has not come again for so long is another trouble.
constexpr Duration kMemory = std::chrono::seconds(10);
constexpr Duration kForgotten = std::chrono::minutes(10);

Duration skip_after(unsigned marks) {
  return std::min<Duration>(kFirstSkip * (1U << std::min(marks - 1, kDoublings)), kLongestSkip);
}

std::string_view name_of(Doubt doubt) {
  switch (doubt) {
    case Doubt::kLostLink:
      return "a session's link broke";
    case Doubt::kUnreachable:
      return "it cannot be reached, or is silent";
    case Doubt::kReadOnly:
      return "it refuses to write";
    case Doubt::kRefusing:
      break;
  }
  return "it refuses all statements";
}

}  // namespace

bool Suspects::mark(const fabric::base::Endpoint& server, Doubt doubt) {
  unsigned marks = 0;
  {
    fabric::base::MutexLock lock(mutex_);
    marks = note(server, doubt);
  }
  if (marks == 0) return false;
  log_.note(marks == 1 ? LogLevel::kWarning : LogLevel::kDebug, [&] {
    return "server " + server.text() + " is suspect: " + std::string(name_of(doubt));
  });
  return true;
}

unsigned Suspects::note(const fabric::base::Endpoint& server, Doubt doubt) {
  const SteadyTime now = clock_.now();
  drop_old(now);
  Entry& entry = entries_[server];
  const bool refuses = doubt == Doubt::kReadOnly || doubt == Doubt::kRefusing;
  Trouble& trouble = refuses ? entry.refusal : entry.link;
  if (refuses) {
    const bool wider = doubt == Doubt::kRefusing && entry.writes_only;
    if (trouble.marks != 0 && now < trouble.until && !wider) return 0;
    entry.writes_only = doubt == Doubt::kReadOnly;
  }
  if (doubt == Doubt::kLostLink) {
    if (trouble.marks != 0) return 0;
    trouble = {.marks = 1, .last = now, .until = now};
    return 1;
  }
  if (trouble.marks != 0 && now < trouble.until) return 0;
  trouble.marks = now - trouble.last > kMemory ? 1 : trouble.marks + 1;
  trouble.last = now;
  trouble.until = now + skip_after(trouble.marks);
  return trouble.marks;
}

void Suspects::reached(const fabric::base::Endpoint& server) {
  {
    fabric::base::MutexLock lock(mutex_);
    const auto found = entries_.find(server);
    if (found == entries_.end() || found->second.link.marks == 0) return;
    found->second.link = {};
    if (found->second.refusal.marks == 0) entries_.erase(found);
  }
  log_.note(LogLevel::kInfo, [&] { return "server " + server.text() + " is reached again"; });
  bell_.ring();
}

void Suspects::forget(const fabric::base::Endpoint& server) {
  {
    fabric::base::MutexLock lock(mutex_);
    if (entries_.erase(server) == 0) return;
  }
  bell_.ring();
}

Suspects::Standing Suspects::standing(const fabric::base::Endpoint& server,
                                      fabric::RequestMode mode) const {
  const SteadyTime now = clock_.now();
  fabric::base::MutexLock lock(mutex_);
  const auto found = entries_.find(server);
  if (found == entries_.end()) return {};
  const Entry& entry = found->second;
  const bool refuses = entry.refusal.marks != 0 && now < entry.refusal.until &&
                       (!entry.writes_only || mode == fabric::RequestMode::kReadWrite);
  Standing standing;
  if (entry.link.marks != 0) standing = {true, entry.link.until};
  if (refuses) standing = {true, std::max(standing.retry_at, entry.refusal.until)};
  return standing;
}

void Suspects::drop_old(SteadyTime now) {
  std::erase_if(entries_, [now](const auto& item) {
    return now - std::max(item.second.link.last, item.second.refusal.last) > kForgotten;
  });
}

}  // namespace pool
