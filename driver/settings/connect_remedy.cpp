#include "driver/settings/connect_remedy.h"

#include "driver/sql/literals.h"
#include "fabric/mysql/error_traits.h"
#include "fabric/mysql/refusal.h"

namespace driver::settings {

using fabric::mysql::Refusal;
using fabric::mysql::refusal_of;

namespace {

/// What is between `before` and the next quote.
std::string_view part_behind(std::string_view text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find('\''));
}

bool guesses_server(const ConnectionSettings& settings) {
  return !settings.has_fabric() && settings.given.find(Keyword::kServer) == nullptr &&
         settings.given.find(Keyword::kSocket) == nullptr;
}

bool found_nobody(unsigned native) {
  return fabric::mysql::traits_of(native, {}, {}).cannot_connect;
}

}  // namespace

std::string account_anywhere(const std::string& user) { return sql::sql_quoted(user) + "@'HOST'"; }

std::string hosts_query(const std::string& user) {
  return "SELECT host FROM mysql.user WHERE user = " + sql::sql_quoted(user);
}

std::string account_in(unsigned native, const std::string& user, std::string_view said) {
  constexpr unsigned kNoRightToCall = 1370;
  const Refusal refusal = refusal_of(native);
  std::string_view host;
  if (refusal == Refusal::kDatabaseDenied || native == kNoRightToCall) {
    host = part_behind(said, "'" + user + "'@'");
  }
  if (refusal == Refusal::kHostDenied) host = part_behind(said, "Host '");
  return host.empty() ? std::string() : sql::sql_quoted(user) + "@" + sql::sql_quoted(host);
}

std::string connect_remedy(const ConnectionSettings& settings, int native, std::string_view said) {
  const std::string& user = settings.credentials.user;
  const std::string told = account_in(static_cast<unsigned>(native), user, said);
  const std::string account = told.empty() ? account_anywhere(user) : told;
  const std::string administrator = "; let an administrator of the server ";
  const std::string host = told.empty() ? ", HOST being what " + hosts_query(user) + " tells" : "";
  switch (refusal_of(static_cast<unsigned>(native))) {
    case Refusal::kDatabaseDenied:
      return administrator + "GRANT " + account + " rights on it" + host +
             ", or name another DATABASE";
    case Refusal::kUnknownDatabase:
      return "; check DATABASE";
    case Refusal::kHostDenied:
      return administrator + "make an account for this host: CREATE USER " + account +
             " IDENTIFIED BY '...'" + host;
    case Refusal::kPasswordExpired:
      return "; the password of " + sql::sql_quoted(user) + " has expired" + administrator +
             "renew it: ALTER USER " + account + " IDENTIFIED BY '...'" + host;
    case Refusal::kAccountLocked:
      return "; the account of " + sql::sql_quoted(user) + " is locked" + administrator +
             "unlock it: ALTER USER " + account + " ACCOUNT UNLOCK" + host;
    default:
      return guesses_server(settings) && found_nobody(static_cast<unsigned>(native))
                 ? "; no SERVER is given: name it, or FABRIC_NODES of a farm"
                 : "";
  }
}

}  // namespace driver::settings
