// MD5, by which shards of a HASH mapping are found. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fabric {

/// 32 hexadecimal digits, the letters in upper case.
std::string md5_hex(std::string_view text);

}  // namespace fabric
