// A temporary file without a name: appended to at its end, read anywhere. It lies in the folder
// that TMPDIR names, else in /tmp, and is gone with its last descriptor, however the process ends.
// Belongs to one result; guarded by its connection's mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace driver::rows {

class SpoolFile {
 public:
  SpoolFile() = default;
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  /// Both throw base::Error HY014 when the file cannot be made, written or read.
  void append(const void* data, std::size_t size);
  /// Bytes that were appended before.
  void read(std::uint64_t offset, void* target, std::size_t size);
  [[nodiscard]] std::uint64_t size() const { return written_ + unwritten_.size(); }

 private:
  void flush();
  void write(const std::uint8_t* bytes, std::size_t size);

  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  std::vector<std::uint8_t> unwritten_;
};

}  // namespace driver::rows
