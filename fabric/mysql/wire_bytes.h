// The bytes of one command as they are put together. Internal to this folder.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace fabric::mysql {

class WireBytes {
 public:
  /// Forgets all; `size` bytes are about to come.
  void begin(std::size_t size) {
    at_ = room_.get();
    reserve(size);
  }
  /// The calls below write no more than what has been reserved.
  void reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  }
  /// Its lower bytes, the least first.
  void number(std::uint64_t value, std::size_t bytes) {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(at_, &value, bytes);
    at_ += bytes;
  }
  void text(std::string_view text) {
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void zeros(std::size_t count) {
    std::memset(at_, 0, count);
    at_ += count;
  }
  [[nodiscard]] std::uint8_t* last(std::size_t bytes) const { return at_ - bytes; }
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(room_.get()),
            static_cast<std::size_t>(at_ - room_.get())};
  }
  /// Gives back room that only a large value needs.
  void let_go() {
    constexpr std::ptrdiff_t kKept = std::ptrdiff_t{64} * 1024;
    if (end_ - room_.get() <= kKept) return;
    room_.reset();
    at_ = end_ = nullptr;
  }

 private:
  void grow(std::size_t size) {
    const std::size_t used = view().size();
    const std::size_t wanted = std::max(used + size, 2 * used);
    auto room = std::make_unique_for_overwrite<std::uint8_t[]>(wanted);
    if (used != 0) std::memcpy(room.get(), room_.get(), used);
    room_ = std::move(room);
    at_ = room_.get() + used;
    end_ = room_.get() + wanted;
  }

  std::unique_ptr<std::uint8_t[]> room_;
  std::uint8_t* at_ = nullptr;
  std::uint8_t* end_ = nullptr;
};

}  // namespace fabric::mysql
