#include "fabric/base/name_lookup.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <latch>
#include <thread>

#include "fabric/base/clock.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"

namespace {

constexpr const char* kSilent = "silent-name-service.invalid";

/// What a name service that never answers holds up, until the test ends.
std::latch& answered() {
  static std::latch latch(1);
  return latch;
}

}  // namespace

// In the place of the C library's.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  const bool numeric = hints != nullptr && (hints->ai_flags & AI_NUMERICHOST) != 0;
  if (host != nullptr && std::strcmp(host, kSilent) == 0 && !numeric) {
    answered().wait();
    return EAI_AGAIN;
  }
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(host, service, hints, found);
}

namespace fabric::base {
namespace {

using namespace std::chrono_literals;

class NameLookups : public testing::Test {
 protected:
  static void TearDownTestSuite() { answered().count_down(); }
  static Deadline soon(std::chrono::milliseconds time = 20s) {
    return Deadline::after(SystemClock(), time);
  }
};

TEST_F(NameLookups, ReturnAHostInDigitsAsItIs) {
  NameLookup lookup("192.0.2.1");
  EXPECT_EQ(lookup.fd(), -1);
  EXPECT_EQ(lookup.wait(Deadline::at(SteadyTime())), std::vector<std::string>{"192.0.2.1"});
}

TEST_F(NameLookups, FindTheAddressesOfAName) {
  const auto addresses = NameLookup("localhost").wait(soon());
  ASSERT_FALSE(addresses.empty());
  for (const std::string& address : addresses) EXPECT_TRUE(is_numeric_host(address)) << address;
  EXPECT_TRUE(NameLookup("no-such-host.invalid").wait(soon()).empty());
}

TEST_F(NameLookups, AreLeftBehindAtTheDeadline) {
  NameLookup lookup(kSilent);
  EXPECT_TRUE(lookup.wait(soon(20ms)).empty());
}

TEST_F(NameLookups, EndWhenAnotherThreadShutsThemDown) {
  NameLookup lookup(kSilent);
  const std::jthread other([fd = lookup.fd()] { shutdown(fd, SHUT_RDWR); });
  EXPECT_TRUE(lookup.wait(Deadline::never()).empty());
}

TEST_F(NameLookups, DoNotHoldUpTheEndOfTheProcess) {
  const SystemClock clock;
  mysql::Watchdog watchdog(clock);
  const std::jthread ending([&] { watchdog.end_all_by(Deadline::after(clock, 20ms)); });
  mysql::ConnectOptions options;
  options.server = {kSilent, 3306, {}};
  try {
    mysql::ServerConnection::open(options, watchdog, Deadline::never());
    FAIL() << "connected";
  } catch (const mysql::MysqlError& error) {
    EXPECT_STREQ(error.what(),
                 "Cannot connect to silent-name-service.invalid:3306: the name service "
                 "did not answer before the deadline");
  }
}

}  // namespace
}  // namespace fabric::base
