#include "driver/catalog/results.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <utility>

#include "fabric/base/ascii.h"
#include "fabric/base/error.h"

namespace driver::catalog {

namespace {

struct Renamed {
  std::string_view odbc3, odbc2;
};

// ODBC 3.8, appendix G, and 'Column Name Changes' in the reference of each function.
constexpr std::array kRenamed{
    Renamed{"TABLE_CAT", "TABLE_QUALIFIER"},
    Renamed{"TABLE_SCHEM", "TABLE_OWNER"},
    Renamed{"PROCEDURE_CAT", "PROCEDURE_QUALIFIER"},
    Renamed{"PROCEDURE_SCHEM", "PROCEDURE_OWNER"},
    Renamed{"PKTABLE_CAT", "PKTABLE_QUALIFIER"},
    Renamed{"PKTABLE_SCHEM", "PKTABLE_OWNER"},
    Renamed{"FKTABLE_CAT", "FKTABLE_QUALIFIER"},
    Renamed{"FKTABLE_SCHEM", "FKTABLE_OWNER"},
    Renamed{"COLUMN_SIZE", "PRECISION"},
    Renamed{"BUFFER_LENGTH", "LENGTH"},
    Renamed{"DECIMAL_DIGITS", "SCALE"},
    Renamed{"FIXED_PREC_SCALE", "MONEY"},
    Renamed{"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT"},
};

using fabric::base::upper;

SQLLEN capped(SQLLEN value) { return std::clamp<SQLLEN>(value, 0, INT_MAX); }

bool is_character_or_binary(SQLSMALLINT sql_type) {
  switch (sql_type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return true;
    default:
      return false;
  }
}

/// Geometry and JSON declare no length.
constexpr std::uint64_t kUnlimited = UINT32_MAX;

/// Types of MariaDB that travel as text, and the characters they take.
struct TextLike {
  std::string_view name;
  std::uint64_t characters;
};
constexpr std::array kTextLike{TextLike{"uuid", 36}, TextLike{"inet6", 39}, TextLike{"inet4", 15}};

/// The numbers of "(10,2) unsigned"; 0 for what is not there.
std::pair<std::uint32_t, std::uint32_t> type_numbers(std::string_view text) {
  std::pair<std::uint32_t, std::uint32_t> numbers{};
  if (!text.starts_with('(')) return numbers;
  const char* const end = text.data() + text.size();
  const char* const rest = std::from_chars(text.data() + 1, end, numbers.first).ptr;
  if (rest != end && *rest == ',') std::from_chars(rest + 1, end, numbers.second);
  return numbers;
}

/// The name of a database stands in its catalog's column, and its schema's is the next.
void place_database(std::vector<rows::Record>& rows, std::size_t catalog,
                    const CatalogOptions& options) {
  if (!options.databases_are_schemas && !options.no_catalog) return;
  for (rows::Record& row : rows) {
    if (options.databases_are_schemas) std::swap(row[catalog], row[catalog + 1]);
    if (options.no_catalog) row[catalog].reset();
  }
}

}  // namespace

CatalogReply catalog_reply(std::vector<fabric::mysql::Column> columns,
                           std::vector<rows::Record> rows, const CatalogOptions& options) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name.ends_with("_CAT")) place_database(rows, i, options);
  }
  if (options.rules.odbc2) {
    for (auto& column : columns) {
      const auto* const renamed = std::find_if(
          kRenamed.begin(), kRenamed.end(), [&](const auto& r) { return r.odbc3 == column.name; });
      if (renamed != kRenamed.end()) column.name = renamed->odbc2;
    }
  }
  return std::make_unique<rows::MemoryReply>(std::move(columns), std::move(rows));
}

std::uint64_t to_number(const std::optional<std::string>& text, std::uint64_t limit) {
  if (!text) return 0;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc::result_out_of_range) return limit;
  return std::min(value, limit);
}

std::string to_text(const std::optional<std::string>& text) { return text.value_or(""); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return upper(x) == upper(y); }) != text.end();
}

TypeValues type_values(const ColumnDescription& description) {
  TypeValues values{.data_type = description.sql_type,
                    .type_name = description.type->name,
                    .column_size = capped(
                        static_cast<SQLLEN>(std::min<SQLULEN>(description.column_size, INT_MAX))),
                    .buffer_length = capped(description.octet_length),
                    .sql_data_type = description.verbose_type};
  if (description.type->minimum_scale >= 0) values.decimal_digits = description.decimal_digits;
  if (description.radix != 0) values.radix = description.radix;
  if (description.datetime_code != 0) values.datetime_sub = description.datetime_code;
  if (is_character_or_binary(description.sql_type)) {
    values.char_octet_length = values.buffer_length;
  }
  return values;
}

std::string_view type_word(std::string_view column_type) {
  return column_type.substr(0, column_type.find_first_of("( "));
}

ColumnDescription describe_type(std::string_view column_type,
                                const std::optional<std::string>& characters, bool nullable,
                                bool auto_increment, const TypeRules& rules) {
  const std::string_view word = type_word(column_type);
  const auto [first, second] = type_numbers(column_type.substr(word.size()));
  DeclaredType declared{.data_type = word,
                        .column_type = column_type,
                        .characters = characters ? to_number(characters) : kUnlimited,
                        .precision = first,
                        .scale = second,
                        .fraction = first,
                        .nullable = nullable,
                        .auto_increment = auto_increment};
  // Their members may contain the word "unsigned".
  if (word == "enum" || word == "set") declared.column_type = word;
  const auto* const text_like =
      std::ranges::find_if(kTextLike, [&](const TextLike& type) { return type.name == word; });
  if (text_like != kTextLike.end()) {
    declared.data_type = declared.column_type = "char";
    declared.characters = text_like->characters;
  }
  return describe(declared, rules);
}

const std::vector<rows::Record>& require_width(const std::vector<rows::Record>& rows,
                                               std::size_t width) {
  for (const rows::Record& row : rows) {
    if (row.size() == width) continue;
    throw fabric::base::Error(fabric::base::SqlState::k08S01,
                              "The server answered a query on information_schema with " +
                                  std::to_string(row.size()) + " columns in place of " +
                                  std::to_string(width) + ": check what listens there");
  }
  return rows;
}

}  // namespace driver::catalog
