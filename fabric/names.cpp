#include "fabric/names.h"

#include <array>
#include <cstdio>

namespace fabric {

std::string status_name(ServerStatus status) {
  switch (status) {
    case ServerStatus::kFaulty:
      return "FAULTY";
    case ServerStatus::kSpare:
      return "SPARE";
    case ServerStatus::kSecondary:
      return "SECONDARY";
    case ServerStatus::kPrimary:
      break;
  }
  return "PRIMARY";
}

std::string mode_name(ServerMode mode) {
  switch (mode) {
    case ServerMode::kOffline:
      return "OFFLINE";
    case ServerMode::kReadOnly:
      return "READ_ONLY";
    case ServerMode::kWriteOnly:
      return "WRITE_ONLY";
    case ServerMode::kReadWrite:
      break;
  }
  return "READ_WRITE";
}

std::string weight_text(double weight) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%g", weight));
  return text.data();
}

}  // namespace fabric
