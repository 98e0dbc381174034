// The words of Fabric for what a server is. Pure.
#pragma once

#include <string>

#include "fabric/types.h"

namespace fabric {

std::string status_name(ServerStatus status);
std::string mode_name(ServerMode mode);
/// `1`, `0.5`
std::string weight_text(double weight);

}  // namespace fabric
