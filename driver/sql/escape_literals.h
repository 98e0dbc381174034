// The literals of ODBC escape sequences as MySQL writes them: {d}, {t}, {ts}, {guid} and {INTERVAL}
// (ODBC 3.8, appendix C). Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace driver::sql {

enum class MomentKind : std::uint8_t { kDate, kTime, kTimestamp };

/// DATE'2026-01-31' of 2026-01-31. What MySQL takes beyond the standard stays possible: zero dates,
/// hours to 838, a sign, no seconds, a timestamp without a time. Throws base::Error 22007.
std::string moment_literal(MomentKind kind, std::string_view value);

/// {INTERVAL '10-11' YEAR TO MONTH}: `last` is empty for a single field, both in upper case.
struct IntervalLiteral {
  std::string_view value;  ///< without quotes; a marker is "?"
  std::string_view first, last{};
  bool negative = false;
};

/// INTERVAL '10-11' YEAR_MONTH, which MySQL knows behind a plus or minus only.
/// Throws base::Error: 42000 for fields that are no interval, 22007 for a value that is none.
std::string interval_literal(const IntervalLiteral& interval);

}  // namespace driver::sql
