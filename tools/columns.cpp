#include "tools/columns.h"

#include <algorithm>

#include "driver/text/utf.h"

namespace tools {

std::string aligned(const std::vector<Cells>& lines, const std::vector<std::string>& margins) {
  std::vector<std::size_t> widths;
  for (const Cells& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (std::size_t number = 0; number < lines.size(); ++number) {
    std::string row = number < margins.size() ? margins[number] : "  ";
    const Cells& line = lines[number];
    for (std::size_t i = 0; i < line.size(); ++i) {
      row += line[i] + std::string(widths[i] - line[i].size() + 2, ' ');
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

std::string printable(std::string_view text) {
  const bool utf8 = driver::text::valid_utf8(text);
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters too.
    const bool c1 =
        code == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (code >= 0x80 && !utf8) {
      shown += '?';
    } else if (c1) {
      shown += ' ';
      ++i;
    } else {
      shown += code < 0x20 || code == 0x7F ? ' ' : text[i];
    }
  }
  return shown;
}

}  // namespace tools
