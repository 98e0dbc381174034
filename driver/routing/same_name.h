// Names as servers compare them where case does not count: letter by letter in lower case, beyond
// ASCII too (`İd` is `id`). Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace driver::routing {

bool same_name(std::string_view a, std::string_view b);

/// The same text for names that are surely the same column: MariaDB takes letters of another length
/// in UTF-8 for others there (`İ`), MySQL does not.
std::string folded(std::string_view column);

}  // namespace driver::routing
