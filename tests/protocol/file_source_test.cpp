// A topology file over real servers: what they are is what they say.
#include "fabric/file_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/protocol/server_fixture.h"
#include "tests/support/text.h"

namespace fabric {
namespace {

using mysql::soon;
using test_support::contains;
using test_support::ServerKind;
using test_support::TestServer;

class FileFarm : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    first_ = std::make_unique<TestServer>(ServerKind::kMariaDb);
    const ServerKind other = test_support::server_kinds().back();  // MySQL 5.6 where it is there
    second_ = std::make_unique<TestServer>(other, std::vector<std::string>{"--read-only"});
  }
  static void TearDownTestSuite() {
    first_.reset();
    second_.reset();
  }
  void SetUp() override {
    path_ = first_->folder() / "farm.ini";
    write_file("[group g]\n" + line_of(*first_) + line_of(*second_));
    options_.path = path_;
    options_.credentials = first_->connect_options().credentials;
    set_read_only(*first_, false);
    set_read_only(*second_, true);
  }

  static std::string line_of(const TestServer& server) {
    return "server = " + server.endpoint().text() + "\n";
  }
  void write_file(const std::string& text) const {
    const std::string fresh = path_.string() + ".new";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path_);
  }
  void set_read_only(const TestServer& server, bool on) {
    // The user app has SUPER, which is not held up by read_only.
    mysql::ServerConnection::open(server.connect_options(), watchdog_, soon())
        ->run(std::string("SET GLOBAL read_only = ") + (on ? "1" : "0"), soon());
  }
  FileSource& source() {
    if (!source_) source_ = std::make_unique<FileSource>(options_, watchdog_);
    return *source_;
  }
  /// A letter for each server, in order: Primary, Secondary, sPare (-), Faulty.
  std::string roles() {
    std::string text;
    content_ = source().fetch(soon());
    for (const Server& server : content_.servers) {
      text += "F-SP"[static_cast<std::size_t>(server.status)];
    }
    return text;
  }
  std::string failure(base::SqlState state = base::SqlState::k08001) {
    try {
      source().fetch(soon());
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), state);
      return error.what();
    }
    return "no failure";
  }

  static std::unique_ptr<TestServer> first_, second_;
  base::SystemClock clock_;
  mysql::Watchdog watchdog_{clock_};
  std::filesystem::path path_;
  FileSourceOptions options_;
  std::unique_ptr<FileSource> source_;
  Topology::Content content_;
};

std::unique_ptr<TestServer> FileFarm::first_, FileFarm::second_;

TEST_F(FileFarm, HasTheRolesThatTheServersSay) {
  EXPECT_EQ(roles(), "PS");
  EXPECT_EQ(content_.ttl, std::chrono::seconds(2));
  EXPECT_EQ(content_.servers[0].uuid, first_->endpoint().text());
  set_read_only(*first_, true);
  EXPECT_EQ(roles(), "SS");
  set_read_only(*second_, false);
  EXPECT_EQ(roles(), "SP") << "a switchover";
  set_read_only(*first_, false);
  EXPECT_EQ(roles(), "-P") << "two that accept writes: the one that was before";
  source_.reset();
  EXPECT_EQ(roles(), "--") << "who has known neither guesses nothing";
  EXPECT_TRUE(contains(content_.sharding_problem, "set read_only on the replicas"));
}

TEST_F(FileFarm, FollowsTheFile) {
  EXPECT_EQ(roles(), "PS");
  write_file("[farm]\nttl = 7s\n[group g]\n" + line_of(*second_));
  EXPECT_EQ(roles(), "S");
  EXPECT_EQ(content_.ttl, std::chrono::seconds(7));
  write_file("[group g]\nserver\n");
  EXPECT_EQ(roles(), "S") << "a slip of the pen takes no farm down";
  EXPECT_EQ(content_.sharding_problem,
            path_.string() + ":2: this line is neither [section] nor key = value");
  std::filesystem::remove(path_);
  EXPECT_EQ(roles(), "S");
  EXPECT_TRUE(contains(content_.sharding_problem, "cannot be read (No such file or directory)"));
  write_file("[group g]\n" + line_of(*first_));
  EXPECT_EQ(roles(), "P");
  EXPECT_EQ(content_.sharding_problem, "");
}

/// As two within a tick of the file system's clock do.
TEST_F(FileFarm, SeesAChangeThatLeavesTheFilesTimeAndLengthAsTheyWere) {
  const auto write_in_place = [&](const std::string& ttl, const struct timespec& time) {
    std::ofstream(path_) << "[farm]\nttl = " << ttl << "\n[group g]\n" << line_of(*first_);
    const std::array times{time, time};
    ASSERT_EQ(utimensat(AT_FDCWD, path_.c_str(), times.data(), 0), 0);
  };
  const struct timespec now { std::time(nullptr), 0 };
  write_in_place("5s", now);
  EXPECT_EQ(roles(), "P");
  write_in_place("7s", now);
  EXPECT_EQ(roles(), "P");
  EXPECT_EQ(content_.ttl, std::chrono::seconds(7));
}

TEST_F(FileFarm, SaysWhatIsWrongWithTheFileAtFirst) {
  std::filesystem::remove(path_);
  EXPECT_TRUE(contains(failure(), "check FABRIC_NODES=file:PATH"));
  write_file("[group g]\nhost = x\n");
  EXPECT_EQ(failure(), path_.string() + ":2: 'host' is not known in a group: use server");
  EXPECT_THROW(source().fetch(soon()), NodesRefused) << "to ask again at once is pointless";
}

TEST_F(FileFarm, SeesServersDieAndComeBack) {
  TestServer mortal(ServerKind::kMariaDb);
  write_file("[group g]\n" + line_of(mortal) + "[group h]\n" + line_of(*first_));
  EXPECT_EQ(roles(), "PP");
  mortal.kill();
  EXPECT_EQ(roles(), "FP");
  mortal.restart();
  EXPECT_EQ(roles(), "PP");
}

TEST_F(FileFarm, WaitsForNoSilentServer) {
  TestServer frozen(ServerKind::kMariaDb);
  options_.silence = std::chrono::milliseconds(1);
  write_file("[group g]\n" + line_of(frozen) + "[group h]\n" + line_of(*first_));
  EXPECT_EQ(roles(), "PP");
  frozen.freeze();
  const auto asked = clock_.now();
  EXPECT_EQ(roles(), "FP");
  EXPECT_LT(clock_.now() - asked, std::chrono::seconds(3)) << "not the whole timeout";
  frozen.thaw();
  while (roles() != "PP") ASSERT_LT(clock_.now() - asked, std::chrono::seconds(20));
}

TEST_F(FileFarm, SaysWhyNobodyAnswers) {
  write_file("[group g]\nserver = 127.0.0.1:1\n");
  EXPECT_TRUE(contains(failure(), "No server of " + path_.string() +
                                      " answered: 127.0.0.1:1: Cannot connect to 127.0.0.1:1"));
  write_file("[group g]\n" + line_of(*first_));
  options_.credentials.password = "wrong";
  source_.reset();
  EXPECT_THROW(source().fetch(soon()), NodesRefused);
  EXPECT_TRUE(contains(failure(base::SqlState::k28000),
                       "Set FABRIC_USER and FABRIC_PASSWORD, or UID and PWD"));
}

/// A child finds the looks whole, whatever the refresher was doing with them.
TEST_F(FileFarm, IsAbandonedInAChildWhileItsServersChange) {
  std::string many = "[group g]\n" + line_of(*first_);
  for (int port = 1; port <= 60; ++port) {
    many += "server = 127.0.0.1:" + std::to_string(port) + "\n";
  }
  std::atomic<bool> done{false};
  source();
  std::thread refresher([&] {
    for (bool all = true; !done; all = !all) {
      write_file(all ? many : "[group g]\n" + line_of(*first_));
      source().fetch(soon());
    }
  });
  for (int i = 0; i < 300; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      source_->abandon_after_fork();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "fork " << i;
  }
  done = true;
  refresher.join();
}

TEST_F(FileFarm, TakesReportsForNothing) {
  EXPECT_NO_THROW(source().report({}, soon()));
  EXPECT_TRUE(source().can_change());
}

}  // namespace
}  // namespace fabric
