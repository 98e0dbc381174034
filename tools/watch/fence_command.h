// The administrator's own means to keep a server that cannot be reached from taking writes: a shell
// command with FABRIC_GROUP, FABRIC_SERVER (uuid), FABRIC_HOST and FABRIC_PORT in its environment.
#pragma once

#include <string>

#include "fabric/base/deadline.h"
#include "fabric/types.h"

namespace tools::watch {

/// The command's exit status; 128 and its signal when one ended it. At the deadline it is killed
/// with all that it started.
int run_command(const std::string& command, const fabric::Server& server,
                fabric::base::Deadline deadline);

}  // namespace tools::watch
