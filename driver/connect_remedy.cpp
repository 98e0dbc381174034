#include "driver/connect_remedy.h"

namespace driver {

std::string connect_remedy(const ConnectionSettings& settings, int native) {
  const std::string account = "'" + settings.credentials.user + "'@'%'";
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
