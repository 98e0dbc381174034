// What a file of machine code is for, and what the dynamic loader says of it. No code of the file
// is run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tools::doctor {

struct ElfKind {
  unsigned bits = 0;
  std::uint16_t machine = 0;  ///< EM_...
  bool shared = false;        ///< can be loaded
  friend bool operator==(const ElfKind&, const ElfKind&) = default;
};

/// Nothing when it cannot be read, or is no ELF file.
std::optional<ElfKind> elf_kind(const std::string& path);
/// "64-bit x86-64"
std::string kind_name(const ElfKind& kind);
/// Of this program, and so of what it and its kin can load.
ElfKind own_kind();

struct LoaderWords {
  std::vector<std::string> missing;   ///< libraries: "libPocoNet.so.80"
  std::vector<std::string> problems;  ///< other reasons why it cannot be loaded
  bool asked = true;                  ///< false: this machine's loader could not be asked
};
/// Reads what ld.so --list and its kin print.
LoaderWords parse_loader_words(std::string_view text);
/// Asks the loader to find all libraries and symbols, as at loading.
LoaderWords ask_loader(const std::string& path);

/// The package of Debian 12 that has the library; empty when it is not known.
std::string package_of(std::string_view library);

}  // namespace tools::doctor
