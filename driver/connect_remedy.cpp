#include "driver/connect_remedy.h"

#include "driver/literals.h"

namespace driver {

namespace {

/// What is between `before` and the next quote.
std::string_view part_behind(std::string_view text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find('\''));
}

}  // namespace

std::string account_anywhere(const std::string& user) { return sql_quoted(user) + "@'HOST'"; }

std::string hosts_query(const std::string& user) {
  return "SELECT host FROM mysql.user WHERE user = " + sql_quoted(user);
}

std::string account_in(unsigned native, const std::string& user, std::string_view said) {
  constexpr unsigned kNoRightInDatabase = 1044;
  constexpr unsigned kHostRefused = 1130;
  constexpr unsigned kNoRightToCall = 1370;
  std::string_view host;
  if (native == kNoRightInDatabase || native == kNoRightToCall) {
    host = part_behind(said, "'" + user + "'@'");
  }
  if (native == kHostRefused) host = part_behind(said, "Host '");
  return host.empty() ? std::string() : sql_quoted(user) + "@" + sql_quoted(host);
}

std::string connect_remedy(const ConnectionSettings& settings, int native, std::string_view said) {
  const std::string& user = settings.credentials.user;
  const std::string told = account_in(static_cast<unsigned>(native), user, said);
  const std::string account = told.empty() ? account_anywhere(user) : told;
  const std::string administrator = "; let an administrator of the server ";
  const std::string host = told.empty() ? ", HOST being what " + hosts_query(user) + " tells" : "";
  switch (native) {
    case 1044:
      return administrator + "GRANT " + account + " rights on it" + host +
             ", or name another DATABASE";
    case 1049:
      return "; check DATABASE";
    case 1130:
      return administrator + "make an account for this host: CREATE USER " + account +
             " IDENTIFIED BY '...'" + host;
    case 1820:
    case 1862:
      return "; the password of " + sql_quoted(user) + " has expired" + administrator +
             "renew it: ALTER USER " + account + " IDENTIFIED BY '...'" + host;
    case 3118:
    case 4151:
      return "; the account of " + sql_quoted(user) + " is locked" + administrator +
             "unlock it: ALTER USER " + account + " ACCOUNT UNLOCK" + host;
    default:
      return {};
  }
}

}  // namespace driver
