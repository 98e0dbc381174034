#include "tests/fuzz/arguments.h"

#include <algorithm>
#include <array>

namespace fuzz {
namespace {

using test_support::Argument;
using test_support::OdbcCall;

std::uint64_t bits(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }
std::uint64_t bits(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// UTF-8 to UTF-16; a byte that is none becomes a lone surrogate.
std::u16string widened(std::string_view text) {
  std::u16string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      made += static_cast<char16_t>(byte);
    } else if (byte == 0xF0 && i + 3 < text.size()) {
      made += u"\U0001F600";
      i += 3;
    } else {
      made += static_cast<char16_t>(0xD800 + byte);
    }
  }
  return made;
}

}  // namespace

Arguments::Arguments(const OdbcCall& call, const Surroundings& around)
    : call_(call), around_(around) {
  for (std::size_t i = 0; i < call.count; ++i) values_.push_back(make(i));
}

bool Arguments::named(std::string_view part) const {
  return call_.name.find(part) != std::string::npos;
}

std::uint64_t Arguments::make(std::size_t index) {
  Chooser& choose = around_.choose;
  switch (call_.kinds[index]) {
    case Argument::kEnvironment:
      return handle(SQL_HANDLE_ENV);
    case Argument::kConnection:
      return handle(SQL_HANDLE_DBC);
    case Argument::kStatement:
      return handle(SQL_HANDLE_STMT);
    case Argument::kDescriptor:
      return handle(SQL_HANDLE_DESC);
    case Argument::kHandleType:
      handle_type_ =
          static_cast<SQLSMALLINT>(choose.one_in(30) ? odd_number(choose) : 1 + choose.below(4));
      return static_cast<std::uint64_t>(handle_type_);
    case Argument::kAnyHandle:
      return any_handle();
    case Argument::kHandleOut:
    case Argument::kPointerOut:
    case Argument::kLenOut:
      return out(8);
    case Argument::kShortOut:
      return out(2);
    case Argument::kIntOut:
      return out(4);
    case Argument::kStatusOut:
      // SQLSetPos writes into it as well (ODBC 3.8, appendix G).
      return choose.one_in(12) ? 0 : bits(around_.arena.statuses());
    case Argument::kFunctionsOut:
      return out(SQL_API_ODBC3_ALL_FUNCTIONS_SIZE * sizeof(SQLUSMALLINT));
    case Argument::kText:
      return text();
    case Argument::kTextLength:
    case Argument::kValueLength:
      return text_length();
    case Argument::kValue:
      return value();
    case Argument::kData: {
      const std::string bytes = odd_text(choose) + std::string(64, '\0');  // the widest C type
      length_ = static_cast<std::int64_t>(bytes.size());
      terminated_ = true;
      return choose.one_in(20) ? 0 : bits(around_.arena.copy(bytes));
    }
    case Argument::kDataLength:
      return choose.one_in(5) ? bits(SQL_NULL_DATA) : text_length();
    case Argument::kBuffer:
      return buffer(call_.kinds[index + 1] == Argument::kCapacity);
    case Argument::kCapacity:
    case Argument::kCapacityBytes:
      return capacity_;
    case Argument::kBound:
      return choose.one_in(8) ? 0 : bits(around_.arena.data(choose));
    case Argument::kBoundCapacity: {
      static constexpr std::array<int, 12> kSizes{512, 512, 100, 64, 8, 3, 2, 1, 0, -1, -3, 20};
      return bits(choose.of(kSizes));
    }
    case Argument::kBoundLength:
      return choose.one_in(6) ? 0 : bits(around_.arena.lengths(choose));
    case Argument::kColumn:
      return column();
    case Argument::kCType:
      c_type_ = choose.one_in(30) ? static_cast<int>(odd_number(choose)) : choose.of(c_types());
      return bits(c_type_);
    case Argument::kSqlType:
      return choose.one_in(30) ? odd_number(choose) : bits(choose.of(sql_types()));
    case Argument::kSize:
    case Argument::kSmall:
    case Argument::kOffset:
      return odd_number(choose);
    case Argument::kOrientation:
      return choose.below(10);
    case Argument::kOption:
      return option(index);
    case Argument::kEnvironmentAttribute:
      return identifier(environment_attributes());
    case Argument::kConnectionAttribute:
      return identifier(connection_attributes());
    case Argument::kStatementAttribute:
      return identifier(statement_attributes());
    case Argument::kDescriptorField:
      return identifier(descriptor_fields());
    case Argument::kColumnField:
      return bits(choose.of(column_fields()));
    case Argument::kDiagnosticField:
      return bits(choose.of(diagnostic_fields()));
    case Argument::kInfoType:
      return choose.one_in(10) ? odd_number(choose) : choose.below(180);
    case Argument::kFunctionId:
      return choose.one_in(5) ? odd_number(choose) : choose.below(1100);
    case Argument::kWindow:
      return 0;
  }
  return 0;
}

std::uint64_t Arguments::handle(SQLSMALLINT kind) {
  Chooser& choose = around_.choose;
  if (choose.one_in(60)) {
    valid_handle_ = false;
    return 0;
  }
  const bool wrong = choose.one_in(60);
  std::vector<SQLHANDLE> fitting;
  for (const Live& live : around_.handles) {
    if ((live.kind == kind) != wrong) fitting.push_back(live.raw);
  }
  if (wrong || fitting.empty()) valid_handle_ = false;
  return fitting.empty() ? 0 : bits(choose.of(fitting));
}

std::uint64_t Arguments::any_handle() {
  SQLSMALLINT kind = handle_type_;
  if (named("SQLAllocHandle")) {
    if (kind == SQL_HANDLE_ENV) return 0;
    kind = kind == SQL_HANDLE_DBC ? SQL_HANDLE_ENV : SQL_HANDLE_DBC;
  }
  return handle(kind);
}

std::string Arguments::text_of_the_kind() {
  Chooser& choose = around_.choose;
  if (choose.one_in(40)) return odd_text(choose);
  if (named("DriverConnect") || named("BrowseConnect"))
    return choose.of(around_.connection_strings);
  if (named("Prepare") || named("ExecDirect") || named("NativeSql")) {
    std::string sql(choose.of(statements()));
    if (choose.one_in(40) && !sql.empty()) sql.resize(choose.below(sql.size()));
    return sql;
  }
  return std::string(choose.of(names()));
}

std::uint64_t Arguments::text() {
  Chooser& choose = around_.choose;
  const std::string narrow = text_of_the_kind();
  terminated_ = choose.one_in(2);
  length_ = 0;
  if (choose.one_in(30) || (named("SQLTables") && choose.one_in(3))) return 0;
  if (!call_.wide) {
    length_ = static_cast<std::int64_t>(narrow.size());
    return bits(around_.arena.copy(terminated_ ? narrow + '\0' : narrow));
  }
  std::u16string wide = widened(narrow);
  length_ = static_cast<std::int64_t>(wide.size());
  if (terminated_) wide += u'\0';
  return bits(around_.arena.copy({static_cast<const char*>(static_cast<const void*>(wide.data())),
                                  wide.size() * sizeof(char16_t)}));
}

std::uint64_t Arguments::text_length() {
  Chooser& choose = around_.choose;
  if (choose.one_in(25)) return bits(-2 - static_cast<std::int64_t>(choose.below(50)) * 2);
  if (terminated_ && choose.one_in(2)) return bits(SQL_NTS);
  if (length_ > 0 && choose.one_in(10)) {
    return choose.below(static_cast<std::uint64_t>(length_));
  }
  return bits(length_);
}

std::uint64_t Arguments::rowset_number() const {
  Chooser& choose = around_.choose;
  switch (identifier_.id) {
    case SQL_ATTR_ROW_BIND_TYPE:  // and SQL_DESC_..., which others are
    case SQL_ATTR_PARAM_BIND_TYPE:
    case SQL_DESC_BIND_TYPE: {
      static constexpr std::array<int, 5> kSteps{0, 0, 8, 64, Arena::kStep};
      return bits(choose.of(kSteps));
    }
    case SQL_DESC_OCTET_LENGTH: {
      static constexpr std::array<int, 6> kSizes{Arena::kStep, 100, 8, 1, 0, -1};
      return bits(choose.of(kSizes));
    }
    default: {
      static constexpr std::array<int, 5> kRowsets{1, 1, 2, Arena::kRows, 0};
      return bits(choose.of(kRowsets));
    }
  }
}

std::uint64_t Arguments::value() {
  Chooser& choose = around_.choose;
  terminated_ = true;
  length_ = 0;
  switch (identifier_.kind) {
    case ValueKind::kNumber:
      return odd_number(choose);
    case ValueKind::kRowset:
      return rowset_number();
    case ValueKind::kText: {
      const std::uint64_t given = text();
      if (!terminated_ && named("Option")) return 0;  // no length is passed
      if (call_.wide) length_ *= 2;
      return given;
    }
    case ValueKind::kDescriptor:
      return choose.one_in(4) ? 0 : handle(SQL_HANDLE_DESC);
    default:
      break;
  }
  if (choose.one_in(4)) return 0;
  switch (identifier_.kind) {
    case ValueKind::kOffset:
      return bits(around_.arena.offset(choose));
    case ValueKind::kData:
      return bits(around_.arena.data(choose));
    case ValueKind::kLength:
      return bits(around_.arena.lengths(choose));
    default:
      return bits(around_.arena.statuses());
  }
}

std::uint64_t Arguments::buffer(bool characters) {
  static constexpr std::array<int, 14> kSizes{0, 1, 2, 3, 4, 5, 7, 8, 16, 40, 100, 511, 4000, -1};
  constexpr std::size_t kWidest = 64;  // numbers and structures ignore the capacity
  Chooser& choose = around_.choose;
  const int size = choose.of(kSizes);
  capacity_ = bits(size);
  if (choose.one_in(12)) return 0;
  std::size_t needed = static_cast<std::size_t>(std::max(size, 0));
  if (characters && call_.wide) needed *= sizeof(SQLWCHAR);
  const bool only_text =
      characters || (named("SQLGetData") &&
                     (c_type_ == SQL_C_CHAR || c_type_ == SQL_C_WCHAR || c_type_ == SQL_C_BINARY));
  if (!only_text) needed = std::max(needed, kWidest);
  return bits(around_.arena.block(needed));
}

std::uint64_t Arguments::out(std::size_t size) {
  return around_.choose.one_in(12) ? 0 : bits(around_.arena.block(size));
}

std::uint64_t Arguments::option(std::size_t index) {
  Chooser& choose = around_.choose;
  const bool counts_rows = named("ParamOptions") || named("ScrollOptions");
  if (!counts_rows && choose.one_in(25)) return odd_number(choose);
  if (named("SQLFreeStmt") && choose.below(4) != 0) return SQL_CLOSE;
  if (named("DriverConnect")) return SQL_DRIVER_NOPROMPT;
  if (named("SQLBindParameter") && index == 2 && choose.below(4) != 0) return SQL_PARAM_INPUT;
  return choose.below(Arena::kRows + 1);
}

std::uint64_t Arguments::identifier(std::span<const Identifier> pool) {
  identifier_ = around_.choose.of(pool);
  return bits(identifier_.id);
}

std::uint64_t Arguments::column() {
  static constexpr std::array<int, 16> kColumns{0, 1, 1,  1,  2,  2,   3,     4,
                                                5, 8, 15, 21, 22, 100, 32767, 65535};
  return bits(around_.choose.of(kColumns));
}

}  // namespace fuzz
