// Why none of several nodes gave an answer, in one sentence: what nodes said alike is said once, as
// an application may see no more than the first 512 bytes. Pure.
#pragma once

#include <string>
#include <vector>

#include "fabric/base/endpoint.h"

namespace fabric {

struct NodeRefusal {
  base::Endpoint node;
  std::string why;
};

/// In the order of the first of each kind; ends without a full stop.
std::string text_of(const std::vector<NodeRefusal>& refusals);

}  // namespace fabric
