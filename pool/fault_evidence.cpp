#include "pool/fault_evidence.h"

#include <string_view>

#include "fabric/mysql/error_traits.h"

namespace pool {
namespace {

using fabric::FaultKind;
using fabric::mysql::Ended;

/// Galera without quorum; group replication that cannot commit. Both refuse what they are told.
bool refuses_everything(unsigned number) { return number == 1047 || number == 3100; }

/// As the login says it, or the C library with the number of the operating system.
bool connection_refused(std::string_view text) {
  return text.find("(111") != text.npos || text.find("nobody listens") != text.npos;
}

}  // namespace

std::optional<Evidence> evidence_of(const fabric::mysql::MysqlError& error) {
  const auto traits = fabric::mysql::traits_of(error.number(), error.what(), {});
  if (traits.denied) return std::nullopt;
  if (traits.read_only_server) {
    return Evidence{Doubt::kReadOnly, FaultKind::kReadOnly, traits.connection_lost};
  }
  if (refuses_everything(error.number())) {
    return Evidence{Doubt::kRefusing, FaultKind::kReadOnly, false};
  }
  if (traits.cannot_connect) {
    const bool refused = connection_refused(error.what());
    return Evidence{Doubt::kUnreachable, refused ? FaultKind::kRefused : FaultKind::kUnreachable,
                    true};
  }
  if (!traits.connection_lost) return std::nullopt;
  if (error.ended() != Ended::kNo) return Evidence{Doubt::kUnreachable, FaultKind::kSilent, true};
  return Evidence{Doubt::kLostLink, FaultKind::kLinkLost, true};
}

}  // namespace pool
