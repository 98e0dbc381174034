// STATS_FILE: the pools' counters for a collector of metrics.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class StatsFile : public ServerCase {};

TEST_P(StatsFile, IsThereOnceTheFirstConnectionIs) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  const std::string name = std::string("fabric-odbc-") + name_of(GetParam()) + "-";
  const std::filesystem::path file = folder / (name + std::to_string(getpid()) + ".prom");
  OdbcConnection counted(environment_);
  counted.connect(connection_string(server_.endpoint(),
                                    "STATS_FILE=" + (folder / (name + "%p.prom")).string()));
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_NE(text.str().find("fabric_odbc_borrows_total{server=\"" + server_.endpoint().text() +
                            "\",user=\"app\",pooled=\"1\"}"),
            std::string::npos)
      << text.str();
  std::filesystem::remove(file);
}

TEST_P(StatsFile, ThatCannotBeWrittenIsAWarning) {
  OdbcConnection counted(environment_);
  counted.connect(connection_string(server_.endpoint(), "STATS_FILE=/nowhere/at/all"));
  ASSERT_FALSE(counted.diagnostics().empty());
  EXPECT_EQ(counted.diagnostics().front().state, "01S00");
}

/// Replacing /dev/null would be the end of more than of this program.
TEST_P(StatsFile, ReplacesNothingButFiles) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("stats-" + std::to_string(getpid()));
  fs::create_directories(folder / "folder");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/dev/null", folder / "link");
  for (const char* name : {"folder", "pipe", "link"}) {
    const fs::path path = folder / name;
    const fs::file_type before = fs::symlink_status(path).type();
    OdbcConnection counted(environment_);
    counted.connect(connection_string(server_.endpoint(), "STATS_FILE=" + path.string()));
    ASSERT_FALSE(counted.diagnostics().empty()) << name;
    EXPECT_EQ(counted.diagnostics().front().state, "01S00") << name;
    EXPECT_EQ(fs::symlink_status(path).type(), before) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 3) << "nothing is left beside them";
  fs::remove_all(folder);
}

FOR_EVERY_SERVER(StatsFile);

}  // namespace
}  // namespace test_support
