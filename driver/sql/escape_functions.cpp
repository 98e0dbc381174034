#include "driver/sql/escape_functions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "fabric/base/error.h"

namespace driver::sql {
namespace {

struct Call {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::string_view tail;  // from behind the opening parenthesis
  std::string_view rest;  // from behind the closing one
};

/// An empty name when `text` is no call.
Call split_call(std::string_view text, ScanOptions options) {
  SqlScanner scanner(text, options);
  Call call;
  const Token name = scanner.next();
  Token token = scanner.next();
  if (name.kind != TokenKind::kWord || !token.is('(')) return call;
  std::size_t start = token.offset + 1;
  call.tail = text.substr(start);
  for (int depth = 1; depth > 0;) {
    token = scanner.next();
    if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kUnterminated) return call;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    if ((token.is(',') && depth == 1) || depth == 0) {
      call.arguments.push_back(code_of(text.substr(start, token.offset - start), options));
      start = token.offset + 1;
    }
  }
  if (call.arguments.size() == 1 && call.arguments[0].empty()) call.arguments.clear();
  call.rest = text.substr(start);
  if (!scanner.saw_version_comment()) call.name = name.text;
  return call;
}

[[noreturn]] void refuse(const std::string& what) {
  throw fabric::base::Error(fabric::base::SqlState::k42000, what);
}

struct Rewrite {
  std::string_view name;
  std::size_t arguments;
  std::string_view native;  ///< $1 and $2 are the arguments
};

constexpr std::array kRewrites{
    // Characters without trailing blanks, where MySQL's LENGTH counts bytes.
    Rewrite{"LENGTH", 1, "CHAR_LENGTH(RTRIM($1))"},
    // A character, where MySQL's CHAR gives bytes without a character set.
    Rewrite{"CHAR", 1, "CHAR($1 USING latin1)"},
    // From 1 to 53, where MySQL's default is from 0.
    Rewrite{"WEEK", 1, "WEEK($1,2)"},
    // The name alone, as SQL_USER_NAME is, without the host.
    Rewrite{"USER", 0, "LEFT(USER(),CHAR_LENGTH(USER())-LOCATE('@',REVERSE(USER())))"},
    // How many of four characters agree. Arguments may be markers, so each stands once: the sum
    // lifts bit 7 of each byte that differs.
    Rewrite{"DIFFERENCE", 2,
            "(4-BIT_COUNT(((CONV(HEX(RPAD(SOUNDEX($1),4,'0')),16,10)"
            "^CONV(HEX(RPAD(SOUNDEX($2),4,'0')),16,10))+2139062143)&2155905152))"}};

std::string rewritten(std::string_view native, const Call& call) {
  std::string text;
  for (std::size_t i = 0; i < native.size(); ++i) {
    if (native[i] != '$') {
      text += native[i];
    } else {
      text += call.arguments[static_cast<std::size_t>(native[++i] - '1')];
    }
  }
  return text;
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

bool has_prefix(std::string_view text, std::string_view prefix) {
  return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// Empty when the second argument names no type of ODBC: then it is MySQL's own CONVERT.
std::string convert(const Call& call) {
  if (call.arguments.size() != 2 || !has_prefix(call.arguments[1], "SQL_")) return {};
  const auto* const type = std::ranges::find_if(kTypes, [&](const TypeName& row) {
    return equals_ignoring_case(row.odbc, call.arguments[1]);
  });
  if (type == kTypes.end()) {
    refuse("CONVERT to " + std::string(call.arguments[1]) + " is not possible: MySQL has no such " +
           "type");
  }
  const std::string value(call.arguments[0]);
  if (type->mysql.empty()) return "((" + value + ")+0e0)";
  return "CAST(" + value + " AS " + std::string(type->mysql) + ")";
}

/// Whether CAST's argument, `x AS type`, ends in TIME or TIME(n).
bool casts_to_time(std::string_view argument) {
  constexpr std::string_view kAs = " AS ";
  for (std::size_t at = argument.size(); at-- > 0;) {
    const std::string_view rest = argument.substr(at);
    if (!has_prefix(rest, kAs)) continue;
    const std::string_view type = rest.substr(kAs.size());
    return equals_ignoring_case(type, "TIME") || has_prefix(type, "TIME(");
  }
  return false;
}

/// Whether the text alone shows a time of day: a literal, or a function that gives one.
bool is_time(std::string_view value, ScanOptions options) {
  constexpr std::array<std::string_view, 7> kFunctions{
      "CURTIME", "CURRENT_TIME", "UTC_TIME", "TIME", "MAKETIME", "SEC_TO_TIME", "TIMEDIFF"};
  if (has_prefix(value, "TIME'") || equals_ignoring_case(value, "CURRENT_TIME")) return true;
  const Call call = split_call(value, options);
  if (call.name.empty() || !call.rest.empty()) return false;
  if (equals_ignoring_case(call.name, "CAST")) {
    return call.arguments.size() == 1 && casts_to_time(call.arguments[0]);
  }
  return std::ranges::any_of(
      kFunctions, [&call](std::string_view name) { return equals_ignoring_case(name, call.name); });
}

/// TIMESTAMPADD and TIMESTAMPDIFF: SQL_TSI_DAY is DAY; a fraction is a billionth of a second.
std::string timestamp_arithmetic(const Call& call, bool difference, ScanOptions options) {
  constexpr std::string_view kPrefix = "SQL_TSI_";
  constexpr std::array<std::string_view, 9> kUnits{
      "FRAC_SECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"};
  if (call.arguments.size() != 3 || !has_prefix(call.arguments[0], kPrefix)) return {};
  const auto* const unit = std::ranges::find_if(kUnits, [&](std::string_view name) {
    return equals_ignoring_case(name, call.arguments[0].substr(kPrefix.size()));
  });
  if (unit == kUnits.end()) refuse(std::string(call.arguments[0]) + " is no interval of ODBC");
  const std::string first(call.arguments[1]);
  std::string second(call.arguments[2]);
  const std::string name(call.name);
  // ODBC 3.8, appendix E: a time to which days are added is one of today.
  const bool of_today = !difference && unit - kUnits.begin() >= 4 && is_time(second, options);
  if (of_today) second = "CAST(" + second + " AS DATETIME(6))";
  if (unit != kUnits.begin()) {
    return name + "(" + std::string(*unit) + ", " + first + ", " + second + ")";
  }
  if (difference) return "(" + name + "(MICROSECOND, " + first + ", " + second + ")*1000)";
  return name + "(MICROSECOND, (" + first + ") DIV 1000, " + second + ")";
}

/// Empty for a function that MySQL has as it is.
std::string mapped(const Call& call, ScanOptions options) {
  const auto is = [&call](std::string_view name) { return equals_ignoring_case(call.name, name); };
  if (is("CONVERT")) return convert(call);
  if (is("TIMESTAMPADD")) return timestamp_arithmetic(call, false, options);
  if (is("TIMESTAMPDIFF")) return timestamp_arithmetic(call, true, options);
  for (const Rewrite& rewrite : kRewrites) {
    if (is(rewrite.name) && call.arguments.size() == rewrite.arguments) {
      return rewritten(rewrite.native, call);
    }
  }
  return {};
}

}  // namespace

std::string native_function(std::string_view text, ScanOptions options) {
  const Call call = split_call(text, options);
  if (call.name.empty()) return std::string(text);
  const std::string native = mapped(call, options);
  if (!native.empty()) return native + std::string(call.rest);
  // MySQL knows most functions only with the parenthesis right behind the name.
  return std::string(call.name) + "(" + std::string(call.tail);
}

}  // namespace driver::sql
