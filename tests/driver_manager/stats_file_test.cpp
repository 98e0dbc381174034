// STATS_FILE: the pools' counters for a collector of metrics.
#include <unistd.h>

#include <filesystem>
#include <fstream>
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

FOR_EVERY_SERVER(StatsFile);

}  // namespace
}  // namespace test_support
