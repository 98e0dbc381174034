#include "driver/escape_functions.h"

#include <algorithm>
#include <array>
#include <vector>

namespace driver {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

struct Call {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::string_view tail;  // from behind the opening parenthesis
  bool whole = false;     // `tail` is the arguments and the closing parenthesis, nothing more
};

/// An empty name when `text` is no call.
Call split_call(std::string_view text, ScanOptions options) {
  SqlScanner scanner(text, options);
  Call call;
  const Token name = scanner.next();
  Token token = scanner.next();
  if (name.kind != TokenKind::kWord || !token.is('(')) return call;
  call.name = name.text;
  std::size_t start = token.offset + 1;
  call.tail = text.substr(start);
  for (int depth = 1; depth > 0;) {
    token = scanner.next();
    if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kUnterminated) return call;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    if ((token.is(',') && depth == 1) || depth == 0) {
      call.arguments.push_back(trimmed(text.substr(start, token.offset - start)));
      start = token.offset + 1;
    }
  }
  call.whole = scanner.next().kind == TokenKind::kEnd;
  return call;
}

struct TypeName {
  std::string_view odbc, mysql;
};

/// What CAST knows. Empty: a double, which CAST of older servers does not know.
constexpr std::array kTypes{
    TypeName{"SQL_BIGINT", "SIGNED"},
    TypeName{"SQL_BINARY", "BINARY"},
    TypeName{"SQL_BIT", "UNSIGNED"},
    TypeName{"SQL_CHAR", "CHAR"},
    TypeName{"SQL_DATE", "DATE"},
    TypeName{"SQL_DECIMAL", "DECIMAL(65,30)"},
    TypeName{"SQL_DOUBLE", ""},
    TypeName{"SQL_FLOAT", ""},
    TypeName{"SQL_GUID", "CHAR(36)"},
    TypeName{"SQL_INTEGER", "SIGNED"},
    TypeName{"SQL_LONGVARBINARY", "BINARY"},
    TypeName{"SQL_LONGVARCHAR", "CHAR"},
    TypeName{"SQL_NUMERIC", "DECIMAL(65,30)"},
    TypeName{"SQL_REAL", ""},
    TypeName{"SQL_SMALLINT", "SIGNED"},
    TypeName{"SQL_TIME", "TIME"},
    TypeName{"SQL_TIMESTAMP", "DATETIME(6)"},
    TypeName{"SQL_TINYINT", "SIGNED"},
    TypeName{"SQL_TYPE_DATE", "DATE"},
    TypeName{"SQL_TYPE_TIME", "TIME"},
    TypeName{"SQL_TYPE_TIMESTAMP", "DATETIME(6)"},
    TypeName{"SQL_VARBINARY", "BINARY"},
    TypeName{"SQL_VARCHAR", "CHAR"},
    TypeName{"SQL_WCHAR", "CHAR"},
    TypeName{"SQL_WLONGVARCHAR", "CHAR"},
    TypeName{"SQL_WVARCHAR", "CHAR"},
};

/// Empty when the second argument names no type of ODBC: then it is MySQL's own CONVERT.
std::string convert(const Call& call) {
  if (call.arguments.size() != 2) return {};
  const auto type = std::ranges::find_if(kTypes, [&](const TypeName& row) {
    return equals_ignoring_case(row.odbc, call.arguments[1]);
  });
  if (type == kTypes.end()) return {};
  const std::string value(call.arguments[0]);
  if (type->mysql.empty()) return "((" + value + ")+0e0)";
  return "CAST(" + value + " AS " + std::string(type->mysql) + ")";
}

/// TIMESTAMPADD and TIMESTAMPDIFF: SQL_TSI_DAY is DAY; a fraction is a billionth of a second.
std::string timestamp_arithmetic(const Call& call, bool difference) {
  constexpr std::string_view kPrefix = "SQL_TSI_";
  if (call.arguments.size() != 3) return {};
  const std::string_view unit = call.arguments[0];
  if (!equals_ignoring_case(unit.substr(0, kPrefix.size()), kPrefix)) return {};
  const std::string first(call.arguments[1]);
  const std::string second(call.arguments[2]);
  const std::string name(call.name);
  if (!equals_ignoring_case(unit, "SQL_TSI_FRAC_SECOND")) {
    return name + "(" + std::string(unit.substr(kPrefix.size())) + ", " + first + ", " + second +
           ")";
  }
  if (difference) return "(" + name + "(MICROSECOND, " + first + ", " + second + ")*1000)";
  return name + "(MICROSECOND, (" + first + ") DIV 1000, " + second + ")";
}

}  // namespace

std::string native_function(std::string_view text, ScanOptions options) {
  text = trimmed(text);
  const Call call = split_call(text, options);
  if (call.name.empty()) return std::string(text);
  const auto is = [&call](std::string_view name) { return equals_ignoring_case(call.name, name); };
  std::string native;
  if (call.whole && is("CONVERT")) native = convert(call);
  if (call.whole && is("TIMESTAMPADD")) native = timestamp_arithmetic(call, false);
  if (call.whole && is("TIMESTAMPDIFF")) native = timestamp_arithmetic(call, true);
  if (call.whole && call.arguments.size() == 1) {
    const std::string argument(call.arguments[0]);
    // Characters without trailing blanks, where MySQL's LENGTH counts bytes.
    if (is("LENGTH")) native = "CHAR_LENGTH(RTRIM(" + argument + "))";
    // A character, where MySQL's CHAR gives bytes without a character set.
    if (is("CHAR")) native = "CHAR(" + argument + " USING latin1)";
  }
  if (!native.empty()) return native;
  // MySQL knows most functions only with the parenthesis right behind the name.
  return std::string(call.name) + "(" + std::string(call.tail);
}

}  // namespace driver
