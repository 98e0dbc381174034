// A plain list of servers instead of a farm: one group with an empty name, every server a
// READ_WRITE primary in the given order. Asks nobody; nothing ever changes.
#pragma once

#include <vector>

#include "fabric/base/endpoint.h"
#include "fabric/topology_source.h"

namespace fabric {

class StaticSource final : public TopologySource {
 public:
  /// A server named twice counts once. Its uuid is its address as text.
  explicit StaticSource(const std::vector<base::Endpoint>& servers);

  Topology::Content fetch(base::Deadline deadline) override;
  void report(const FaultReport& report, base::Deadline deadline) override;
  [[nodiscard]] bool can_change() const override { return false; }

 private:
  Topology::Content content_;
};

}  // namespace fabric
