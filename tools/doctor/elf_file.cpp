#include "tools/doctor/elf_file.h"

#include <elf.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <utility>

namespace tools::doctor {
namespace {

constexpr const char* kSelf = "/proc/self/exe";

template <class Record>
bool read_at(std::ifstream& file, std::uint64_t offset, Record& into) {
  file.seekg(static_cast<std::streamoff>(offset));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a plain record of <elf.h>
  return static_cast<bool>(file.read(reinterpret_cast<char*>(&into), sizeof into));
}

/// The loader that this program names.
std::string own_loader() {
  std::ifstream file(kSelf, std::ios::binary);
  Elf64_Ehdr header{};
  if (!read_at(file, 0, header)) return {};
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part{};
    if (!read_at(file, header.e_phoff + std::uint64_t{i} * header.e_phentsize, part)) return {};
    if (part.p_type != PT_INTERP || part.p_filesz == 0) continue;
    std::string path(part.p_filesz - 1, '\0');  // it ends with a NUL
    file.seekg(static_cast<std::streamoff>(part.p_offset));
    file.read(path.data(), static_cast<std::streamsize>(path.size()));
    return path;
  }
  return {};
}

std::string all_output(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// Both outputs of the program; empty when it cannot be started.
std::string output_of(std::vector<std::string> arguments, std::vector<std::string> environment) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  pid_t child = -1;
  const int failed = posix_spawn(&child, arguments.front().c_str(), &actions, nullptr,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string text = failed == 0 ? all_output(ends[0]) : std::string();
  close(ends[0]);
  if (failed == 0) waitpid(child, nullptr, 0);
  return text;
}

/// Of libPocoNetSSL.so.80 libpoconetssl80, as Debian names its packages.
std::string poco_package(std::string_view library) {
  const std::size_t dot = library.find(".so.");
  if (!library.starts_with("libPoco") || dot == std::string_view::npos) return {};
  std::string name(library.substr(0, dot));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name + std::string(library.substr(dot + 4));
}

}  // namespace

std::optional<ElfKind> elf_kind(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};  // what is read of it lies alike in files of 32 bits
  file.read(reinterpret_cast<char*>(&header), offsetof(Elf64_Ehdr, e_version));
  const auto& magic = header.e_ident;
  if (!file || magic[0] != ELFMAG0 || magic[1] != 'E' || magic[2] != 'L' || magic[3] != 'F') {
    return {};
  }
  return ElfKind{.bits = magic[EI_CLASS] == ELFCLASS64 ? 64U : 32U,
                 .machine = header.e_machine,
                 .shared = header.e_type == ET_DYN};
}

std::string kind_name(const ElfKind& kind) {
  static constexpr std::array<std::pair<std::uint16_t, const char*>, 6> kMachines{
      {{EM_X86_64, "x86-64"},
       {EM_386, "i386"},
       {EM_AARCH64, "ARM (aarch64)"},
       {EM_ARM, "ARM (armhf)"},
       {EM_PPC64, "PowerPC"},
       {EM_RISCV, "RISC-V"}}};
  const auto* found =
      std::ranges::find(kMachines, kind.machine, &std::pair<std::uint16_t, const char*>::first);
  return std::to_string(kind.bits) + "-bit " +
         (found == kMachines.end() ? "machine " + std::to_string(kind.machine) : found->second);
}

ElfKind own_kind() {
  ElfKind kind = elf_kind(kSelf).value_or(ElfKind());
  kind.shared = true;
  return kind;
}

LoaderWords parse_loader_words(std::string_view text) {
  LoaderWords words;
  const auto add = [](std::vector<std::string>& list, std::string_view one) {
    if (std::ranges::find(list, one) == list.end()) list.emplace_back(one);
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::size_t arrow = line.find(" => not found");
    const auto says = [line](std::string_view part) { return line.find(part) != line.npos; };
    if (arrow != std::string_view::npos) {
      add(words.missing, line.substr(0, arrow));
    } else if (says("undefined symbol") || says("symbol lookup error") || says("not found (") ||
               says("error while loading") || says("wrong ELF class")) {
      add(words.problems, line);
    }
  }
  return words;
}

LoaderWords ask_loader(const std::string& path) {
  const std::string loader = own_loader();
  if (loader.empty()) {
    LoaderWords none;
    none.asked = false;
    return none;
  }
  std::vector<std::string> environment{"LD_TRACE_LOADED_OBJECTS=1", "LD_WARN=yes",
                                       "LD_BIND_NOW=yes"};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it here
  if (const char* folders = std::getenv("LD_LIBRARY_PATH")) {
    environment.push_back(std::string("LD_LIBRARY_PATH=") + folders);
  }
  const std::string said = output_of({loader, path}, std::move(environment));
  LoaderWords words = parse_loader_words(said);
  words.asked = !said.empty();
  return words;
}

std::string package_of(std::string_view library) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 13> kPackages{
      {{"libmariadb.so.3", "libmariadb3"},
       {"libodbc.so.2", "libodbc2"},
       {"libodbcinst.so.2", "libodbcinst2"},
       {"libltdl.so.7", "libltdl7"},
       {"libssl.so.3", "libssl3"},
       {"libcrypto.so.3", "libssl3"},
       {"libstdc++.so.6", "libstdc++6"},
       {"libgcc_s.so.1", "libgcc-s1"},
       {"libexpat.so.1", "libexpat1"},
       {"libpcre2-8.so.0", "libpcre2-8-0"},
       {"libpcre2-posix.so.3", "libpcre2-posix3"},
       {"libz.so.1", "zlib1g"},
       {"libzstd.so.1", "libzstd1"}}};
  const auto* found =
      std::ranges::find(kPackages, library, &std::pair<std::string_view, const char*>::first);
  return found == kPackages.end() ? poco_package(library) : found->second;
}

}  // namespace tools::doctor
