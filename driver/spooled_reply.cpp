#include "driver/spooled_reply.h"

#include <algorithm>
#include <cstring>

#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::Cell;
using fabric::mysql::Reply;
using fabric::mysql::Row;

namespace {

constexpr std::uint64_t kNull = ~std::uint64_t{0};

Error no_spool_file() {
  return {
      SqlState::kHY014,
      "A result was too large for SPOOL_MEMORY and could not be kept in a temporary file: check "
      "the free space of the folder that TMPDIR names"};
}

}  // namespace

SpoolBuffer::~SpoolBuffer() {
  if (file_ != nullptr) static_cast<void>(std::fclose(file_));
}

void SpoolBuffer::append(const void* data, std::size_t size) {
  if (file_ == nullptr && memory_.size() + size <= memory_limit_) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    memory_.insert(memory_.end(), bytes, bytes + size);
    return;
  }
  if (file_ == nullptr) file_ = std::tmpfile();
  if (file_ == nullptr || std::fwrite(data, 1, size, file_) != size) throw no_spool_file();
}

void SpoolBuffer::read(void* target, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(target);
  const std::size_t in_memory = read_ < memory_.size() ? std::min(size, memory_.size() - read_) : 0;
  if (in_memory > 0) std::memcpy(out, memory_.data() + read_, in_memory);
  const bool enters_file = in_memory < size && read_ + in_memory == memory_.size();
  read_ += size;
  if (in_memory == size) return;
  if (enters_file && std::fseek(file_, 0, SEEK_SET) != 0) throw no_spool_file();
  const std::size_t rest = size - in_memory;
  if (std::fread(out + in_memory, 1, rest, file_) != rest) throw no_spool_file();
}

void SpooledReply::append_row(const Row& row) {
  for (const Cell& cell : row) {
    const std::uint64_t size = cell.null() ? kNull : cell.size;
    rows_.append(&size, sizeof size);
    if (!cell.null()) rows_.append(cell.data, cell.size);
  }
}

void SpooledReply::take(Reply& live, const Row* current) {
  if (current != nullptr) {
    std::size_t total = 0;
    for (const Cell& cell : *current) total += cell.size;
    current_copy_.bytes.reserve(total + 1);
    for (const Cell& cell : *current) {
      const std::size_t at = current_copy_.bytes.size();
      if (!cell.null()) {
        current_copy_.bytes.insert(current_copy_.bytes.end(), cell.data, cell.data + cell.size);
      }
      current_copy_.cells.push_back(
          {.data = cell.null() ? nullptr : current_copy_.bytes.data() + at, .size = cell.size});
    }
    current_row_ = current_copy_.cells;
    has_current_ = true;
  }
  do {
    results_.push_back({live.columns(), live.format(), live.counts()});
    Result& result = results_.back();
    while (!result.columns.empty()) {
      const Row* row = live.fetch(Deadline::never());
      if (row == nullptr) break;
      append_row(*row);
      ++result.rows;
    }
    result.counts = live.counts();
  } while (live.next_result(Deadline::never()));
}

const std::vector<fabric::mysql::Column>& SpooledReply::columns() const {
  return results_.front().columns;
}

fabric::mysql::RowFormat SpooledReply::format() const { return results_.front().format; }

const fabric::mysql::Counts& SpooledReply::counts() const { return results_.front().counts; }

void SpooledReply::read_row(std::size_t width) {
  copy_.cells.assign(width, {});
  copy_.bytes.clear();
  std::vector<std::size_t> starts(width, 0);
  for (std::size_t i = 0; i < width; ++i) {
    std::uint64_t size = 0;
    rows_.read(&size, sizeof size);
    if (size == kNull) continue;
    starts[i] = copy_.bytes.size() + 1;
    copy_.bytes.resize(copy_.bytes.size() + size + 1);  // one more, so that no cell is at the end
    rows_.read(copy_.bytes.data() + starts[i] - 1, size);
    copy_.cells[i].size = size;
  }
  for (std::size_t i = 0; i < width; ++i) {
    if (starts[i] != 0) copy_.cells[i].data = copy_.bytes.data() + starts[i] - 1;
  }
  row_ = copy_.cells;
}

const Row* SpooledReply::fetch(Deadline /*deadline*/) {
  Result& result = results_.front();
  if (result.rows == 0) {
    if (error_ && results_.size() == 1) throw fabric::mysql::MysqlError(*error_);
    return nullptr;
  }
  --result.rows;
  read_row(result.columns.size());
  return &row_;
}

bool SpooledReply::next_result(Deadline deadline) {
  while (fetch(deadline) != nullptr) {
  }
  if (results_.size() == 1) return false;
  results_.pop_front();
  return true;
}

bool SpooledReply::finished() const {
  return results_.size() == 1 && results_.front().rows == 0 && !error_;
}

}  // namespace driver
