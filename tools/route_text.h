// The driver's answer to EXPLAIN FABRIC as a person reads it, and as JSON. Pure.
#pragma once

#include <string>

namespace tools {

/// The columns of docs/routing.md; empty where it has NULL.
struct RouteAnswer {
  int level = 0;
  std::string group{};  ///< empty: refused
  std::string mode{};
  std::string mapping{};
  std::string server{};  ///< several with commas
  std::string reason{};

  [[nodiscard]] bool refused() const { return group.empty(); }
};

/// Lines ended by \n.
std::string route_text(const RouteAnswer& answer);
std::string route_json(const std::string& sql, const RouteAnswer& answer);

}  // namespace tools
