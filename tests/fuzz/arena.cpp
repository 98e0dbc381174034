#include "tests/fuzz/arena.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace fuzz {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kGuard = 0;  // the sanitizer's own are better: they see reading too
#else
constexpr std::size_t kGuard = 64;
#endif
constexpr std::uint8_t kGuardByte = 0xA5;
constexpr std::size_t kRegion = Arena::kStep * (Arena::kRows + 2);

}  // namespace

Arena::Block Arena::guarded(std::size_t size) {
  Block made{std::make_unique_for_overwrite<std::uint8_t[]>(size + kGuard), size};
  std::fill_n(made.bytes.get(), size, std::uint8_t{0x5A});
  std::fill_n(made.bytes.get() + size, kGuard, kGuardByte);
  return made;
}

bool Arena::intact(const Block& block) {
  const std::uint8_t* guard = block.bytes.get() + block.size;
  return std::all_of(guard, guard + kGuard, [](std::uint8_t byte) { return byte == kGuardByte; });
}

std::uint8_t* Arena::block(std::size_t size) {
  transient_.push_back(guarded(size));
  return transient_.back().bytes.get();
}

std::uint8_t* Arena::copy(std::string_view bytes) {
  std::uint8_t* made = block(bytes.size());
  if (!bytes.empty()) std::memcpy(made, bytes.data(), bytes.size());
  return made;
}

std::uint8_t* Arena::lasting(std::size_t size) {
  lasting_.push_back(guarded(size));
  return lasting_.back().bytes.get();
}

std::uint8_t* Arena::data(Chooser& choose) {
  std::uint8_t* made = lasting(kRegion);
  std::size_t at = 0;
  while (at + 64 < kRegion) {
    const std::string piece = odd_text(choose);
    const std::size_t size = std::min(piece.size(), kRegion - 64 - at);
    std::memcpy(made + at, piece.data(), size);
    at += size;
    if (choose.one_in(4)) made[at++] = static_cast<std::uint8_t>(choose.below(256));
  }
  std::fill(made + at, made + kRegion, std::uint8_t{0});
  return made;
}

std::uint8_t* Arena::lengths(Chooser& choose) {
  static constexpr std::array<SQLLEN, 14> kLengths{SQL_NTS,
                                                   SQL_NTS,
                                                   0,
                                                   1,
                                                   2,
                                                   3,
                                                   8,
                                                   20,
                                                   512,
                                                   SQL_NULL_DATA,
                                                   SQL_DATA_AT_EXEC,
                                                   SQL_LEN_DATA_AT_EXEC(10),
                                                   SQL_DEFAULT_PARAM,
                                                   -50};
  std::uint8_t* made = lasting(kRegion);
  for (std::size_t at = 0; at < kRegion; at += sizeof(SQLLEN)) {
    const SQLLEN value = choose.one_in(3) ? choose.of(kLengths) : SQLLEN{SQL_NTS};
    std::memcpy(made + at, &value, sizeof value);
  }
  return made;
}

std::uint8_t* Arena::statuses() { return lasting(kRegion); }

std::uint8_t* Arena::offset(Chooser& choose) {
  static constexpr std::array<SQLLEN, 4> kOffsets{0, 8, 64, kStep};
  std::uint8_t* made = lasting(sizeof(SQLLEN));
  const SQLLEN value = choose.of(kOffsets);
  std::memcpy(made, &value, sizeof value);
  return made;
}

bool Arena::end_call() {
  const bool whole = std::ranges::all_of(transient_, [](const Block& b) { return intact(b); });
  transient_.clear();
  return whole;
}

bool Arena::intact() const {
  return std::ranges::all_of(lasting_, [](const Block& block) { return intact(block); });
}

}  // namespace fuzz
