#include "driver/row_store.h"

#include <algorithm>
#include <cstring>

namespace driver {

using fabric::mysql::Cell;
using fabric::mysql::Row;

namespace {

// A row: its bytes and its number of cells, then each cell: a size and its bytes. NULL: kNull.
using Size = std::uint64_t;
constexpr std::size_t kHead = 2 * sizeof(Size);
constexpr Size kNull = ~Size{0};
constexpr std::uint64_t kInFile = std::uint64_t{1} << 63U;
constexpr std::size_t kFirstBlock = std::size_t{4} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;
constexpr std::size_t kWindow = std::size_t{64} << 10U;
constexpr std::size_t kBehind = kWindow / 4 * 3;

std::size_t size_of(const Row& row) {
  std::size_t total = kHead + row.size() * sizeof(Size);
  for (const Cell& cell : row) total += cell.null() ? 0 : cell.size;
  return total;
}

void write_row(const Row& row, Size total, std::uint8_t* out) {
  const auto put = [&out](Size value) {
    std::memcpy(out, &value, sizeof value);
    out += sizeof value;
  };
  put(total);
  put(row.size());
  for (const Cell& cell : row) {
    put(cell.null() ? kNull : cell.size);
    if (cell.null() || cell.size == 0) continue;
    std::memcpy(out, cell.data, cell.size);
    out += cell.size;
  }
}

Size size_at(const std::uint8_t* bytes) {
  Size value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

std::uint8_t* RowStore::take_memory(std::size_t bytes) {
  if (memory_used_ + bytes > memory_limit_) return nullptr;
  if (blocks_.empty() || blocks_.back().size - block_used_ < bytes) {
    const std::size_t next =
        blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestBlock);
    const std::size_t size = std::max(next, bytes);
    blocks_.push_back({std::make_unique_for_overwrite<std::uint8_t[]>(size), size});
    block_used_ = 0;
  }
  std::uint8_t* taken = blocks_.back().bytes.get() + block_used_;
  block_used_ += bytes;
  memory_used_ += bytes;
  return taken;
}

RowStore::Place RowStore::keep(const Row& row) {
  const std::size_t total = size_of(row);
  if (std::uint8_t* memory = file_ == nullptr ? take_memory(total) : nullptr) {
    write_row(row, total, memory);
    return reinterpret_cast<std::uintptr_t>(memory);
  }
  if (file_ == nullptr) file_ = std::make_unique<SpoolFile>();
  const std::uint64_t offset = file_->size();
  row_bytes_.resize(total);
  write_row(row, total, row_bytes_.data());
  file_->append(row_bytes_.data(), total);
  if (total > kLargestBlock) row_bytes_ = {};
  return offset | kInFile;
}

void RowStore::append(const Row& row) { places_.push_back(keep(row)); }

void RowStore::replace(std::uint64_t index, const Row& row) { places_[index] = keep(row); }

const std::uint8_t* RowStore::from_file(std::uint64_t offset) {
  const auto held = [&](std::uint64_t bytes) {
    return offset >= window_at_ && offset + bytes <= window_at_ + window_.size();
  };
  const auto load = [&](std::uint64_t at, std::uint64_t bytes) {
    window_.resize(std::min(std::max<std::uint64_t>(bytes, kWindow), file_->size() - at));
    window_at_ = at;
    file_->read(at, window_.data(), window_.size());
  };
  if (!held(sizeof(Size))) {
    // Walking backwards, the rows before this one come next.
    const bool backwards = offset < window_at_ && offset + kWindow > window_at_;
    load(backwards && offset > kBehind ? offset - kBehind : offset, 0);
  }
  const Size total = size_at(window_.data() + (offset - window_at_));
  if (!held(total)) load(offset, total);
  return window_.data() + (offset - window_at_);
}

const std::uint8_t* RowStore::bytes_at(Place place) {
  if ((place & kInFile) != 0) return from_file(place & ~kInFile);
  return reinterpret_cast<const std::uint8_t*>(static_cast<std::uintptr_t>(place));
}

const Row* RowStore::read(std::uint64_t index) {
  const std::uint8_t* bytes = bytes_at(places_[index]) + sizeof(Size);
  cells_.resize(size_at(bytes));
  bytes += sizeof(Size);
  for (Cell& cell : cells_) {
    const Size size = size_at(bytes);
    bytes += sizeof(Size);
    cell = size == kNull ? Cell{} : Cell{.data = bytes, .size = size};
    if (size != kNull) bytes += size;
  }
  row_ = cells_;
  return &row_;
}

void RowStore::clear() {
  places_.clear();
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  block_used_ = 0;
  memory_used_ = 0;
  file_.reset();
  window_.clear();
  window_at_ = 0;
}

}  // namespace driver
