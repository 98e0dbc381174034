#include "fabric/node_refusals.h"

#include <algorithm>
#include <utility>

namespace fabric {
namespace {

constexpr std::size_t kMostNames = 3;

struct Alike {
  std::string why;
  std::vector<std::string> nodes;
};

/// Without the node's own name, which would make two of a kind differ.
std::string without_name(const NodeRefusal& refusal) {
  const std::string named = "Cannot connect to " + refusal.node.text();
  if (refusal.why.compare(0, named.size(), named) != 0) return refusal.why;
  return "cannot connect" + refusal.why.substr(named.size());
}

std::string node_names(const Alike& kind) {
  std::string names;
  for (std::size_t i = 0; i < std::min(kind.nodes.size(), kMostNames); ++i) {
    names += (i == 0 ? "" : ", ") + kind.nodes[i];
  }
  if (kind.nodes.size() <= kMostNames) return names;
  return names + " and " + std::to_string(kind.nodes.size() - kMostNames) + " more";
}

std::string text_of(const Alike& kind, bool of_all) {
  const std::string count = std::to_string(kind.nodes.size()) + " nodes";
  if (kind.nodes.size() == 1) return kind.nodes.front() + ": " + kind.why;
  if (of_all)
    return (kind.nodes.size() == 2 ? "both nodes" : "all " + count) + " said: " + kind.why;
  return count + " (" + node_names(kind) + ") said: " + kind.why;
}

}  // namespace

std::string text_of(const std::vector<NodeRefusal>& refusals) {
  std::vector<Alike> kinds;
  for (const NodeRefusal& refusal : refusals) {
    std::string why = without_name(refusal);
    const auto same = std::ranges::find(kinds, why, &Alike::why);
    Alike& kind = same == kinds.end() ? kinds.emplace_back(Alike{std::move(why), {}}) : *same;
    kind.nodes.push_back(refusal.node.text());
  }
  std::string text;
  for (const Alike& kind : kinds) {
    text += (text.empty() ? "" : "; ") + text_of(kind, kinds.size() == 1);
  }
  return text;
}

}  // namespace fabric
