// Times given to options as keywords of a DSN take them: 500ms, 2s, 1min; a bare number is seconds.
#pragma once

#include <string>

#include "fabric/base/clock.h"

namespace tools {

/// `name` is for the sentence of the error. Throws base::Error HY024.
fabric::base::Duration time_of(const std::string& name, const std::string& text);

/// The same of a pause between two looks: never less than a tenth of a second.
fabric::base::Duration pause_of(const std::string& name, const std::string& text);

}  // namespace tools
