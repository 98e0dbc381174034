// The result sets of catalog functions: their columns, and how facts become values.
// Plain functions; any thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/catalog/queries.h"

namespace driver::catalog {

/// Characters announced for names, types, remarks and defaults.
inline constexpr std::uint32_t kNameLength = 64;
inline constexpr std::uint32_t kTypeNameLength = 64;
inline constexpr std::uint32_t kRemarksLength = 2048;
inline constexpr std::uint32_t kDefaultLength = 4096;

/// A result of these columns; under ODBC 2 they get the names of ODBC 2, save those that are called
/// differently in different results.
CatalogReply catalog_reply(std::vector<fabric::mysql::Column> columns,
                           std::vector<rows::Record> rows, const CatalogOptions& options);

template <class Number>
std::optional<std::string> number(Number value) {
  return std::to_string(value);
}

/// Numbers of a row of information_schema; 0 for NULL, capped at `limit`.
std::uint64_t to_number(const std::optional<std::string>& text, std::uint64_t limit = UINT64_MAX);
std::string to_text(const std::optional<std::string>& text);
/// Letters of ASCII only.
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view part);

/// The ten values that SQLColumns, SQLProcedureColumns and SQLSpecialColumns derive from a type.
struct TypeValues {
  SQLSMALLINT data_type = 0;
  std::string_view type_name;
  SQLLEN column_size = 0, buffer_length = 0;
  std::optional<SQLSMALLINT> decimal_digits{}, radix{};
  SQLSMALLINT sql_data_type = 0;
  std::optional<SQLSMALLINT> datetime_sub{};
  std::optional<SQLLEN> char_octet_length{};
};
TypeValues type_values(const ColumnDescription& description);

/// What a type is called: "decimal" of "decimal(10,2) unsigned".
std::string_view type_word(std::string_view column_type);
/// A type as a server writes it (COLUMN_TYPE, DTD_IDENTIFIER), with its CHARACTER_MAXIMUM_LENGTH:
/// a TEXT's depends on its character set. What else information_schema tells of a type stands in
/// the text, and each column that is asked for costs a server a fiftieth of the question.
ColumnDescription describe_type(std::string_view column_type,
                                const std::optional<std::string>& characters, bool nullable,
                                bool auto_increment, const TypeRules& rules);

/// Throws 08S01 if what a server answered has rows of another width.
const std::vector<rows::Record>& require_width(const std::vector<rows::Record>& rows,
                                               std::size_t width);

}  // namespace driver::catalog
