#include "driver/catalog_source.h"

namespace driver {

std::string CatalogSource::quote(std::string_view utf8) {
  const bool backslash_escapes = !no_backslash_escapes();
  std::string literal = "'";
  for (const char c : utf8) {
    if (c == '\'' || (c == '\\' && backslash_escapes)) literal += c;
    literal += c;
  }
  return literal += '\'';
}

}  // namespace driver
