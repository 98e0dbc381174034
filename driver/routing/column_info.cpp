#include "driver/routing/column_info.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "driver/routing/same_name.h"
#include "driver/sql/scan.h"
#include "fabric/base/ascii.h"

namespace driver::routing {
namespace {

struct FamilyRow {
  std::string_view type;
  ColumnFamily family;
};
constexpr std::array kFamilies{
    FamilyRow{"tinyint", ColumnFamily::kInteger},   FamilyRow{"smallint", ColumnFamily::kInteger},
    FamilyRow{"mediumint", ColumnFamily::kInteger}, FamilyRow{"int", ColumnFamily::kInteger},
    FamilyRow{"bigint", ColumnFamily::kInteger},    FamilyRow{"char", ColumnFamily::kText},
    FamilyRow{"varchar", ColumnFamily::kText},      FamilyRow{"tinytext", ColumnFamily::kText},
    FamilyRow{"text", ColumnFamily::kText},         FamilyRow{"mediumtext", ColumnFamily::kText},
    FamilyRow{"longtext", ColumnFamily::kText},     FamilyRow{"varbinary", ColumnFamily::kText},
    FamilyRow{"date", ColumnFamily::kDate},         FamilyRow{"datetime", ColumnFamily::kDateTime}};

ColumnFamily family_of(std::string_view type) {
  const auto* found = std::ranges::find(kFamilies, type, &FamilyRow::type);
  return found == kFamilies.end() ? ColumnFamily::kOther : found->family;
}

template <class Number>
Number number_of(const std::optional<std::string>& text) {
  Number value{};
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

bool holds(const std::string& text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
           return sql::equals_ignoring_case({&a, 1}, {&b, 1});
         }) != text.end();
}

ColumnInfo column_from(const rows::Record& row) {
  ColumnInfo column;
  column.name = row.at(0).value_or("");
  column.type = fabric::base::lower(row.at(1).value_or(""));
  column.family = family_of(column.type);
  const std::string full = row.at(2).value_or("");
  column.is_unsigned = holds(full, " unsigned");
  column.zerofill = holds(full, " zerofill");
  column.charset = row.at(3).value_or("");
  column.collation = row.at(4).value_or("");
  column.length = number_of<std::uint64_t>(row.at(5));
  column.fraction_digits = number_of<unsigned>(row.at(6));
  const std::string extra = row.at(7).value_or("");
  column.auto_increment = holds(extra, "auto_increment");
  const std::string padded = " " + extra;  // MySQL 8's DEFAULT_GENERATED is a default
  column.generated = holds(padded, " generated") || holds(padded, " persistent");
  column.computed = column.generated || holds(padded, " on update ");
  column.invisible = holds(extra, "invisible");
  return column;
}

}  // namespace

const ColumnInfo* TableColumns::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      columns, [&](const ColumnInfo& column) { return same_name(column.name, name); });
  return found == columns.end() ? nullptr : &*found;
}

std::string columns_query(std::string_view schema_literal, std::string_view table_literal) {
  std::string sql =
      "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, "
      "CHARACTER_MAXIMUM_LENGTH, DATETIME_PRECISION, EXTRA FROM information_schema.COLUMNS WHERE "
      "TABLE_SCHEMA = ";
  sql += schema_literal;
  sql += " AND TABLE_NAME = ";
  sql += table_literal;
  return sql + " ORDER BY ORDINAL_POSITION";
}

TableColumns columns_from(const std::vector<rows::Record>& rows) {
  TableColumns table;
  for (const rows::Record& row : rows) table.columns.push_back(column_from(row));
  return table;
}

}  // namespace driver::routing
