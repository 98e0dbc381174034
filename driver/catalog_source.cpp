#include "driver/catalog_source.h"

#include "driver/sql_literal.h"

namespace driver {

std::string CatalogSource::quote(std::string_view utf8) {
  return sql_text(utf8, no_backslash_escapes());
}

}  // namespace driver
