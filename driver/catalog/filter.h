// Arguments of catalog functions as conditions on information_schema (ODBC 3.8, 'Arguments in
// Catalog Functions'). Exact names become equalities, which is what lets a server look up one
// table instead of opening all of them. Plain values and functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "driver/catalog/queries.h"

namespace driver::catalog {

/// Which names an argument asks for.
class NameFilter {
 public:
  static NameFilter any() { return {Kind::kAny, {}}; }
  static NameFilter exactly(std::string name) { return {Kind::kExactly, std::move(name)}; }
  /// A pattern value argument: '%', '_' and the escape '\'; null is any.
  static NameFilter pattern(const CatalogText& text, const CatalogOptions& options);
  /// A pattern for columns, where empty is any too: so it is to the other drivers.
  static NameFilter column(const CatalogText& text, const CatalogOptions& options);
  /// An ordinary argument that must be given; null is HY009.
  static NameFilter name(const CatalogText& text, const CatalogOptions& options);
  /// The catalog argument; null is the current database, or any when there is none.
  static NameFilter catalog(CatalogSource& source, const CatalogText& text,
                            const CatalogOptions& options, bool is_pattern = false);

  /// The one name that it lets through, if that is all.
  [[nodiscard]] std::optional<std::string> exact_name() const {
    return kind_ == Kind::kExactly ? std::optional(text_) : std::nullopt;
  }
  /// What was asked for read as a name, whatever '%' and '_' mean in it; none for any.
  [[nodiscard]] std::optional<std::string> plain_name() const {
    return kind_ == Kind::kAny ? std::nullopt : std::optional(name_.empty() ? text_ : name_);
  }
  /// Names of databases and tables count case as the server does; names of columns and routines
  /// never do.
  enum class Case : std::uint8_t { kAsServer, kIgnored };
  /// " AND ..." about `expression`, a column of information_schema; empty when any name will do.
  [[nodiscard]] std::string condition(std::string_view expression,
                                      Case letter_case = Case::kAsServer) const;

 private:
  enum class Kind : std::uint8_t { kAny, kExactly, kLike };
  NameFilter(Kind kind, std::string text, std::string name = {})
      : kind_(kind), text_(std::move(text)), name_(std::move(name)) {}

  Kind kind_;
  std::string text_;  ///< the name, or a LIKE pattern with the escape character '|'
  std::string name_;  ///< the pattern read as a name
};

/// Whether a schema argument lets tables without a schema through, as all of ours are.
/// With SQL_ATTR_METADATA_ID a null pointer is HY009.
bool schema_matches(const CatalogText& text, const CatalogOptions& options);

}  // namespace driver::catalog
