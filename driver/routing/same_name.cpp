#include "driver/routing/same_name.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "driver/routing/session_text.h"
#include "driver/sql/scan.h"
#include "driver/text/utf.h"
#include "fabric/base/ascii.h"

namespace driver::routing {
namespace {

/// Capitals, each `step`th from `first` to `last`, and how far behind them the small letters are.
struct Capitals {
  char32_t first, last;
  unsigned step;
  int distance;
};

/// Latin, Greek, Cyrillic, Armenian and full-width letters, and the signs that are letters too.
constexpr std::array kCapitals{
    Capitals{'A', 'Z', 1, 32},          Capitals{0x00C0, 0x00D6, 1, 32},
    Capitals{0x00D8, 0x00DE, 1, 32},    Capitals{0x0100, 0x012E, 2, 1},
    Capitals{0x0130, 0x0130, 1, -199},  Capitals{0x0132, 0x0136, 2, 1},
    Capitals{0x0139, 0x0147, 2, 1},     Capitals{0x014A, 0x0176, 2, 1},
    Capitals{0x0178, 0x0178, 1, -121},  Capitals{0x0179, 0x017D, 2, 1},
    Capitals{0x0182, 0x0184, 2, 1},     Capitals{0x018F, 0x018F, 1, 202},
    Capitals{0x01A0, 0x01A4, 2, 1},     Capitals{0x01AF, 0x01AF, 1, 1},
    Capitals{0x01CD, 0x01DB, 2, 1},     Capitals{0x01DE, 0x01EE, 2, 1},
    Capitals{0x01F8, 0x021E, 2, 1},     Capitals{0x0222, 0x0232, 2, 1},
    Capitals{0x0386, 0x0386, 1, 38},    Capitals{0x0388, 0x038A, 1, 37},
    Capitals{0x038C, 0x038C, 1, 64},    Capitals{0x038E, 0x038F, 1, 63},
    Capitals{0x0391, 0x03A1, 1, 32},    Capitals{0x03A3, 0x03AB, 1, 32},
    Capitals{0x0400, 0x040F, 1, 80},    Capitals{0x0410, 0x042F, 1, 32},
    Capitals{0x0460, 0x0480, 2, 1},     Capitals{0x048A, 0x04BE, 2, 1},
    Capitals{0x04C1, 0x04CD, 2, 1},     Capitals{0x04D0, 0x052E, 2, 1},
    Capitals{0x0531, 0x0556, 1, 48},    Capitals{0x1E00, 0x1E94, 2, 1},
    Capitals{0x1EA0, 0x1EFE, 2, 1},     Capitals{0x2126, 0x2126, 1, -7517},
    Capitals{0x212A, 0x212A, 1, -8383}, Capitals{0x212B, 0x212B, 1, -8262},
    Capitals{0xFF21, 0xFF3A, 1, 32}};
static_assert(std::ranges::is_sorted(kCapitals, {}, &Capitals::first));

char32_t small(char32_t letter) {
  const auto behind = std::ranges::upper_bound(kCapitals, letter, {}, &Capitals::first);
  if (behind == kCapitals.begin()) return letter;
  const Capitals& row = *std::prev(behind);
  if (letter > row.last || (letter - row.first) % row.step != 0) return letter;
  return static_cast<char32_t>(static_cast<int>(letter) + row.distance);
}

std::string in_small_letters(std::string_view name, bool whatever_their_length) {
  std::string result;
  while (!name.empty()) {
    const text::Character one = text::first_utf8(name);
    const std::string_view written = name.substr(0, one.units);
    const char32_t letter = small(one.code_point);
    const std::string other = text::to_utf8(std::u16string(1, static_cast<char16_t>(letter)));
    const bool folds =
        letter != one.code_point && (whatever_their_length || other.size() == written.size());
    result += folds ? std::string_view(other) : written;
    name.remove_prefix(one.units);
  }
  return result;
}

}  // namespace

std::string folded(std::string_view column) {
  return ascii(column) ? fabric::base::lower(column) : in_small_letters(column, false);
}

bool same_name(std::string_view a, std::string_view b) {
  if (sql::equals_ignoring_case(a, b)) return true;
  return (!ascii(a) || !ascii(b)) && in_small_letters(a, true) == in_small_letters(b, true);
}

}  // namespace driver::routing
