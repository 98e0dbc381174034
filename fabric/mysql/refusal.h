// Why a server that answers lets nobody in, by its error number. Pure; any thread.
// Source: the servers' error message catalogues; 3000 up differ by server.
#pragma once

namespace fabric::mysql {

enum class Refusal {
  kNone,             ///< the number says something else
  kNoRoom,           ///< 1040 of anyone, 1203 of this user, 1226 of the account: alive, not dead
  kDatabaseDenied,   ///< 1044; a Fabric node says so of a login
  kDenied,           ///< 1045; 1698: the account takes no password
  kUnknownDatabase,  ///< 1049
  kHostBlocked,      ///< 1129: after many failed logins
  kHostDenied,       ///< 1130: no account for it
  kPasswordExpired,  ///< 1820 after the login, 1862 instead of it
  kAccountLocked,    ///< 3118 of MySQL, 4151 of MariaDB
};

Refusal refusal_of(unsigned number);

}  // namespace fabric::mysql
