// Which of the ini files has the data source, and what is wrong with it there.
#include <sql.h>
#include <sqlext.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>

#include "driver/settings/connection_string.h"
#include "driver/settings/dsn.h"
#include "driver/settings/keywords.h"
#include "driver/sql/scan.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"

namespace tools::doctor {
namespace {

/// What was given, and the data source that it names, if any.
void read_argument(Examination& examination) {
  const std::string& where = examination.question.farm.where;
  if (where.find('=') == std::string::npos) {
    examination.asked_for = where;
    const bool nodes =
        where.find(':') != std::string::npos && driver::settings::dsn_entries(where).empty();
    if (!nodes) examination.dsn = where;
    return;
  }
  examination.asked_for = "connection string";
  std::vector<driver::settings::Warning> ignored;
  driver::settings::GivenAttributes given;
  given.add(driver::settings::parse_connection_string(where),
            driver::settings::GivenBy::kApplication, ignored);
  examination.asked_for = given.completed_string();
  examination.dsn = given.dsn();
}

bool wrapped(std::string_view value) {
  if (value.size() < 2) return false;
  const std::string_view ends{"\"\"''{}"};
  const std::size_t kind = ends.find(value.front());
  return kind % 2 == 0 && kind != std::string_view::npos && value.back() == ends[kind + 1];
}

bool remark_behind(std::string_view value) {
  return value.find(" #") != std::string_view::npos || value.find(" ;") != std::string_view::npos ||
         value.find("\t#") != std::string_view::npos || value.find("\t;") != std::string_view::npos;
}

bool lists_data_sources(const IniSection& section) {
  return driver::sql::equals_ignoring_case(section.name, "ODBC") ||
         driver::sql::equals_ignoring_case(section.name, "ODBC Data Sources");
}

std::string file_words(const IniFile& file) {
  if (!file.exists) return file.path + " does not exist";
  if (!file.problem.empty()) return file.path + " cannot be read (" + file.problem + ")";
  std::vector<std::string> names;
  for (const IniSection& section : file.sections) {
    if (!lists_data_sources(section)) names.push_back("[" + section.name + "]");
  }
  return file.path + " has " + (names.empty() ? "no data source" : joined(names));
}

void say_missing(Examination& examination, const IniFile& user, const IniFile& system) {
  std::vector<std::string> names;
  for (const IniFile* file : {&user, &system}) {
    for (const IniSection& section : file->sections) names.push_back(section.name);
  }
  const std::string nearest = nearest_name(examination.dsn, names);
  const std::string found =
      "'" + examination.dsn + "' is in no file: " + file_words(user) + "; " + file_words(system);
  Fix fix = nearest.empty()
                ? Fix{.where = "in " + user.path,
                      .lines = "[" + examination.dsn +
                               "]\nDriver = MySQL Fabric ODBC\nFABRIC_NODES = host:32275\n"
                               "FABRIC_GROUP = group\nUID = user\nPWD = ...\nDATABASE = database"}
                : Fix{.where = "did you mean '" + nearest + "'? In a shell",
                      .lines = "fabricctl doctor " + shell_quoted(nearest)};
  if (!user.problem.empty() && user.exists) {
    fix = shell_fix("chmod u+r " + shell_quoted(user.path));
  }
  const IniFile drivers = read_ini(examination.places.drivers);
  if (const IniSection* section = drivers.find(examination.dsn)) {
    fix = {.where = "move the section [" + section->name + "], line " +
                    std::to_string(section->line) + " of " + drivers.path +
                    ", which is for drivers, to " + user.path};
  }
  examination.report.error("DSN " + examination.dsn, found, std::move(fix));
  examination.unusable = true;
}

/// Editors of other systems put it there.
void say_mark(Examination& examination, const IniFile& file) {
  const std::string path = shell_quoted(file.path);
  examination.report.error(
      file.path,
      "begins with the byte order mark of " + file.mark + ": unixODBC finds no data source in it",
      shell_fix(file.mark == "UTF-8"
                    ? "sed -i '1s/^\\xEF\\xBB\\xBF//' " + path
                    : "(umask 077; iconv -f UTF-16 -t UTF-8 " + path + " >" + path +
                          ".new) && cat " + path + ".new >" + path + " && rm " + path + ".new"));
  examination.unusable = true;
}

void look_at_name(Examination& examination) {
  const std::string& name = examination.section.name;
  if (name.size() <= SQL_MAX_DSN_LENGTH) return;
  examination.report.error(
      "DSN " + name,
      "has a name of " + std::to_string(name.size()) + " bytes: unixODBC takes " +
          std::to_string(SQL_MAX_DSN_LENGTH) + " at most",
      {.where =
           "in line " + std::to_string(examination.section.line) + " of " + examination.ini_path,
       .lines = "[" + name.substr(0, SQL_MAX_DSN_LENGTH) + "]"});
}

/// odbc.ini knows neither quotes nor remarks behind a value.
void look_at_values(Examination& examination) {
  for (const IniEntry& entry : examination.section.entries) {
    const driver::settings::KeywordRow* row = driver::settings::find_keyword(entry.key);
    if (row == nullptr || row->keyword == driver::settings::Keyword::kDescription) continue;
    const bool secret = row->kind == driver::settings::ValueKind::kSecret;
    const auto say = [&](const std::string& text, const std::string& edit) {
      examination.report.add(
          {.level = secret && entry.has_equals ? Level::kNote : Level::kWarning,  // it may be so
           .subject = "DSN " + examination.section.name,
           .text = entry.key + ": " + text,
           .fix = shell_fix("sed -i -E " + shell_quoted(std::to_string(entry.line) + edit) + " " +
                            shell_quoted(examination.ini_path))});
    };
    const std::string& value = entry.value;
    if (!entry.has_equals) {
      say("no '=' follows it, so that it counts for nothing",
          "s/^([[:blank:]]*[^[:blank:]:]+)[[:blank:]:]*/\\1 = /");
    } else if (wrapped(value)) {
      say(std::string("the ") + (value.front() == '{' ? "braces" : "quotes") +
              " around it count as part of it, as odbc.ini takes values as they stand",
          "s/=[[:blank:]]*.(.*).[[:blank:]]*$/= \\1/");
    } else if (!secret && row->keyword != driver::settings::Keyword::kInitStmt &&
               remark_behind(value)) {
      say("the remark behind it counts as part of it: remarks stand on lines of their own",
          "s/[[:blank:]]+[#;].*$//");
    }
  }
}

void look_for_repeats(Examination& examination) {
  std::map<std::string, const IniEntry*> seen;
  for (const IniEntry& entry : examination.section.entries) {
    const auto [first, fresh] =
        seen.emplace(driver::settings::normalized_keyword(entry.key), &entry);
    if (fresh) continue;
    examination.report.warning(examination.ini_path,
                               entry.key + " is given twice, in the lines " +
                                   std::to_string(first->second->line) + " and " +
                                   std::to_string(entry.line) + ": the first counts",
                               comment_out(examination.ini_path, entry.line));
  }
}

bool holds_password(const IniSection& section) {
  for (const IniEntry& entry : section.entries) {
    const driver::settings::KeywordRow* row = driver::settings::find_keyword(entry.key);
    if (row != nullptr && row->kind == driver::settings::ValueKind::kSecret &&
        !entry.value.empty()) {
      return true;
    }
  }
  return false;
}

/// The system's file is for all users; a user's own is not.
void look_at_rights(Examination& examination) {
  struct stat state {};
  const std::string& path = examination.ini_path;
  const bool own = path == examination.places.user;
  if (!own || stat(path.c_str(), &state) != 0 || !holds_password(examination.section)) return;
  if ((state.st_mode & (S_IRGRP | S_IROTH)) == 0) return;
  examination.report.warning(path, "holds a password, and other users of this machine may read it",
                             shell_fix("chmod 600 " + shell_quoted(path)));
}

}  // namespace

void check_data_source(Examination& examination) {
  examination.places = ini_places();
  read_argument(examination);
  if (examination.dsn.empty()) return;
  const IniFile user = read_ini(examination.places.user);
  const IniFile system = read_ini(examination.places.system);
  const IniSection* mine = user.mark.empty() ? user.find(examination.dsn) : nullptr;
  const IniSection* shared = system.mark.empty() ? system.find(examination.dsn) : nullptr;
  for (const IniFile* file : {&user, &system}) {
    if (mine == nullptr && shared == nullptr && !file->mark.empty()) {
      return say_mark(examination, *file);
    }
  }
  if (mine == nullptr && shared == nullptr) return say_missing(examination, user, system);
  const IniFile& file = mine != nullptr ? user : system;
  examination.ini_path = file.path;
  examination.section = mine != nullptr ? *mine : *shared;
  const std::string subject = "DSN " + examination.section.name;
  examination.report.ok(
      subject, "is in " + file.path + ", line " + std::to_string(examination.section.line));
  std::error_code ignored;
  const bool one_file = std::filesystem::equivalent(user.path, system.path, ignored);
  if (mine != nullptr && shared != nullptr && !one_file) {
    examination.report.warning(subject,
                               "is in " + system.path + " too, which does not count for this user",
                               {.where = "rename or remove one of them: that in " + system.path +
                                         " begins in line " + std::to_string(shared->line)});
  }
  look_at_name(examination);
  look_at_values(examination);
  look_for_repeats(examination);
  look_at_rights(examination);
}

}  // namespace tools::doctor
