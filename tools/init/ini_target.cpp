#include "tools/init/ini_target.h"

#include <fcntl.h>
#include <odbcinst.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "driver/setup/checks.h"
#include "driver/setup/data_source.h"
#include "fabric/base/error.h"
#include "tools/doctor/ini_file.h"

namespace tools::init {
namespace {

/// Passwords may come into it. One that is there keeps its rights.
void make_private(const std::string& path) {
  const int made = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made >= 0) close(made);
}

}  // namespace

IniTarget::IniTarget(Scope scope, const std::string& file) : scope_(scope) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet
  if (!file.empty()) setenv("ODBCINI", file.c_str(), 1);
  const doctor::IniPlaces places = doctor::ini_places();
  path_ = scope == Scope::kSystem ? places.system : places.user;
}

bool IniTarget::has(const std::string& dsn) const {
  const doctor::IniFile file = doctor::read_ini(path_);
  return file.find(dsn) != nullptr;
}

std::string IniTarget::hidden_by(const std::string& dsn) const {
  if (scope_ == Scope::kUser) return {};
  const std::string user = doctor::ini_places().user;
  if (user == path_ || doctor::read_ini(user).find(dsn) == nullptr) return {};
  return "your programs take '" + dsn + "' of " + user + " instead, which has it too";
}

void IniTarget::write(const std::string& driver,
                      const std::vector<driver::settings::GivenPair>& entries) const {
  if (scope_ == Scope::kUser) make_private(path_);
  SQLSetConfigMode(scope_ == Scope::kSystem ? ODBC_SYSTEM_DSN : ODBC_USER_DSN);
  try {
    driver::setup::configure(ODBC_ADD_DSN, driver, entries);
  } catch (const driver::setup::Refusal& refusal) {
    SQLSetConfigMode(ODBC_BOTH_DSN);
    throw fabric::base::Error(fabric::base::SqlState::kHY000,
                              "Nothing was written: " + refusal.text);
  }
  SQLSetConfigMode(ODBC_BOTH_DSN);
}

}  // namespace tools::init
