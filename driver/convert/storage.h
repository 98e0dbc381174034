// Memory for converted parameters: stable addresses until clear(), reused by the next execution.
// Belongs to one statement; not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace driver::convert {

class Storage {
 public:
  /// `bytes` of unaligned memory, valid until clear(). Throws std::bad_alloc.
  char* take(std::size_t bytes);
  /// Gives back the last `unused` bytes of the latest take().
  void give_back(std::size_t unused) noexcept { used_ -= unused; }
  /// Forgets everything; keeps its memory up to kKept bytes for the next time.
  void clear() noexcept;

  static constexpr std::size_t kKept = 1U << 20U;

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t used_ = 0;  ///< bytes taken of the last block
};

}  // namespace driver::convert
