#include "fabric/mysql/refusal.h"

namespace fabric::mysql {

Refusal refusal_of(unsigned number) {
  switch (number) {
    case 1040:
    case 1203:
    case 1226:
      return Refusal::kNoRoom;
    case 1044:
      return Refusal::kDatabaseDenied;
    case 1045:
    case 1698:
      return Refusal::kDenied;
    case 1049:
      return Refusal::kUnknownDatabase;
    case 1129:
      return Refusal::kHostBlocked;
    case 1130:
      return Refusal::kHostDenied;
    case 1820:
    case 1862:
      return Refusal::kPasswordExpired;
    case 3118:
    case 4151:
      return Refusal::kAccountLocked;
    default:
      return Refusal::kNone;
  }
}

}  // namespace fabric::mysql
