#include "driver/rows/row_store.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace driver::rows {

using fabric::mysql::Cell;
using fabric::mysql::Row;
using fabric::mysql::RowLayout;

namespace {

// A row: its bytes in all, its number of cells, where in the bytes behind each cell lies.
using Size = std::uint64_t;
constexpr std::size_t kHead = 2 * sizeof(Size);
/// Of a cell. A row is shorter than a packet, and a packet than 4 GiB.
struct Extent {
  std::uint32_t at;
  std::uint32_t size;
};
constexpr std::uint32_t kNull = ~std::uint32_t{0};
constexpr std::uint64_t kInFile = std::uint64_t{1} << 63U;
constexpr std::size_t kFirstBlock = std::size_t{4} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;
constexpr std::size_t kWindow = std::size_t{64} << 10U;
constexpr std::size_t kBehind = kWindow / 4 * 3;

/// The part of a packet from the first cell to the last.
std::span<const std::uint8_t> packet_of(const Row& row) {
  const auto holds = [](const Cell& cell) { return !cell.null(); };
  const auto first = std::ranges::find_if(row, holds);
  if (first == row.end()) return {};
  const auto last = std::find_if(row.rbegin(), row.rend(), holds);
  return {first->data, last->data + last->size};
}

std::size_t bytes_in(const Row& row) {
  std::size_t total = 0;
  for (const Cell& cell : row) total += cell.null() ? 0 : cell.size;
  return total;
}

template <class Value>
void put(std::uint8_t*& out, Value value) {
  std::memcpy(out, &value, sizeof value);
  out += sizeof value;
}

std::uint8_t* write_head(const Row& row, Size total, std::uint8_t* out) {
  put(out, total);
  put(out, Size{row.size()});
  return out;
}

void write_packet(const Row& row, std::span<const std::uint8_t> packet, Size total,
                  std::uint8_t* out) {
  out = write_head(row, total, out);
  for (const Cell& cell : row) {
    put(out, cell.null() ? Extent{0, kNull}
                         : Extent{static_cast<std::uint32_t>(cell.data - packet.data()),
                                  static_cast<std::uint32_t>(cell.size)});
  }
  if (!packet.empty()) std::memcpy(out, packet.data(), packet.size());
}

void write_cells(const Row& row, Size total, std::uint8_t* out) {
  out = write_head(row, total, out);
  std::uint8_t* bytes = out + row.size() * sizeof(Extent);
  std::uint32_t at = 0;
  for (const Cell& cell : row) {
    const auto size = static_cast<std::uint32_t>(cell.size);
    put(out, cell.null() ? Extent{0, kNull} : Extent{at, size});
    if (cell.null() || size == 0) continue;
    std::memcpy(bytes + at, cell.data, size);
    at += size;
  }
}

template <class Value>
Value value_at(const std::uint8_t* bytes) {
  Value value{};
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

Size size_at(const std::uint8_t* bytes) { return value_at<Size>(bytes); }

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

template <class Write>
RowStore::Place RowStore::keep(std::size_t total, const Write& write) {
  if (std::uint8_t* memory = file_ == nullptr ? take_memory(total) : nullptr) {
    write(memory);
    return reinterpret_cast<std::uintptr_t>(memory);
  }
  if (file_ == nullptr) file_ = std::make_unique<SpoolFile>();
  const std::uint64_t offset = file_->size();
  row_bytes_.resize(total);
  write(row_bytes_.data());
  file_->append(row_bytes_.data(), total);
  if (total > kLargestBlock) row_bytes_ = std::vector<std::uint8_t>();
  return offset | kInFile;
}

RowStore::Place RowStore::keep(const Row& row, RowLayout layout) {
  const std::size_t head = kHead + row.size() * sizeof(Extent);
  if (layout == RowLayout::kPacket) {
    const auto packet = packet_of(row);
    const std::size_t total = head + packet.size();
    return keep(total, [&](std::uint8_t* out) { write_packet(row, packet, total, out); });
  }
  const std::size_t total = head + bytes_in(row);
  return keep(total, [&](std::uint8_t* out) { write_cells(row, total, out); });
}

void RowStore::append(const Row& row, RowLayout layout) { places_.push_back(keep(row, layout)); }

void RowStore::replace(std::uint64_t index, const Row& row) {
  places_[index] = keep(row, RowLayout::kScattered);
}

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
  const std::uint8_t* extents = bytes + sizeof(Size);
  bytes = extents + cells_.size() * sizeof(Extent);
  for (Cell& cell : cells_) {
    const auto extent = value_at<Extent>(extents);
    extents += sizeof(Extent);
    cell = extent.size == kNull ? Cell{} : Cell{.data = bytes + extent.at, .size = extent.size};
  }
  row_ = cells_;
  return &row_;
}

void RowStore::clear() {
  places_.clear();
  if (!blocks_.empty() && blocks_.back().size > kLargestBlock) blocks_.clear();
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  block_used_ = 0;
  memory_used_ = 0;
  file_.reset();
  window_ = std::vector<std::uint8_t>();
  window_at_ = 0;
}

}  // namespace driver::rows
