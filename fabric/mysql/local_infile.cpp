#include "fabric/mysql/local_infile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>

namespace fabric::mysql {
namespace {

namespace fs = std::filesystem;

/// One file on its way to the server; made by infile_init, freed by infile_end.
struct Infile {
  std::ifstream file;
  std::string error;  ///< why there is none
};

bool lies_below(const fs::path& file, const fs::path& folder) {
  const auto [in_folder, in_file] =
      std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return in_folder == folder.end() || (in_folder->empty() && std::next(in_folder) == folder.end());
}

std::string open_guarded(Infile& infile, const std::string& name, const std::string& folder) {
  std::error_code missing;
  const fs::path real = fs::canonical(name, missing);
  if (missing) return "The file '" + name + "' cannot be read: " + missing.message();
  if (!folder.empty()) {
    const fs::path allowed = fs::canonical(folder, missing);
    if (missing || !lies_below(real, allowed)) {
      return "The file '" + name + "' does not lie below LOAD_DATA_LOCAL_DIR (" + folder +
             "), so LOAD DATA LOCAL may not read it";
    }
  }
  if (!fs::is_regular_file(real, missing)) return "'" + name + "' is not a regular file";
  infile.file.open(real, std::ios::binary);
  return infile.file ? std::string() : "The file '" + name + "' cannot be read";
}

int infile_init(void** state, const char* name, void* folder) noexcept {
  try {
    auto infile = std::make_unique<Infile>();
    infile->error = open_guarded(*infile, name, *static_cast<const std::string*>(folder));
    const bool refused = !infile->error.empty();
    *state = infile.release();
    return refused ? 1 : 0;
  } catch (...) {  // no exception may cross the library
    *state = nullptr;
    return 1;
  }
}

int infile_read(void* state, char* buffer, unsigned int size) noexcept {
  auto& infile = *static_cast<Infile*>(state);
  infile.file.read(buffer, size);
  if (infile.file.bad()) return -1;
  return static_cast<int>(infile.file.gcount());
}

void infile_end(void* state) noexcept {
  const std::unique_ptr<Infile> ended(static_cast<Infile*>(state));
}

int infile_error(void* state, char* text, unsigned int size) noexcept {
  const auto* infile = static_cast<const Infile*>(state);
  const char* why = infile == nullptr ? "Out of memory" : infile->error.c_str();
  static_cast<void>(std::snprintf(text, size, "%s", *why != 0 ? why : "The file cannot be read"));
  return CR_UNKNOWN_ERROR;
}

}  // namespace

void guard_local_infile(MYSQL* mysql, const std::string& folder) {
  mysql_set_local_infile_handler(mysql, infile_init, infile_read, infile_end, infile_error,
                                 const_cast<std::string*>(&folder));
}

}  // namespace fabric::mysql
