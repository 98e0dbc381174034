// Starting the programs that tests need.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace test_support {

/// Whom servers run as: nothing to change for an ordinary user, mysql or nobody for root.
struct Account {
  bool change = false;
  uid_t uid = 0;
  gid_t gid = 0;
};
Account server_account();

/// Starts `command` as that account with its output in `log`; the kernel kills it when the calling
/// thread ends. Returns its pid.
pid_t start_process(const std::vector<std::string>& command, const Account& account,
                    const std::filesystem::path& log);
/// A program crashed, or did so before it began.
struct EndedBySignal : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// start_process() and wait; throws with the log's text when it fails.
void run_process(const std::vector<std::string>& command, const Account& account,
                 const std::filesystem::path& log);

/// A port that was free a moment ago, and that this process was not given before: a driver in it
/// may still know a farm or a pool by the address of an earlier server.
std::uint16_t free_port();
std::string text_of_file(const std::filesystem::path& path);

}  // namespace test_support
