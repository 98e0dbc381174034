#include "tools/topology/farm_reader.h"

#include <future>
#include <utility>
#include <variant>

#include "driver/runtime.h"
#include "driver/settings/farm_options.h"
#include "fabric/base/error.h"
#include "fabric/farm_questions.h"
#include "fabric/rpc_source.h"

namespace tools::topology {
namespace {

using fabric::base::Deadline;
/// What a node told, or why it did not.
using Told = std::variant<fabric::Topology::Content, std::string>;

Told ask(fabric::NodeLink& link, Deadline deadline) noexcept {
  try {
    return fabric::ask_for_all(
        [&](const fabric::RpcCall& wanted) { return link.call(wanted, deadline); });
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

void require_topology(const FarmReading& reading) {
  if (reading.topology != nullptr) return;
  std::string text = "No Fabric node answers";
  const char* between = ": ";
  for (const auto& [node, why] : reading.problems) {
    text.append(std::exchange(between, "; ")).append(node + ": " + why);
  }
  throw fabric::base::Error(fabric::base::SqlState::k08001, text);
}

FarmReader::FarmReader(const driver::settings::ConnectionSettings& settings,
                       fabric::mysql::Watchdog& watchdog)
    : settings_(settings), watchdog_(watchdog) {
  const fabric::RpcOptions options = driver::settings::rpc_options(settings);
  for (const auto& node : options.nodes) {
    links_.push_back(fabric::node_link(node, options, watchdog));
  }
  if (links_.empty()) farm_ = driver::Runtime::current().farms().farm(settings);
}

FarmReading FarmReader::read() { return links_.empty() ? read_farm() : read_nodes(); }

void FarmReader::cancel() noexcept {
  for (const auto& link : links_) link->cancel();
  watchdog_.end_all_by(Deadline::at(watchdog_.clock().now()));
}

Deadline FarmReader::deadline() const {
  return Deadline::after(watchdog_.clock(), settings_.fabric.farm.node_timeout);
}

FarmReading FarmReader::read_nodes() {
  const Deadline until = deadline();
  std::vector<std::future<Told>> asked;
  for (const auto& link : links_) {
    asked.push_back(
        std::async(std::launch::async, [&link = *link, until] { return ask(link, until); }));
  }
  FarmReading reading;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Told told = asked[i].get();
    if (const auto* why = std::get_if<std::string>(&told)) {
      reading.problems.emplace_back(settings_.fabric.nodes[i].text(), *why);
    } else if (!reading.current) {
      keep(std::move(std::get<fabric::Topology::Content>(told)));
      reading.current = true;
    }
  }
  reading.topology = last_;
  return reading;
}

/// Of a topology file or a plain data source.
FarmReading FarmReader::read_farm() {
  const fabric::TopologyPtr told = farm_->refresh(deadline());
  FarmReading reading{.topology = told, .problems = {}, .current = !told->stale()};
  if (told->stale()) {
    reading.problems.emplace_back(settings_.fabric.nodes_text(),
                                  "no server tells its role: this is what was known before");
  }
  return reading;
}

void FarmReader::keep(fabric::Topology::Content content) {
  if (last_ != nullptr && last_->content() == content) return;
  const std::uint64_t version = last_ == nullptr ? 1 : last_->version() + 1;
  last_ = std::make_shared<const fabric::Topology>(std::move(content), version, false);
}

}  // namespace tools::topology
