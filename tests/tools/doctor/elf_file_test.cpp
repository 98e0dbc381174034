#include "tools/doctor/elf_file.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/source_tree.h"

namespace tools::doctor {
namespace {

TEST(ElfFile, KnowsThisMachine) {
  const ElfKind own = own_kind();
  EXPECT_EQ(own.bits, 8 * sizeof(void*));
  EXPECT_TRUE(own.shared);
  EXPECT_EQ(kind_name({.bits = 64, .machine = EM_X86_64}), "64-bit x86-64");
  EXPECT_EQ(kind_name({.bits = 32, .machine = EM_386}), "32-bit i386");
  EXPECT_EQ(kind_name({.bits = 64, .machine = 9999}), "64-bit machine 9999");
}

TEST(ElfFile, TellsOtherFilesApart) {
  EXPECT_EQ(elf_kind(test_support::source_file("README.md")), std::nullopt);
  EXPECT_EQ(elf_kind("/nowhere"), std::nullopt);
  EXPECT_EQ(elf_kind("/"), std::nullopt);
}

TEST(ElfFile, FindsAllLibrariesOfThisProgram) {
  const LoaderWords words = ask_loader(std::filesystem::read_symlink("/proc/self/exe").string());
  EXPECT_TRUE(words.missing.empty());
}

TEST(ElfFile, ReadsWhatTheLoaderSays) {
  const LoaderWords words = parse_loader_words(
      "\tlinux-vdso.so.1 (0x00007ffd)\n"
      "\tlibmariadb.so.3 => not found\n"
      "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n"
      "\tlibPocoNet.so.80 => not found\n"
      "\tlibPocoNet.so.80 => not found\n"
      "undefined symbol: curl_easy_init\t(/opt/driver.so)\n"
      "/opt/driver.so: /lib/libc.so.6: version `GLIBC_2.99' not found (required by "
      "/opt/driver.so)\n");
  EXPECT_EQ(words.missing, (std::vector<std::string>{"libmariadb.so.3", "libPocoNet.so.80"}));
  ASSERT_EQ(words.problems.size(), 2u);
  EXPECT_NE(words.problems[0].find("curl_easy_init"), std::string::npos);
  EXPECT_NE(words.problems[1].find("GLIBC_2.99"), std::string::npos);
}

TEST(ElfFile, NamesPackages) {
  EXPECT_EQ(package_of("libmariadb.so.3"), "libmariadb3");
  EXPECT_EQ(package_of("libPocoNetSSL.so.80"), "libpoconetssl80");
  EXPECT_EQ(package_of("libodbcinst.so.2"), "libodbcinst2");
  EXPECT_EQ(package_of("libnobody.so.1"), "");
}

}  // namespace
}  // namespace tools::doctor
