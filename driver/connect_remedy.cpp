#include "driver/connect_remedy.h"

namespace driver {

namespace {

std::string quoted(std::string_view text) {
  std::string sql = "'";
  for (const char c : text) sql += c == '\'' ? "''" : std::string(1, c);
  return sql + "'";
}

/// What is between `before` and the next quote.
std::string_view part_behind(std::string_view text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find('\''));
}

}  // namespace

std::string account_in(unsigned native, const std::string& user, std::string_view said) {
  constexpr unsigned kNoRightInDatabase = 1044;
  constexpr unsigned kHostRefused = 1130;
  std::string_view host;
  if (native == kNoRightInDatabase) host = part_behind(said, "'" + user + "'@'");
  if (native == kHostRefused) host = part_behind(said, "Host '");
  return host.empty() ? std::string() : quoted(user) + "@" + quoted(host);
}

std::string connect_remedy(const ConnectionSettings& settings, int native, std::string_view said) {
  const std::string& user = settings.credentials.user;
  const std::string told = account_in(static_cast<unsigned>(native), user, said);
  const std::string account = told.empty() ? quoted(user) + "@'%'" : told;
  const std::string administrator = "; let an administrator of the server ";
  switch (native) {
    case 1044:
      return administrator + "GRANT " + account + " rights on it, or name another DATABASE";
    case 1049:
      return "; check DATABASE";
    case 1130:
      return administrator + "make an account for this host: CREATE USER " + account +
             " IDENTIFIED BY '...'";
    case 1820:
    case 1862:
      return "; the account's password has expired" + administrator + "renew it: ALTER USER " +
             account + " IDENTIFIED BY '...'; or log in with CAN_HANDLE_EXP_PWD=1 and do so";
    case 3118:
    case 4151:
      return administrator + "unlock it: ALTER USER " + account + " ACCOUNT UNLOCK";
    default:
      return {};
  }
}

}  // namespace driver
