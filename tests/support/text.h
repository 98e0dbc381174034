// Words for expectations about texts.
#pragma once

#include <string_view>

namespace test_support {

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace test_support
