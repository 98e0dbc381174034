// Memory that a sequence of calls gives to the driver. Each block is an allocation of its own, as
// large as promised and no larger, so that AddressSanitizer sees a byte too many; guard bytes show
// it without a sanitizer too. Owned by one sequence; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tests/fuzz/values.h"

namespace fuzz {

class Arena {
 public:
  /// For the next call only: freed by end_call().
  std::uint8_t* block(std::size_t size);
  std::uint8_t* copy(std::string_view bytes);

  // For as long as the arena lives: what is bound. Each is large enough for kRows rows in steps of
  // kStep bytes at an offset of kStep, whatever it is bound as.
  std::uint8_t* data(Chooser& choose);     ///< random bytes, zeros at the end
  std::uint8_t* lengths(Chooser& choose);  ///< valid lengths and indicators, none above kStep
  std::uint8_t* statuses();
  std::uint8_t* offset(Chooser& choose);  ///< of a binding

  static constexpr std::size_t kRows = 8;
  static constexpr std::size_t kStep = 512;

  /// False if a guard of a transient block was written over. Frees those blocks.
  bool end_call();
  /// False if a guard of a lasting block was.
  [[nodiscard]] bool intact() const;

 private:
  struct Block {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size;
  };
  static Block guarded(std::size_t size);
  static bool intact(const Block& block);
  std::uint8_t* lasting(std::size_t size);

  std::vector<Block> transient_;
  std::vector<Block> lasting_;
};

}  // namespace fuzz
