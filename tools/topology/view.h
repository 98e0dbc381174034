// A farm's topology shown live: the tree drawn again and again on a terminal, what changes marked;
// elsewhere the tree once, and a line for each change. Used by one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>

#include "fabric/base/clock.h"
#include "tools/live_screen.h"
#include "tools/topology/changes.h"
#include "tools/topology/farm_reader.h"

namespace tools::topology {

class View {
 public:
  enum class Form : std::uint8_t { kScreen, kLines, kJson };

  /// `title` heads each picture; it and `screen` are used in that form only.
  View(Form form, std::function<std::string()> title, std::ostream& out, LiveScreen& screen)
      : form_(form), title_(std::move(title)), out_(out), screen_(screen) {}

  /// The reading has a topology.
  void show(const FarmReading& reading, fabric::base::SteadyTime now);

 private:
  void note(const Change& change, fabric::base::SteadyTime now);
  void note_nodes(const FarmReading& reading);
  void say_node(const std::string& node, const std::string& problem);
  void remember(const std::string& line);
  void begin(const fabric::Topology& topology);
  void draw(const FarmReading& reading, fabric::base::SteadyTime now);

  const Form form_;
  const std::function<std::string()> title_;
  std::ostream& out_;
  LiveScreen& screen_;
  fabric::TopologyPtr last_;
  std::map<std::string, std::string> silent_;                // node -> why
  std::map<std::string, fabric::base::SteadyTime> changed_;  // uuid -> when
  std::deque<std::string> history_;                          // for the screen
};

}  // namespace tools::topology
