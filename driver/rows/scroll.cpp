#include "driver/rows/scroll.h"

#include <algorithm>

namespace driver::rows {
namespace {

using At = CursorPosition::At;

class Scroll {
 public:
  Scroll(const CursorPosition& from, std::uint64_t last, const ScrollRequest& request)
      : from_(from),
        last_(last),
        size_(request.rowset_size),
        back_(request.offset < 0),
        distance_(back_ ? 0 - static_cast<std::uint64_t>(request.offset)
                        : static_cast<std::uint64_t>(request.offset)),
        bookmark_(request.bookmark) {}

  [[nodiscard]] Scrolled run(SQLSMALLINT orientation) const {
    switch (orientation) {
      case SQL_FETCH_NEXT:
        return next();
      case SQL_FETCH_PRIOR:
        return prior();
      case SQL_FETCH_FIRST:
        return row(1);
      case SQL_FETCH_LAST:
        return row(last_start());
      case SQL_FETCH_ABSOLUTE:
        return absolute();
      case SQL_FETCH_RELATIVE:
        return relative();
      default:
        return back_ && distance_ >= bookmark_ ? before_start() : row(moved(bookmark_));
    }
  }

 private:
  [[nodiscard]] Scrolled place(At at, std::uint64_t start = 0, bool cut = false) const {
    return {.to = {.at = at, .start = start, .rowset_size = size_}, .cut = cut};
  }
  [[nodiscard]] Scrolled before_start() const { return place(At::kBeforeStart); }
  [[nodiscard]] Scrolled row(std::uint64_t start) const {
    return start > last_ ? place(At::kAfterEnd) : place(At::kOnRows, start);
  }
  /// The rowset would start before the first row but reaches it.
  [[nodiscard]] Scrolled cut_at_start() const {
    return last_ == 0 ? before_start() : place(At::kOnRows, 1, true);
  }
  [[nodiscard]] std::uint64_t last_start() const { return size_ > last_ ? 1 : last_ - size_ + 1; }
  /// `start` and the offset; a sum too large is past every end.
  [[nodiscard]] std::uint64_t moved(std::uint64_t start) const {
    if (back_) return start - distance_;
    return start + std::min(distance_, ~start);
  }

  [[nodiscard]] Scrolled next() const {
    if (from_.at == At::kBeforeStart) return row(1);
    if (from_.at == At::kAfterEnd) return place(At::kAfterEnd);
    return row(from_.start + std::min(from_.rowset_size, ~from_.start));
  }

  [[nodiscard]] Scrolled prior() const {
    if (from_.at == At::kBeforeStart) return before_start();
    if (from_.at == At::kAfterEnd) return last_ < size_ ? cut_at_start() : row(last_start());
    if (from_.start == 1) return before_start();
    return from_.start <= size_ ? cut_at_start() : row(from_.start - size_);
  }

  [[nodiscard]] Scrolled absolute() const {
    if (!back_) return distance_ == 0 ? before_start() : row(distance_);
    if (distance_ <= last_) return row(last_ - distance_ + 1);
    return distance_ > size_ ? before_start() : cut_at_start();
  }

  [[nodiscard]] Scrolled relative() const {
    if (from_.at == At::kBeforeStart) {
      return back_ || distance_ == 0 ? before_start() : absolute();
    }
    if (from_.at == At::kAfterEnd) return back_ ? absolute() : place(At::kAfterEnd);
    if (!back_ || distance_ < from_.start) return row(moved(from_.start));
    return from_.start == 1 || distance_ > size_ ? before_start() : cut_at_start();
  }

  const CursorPosition& from_;
  const std::uint64_t last_;
  const std::uint64_t size_;
  const bool back_;
  const std::uint64_t distance_;
  const std::uint64_t bookmark_;
};

}  // namespace

Scrolled scroll(const CursorPosition& from, std::uint64_t last, const ScrollRequest& request) {
  return Scroll(from, last, request).run(request.orientation);
}

}  // namespace driver::rows
