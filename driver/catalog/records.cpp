#include "driver/catalog/records.h"

#include <algorithm>
#include <array>
#include <utility>

#include "driver/sql/literals.h"
#include "fabric/base/ascii.h"
#include "fabric/base/error.h"

namespace driver::catalog {

namespace {

/// A column's type as SHOW COLUMNS writes it: decimal(10,2) unsigned, enum('a','b').
struct ShownType {
  std::string_view name;
  std::vector<std::string> arguments;  ///< numbers, or members without their quotes
};

ShownType parse_type(std::string_view text) {
  ShownType type;
  type.name = type_word(text);
  std::size_t i = type.name.size();
  if (i == text.size() || text[i] != '(') return type;
  bool quoted = false;
  type.arguments.emplace_back();
  for (++i; i < text.size() && (quoted || text[i] != ')'); ++i) {
    if (text[i] == '\'' && quoted && i + 1 < text.size() && text[i + 1] == '\'') {
      type.arguments.back() += text[i++];
    } else if (text[i] == '\'') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted) {
      type.arguments.emplace_back();
    } else {
      type.arguments.back() += text[i];
    }
  }
  return type;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<std::string> character_length(const ShownType& type) {
  struct Fixed {
    std::string_view name;
    std::uint64_t length;
  };
  constexpr std::array kFixed{Fixed{"tinytext", 255},        Fixed{"tinyblob", 255},
                              Fixed{"text", 65535},          Fixed{"blob", 65535},
                              Fixed{"mediumtext", 16777215}, Fixed{"mediumblob", 16777215},
                              Fixed{"longtext", UINT32_MAX}, Fixed{"longblob", UINT32_MAX}};
  for (const Fixed& fixed : kFixed) {
    if (type.name == fixed.name) return number(fixed.length);
  }
  std::size_t longest = 0;
  std::size_t all = 0;
  for (const std::string& member : type.arguments) {
    longest = std::max(longest, characters(member));
    all += characters(member) + 1;
  }
  if (type.name == "enum") return number(longest);
  if (type.name == "set") return number(all - std::min<std::size_t>(all, 1));
  const bool sized = type.name.ends_with("char") || type.name.ends_with("binary");
  return sized && !type.arguments.empty() ? std::optional(type.arguments[0]) : std::nullopt;
}

/// Letters, digits and what else stands for itself in every text of SQL.
bool is_plain(const std::optional<std::string>& name) {
  return name && !name->empty() && std::ranges::all_of(*name, [](char c) {
           return (c >= '0' && c <= '9') ||
                  (fabric::base::lower(c) >= 'a' && fabric::base::lower(c) <= 'z') || c == '_' ||
                  c == '$';
         });
}

/// The rows of a SELECT about the wanted tables. One table is looked for by its name as a statement
/// looks for it, letter case and all: to compare that once more costs a server as much as a tenth
/// of the rest.
std::vector<rows::Record> asked(CatalogSource& source, std::string sql,
                                const WantedTables& wanted) {
  const auto database = wanted.catalog.exact_name();
  const auto table = wanted.table.exact_name();
  const std::string column = wanted.column.condition("COLUMN_NAME", NameFilter::Case::kIgnored);
  if (is_plain(database) && is_plain(table) && column.empty()) {
    sql += " AND TABLE_SCHEMA = ? AND TABLE_NAME = ?";
    return source.rows_of(OneTable{*database, *table}, sql);
  }
  const auto letter_case =
      database && table ? NameFilter::Case::kIgnored : NameFilter::Case::kAsServer;
  sql += wanted.catalog.condition("TABLE_SCHEMA", letter_case) +
         wanted.table.condition("TABLE_NAME", letter_case) + column;
  return source.rows(sql);
}

bool says_there_is_none(int native) {
  // Denied, not there, or no name that one can have.
  constexpr std::array kNone{1044, 1049, 1102, 1103, 1109, 1142, 1143, 1146};
  return std::ranges::find(kNone, native) != kNone.end();
}

/// The rows of a SHOW about the table, if the session can have a temporary one of that name.
std::vector<rows::Record> shown(CatalogSource& source, std::string_view what,
                                const WantedTables& wanted, std::string_view where = {}) {
  const auto database = wanted.catalog.exact_name();
  const auto table = wanted.table.plain_name();
  if (!database || !table || table->empty() || !source.may_have_temporary_tables()) return {};
  try {
    return source.rows(std::string("SHOW ").append(what).append(" FROM ") +
                       sql::sql_name(*database) + '.' + sql::sql_name(*table) + std::string(where));
  } catch (const fabric::base::Error& error) {
    if (!says_there_is_none(error.native())) throw;
    return {};
  }
}

std::vector<rows::Record> temporary_columns(CatalogSource& source, const WantedTables& wanted) {
  constexpr std::string_view kWhat = "FULL COLUMNS";
  const std::string named = wanted.column.condition("Field", NameFilter::Case::kIgnored);
  // Field, Type, Collation, Null, Key, Default, Extra, Privileges, Comment
  const auto fields = shown(source, kWhat, wanted);
  const auto found = named.empty() || fields.empty()
                         ? fields
                         : shown(source, kWhat, wanted, " WHERE TRUE" + named);
  std::vector<rows::Record> rows;
  std::size_t position = 0;
  for (const rows::Record& field : require_width(fields, 9)) {
    ++position;
    if (std::ranges::find(found, field) == found.end()) continue;
    rows.push_back({wanted.catalog.exact_name(), wanted.table.plain_name(), field.at(0),
                    number(position), field.at(3), field.at(1), field.at(6), field.at(5),
                    field.at(8), character_length(parse_type(field.at(1).value_or("")))});
  }
  return rows;
}

/// Places in the rows of SHOW KEYS.
enum ShownKey : std::size_t {
  kShownNonUnique = 1,
  kShownName,
  kShownSequence,
  kShownColumn,
  kShownCollation,
  kShownCardinality,
  kShownNull = 9,
  kShownType
};

std::vector<rows::Record> temporary_indexes(CatalogSource& source, const WantedTables& wanted) {
  std::vector<rows::Record> keys = shown(source, "KEYS", wanted);
  std::erase_if(keys, [](const rows::Record& key) { return key.size() <= kShownType; });
  return keys;
}

}  // namespace

std::string CatalogSource::text_about(const OneTable& table, std::string_view sql) {
  const std::size_t first = sql.find('?');
  const std::size_t second = sql.find('?', first + 1);
  std::string text;
  text.reserve(sql.size() + table.database.size() + table.table.size() + 4);
  text.append(sql.substr(0, first)).append(1, '\'').append(table.database).append(1, '\'');
  text.append(sql.substr(first + 1, second - first - 1));
  return text.append(1, '\'').append(table.table).append(1, '\'').append(sql.substr(second + 1));
}

ColumnRecords column_records(CatalogSource& source, const WantedTables& wanted) {
  ColumnRecords records;
  records.rows =
      asked(source,
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, "
            "COLUMN_TYPE, EXTRA, COLUMN_DEFAULT, COLUMN_COMMENT, CHARACTER_MAXIMUM_LENGTH "
            "FROM information_schema.COLUMNS WHERE TRUE",
            wanted);
  if (records.rows.empty()) {
    records.rows = temporary_columns(source, wanted);
    records.temporary = true;
  }
  require_width(records.rows, 10);
  return records;
}

/// What the table's statistics would tell besides costs a server more than all of this.
std::vector<rows::Record> primary_key_records(CatalogSource& source, const WantedTables& wanted) {
  auto rows = asked(source,
                    "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, SEQ_IN_INDEX FROM "
                    "information_schema.STATISTICS WHERE INDEX_NAME = 'PRIMARY'",
                    wanted);
  if (rows.empty()) {
    for (const rows::Record& key : temporary_indexes(source, wanted)) {
      if (key.at(kShownName) != "PRIMARY") continue;
      rows.push_back({wanted.catalog.exact_name(), wanted.table.plain_name(), key.at(kShownColumn),
                      key.at(kShownSequence)});
    }
  }
  require_width(rows, 4);
  return rows;
}

std::vector<rows::Record> index_records(CatalogSource& source, const WantedTables& wanted) {
  auto rows =
      asked(source,
            "SELECT TABLE_SCHEMA, TABLE_NAME, NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, "
            "COLLATION, CARDINALITY, INDEX_TYPE FROM information_schema.STATISTICS WHERE TRUE",
            wanted);
  if (rows.empty()) {
    for (const rows::Record& key : temporary_indexes(source, wanted)) {
      rows.push_back({wanted.catalog.exact_name(), wanted.table.plain_name(),
                      key.at(kShownNonUnique), key.at(kShownName), key.at(kShownSequence),
                      key.at(kShownColumn), key.at(kShownCollation), key.at(kShownCardinality),
                      key.at(kShownType)});
    }
  }
  require_width(rows, 9);
  return rows;
}

std::vector<rows::Record> key_records(CatalogSource& source, const WantedTables& wanted) {
  auto rows = asked(source,
                    "SELECT NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NULLABLE "
                    "FROM information_schema.STATISTICS WHERE TRUE",
                    wanted);
  if (rows.empty()) {
    for (const rows::Record& key : temporary_indexes(source, wanted)) {
      rows.push_back({key.at(kShownNonUnique), key.at(kShownName), key.at(kShownSequence),
                      key.at(kShownColumn), key.at(kShownNull)});
    }
  }
  require_width(rows, 5);
  return rows;
}

}  // namespace driver::catalog
