// Whether a host's name is known and its port takes connections, told apart from what is said on
// the connection.
#pragma once

#include <optional>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/net.h"
#include "tools/doctor/finding.h"

namespace tools::doctor {

struct Reach {
  bool name_known = true;
  bool name_late = false;  ///< the name service did not answer in time
  fabric::base::ConnectOutcome outcome = fabric::base::ConnectOutcome::kUnreachable;
  int error = 0;
  [[nodiscard]] bool connected() const {
    return name_known && outcome == fabric::base::ConnectOutcome::kConnected;
  }
};

Reach reach(const fabric::base::Endpoint& endpoint, fabric::base::Deadline deadline);

struct Unreached {
  std::string text;
  Fix fix;
};
/// Of what did not connect. `what` listens there: "the Fabric node".
Unreached unreached(const fabric::base::Endpoint& endpoint, const Reach& reach,
                    const std::string& what);

}  // namespace tools::doctor
