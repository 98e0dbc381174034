#include "tools/top/stats_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tools::top {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLine = "fabric_odbc_waiting{server=\"a:1\",user=\"u\",pooled=\"1\"} 4\n";

class TopStatsFiles : public testing::Test {
 protected:
  TopStatsFiles() {
    std::string pattern = testing::TempDir() + "stats_files_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~TopStatsFiles() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name) {
    std::ofstream(folder_ / name) << kLine;
    return folder_ / name;
  }
  [[nodiscard]] std::vector<ProcessStats> read(const std::string& name) const {
    return read_stats_files((folder_ / name).string());
  }

 private:
  fs::path folder_;
};

TEST_F(TopStatsFiles, FindsThoseOfProcessesThatLive) {
  constexpr int kNobody = 0x7FFFFFF0;  // beyond what Linux gives out
  const std::string ours = std::to_string(getpid());
  write("app-" + ours + ".prom");
  write("app-" + std::to_string(kNobody) + ".prom");
  write("app-" + ours + ".prom.new");
  write("app-x.prom");
  const auto processes = read("app-%p.prom");
  ASSERT_EQ(processes.size(), 1U);
  EXPECT_EQ(processes.front().pid, getpid());
  EXPECT_FALSE(processes.front().program.empty());
  ASSERT_EQ(processes.front().page.pools.size(), 1U);
  EXPECT_EQ(processes.front().page.pools.front().waiting, 4U);
}

TEST_F(TopStatsFiles, LeavesOutWhatIsNotWrittenAnyMore) {
  const fs::path path = write("app.prom");
  EXPECT_EQ(read("app.prom").size(), 1U);
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::minutes(1));
  EXPECT_TRUE(read("app.prom").empty());
}

TEST_F(TopStatsFiles, StandsFoldersThatAreMissing) {
  EXPECT_TRUE(read("no/such/app-%p.prom").empty());
  EXPECT_TRUE(read("no/such/app.prom").empty());
}

}  // namespace
}  // namespace tools::top
