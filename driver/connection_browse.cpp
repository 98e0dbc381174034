// SQLBrowseConnect: asks for what is missing, logs in, then offers the databases.
#include "driver/connection.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

namespace {

/// Lists of databases that are longer are not offered: lengths of strings are 16 bits here.
constexpr std::size_t kLongestList = 8000;

/// What a login needs and was not given, in the form of ODBC 3.8, SQLBrowseConnect.
std::string missing_for_login(const settings::GivenAttributes& given) {
  const auto has = [&](settings::Keyword keyword) {
    const std::string* value = given.find(keyword);
    return value != nullptr && !value->empty();
  };
  std::string wanted;
  if (!has(settings::Keyword::kServer) && !has(settings::Keyword::kSocket) &&
      !has(settings::Keyword::kFabricNodes)) {
    wanted += "SERVER:Server=?;";
    if (!has(settings::Keyword::kPort)) wanted += "*PORT:Port=?;";
  }
  if (!has(settings::Keyword::kUid)) wanted += "UID:User=?;";
  // An empty password is one.
  if (given.find(settings::Keyword::kPwd) == nullptr) wanted += "PWD:Password=?;";
  return wanted;
}

std::string database_list(const std::vector<rows::Record>& databases) {
  std::string list;
  for (const rows::Record& row : databases) {
    list += (list.empty() ? "" : ",") + row.at(0).value_or("");
    if (list.size() > kLongestList) return "*DATABASE:Database=?;";
  }
  return "*DATABASE:Database={" + list + "};";
}

}  // namespace

Connection::BrowseStep Connection::browse(std::string_view given_now) {
  if (connected() && !browsing_) {
    throw Error(SqlState::k08002, "The connection is open already");
  }
  const bool first = !browsing_;
  settings::GivenAttributes given = std::move(browsing_).value_or(settings::GivenAttributes());
  browsing_.reset();
  std::vector<settings::Warning> warnings;
  try {
    given.add(settings::parse_connection_string(given_now), settings::GivenBy::kApplication,
              warnings);
    if (first) settings::add_dsn_entries(given, warnings);
    BrowseStep step{.done = false, .text = connected() ? std::string() : missing_for_login(given)};
    if (step.text.empty()) {
      settings::ConnectionSettings settings = settings::settings_from(given, warnings);
      if (connected()) {
        settings_.given = given;
        if (!settings.database.empty()) {
          set_text_attribute(SQL_ATTR_CURRENT_CATALOG, settings.database);
          settings_.database = settings.database;
        }
        step = {.done = true, .text = settings::completed_string(settings_)};
      } else {
        connect(std::move(settings));
        step = browse_databases();
      }
    }
    for (const settings::Warning& warning : warnings) diagnostics.warn(warning.state, warning.text);
    if (!step.done) browsing_ = std::move(given);
    return step;
  } catch (...) {
    if (connected()) disconnect();
    throw;
  }
}

Connection::BrowseStep Connection::browse_databases() {
  if (!settings_.database.empty())
    return {.done = true, .text = settings::completed_string(settings_)};
  return {.done = false, .text = database_list(rows("SHOW DATABASES"))};
}

}  // namespace driver
