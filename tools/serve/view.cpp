#include "tools/serve/view.h"

#include <algorithm>

namespace tools::serve {

using doctor::Level;

std::string ServerView::health() const {
  if (!diagnosis) return "unknown";
  Level worst =
      unlisted || server.status == fabric::ServerStatus::kFaulty ? Level::kWarning : Level::kOk;
  for (const doctor::Finding& one : diagnosis->findings) worst = std::max(worst, one.level);
  if (worst == Level::kError) return "error";
  return worst == Level::kWarning ? "warning" : "ok";
}

}  // namespace tools::serve
