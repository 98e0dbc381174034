// The doctor on a connection string, for tests against real servers and nodes; its fixes are
// carried out as a user would, and then it is asked again.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "fabric/mysql/named_values.h"
#include "tests/support/test_server.h"
#include "tests/support/text.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"
#include "tools/doctor/rendering.h"

namespace tools::doctor {

using test_support::contains;
using test_support::ServerKind;
using test_support::TestServer;

class DoctorCase : public testing::Test {
 protected:
  using Findings = std::vector<Finding>;

  /// All of it, also as text for messages: no secret of the tests may be in there.
  Findings doctor(const std::string& connection_string) {
    question.farm.where = connection_string;
    Report report([](const Finding&) {});
    std::ostringstream shown;
    Progress progress(shown);
    Examination examination(question, report, progress);
    examine(examination);
    said_.clear();
    for (const Finding& finding : report.findings()) said_ += finding_text(finding);
    said_ += findings_json(examination.asked_for, report.findings());
    for (const char* secret : {"apppw", "patientpw", "wrongpw"}) {
      EXPECT_FALSE(contains(said_, secret)) << said_;
    }
    return report.findings();
  }

  /// The one of that level whose text has these words; fails the test without.
  const Finding& find(const Findings& findings, Level level, const std::string& words) {
    static const Finding none;
    const auto found = std::ranges::find_if(findings, [&](const Finding& one) {
      return one.level == level && contains(one.text, words);
    });
    if (found != findings.end()) return *found;
    ADD_FAILURE() << "no " << level_name(level) << " says '" << words << "':\n" << said_;
    return none;
  }

  static std::size_t count(const Findings& findings, Level level) {
    return static_cast<std::size_t>(std::ranges::count(findings, level, &Finding::level));
  }
  void expect_no(const Findings& findings, Level level) {
    EXPECT_EQ(count(findings, level), 0u) << said_;
  }

  static fabric::base::Deadline soon() {
    static const fabric::base::SystemClock clock;
    return fabric::base::Deadline::after(clock, std::chrono::seconds(30));
  }
  /// As an administrator. A finding's '...' is the password of the tests' account.
  static void run(const TestServer& server, std::string sql) {
    for (std::size_t at = 0; (at = sql.find("'...'", at)) != std::string::npos;) {
      sql.replace(at, 5, "'patientpw'");
    }
    static const fabric::base::SystemClock clock;
    static fabric::mysql::Watchdog watchdog(clock);
    fabric::mysql::ConnectOptions options = server.connect_options();
    options.credentials.link.multi_statements = true;
    const auto connection = fabric::mysql::ServerConnection::open(options, watchdog, soon());
    const auto reply = connection->query(sql, soon());
    do {
      while (reply->fetch(soon()) != nullptr) {
      }
    } while (reply->next_result(soon()));
  }

  static std::string plain(const TestServer& server, const std::string& more) {
    return "SERVER=127.0.0.1;PORT=" + std::to_string(server.endpoint().port) + ";" + more;
  }

  Question question;
  std::string said_;
};

}  // namespace tools::doctor
