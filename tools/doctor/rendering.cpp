#include "tools/doctor/rendering.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "tools/columns.h"

namespace tools::doctor {
namespace {

constexpr std::size_t kMargin = 9;  // "warning" and two blanks
constexpr std::array<const char*, 4> kLevels{"ok", "note", "warning", "error"};

std::size_t count(const std::vector<Finding>& findings, Level level) {
  return static_cast<std::size_t>(std::ranges::count(findings, level, &Finding::level));
}

std::string counted(std::size_t number, const std::string& what) {
  return (number == 0 ? "no" : std::to_string(number)) + " " + what + (number == 1 ? "" : "s");
}

std::string indented(std::string_view lines, std::size_t margin) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    text += std::string(margin, ' ') + printable(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return text;
}

}  // namespace

std::string level_name(Level level) { return kLevels.at(static_cast<std::size_t>(level)); }

std::string finding_text(const Finding& finding) {
  std::string line = level_name(finding.level);
  line.resize(kMargin, ' ');
  if (!finding.subject.empty()) line += printable(finding.subject) + ": ";
  line += printable(finding.text) + "\n";
  if (finding.fix.empty()) return line;
  const bool to_paste = !finding.fix.lines.empty();
  return line + std::string(kMargin, ' ') + "fix: " + printable(finding.fix.where) +
         (to_paste ? ":\n" : "\n") + indented(finding.fix.lines, kMargin + 4);
}

std::string summary_text(const std::vector<Finding>& findings) {
  return counted(count(findings, Level::kError), "error") + ", " +
         counted(count(findings, Level::kWarning), "warning") + "\n";
}

std::string findings_json(const std::string& subject, const std::vector<Finding>& findings) {
  Poco::JSON::Array list;
  for (const Finding& finding : findings) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("level", level_name(finding.level));
    object.set("check", finding.check);
    object.set("subject", finding.subject);
    object.set("text", finding.text);
    if (!finding.fix.empty()) {
      Poco::JSON::Object fix(Poco::JSON_PRESERVE_KEY_ORDER);
      fix.set("where", finding.fix.where);
      if (!finding.fix.lines.empty()) fix.set("lines", finding.fix.lines);
      object.set("fix", fix);
    }
    list.add(object);
  }
  Poco::JSON::Object whole(Poco::JSON_PRESERVE_KEY_ORDER);
  whole.set("dsn", subject);
  whole.set("errors", static_cast<int>(count(findings, Level::kError)));
  whole.set("warnings", static_cast<int>(count(findings, Level::kWarning)));
  whole.set("findings", list);
  std::ostringstream text;
  whole.stringify(text, 2);
  return text.str() + "\n";
}

}  // namespace tools::doctor
