// Times counted by class: how many were no longer than each bound, and their sum. A plain value.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "fabric/base/clock.h"

namespace fabric::base {

/// `kBounds`: ascending; a last class holds what took longer.
template <const auto& kBounds>
struct Histogram {
  std::array<std::uint64_t, std::size(kBounds) + 1> counts{};  ///< each of its class alone
  Duration sum{};

  void note(Duration time) {
    const auto* const bound = std::ranges::lower_bound(kBounds, time);
    ++counts[static_cast<std::size_t>(bound - std::data(kBounds))];
    sum += time;
  }
  Histogram& operator+=(const Histogram& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum += other.sum;
    return *this;
  }
  static constexpr std::span<const Duration> bounds() { return kBounds; }
};

}  // namespace fabric::base
