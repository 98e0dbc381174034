// What is reported of a server that fails, and how often: the policy alone, without threads.
// Owner: FailoverMonitor, whose lock guards it. Time is passed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "fabric/base/clock.h"
#include "fabric/topology_source.h"

namespace fabric {

/// What FABRIC_REPORT_ERRORS allows. Whatever it is, a server with which this process had no
/// working session within the last minute is never the subject of report_failure.
enum class ReportPolicy : std::uint8_t {
  kOff,
  kError,    ///< report_error only
  kFailure,  ///< report_failure of any server that the monitor finds not answering
  kAuto,     ///< report_failure only of one that was lost and whose host refuses a connection
};

/// What a connection of the monitor's own met.
enum class ProbeOutcome : std::uint8_t {
  kAnswers,      ///< the server has spoken: no fault
  kRefused,      ///< the host answers, nobody listens
  kSilent,       ///< connected, but not a byte came
  kUnreachable,  ///< no connection, and no refusal either
};

struct Evidence {
  std::optional<base::SteadyTime> worked;  ///< when a session with this very uuid last did work
  bool lost = false;                       ///< a working session with it broke
  ProbeOutcome probe = ProbeOutcome::kUnreachable;
};

class FaultReports {
 public:
  explicit FaultReports(ReportPolicy policy) : policy_(policy) {}

  /// The kind of report that is due now, if any. At most one report_failure per group per minute;
  /// report_error each second, but once a minute about a server never reached: a client with
  /// wrong addresses must not fill a node's thresholds by itself.
  [[nodiscard]] std::optional<ReportKind> due(const Server& server, const Evidence& evidence,
                                              base::SteadyTime now) const;
  /// A node took the report.
  void taken(const Server& server, ReportKind kind, base::SteadyTime now);
  /// No node took it: it is due again soon, after some failures in a row each second.
  void not_taken(const Server& server, base::SteadyTime now);
  /// When the next report about the server may be due.
  [[nodiscard]] base::SteadyTime next(const Server& server, const Evidence& evidence,
                                      base::SteadyTime now) const;

 private:
  struct Sent {
    base::SteadyTime when{};
    unsigned failures = 0;  ///< in a row, since a node last took one
  };
  [[nodiscard]] bool may_report_failure(const Server& server, const Evidence& evidence,
                                        base::SteadyTime now) const;

  const ReportPolicy policy_;
  std::unordered_map<std::string, Sent> sent_;                  // by uuid
  std::unordered_map<std::string, base::SteadyTime> failures_;  // by group
};

/// Text that passes the MySQL-RPC argument grammar of a real node: no quotes, commas, `=`,
/// parentheses, line ends or non-ASCII characters, and at most `limit` characters.
std::string plain_text(const std::string& text, std::size_t limit);

/// `host-pid` of this process, 64 characters at most.
std::string reporter_name();

}  // namespace fabric
