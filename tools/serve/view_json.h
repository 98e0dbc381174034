// What /snapshot.json and `fabricctl serve --json` give (docs/status-page.md). Pure.
#pragma once

#include <string>

#include "tools/serve/view.h"

namespace tools::serve {

/// One JSON object, with a line's end. Bytes that are no UTF-8 are replaced.
std::string view_json(const FarmView& view);

}  // namespace tools::serve
