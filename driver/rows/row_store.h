// Rows kept on this side and found by their number: in memory up to a limit, behind it in a
// SpoolFile. Appending copies a row once; reading one that is in memory copies nothing.
// Belongs to one result; guarded by its connection's mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "driver/rows/spool_file.h"
#include "fabric/mysql/reply.h"

namespace driver::rows {

class RowStore {
 public:
  /// `memory_limit`: bytes of rows; their index comes on top (8 bytes a row).
  explicit RowStore(std::size_t memory_limit) : memory_limit_(memory_limit) {}

  /// All throw base::Error HY014 when the temporary file fails.
  void append(const fabric::mysql::Row& row,
              fabric::mysql::RowLayout layout = fabric::mysql::RowLayout::kScattered);
  /// Puts a row in the place of number `index`; views of the old one stay valid.
  void replace(std::uint64_t index, const fabric::mysql::Row& row);
  /// Row `index` from 0; valid until the next call of read() or clear().
  const fabric::mysql::Row* read(std::uint64_t index);
  [[nodiscard]] bool empty() const { return places_.empty(); }
  [[nodiscard]] std::uint64_t size() const { return places_.size(); }
  /// Forgets the rows; keeps one block of memory, none of a long row, for the next ones.
  void clear();

 private:
  /// Where a row lies: an address, or an offset in the file with the highest bit set.
  using Place = std::uint64_t;

  Place keep(const fabric::mysql::Row& row, fabric::mysql::RowLayout layout);
  /// `total` bytes that write(address) fills.
  template <class Write>
  Place keep(std::size_t total, const Write& write);
  std::uint8_t* take_memory(std::size_t bytes);
  const std::uint8_t* bytes_at(Place place);
  const std::uint8_t* from_file(std::uint64_t offset);

  const std::size_t memory_limit_;
  std::size_t memory_used_ = 0;
  struct Block {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t block_used_ = 0;  ///< of the last one

  std::unique_ptr<SpoolFile> file_;
  std::vector<std::uint8_t> window_;  ///< a part of the file, around the row read last
  std::uint64_t window_at_ = 0;
  std::vector<std::uint8_t> row_bytes_;  ///< a row on its way to the file

  std::deque<Place> places_;
  std::vector<fabric::mysql::Cell> cells_;
  fabric::mysql::Row row_;
};

}  // namespace driver::rows
