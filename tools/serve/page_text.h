// The page itself, which CMake puts together of page.html, page.css and page.js. Pure.
#pragma once

#include <string>

namespace tools::serve {

/// `nonce`: what its style and its script are known by.
std::string page_text(const std::string& nonce);

}  // namespace tools::serve
