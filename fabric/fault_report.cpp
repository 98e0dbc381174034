#include "fabric/fault_report.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace fabric {

namespace {

constexpr base::Duration kRepeat = std::chrono::seconds(1);
constexpr base::Duration kRetry = std::chrono::milliseconds(100);
constexpr unsigned kQuickRetries = 10;
constexpr base::Duration kMinute = std::chrono::minutes(1);
constexpr std::size_t kReporterLimit = 64;

bool recently(const std::optional<base::SteadyTime>& when, base::SteadyTime now) {
  return when && now - *when <= kMinute;
}

}  // namespace

bool FaultReports::may_report_failure(const Server& server, const Evidence& evidence,
                                      base::SteadyTime now) const {
  if (policy_ != ReportPolicy::kAuto && policy_ != ReportPolicy::kFailure) return false;
  if (!recently(evidence.worked, now)) return false;
  const bool refused_after_loss = evidence.lost && evidence.probe == ProbeOutcome::kRefused;
  if (policy_ == ReportPolicy::kAuto && !refused_after_loss) return false;
  const auto last = failures_.find(server.group);
  return last == failures_.end() || now - last->second >= kMinute;
}

base::SteadyTime FaultReports::next(const Server& server, const Evidence& evidence,
                                    base::SteadyTime now) const {
  if (policy_ == ReportPolicy::kOff || evidence.probe == ProbeOutcome::kAnswers) {
    return base::SteadyTime::max();
  }
  const auto sent = sent_.find(server.uuid);
  if (sent == sent_.end()) return now;
  const Sent& last = sent->second;
  if (last.failures > 0) return last.when + (last.failures <= kQuickRetries ? kRetry : kRepeat);
  return last.when + (evidence.worked ? kRepeat : kMinute);
}

std::optional<ReportKind> FaultReports::due(const Server& server, const Evidence& evidence,
                                            base::SteadyTime now) const {
  if (next(server, evidence, now) > now) return {};
  return may_report_failure(server, evidence, now) ? ReportKind::kFailure : ReportKind::kError;
}

void FaultReports::taken(const Server& server, ReportKind kind, base::SteadyTime now) {
  sent_[server.uuid] = {.when = now, .failures = 0};
  if (kind == ReportKind::kFailure) failures_[server.group] = now;
}

void FaultReports::not_taken(const Server& server, base::SteadyTime now) {
  Sent& sent = sent_[server.uuid];
  sent.when = now;
  ++sent.failures;
}

std::string plain_text(const std::string& text, std::size_t limit) {
  constexpr std::string_view kPlain = " -_.:/#+";
  std::string plain;
  for (const char c : text) {
    if (plain.size() == limit) break;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    plain += letter || kPlain.find(c) != std::string_view::npos ? c : ' ';
  }
  return plain;
}

std::string reporter_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const std::string pid = "-" + std::to_string(getpid());
  return plain_text(host.data(), kReporterLimit - pid.size()) + pid;
}

}  // namespace fabric
