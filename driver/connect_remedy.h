// What to do about errors of a connect in which a server says only what is wrong. Pure.
#pragma once

#include <string>

#include "driver/connection_settings.h"

namespace driver {

/// To follow the error's text, from its first character on; empty when that says it already.
std::string connect_remedy(const ConnectionSettings& settings, int native);

}  // namespace driver
