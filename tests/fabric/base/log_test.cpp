#include "fabric/base/log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

namespace fabric::base {
namespace {

namespace fs = std::filesystem;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    std::string name = (fs::temp_directory_path() / "fabric-odbc-log-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~LogTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name = "log") const { return folder_ / name; }
  static std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  static bool written(const std::string& path, std::size_t lines) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (lines_of(path).size() < lines) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  fs::path folder_;
};

TEST_F(LogTest, WritesALineForEachEventOfItsLevel) {
  Log log;
  ASSERT_TRUE(log.add(path(), LogLevel::kInfo));
  log.note(LogLevel::kWarning, [] { return "a server\nis gone"; });
  log.note(LogLevel::kInfo, [] { return "it is back"; });
  bool made = false;
  log.note(LogLevel::kDebug, [&] {
    made = true;
    return "nobody wants it";
  });
  log.end();
  EXPECT_FALSE(made) << "the text of what nobody wants is not made";
  const auto lines = lines_of(path());
  ASSERT_EQ(lines.size(), 2u);
  const std::string head =
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[)" + std::to_string(getpid()) + R"(\] )";
  EXPECT_TRUE(std::regex_match(lines[0], std::regex(head + "warning: a server is gone")))
      << lines[0];
  EXPECT_TRUE(std::regex_match(lines[1], std::regex(head + "info: it is back"))) << lines[1];
}

TEST_F(LogTest, GivesEachFileWhatItWants) {
  Log log;
  ASSERT_TRUE(log.add(path("grave"), LogLevel::kError));
  ASSERT_TRUE(log.add(path("all"), LogLevel::kInfo));
  ASSERT_TRUE(log.add(path("all"), LogLevel::kDebug)) << "the one with more lines counts";
  ASSERT_TRUE(log.add(path("all"), LogLevel::kWarning));
  log.note(LogLevel::kDebug, [] { return "small"; });
  log.note(LogLevel::kError, [] { return "grave"; });
  log.end();
  EXPECT_EQ(lines_of(path("grave")).size(), 1u);
  EXPECT_EQ(lines_of(path("all")).size(), 2u);
}

TEST_F(LogTest, BeginsAnewWhenItsFileWasMovedAway) {
  Log log;
  ASSERT_TRUE(log.add(path(), LogLevel::kInfo));
  log.note(LogLevel::kInfo, [] { return "before"; });
  ASSERT_TRUE(written(path(), 1));
  fs::rename(path(), path("log.1"));
  log.note(LogLevel::kInfo, [] { return "after"; });
  ASSERT_TRUE(written(path(), 1));
  log.end();
  EXPECT_EQ(lines_of(path("log.1")).size(), 1u);
  EXPECT_NE(lines_of(path()).at(0).find("after"), std::string::npos);
}

TEST_F(LogTest, IsRefusedWhereItCannotBeWritten) {
  Log log;
  EXPECT_FALSE(log.add("/nowhere/at/all", LogLevel::kInfo));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(log.add(path("pipe"), LogLevel::kInfo)) << "nobody reads it: not waited for";
  EXPECT_FALSE(log.wants(LogLevel::kError));
  EXPECT_TRUE(log.add("/nowhere/at/all", LogLevel::kOff));
}

/// The limit of a process on its files fails a write as a full disk does: after the part that fits.
TEST_F(LogTest, TellsWhatAFullDiskHadNoRoomFor) {
  rlimit unlimited{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  Log log;
  ASSERT_TRUE(log.add(path(), LogLevel::kInfo));
  log.note(LogLevel::kInfo, [] { return "the first, which is longer than all that follow"; });
  ASSERT_TRUE(written(path(), 1));
  ASSERT_TRUE(log.add(path("written after it"), LogLevel::kInfo));
  rlimit full = unlimited;
  full.rlim_cur = fs::file_size(path()) + 10;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  log.note(LogLevel::kInfo, [] { return "of which only a piece fits"; });
  ASSERT_TRUE(written(path("written after it"), 1));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  log.note(LogLevel::kInfo, [] { return "the last"; });
  log.end();
  const auto lines = lines_of(path());
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].size(), 10u);
  EXPECT_TRUE(lines[2].ends_with("warning: 1 lines were dropped here")) << lines[2];
  EXPECT_TRUE(lines[3].ends_with("info: the last")) << lines[3];
}

TEST_F(LogTest, NamesTheProcessInItsPath) {
  Log log;
  ASSERT_TRUE(log.add(path("log-%p"), LogLevel::kInfo));
  EXPECT_TRUE(fs::exists(path("log-" + std::to_string(getpid()))));
}

TEST_F(LogTest, HasWholeLinesOfAllThreads) {
  constexpr int kThreads = 8;
  constexpr int kLines = 200;
  Log log;
  ASSERT_TRUE(log.add(path(), LogLevel::kInfo));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&log] {
        for (int line = 0; line < kLines; ++line) {
          log.note(LogLevel::kInfo, [] { return std::string(100, 'x') + " end"; });
        }
      });
    }
  }
  log.end();
  const auto lines = lines_of(path());
  EXPECT_EQ(lines.size(), std::size_t{kThreads} * kLines);
  for (const std::string& line : lines) ASSERT_TRUE(line.ends_with("xx end")) << line;
}

TEST_F(LogTest, IsSilentInAForkedChild) {
  Log log;
  ASSERT_TRUE(log.add(path(), LogLevel::kInfo));
  log.lock_for_fork();
  const pid_t child = fork();
  if (child == 0) {
    log.abandon_after_fork();
    log.note(LogLevel::kError, [] { return "of the child"; });
    _exit(log.wants(LogLevel::kError) ? 1 : 0);
  }
  log.unlock_after_fork();
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  log.note(LogLevel::kInfo, [] { return "of the parent"; });
  log.end();
  EXPECT_EQ(lines_of(path()).size(), 1u);
}

}  // namespace
}  // namespace fabric::base
