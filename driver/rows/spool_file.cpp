#include "driver/rows/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "driver/cancel_later.h"
#include "fabric/base/error.h"

namespace driver::rows {
namespace {

constexpr std::size_t kBuffer = std::size_t{64} << 10U;

fabric::base::Error no_spool_file() {
  return {
      fabric::base::SqlState::kHY014,
      "A result was too large for SPOOL_MEMORY and could not be kept in a temporary file: check "
      "the free space of the folder that TMPDIR names"};
}

int open_unnamed() {
  const char* wanted = std::getenv("TMPDIR");
  const std::string folder = wanted == nullptr || *wanted == '\0' ? "/tmp" : wanted;
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnerOnly);
  if (descriptor >= 0) return descriptor;
  std::string name = folder + "/fabric-odbc-XXXXXX";  // a file system without O_TMPFILE
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

SpoolFile::~SpoolFile() {
  if (descriptor_ < 0) return;
  const CancelLater cancel_later;
  close(descriptor_);
}

void SpoolFile::append(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  if (unwritten_.size() + size > kBuffer) flush();
  if (size > kBuffer) return write(bytes, size);
  unwritten_.insert(unwritten_.end(), bytes, bytes + size);
}

void SpoolFile::flush() {
  write(unwritten_.data(), unwritten_.size());
  unwritten_.clear();
}

void SpoolFile::write(const std::uint8_t* bytes, std::size_t size) {
  const CancelLater cancel_later;
  if (descriptor_ < 0) descriptor_ = open_unnamed();
  if (descriptor_ < 0) throw no_spool_file();
  while (size > 0) {
    const ssize_t done = pwrite(descriptor_, bytes, size, static_cast<off_t>(written_));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw no_spool_file();
    bytes += done;
    size -= static_cast<std::size_t>(done);
    written_ += static_cast<std::uint64_t>(done);
  }
}

void SpoolFile::read(std::uint64_t offset, void* target, std::size_t size) {
  flush();
  const CancelLater cancel_later;
  auto* out = static_cast<std::uint8_t*>(target);
  while (size > 0) {
    const ssize_t done = pread(descriptor_, out, size, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw no_spool_file();
    out += done;
    size -= static_cast<std::size_t>(done);
    offset += static_cast<std::uint64_t>(done);
  }
}

}  // namespace driver::rows
