// One direction of a link through a FaultProxy: what came in waits here for its time to go out.
// Owner: the proxy's Link. Belongs to the proxy's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace test_support {

/// How the network treats one direction. All may change while links live.
struct FlowFault {
  bool hold = false;                   ///< nothing passes, an end of file neither
  std::chrono::milliseconds delay{0};  ///< from arrival to departure
  std::size_t bytes_per_second = 0;    ///< 0: no limit
  std::optional<std::size_t> closes_after =
      {};  ///< of a link's bytes in this direction; then it ends
};

class FaultFlow {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Fate : std::uint8_t { kStays, kEnds, kReset };

  FaultFlow(int from, int to) : from_(from), to_(to) {}

  [[nodiscard]] bool reads(const FlowFault& fault) const;
  /// Something is due, and the receiver may be slow to take it.
  [[nodiscard]] bool writes(const FlowFault& fault, Time now) const;
  /// When to look again although no socket stirs.
  [[nodiscard]] Time next(const FlowFault& fault, Time now) const;

  void read(const FlowFault& fault, Time now);
  Fate write(const FlowFault& fault, Time now);
  /// The receiver sees the end of file now; what still comes is thrown away.
  void end_now();
  /// The end of file has been passed on.
  [[nodiscard]] bool over() const { return over_; }

 private:
  struct Piece {
    Time due;
    std::string bytes;  ///< empty: the end of file
  };
  [[nodiscard]] Time due() const;

  int from_, to_;
  std::deque<Piece> pieces_;
  std::size_t waiting_ = 0;  ///< bytes in pieces_
  std::size_t passed_ = 0;
  Time free_at_{};  ///< of bytes_per_second
  bool ended_ = false, over_ = false;
};

}  // namespace test_support
