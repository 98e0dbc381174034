// From what the server says of a column, or a table's declaration, to ODBC's sizes.
#include <algorithm>
#include <array>

#include "driver/type_info.h"

namespace driver {
namespace {

using fabric::mysql::Column;
using fabric::mysql::WireType;

constexpr std::uint16_t kBinaryFlag = 128;
constexpr std::uint16_t kEnumFlag = 256;
constexpr std::uint16_t kSetFlag = 2048;
constexpr std::uint64_t kLongest = 2147483647;  // the largest size a 32-bit application can hold
constexpr std::uint32_t kLongTextBytes = 4294967295;
constexpr std::uint32_t kFractionDigits = 6;
constexpr std::uint64_t kMostDecimalDigits = 65;
constexpr std::uint64_t kUtf8Bytes = 4;  // of the longest character

/// What both sources of a description come down to.
struct Facts {
  MysqlType type = MysqlType::kNull;
  std::uint64_t size = 0;   ///< characters, bytes, bits or digits
  std::uint32_t scale = 0;  ///< of a decimal, or digits of the fraction of a second
  bool nullable = true;
  bool auto_increment = false;
  bool case_sensitive = false;
};

/// Bytes the longest character takes in a result of this collation (ids as in the protocol).
std::uint32_t bytes_per_character(std::uint16_t collation) {
  const auto between = [collation](int low, int high) {
    return collation >= low && collation <= high;
  };
  if (collation == 33 || collation == 83 || between(192, 215) || collation == 223) return 3;
  if (collation == 5 || collation == 8 || collation == 11 || collation == 63) return 1;
  return 4;
}

MysqlType pick(bool condition, MysqlType yes, MysqlType no) { return condition ? yes : no; }

MysqlType text_by_length(std::uint64_t characters) {
  if (characters <= type_info(MysqlType::kTinyText).column_size) return MysqlType::kTinyText;
  if (characters <= type_info(MysqlType::kText).column_size) return MysqlType::kText;
  if (characters <= type_info(MysqlType::kMediumText).column_size) return MysqlType::kMediumText;
  return MysqlType::kLongText;
}

MysqlType blob_by_length(std::uint64_t bytes) {
  if (bytes <= type_info(MysqlType::kTinyBlob).column_size) return MysqlType::kTinyBlob;
  if (bytes <= type_info(MysqlType::kBlob).column_size) return MysqlType::kBlob;
  if (bytes <= type_info(MysqlType::kMediumBlob).column_size) return MysqlType::kMediumBlob;
  return MysqlType::kLongBlob;
}

/// LONGTEXT is as long in characters of one byte: its length in bytes does not grow with the set.
std::uint64_t characters_of(const Column& column) {
  if (column.length >= kLongTextBytes) return column.length;
  return column.length / bytes_per_character(column.charset);
}

MysqlType string_type(const Column& column) {
  if ((column.flags & kEnumFlag) != 0) return MysqlType::kEnum;
  if ((column.flags & kSetFlag) != 0) return MysqlType::kSet;
  switch (column.type) {
    case WireType::kString:
      return pick(column.is_binary(), MysqlType::kBinary, MysqlType::kChar);
    case WireType::kVarchar:
    case WireType::kVarString:
      return pick(column.is_binary(), MysqlType::kVarBinary, MysqlType::kVarchar);
    default:
      return column.is_binary() ? blob_by_length(column.length)
                                : text_by_length(characters_of(column));
  }
}

/// DECIMAL's display length counts a sign and a point; that of a user variable has more digits than
/// the type.
std::uint64_t decimal_precision(const Column& column) {
  const std::uint64_t around = (column.decimals > 0 ? 1U : 0U) + (column.is_unsigned() ? 0U : 1U);
  const std::uint64_t digits = column.length > around ? column.length - around : 1;
  return std::min(std::max<std::uint64_t>(digits, column.decimals), kMostDecimalDigits);
}

/// The fraction's digits; an expression may leave them unsaid (31 or more) and be 20 + digits long.
std::uint32_t fraction_digits(const Column& column, std::uint32_t whole) {
  if (column.decimals <= kFractionDigits) return column.decimals;
  return column.length > whole + 1 ? std::min(column.length - whole - 1, kFractionDigits) : 0;
}

Facts facts_of(const Column& column) {
  Facts facts{.type = type_of(column),
              .size = 0,
              .scale = 0,
              .nullable = !column.not_null(),
              .auto_increment = column.auto_increment(),
              .case_sensitive = (column.flags & kBinaryFlag) != 0};
  switch (facts.type) {
    case MysqlType::kDecimal:
    case MysqlType::kDecimalUnsigned:
      facts.size = decimal_precision(column);
      facts.scale = column.decimals;
      break;
    case MysqlType::kTime:
      facts.scale = fraction_digits(column, 10);
      break;
    case MysqlType::kDateTime:
    case MysqlType::kTimestamp:
      facts.scale = fraction_digits(column, 19);
      break;
    default:
      facts.size =
          type_info(facts.type).c_type == SQL_C_WCHAR ? characters_of(column) : column.length;
  }
  return facts;
}

struct NamedType {
  std::string_view name;
  MysqlType type;
};

// DATA_TYPE as information_schema writes it, where it is not the name of a row of the type table.
constexpr std::array kOtherNames{NamedType{"linestring", MysqlType::kGeometry},
                                 NamedType{"multilinestring", MysqlType::kGeometry},
                                 NamedType{"multipoint", MysqlType::kGeometry},
                                 NamedType{"multipolygon", MysqlType::kGeometry},
                                 NamedType{"point", MysqlType::kGeometry},
                                 NamedType{"polygon", MysqlType::kGeometry},
                                 NamedType{"geometrycollection", MysqlType::kGeometry},
                                 NamedType{"geomcollection", MysqlType::kGeometry},
                                 NamedType{"integer", MysqlType::kInt},
                                 NamedType{"numeric", MysqlType::kDecimal}};

MysqlType type_named(std::string_view name, bool is_unsigned) {
  if (name.empty()) return MysqlType::kVarchar;
  for (const NamedType& other : kOtherNames) {
    if (other.name == name) return other.type;
  }
  for (const TypeInfo& row : all_types()) {
    if (row.type == MysqlType::kNone || row.name[0] != name[0] || !row.name.starts_with(name)) {
      continue;
    }
    const std::string_view rest = row.name.substr(name.size());
    const bool fits = is_unsigned ? rest == " unsigned" : rest.empty();
    if (fits || (row.name == name && row.is_unsigned && !row.auto_unique)) return row.type;
  }
  return MysqlType::kVarchar;
}

Facts facts_of(const DeclaredType& declared) {
  const bool is_unsigned = declared.column_type.find("unsigned") != std::string_view::npos;
  Facts facts{.type = type_named(declared.data_type, is_unsigned),
              .size = declared.characters,
              .scale = declared.fraction,
              .nullable = declared.nullable,
              .auto_increment = declared.auto_increment,
              .case_sensitive = false};
  switch (facts.type) {
    case MysqlType::kDecimal:
    case MysqlType::kDecimalUnsigned:
      facts.size = declared.precision;
      facts.scale = declared.scale;
      break;
    case MysqlType::kBit1:
      facts.size = declared.precision;
      if (declared.precision > 1) facts.type = MysqlType::kBits;
      break;
    default:
      break;
  }
  return facts;
}

SQLSMALLINT small(std::uint64_t value) {
  return static_cast<SQLSMALLINT>(std::min<std::uint64_t>(value, 32767));
}

void set_size(ColumnDescription& out, std::uint64_t column_size, std::uint64_t octets,
              std::uint64_t display) {
  out.column_size = std::min(column_size, kLongest);
  out.octet_length = static_cast<SQLLEN>(std::min(octets, kLongest));
  out.display_size = static_cast<SQLLEN>(std::min(display, kLongest));
}

void size_of_moment(ColumnDescription& out, const Facts& facts) {
  const std::uint64_t fraction = facts.scale > 0 ? facts.scale + 1U : 0U;
  const auto octets = static_cast<std::uint64_t>(out.type->octets);
  out.decimal_digits = out.precision = small(facts.scale);
  switch (facts.type) {
    case MysqlType::kDate:
      return set_size(out, 10, octets, 10);
    case MysqlType::kTime:  // shown as wide as MySQL's -838:59:59
      return set_size(out, 8 + fraction, octets, 10 + fraction);
    default:
      return set_size(out, 19 + fraction, octets, 19 + fraction);
  }
}

void size_of_decimal(ColumnDescription& out, const Facts& facts) {
  set_size(out, facts.size, facts.size + 2, facts.size + 2);
  out.precision = small(facts.size);
  out.decimal_digits = out.scale = small(facts.scale);
}

void size_of_fixed(ColumnDescription& out) {
  const bool shown_as_int = out.type->sql_type == SQL_BIGINT && out.sql_type == SQL_INTEGER;
  const MysqlType narrow = pick(out.type->is_unsigned, MysqlType::kIntUnsigned, MysqlType::kInt);
  const TypeInfo& row = shown_as_int ? type_info(narrow) : *out.type;
  set_size(out, row.column_size, static_cast<std::uint64_t>(row.octets),
           static_cast<std::uint64_t>(row.display));
  out.precision = small(row.column_size);
}

void set_sizes(ColumnDescription& out, const Facts& facts, const TypeRules& rules) {
  const TypeInfo& row = *out.type;
  if (facts.type == MysqlType::kBits) {
    const std::uint64_t bytes = (facts.size + 7) / 8;
    return set_size(out, bytes, bytes, bytes * 2);
  }
  if (facts.type == MysqlType::kNull) return set_size(out, 1, 2, 1);
  if (facts.type == MysqlType::kDecimal || facts.type == MysqlType::kDecimalUnsigned) {
    return size_of_decimal(out, facts);
  }
  if (row.octets != 0 && !row.numeric) return size_of_moment(out, facts);
  if (row.octets != 0) return size_of_fixed(out);
  if (row.c_type == SQL_C_BINARY) return set_size(out, facts.size, facts.size, facts.size * 2);
  // ANSI programs (isql, PHP) size their SQL_C_CHAR buffers by the display size: so the bytes of
  // UTF-8, which are its characters to them.
  set_size(out, facts.size, facts.size * (rules.ansi ? kUtf8Bytes : sizeof(SQLWCHAR)),
           facts.size * (rules.ansi ? kUtf8Bytes : 1));
}

ColumnDescription describe(const Facts& facts, const TypeRules& rules) {
  const TypeInfo& row = type_info(facts.type);
  ColumnDescription out;
  out.type = &row;
  out.sql_type = sql_type_under(row.sql_type, rules);
  out.verbose_type = verbose_type(out.sql_type);
  out.datetime_code = datetime_subcode(row.sql_type);
  set_sizes(out, facts, rules);
  out.length = out.column_size;
  out.radix = row.radix;
  // Both take NULL, and then hold the next number or the time: programs (Access) must not ask for
  // a value of theirs.
  const bool takes_null = facts.auto_increment || facts.type == MysqlType::kTimestamp;
  out.nullable = facts.nullable || takes_null ? SQL_NULLABLE : SQL_NO_NULLS;
  out.is_unsigned = row.is_unsigned || !row.numeric;
  out.auto_unique = facts.auto_increment;
  out.case_sensitive = row.case_sensitive || (row.c_type == SQL_C_WCHAR && facts.case_sensitive);
  return out;
}

}  // namespace

MysqlType type_of(const Column& column) noexcept {
  const bool plain = !column.is_unsigned();
  switch (column.type) {
    case WireType::kDecimal:
    case WireType::kNewDecimal:
      return pick(plain, MysqlType::kDecimal, MysqlType::kDecimalUnsigned);
    case WireType::kTiny:
      return pick(plain, MysqlType::kTinyInt, MysqlType::kTinyIntUnsigned);
    case WireType::kShort:
      return pick(plain, MysqlType::kSmallInt, MysqlType::kSmallIntUnsigned);
    case WireType::kInt24:
      return pick(plain, MysqlType::kMediumInt, MysqlType::kMediumIntUnsigned);
    case WireType::kLong:
      return pick(plain, MysqlType::kInt, MysqlType::kIntUnsigned);
    case WireType::kLongLong:
      return pick(plain, MysqlType::kBigInt, MysqlType::kBigIntUnsigned);
    case WireType::kFloat:
      return pick(plain, MysqlType::kFloat, MysqlType::kFloatUnsigned);
    case WireType::kDouble:
      return pick(plain, MysqlType::kDouble, MysqlType::kDoubleUnsigned);
    case WireType::kNull:
      return MysqlType::kNull;
    case WireType::kTimestamp:
      return MysqlType::kTimestamp;
    case WireType::kDate:
    case WireType::kNewDate:
      return MysqlType::kDate;
    case WireType::kTime:
      return MysqlType::kTime;
    case WireType::kDateTime:
      return MysqlType::kDateTime;
    case WireType::kYear:
      return MysqlType::kYear;
    case WireType::kBit:
      return pick(column.length <= 1, MysqlType::kBit1, MysqlType::kBits);
    case WireType::kJson:
      return MysqlType::kJson;
    case WireType::kEnum:
      return MysqlType::kEnum;
    case WireType::kSet:
      return MysqlType::kSet;
    case WireType::kGeometry:
      return MysqlType::kGeometry;
    default:
      return string_type(column);
  }
}

bool taken_for_text(const Column& column, const TypeRules& rules) noexcept {
  if (!rules.no_binary_result || !column.is_binary() || !column.base_table.empty()) return false;
  switch (column.type) {
    case WireType::kString:
    case WireType::kVarchar:
    case WireType::kVarString:
    case WireType::kTinyBlob:
    case WireType::kMediumBlob:
    case WireType::kLongBlob:
    case WireType::kBlob:
      return true;
    default:
      return false;
  }
}

ColumnDescription describe(const Column& given, const TypeRules& rules) noexcept {
  if (!taken_for_text(given, rules)) return describe(facts_of(given), rules);
  constexpr std::uint16_t kOneByteCharset = 8;
  Column text;
  text.type = given.type;
  text.length = given.length;
  text.flags = given.flags;
  text.charset = kOneByteCharset;
  return describe(facts_of(text), rules);
}

ColumnDescription describe(const DeclaredType& declared, const TypeRules& rules) noexcept {
  return describe(facts_of(declared), rules);
}

}  // namespace driver
