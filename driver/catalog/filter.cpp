#include "driver/catalog/filter.h"

#include <algorithm>
#include <utility>

#include "driver/sql/literals.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"

namespace driver::catalog {

namespace {

constexpr char kLikeEscape = '|';

[[noreturn]] void refuse_null() {
  throw fabric::base::Error(fabric::base::SqlState::kHY009,
                            "A name is required here, not a null pointer");
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// ODBC 3.8, 'Identifier Arguments': blanks around it do not count, quotes are taken off.
std::string identifier(const CatalogText& text) {
  if (!text) refuse_null();
  const std::string_view bare = trimmed(*text);
  if (bare.size() < 2 || bare.front() != '`' || bare.back() != '`') return std::string(bare);
  std::string name;
  for (std::size_t i = 1; i + 1 < bare.size(); ++i) {
    name += bare[i];
    if (bare[i] == '`' && bare[i + 1] == '`' && i + 2 < bare.size()) ++i;
  }
  return name;
}

/// What a pattern says, both ways: as a plain name, and for LIKE.
struct ParsedPattern {
  bool wildcards = false;
  bool only_any = true;  ///< nothing but '%'
  std::string name;      ///< wildcards stand for themselves
  std::string like;
};

bool is_pattern_character(char c) { return c == '%' || c == '_' || c == '\\'; }

ParsedPattern parse(std::string_view pattern) {
  ParsedPattern parsed;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    const bool escaped =
        c == '\\' && i + 1 < pattern.size() && is_pattern_character(pattern[i + 1]);
    if (escaped) c = pattern[++i];
    parsed.only_any = parsed.only_any && !escaped && c == '%';
    if (!escaped && (c == '%' || c == '_')) {
      parsed.wildcards = true;
    } else if (c == '%' || c == '_' || c == kLikeEscape) {
      parsed.like += kLikeEscape;
    }
    parsed.name += c;
    parsed.like += c;
  }
  parsed.only_any = parsed.only_any && !pattern.empty();
  return parsed;
}

/// Names are UTF-8 of the Basic Multilingual Plane; comparing with else is an error of collations.
bool may_be_a_name(std::string_view text) {
  const auto begins_four_bytes = [](char c) { return static_cast<unsigned char>(c) >= 0xF0; };
  return text::valid_utf8(text) && std::none_of(text.begin(), text.end(), begins_four_bytes);
}

}  // namespace

NameFilter NameFilter::pattern(const CatalogText& text, const CatalogOptions& options) {
  if (options.metadata_id) return exactly(identifier(text));
  if (!text) return any();
  ParsedPattern parsed = parse(*text);
  if (parsed.only_any) return any();
  if (!parsed.wildcards) return exactly(std::move(parsed.name));
  return {Kind::kLike, std::move(parsed.like), std::move(parsed.name)};
}

NameFilter NameFilter::column(const CatalogText& text, const CatalogOptions& options) {
  return text && text->empty() ? any() : pattern(text, options);
}

NameFilter NameFilter::name(const CatalogText& text, const CatalogOptions& options) {
  if (!text) refuse_null();
  return exactly(options.metadata_id ? identifier(text) : *text);
}

NameFilter NameFilter::catalog(CatalogSource& source, const CatalogText& text,
                               const CatalogOptions& options, bool is_pattern) {
  if (text || options.metadata_id) {
    return is_pattern ? pattern(text, options) : name(text, options);
  }
  std::string current = options.null_is_current ? source.current_database() : std::string();
  return current.empty() ? any() : exactly(std::move(current));
}

std::string NameFilter::condition(std::string_view expression, Case letter_case) const {
  if (kind_ == Kind::kAny) return {};
  if (!may_be_a_name(text_)) return " AND FALSE";
  std::string test = kind_ == Kind::kExactly
                         ? " = " + sql::sql_text(text_)
                         : " LIKE " + sql::sql_text(text_) + " ESCAPE '" + kLikeEscape + "'";
  std::string sql = " AND " + std::string(expression) + test;
  if (letter_case == Case::kAsServer) {
    // information_schema compares without case, and a server that keeps tables by case does not.
    sql += " AND (@@lower_case_table_names > 0 OR CONVERT(" + std::string(expression) +
           " USING utf8mb4) COLLATE utf8mb4_bin" + test + ")";
  }
  return sql;
}

void settle_database(CatalogText& catalog, CatalogText& schema, CatalogOptions& options) {
  const auto names_one = [](const CatalogText& text) {
    return text && text->find_first_not_of('%') != std::string::npos;
  };
  const auto refuse = [](const char* why) {
    throw fabric::base::Error(fabric::base::SqlState::kHYC00, why);
  };
  if (options.ignore_schema && names_one(schema)) schema = "";
  const bool by_catalog = names_one(catalog);
  const bool by_schema = names_one(schema);
  if (by_catalog && options.no_catalog) refuse("A catalog is given, but NO_CATALOG is set");
  if (by_schema && options.no_schema) {
    refuse("A schema is given, but databases are catalogs: NO_SCHEMA=0 takes them for schemas too");
  }
  if (by_catalog && by_schema) refuse("A database is a catalog or a schema: give one of the two");
  const bool all_schemas = catalog == "" && schema == "%";
  if (options.no_schema || !(by_schema || all_schemas || options.no_catalog)) return;
  options.databases_are_schemas = true;
  catalog = std::exchange(schema, "");
}

bool schema_matches(const CatalogText& text, const CatalogOptions& options) {
  if (options.metadata_id) return identifier(text).empty();
  return !text || text->find_first_not_of('%') == std::string::npos;
}

}  // namespace driver::catalog
