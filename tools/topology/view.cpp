#include "tools/topology/view.h"

#include <Poco/JSON/Object.h>

#include "tools/columns.h"
#include "tools/time_text.h"
#include "tools/topology_text.h"

namespace tools::topology {
namespace {

using fabric::base::SteadyTime;

constexpr std::chrono::seconds kMarked{10};
constexpr std::size_t kRemembered = 6;

}  // namespace

void View::show(const FarmReading& reading, SteadyTime now) {
  if (last_ == nullptr) {
    begin(*reading.topology);
  } else if (last_ != reading.topology) {
    for (const Change& change : changes_between(*last_, *reading.topology)) note(change, now);
  }
  note_nodes(reading);
  last_ = reading.topology;
  if (form_ == Form::kScreen) draw(reading, now);
  out_ << std::flush;
}

void View::begin(const fabric::Topology& topology) {
  if (form_ == Form::kLines) out_ << utc_now() << '\n' << topology_text(topology);
  if (form_ == Form::kJson) out_ << topology_line(utc_now(), topology) << '\n';
}

void View::note(const Change& change, SteadyTime now) {
  changed_[change.uuid] = now;
  if (form_ == Form::kScreen) return remember(change_text(change));
  const std::string time = utc_now();
  out_ << (form_ == Form::kJson ? change_json(time, change) : time + " " + change_text(change))
       << '\n';
}

/// Only when it changes.
void View::note_nodes(const FarmReading& reading) {
  const std::map<std::string, std::string> silent(reading.problems.begin(), reading.problems.end());
  for (const auto& [node, why] : silent) {
    if (!silent_.contains(node)) say_node(node, why);
  }
  for (const auto& [node, why] : silent_) {
    if (!silent.contains(node)) say_node(node, {});
  }
  silent_ = silent;
}

void View::say_node(const std::string& node, const std::string& problem) {
  if (form_ == Form::kJson) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("time", utc_now());
    object.set("change", "node");
    object.set("node", node);
    object.set("to", problem.empty() ? "answers" : "gone");
    if (!problem.empty()) object.set("problem", problem);
    object.stringify(out_);
    out_ << '\n';
    return;
  }
  const std::string text = "node " + node + (problem.empty() ? " answers again" : ": " + problem);
  if (form_ == Form::kScreen) return remember(text);
  out_ << utc_now() << ' ' << printable(text) << '\n';
}

void View::remember(const std::string& line) {
  history_.push_back(local_time() + "  " + printable(line));
  if (history_.size() > kRemembered) history_.pop_front();
}

void View::draw(const FarmReading& reading, SteadyTime now) {
  std::set<std::string> marked;
  for (const auto& [uuid, when] : changed_) {
    if (now - when < kMarked) marked.insert(uuid);
  }
  std::string below;
  if (!reading.current) below += "no node answers: this is the last picture\n";
  for (const auto& [node, why] : reading.problems) {
    below += printable("node " + node + ": " + why) + "\n";
  }
  for (const std::string& line : history_) below += line + "\n";
  if (!below.empty()) below = "\n" + below;
  screen_.draw(title_() + topology_text(*reading.topology, marked), below);
}

}  // namespace tools::topology
