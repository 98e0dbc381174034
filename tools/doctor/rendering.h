// Findings for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "tools/doctor/finding.h"

namespace tools::doctor {

std::string level_name(Level level);
/// One line, and the fix below it, each with its newline. What came from a server or a file shows
/// no control character.
std::string finding_text(const Finding& finding);
/// The last line: how many of what.
std::string summary_text(const std::vector<Finding>& findings);
/// One object: findings, how many errors and warnings.
std::string findings_json(const std::string& subject, const std::vector<Finding>& findings);

}  // namespace tools::doctor
