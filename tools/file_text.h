// Whole files, read. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace tools {

/// None of a file that cannot be opened: errno tells why.
std::optional<std::string> text_of(const std::filesystem::path& path);

}  // namespace tools
