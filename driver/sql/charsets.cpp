#include "driver/sql/charsets.h"

#include <algorithm>
#include <array>

#include "driver/sql/scan.h"

namespace driver::sql {
namespace {

using Utf8 = Charset::Utf8;

// Of MariaDB 10.11, MySQL 5.6 and 8.0.
constexpr std::array kCharsets{
    Charset{"armscii8", false},
    Charset{"ascii", true},
    Charset{"big5", false},
    Charset{"binary", true},
    Charset{"cp1250", true},
    Charset{"cp1251", true},
    Charset{"cp1256", true},
    Charset{"cp1257", true},
    Charset{"cp850", true},
    Charset{"cp852", true},
    Charset{"cp866", true},
    Charset{"cp932", false},
    Charset{"dec8", false},
    Charset{"eucjpms", true},
    Charset{"euckr", true},
    Charset{"gb18030", false},
    Charset{"gb2312", true},
    Charset{"gbk", false},
    Charset{"geostd8", true},
    Charset{"greek", true},
    Charset{"hebrew", true},
    Charset{"hp8", false},
    Charset{"keybcs2", true},
    Charset{"koi8r", true},
    Charset{"koi8u", true},
    Charset{"latin1", true},
    Charset{"latin2", true},
    Charset{"latin5", true},
    Charset{"latin7", true},
    Charset{"macce", true},
    Charset{"macroman", true},
    Charset{"sjis", false},
    Charset{"swe7", false},
    Charset{"tis620", true},
    Charset{"ucs2", false},
    Charset{"ujis", true},
    Charset{"utf16", false},
    Charset{"utf16le", false},
    Charset{"utf32", false},
    Charset{"utf8", true, Utf8::kShort},
    Charset{"utf8mb3", true, Utf8::kShort},
    Charset{"utf8mb4", true, Utf8::kWhole},
};

}  // namespace

const Charset* find_charset(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      kCharsets, [name](const Charset& each) { return equals_ignoring_case(each.name, name); });
  return found == kCharsets.end() ? nullptr : found;
}

}  // namespace driver::sql
