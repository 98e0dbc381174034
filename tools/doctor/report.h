// Collects findings and hands each on as it comes, so that who waits sees how far the doctor is.
// Used by one thread at a time.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/doctor/finding.h"

namespace tools::doctor {

class Report {
 public:
  using Sink = std::function<void(const Finding&)>;
  explicit Report(Sink sink) : sink_(std::move(sink)) {}

  /// What is found from now on is of this check.
  void begin(std::string check) { check_ = std::move(check); }
  void add(Finding finding) {
    finding.check = check_;
    sink_(finding);
    findings_.push_back(std::move(finding));
  }
  void ok(const std::string& subject, const std::string& text) {
    add({.level = Level::kOk, .subject = subject, .text = text});
  }
  void note(const std::string& subject, const std::string& text, Fix fix = {}) {
    add({.level = Level::kNote, .subject = subject, .text = text, .fix = std::move(fix)});
  }
  void warning(const std::string& subject, const std::string& text, Fix fix) {
    add({.level = Level::kWarning, .subject = subject, .text = text, .fix = std::move(fix)});
  }
  void error(const std::string& subject, const std::string& text, Fix fix) {
    add({.level = Level::kError, .subject = subject, .text = text, .fix = std::move(fix)});
  }

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] std::size_t count(Level level) const {
    return static_cast<std::size_t>(std::ranges::count(findings_, level, &Finding::level));
  }

 private:
  const Sink sink_;
  std::string check_;
  std::vector<Finding> findings_;
};

}  // namespace tools::doctor
