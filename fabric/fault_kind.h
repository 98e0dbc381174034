// What was seen of a server that failed a caller. A plain value.
#pragma once

#include <cstdint>

namespace fabric {

enum class FaultKind : std::uint8_t {
  kLinkLost,     ///< a session that had worked broke (EOF, reset)
  kSilent,       ///< no answer for the detection time
  kRefused,      ///< connect: the host answers, nobody listens
  kUnreachable,  ///< connect: no route, no such host, no answer in time
  kReadOnly,     ///< it refuses writes although the topology calls it PRIMARY
};

}  // namespace fabric
