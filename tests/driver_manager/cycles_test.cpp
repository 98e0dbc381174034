// Ten thousand connects and disconnects in one process: nothing grows.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/driver_manager/in_child.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

constexpr int kWarmUp = 1000;
constexpr int kCycles = 10000;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kMayGrow = 512L << 20U;  // freed memory stays in quarantine; the leak check is exact
#else
constexpr long kMayGrow = 1L << 20U;  // bytes; the noise of an allocator
#endif

long resident_bytes() {
  std::ifstream file("/proc/self/statm");
  long pages = 0;
  long resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

long open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

void cycle(const std::string& text, bool with_own_environment) {
  static const OdbcEnvironment shared;
  const auto run = [&text](const OdbcEnvironment& environment) {
    OdbcConnection connection(environment);
    connection.connect(text);
    OdbcStatement statement(connection);
    ASSERT_EQ(statement.value("SELECT 1"), "1");
  };
  if (!with_own_environment) return run(shared);
  run(OdbcEnvironment());
}

TEST(Cycles, LeaveNothingBehind) {
  const std::string text = connection_string(TestServer::shared(ServerKind::kMariaDb).endpoint());
  for (int i = 0; i < kWarmUp; ++i) cycle(text, i % 2 == 0);
  const long bytes = resident_bytes();
  const long descriptors = open_descriptors();
  for (int i = 0; i < kCycles; ++i) cycle(text, i % 2 == 0);
  EXPECT_LE(resident_bytes(), bytes + kMayGrow);
  EXPECT_LE(open_descriptors(), descriptors);
}

TEST(Cycles, ThatFailLeaveNothingBehindEither) {
  const std::string text = connection_string(TestServer::shared(ServerKind::kMariaDb).endpoint());
  // The first occurrence of a keyword counts: so the wrong password goes first.
  const std::string wrong = "PWD=wrong;" + text;
  // In a process of its own: the farms of suites that ran before open and close links to their
  // nodes in the background, and so change what is counted.
  const int grown = in_child([&] {
    const OdbcEnvironment environment;
    const auto fails = [&](int times) {
      for (int i = 0; i < times; ++i) {
        OdbcConnection connection(environment);
        try {
          connection.connect(wrong);
          throw std::runtime_error("connected with a wrong password");
        } catch (const OdbcError&) {
        }
      }
    };
    fails(50);
    const long bytes = resident_bytes();
    const long descriptors = open_descriptors();
    fails(500);
    return (resident_bytes() > bytes + kMayGrow ? 1 : 0) +
           (open_descriptors() > descriptors ? 2 : 0);
  });
  EXPECT_EQ(grown, 0) << "1: memory, 2: descriptors";
}

}  // namespace
}  // namespace test_support
