#include "driver/convert/storage.h"

#include <algorithm>

namespace driver::convert {
namespace {
constexpr std::size_t kSmallestBlock = 4096;
}

char* Storage::take(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().size - used_ < bytes) {
    const std::size_t doubled = blocks_.empty() ? kSmallestBlock : blocks_.back().size * 2;
    const std::size_t size = std::max(bytes, std::min(doubled, kKept));
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    used_ = 0;
  }
  char* taken = blocks_.back().bytes.get() + used_;
  used_ += bytes;
  return taken;
}

void Storage::clear() noexcept {
  used_ = 0;
  if (blocks_.empty()) return;
  if (blocks_.back().size > kKept) return blocks_.clear();
  blocks_.erase(blocks_.begin(), blocks_.end() - 1);
}

}  // namespace driver::convert
