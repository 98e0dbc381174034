#include "fabric/base/sqlstate.h"

#include <algorithm>

namespace fabric::base {
namespace {

inline constexpr std::array kSqlStates{
    SqlStateRow{SqlState::k00000, "00000", "Success"},
    SqlStateRow{SqlState::k01000, "01000", "General warning"},
    SqlStateRow{SqlState::k01001, "01001", "Cursor operation conflict"},
    SqlStateRow{SqlState::k01002, "01002", "Disconnect error"},
    SqlStateRow{SqlState::k01003, "01003", "NULL value eliminated in set function"},
    SqlStateRow{SqlState::k01004, "01004", "String data, right truncated"},
    SqlStateRow{SqlState::k01006, "01006", "Privilege not revoked"},
    SqlStateRow{SqlState::k01007, "01007", "Privilege not granted"},
    SqlStateRow{SqlState::k01S00, "01S00", "Invalid connection string attribute"},
    SqlStateRow{SqlState::k01S01, "01S01", "Error in row"},
    SqlStateRow{SqlState::k01S02, "01S02", "Option value changed"},
    SqlStateRow{SqlState::k01S06, "01S06",
                "Attempt to fetch before the result set returned the first rowset"},
    SqlStateRow{SqlState::k01S07, "01S07", "Fractional truncation"},
    SqlStateRow{SqlState::k01S08, "01S08", "Error saving File DSN"},
    SqlStateRow{SqlState::k01S09, "01S09", "Invalid keyword"},
    SqlStateRow{SqlState::k07001, "07001", "Wrong number of parameters"},
    SqlStateRow{SqlState::k07002, "07002", "COUNT field incorrect"},
    SqlStateRow{SqlState::k07005, "07005", "Prepared statement not a cursor-specification"},
    SqlStateRow{SqlState::k07006, "07006", "Restricted data type attribute violation"},
    SqlStateRow{SqlState::k07007, "07007", "Restricted parameter value violation"},
    SqlStateRow{SqlState::k07009, "07009", "Invalid descriptor index"},
    SqlStateRow{SqlState::k07S01, "07S01", "Invalid use of default parameter"},
    SqlStateRow{SqlState::k08001, "08001", "Client unable to establish connection"},
    SqlStateRow{SqlState::k08002, "08002", "Connection name in use"},
    SqlStateRow{SqlState::k08003, "08003", "Connection not open"},
    SqlStateRow{SqlState::k08004, "08004", "Server rejected the connection"},
    SqlStateRow{SqlState::k08007, "08007", "Connection failure during transaction"},
    SqlStateRow{SqlState::k08S01, "08S01", "Communication link failure"},
    SqlStateRow{SqlState::k08S02, "08S02", "Connection re-established, statement not executed"},
    SqlStateRow{SqlState::k21S01, "21S01", "Insert value list does not match column list"},
    SqlStateRow{SqlState::k21S02, "21S02", "Degree of derived table does not match column list"},
    SqlStateRow{SqlState::k22001, "22001", "String data, right truncated"},
    SqlStateRow{SqlState::k22002, "22002", "Indicator variable required but not supplied"},
    SqlStateRow{SqlState::k22003, "22003", "Numeric value out of range"},
    SqlStateRow{SqlState::k22007, "22007", "Invalid datetime format"},
    SqlStateRow{SqlState::k22008, "22008", "Datetime field overflow"},
    SqlStateRow{SqlState::k22012, "22012", "Division by zero"},
    SqlStateRow{SqlState::k22015, "22015", "Interval field overflow"},
    SqlStateRow{SqlState::k22018, "22018", "Invalid character value for cast specification"},
    SqlStateRow{SqlState::k22019, "22019", "Invalid escape character"},
    SqlStateRow{SqlState::k22025, "22025", "Invalid escape sequence"},
    SqlStateRow{SqlState::k22026, "22026", "String data, length mismatch"},
    SqlStateRow{SqlState::k23000, "23000", "Integrity constraint violation"},
    SqlStateRow{SqlState::k24000, "24000", "Invalid cursor state"},
    SqlStateRow{SqlState::k25000, "25000", "Invalid transaction state"},
    SqlStateRow{SqlState::k25S01, "25S01", "Transaction state unknown"},
    SqlStateRow{SqlState::k25S02, "25S02", "Transaction is still active"},
    SqlStateRow{SqlState::k25S03, "25S03", "Transaction is rolled back"},
    SqlStateRow{SqlState::k28000, "28000", "Invalid authorization specification"},
    SqlStateRow{SqlState::k34000, "34000", "Invalid cursor name"},
    SqlStateRow{SqlState::k3C000, "3C000", "Duplicate cursor name"},
    SqlStateRow{SqlState::k3D000, "3D000", "Invalid catalog name"},
    SqlStateRow{SqlState::k3F000, "3F000", "Invalid schema name"},
    SqlStateRow{SqlState::k40001, "40001", "Serialization failure"},
    SqlStateRow{SqlState::k40002, "40002", "Integrity constraint violation"},
    SqlStateRow{SqlState::k40003, "40003", "Statement completion unknown"},
    SqlStateRow{SqlState::k42000, "42000", "Syntax error or access violation"},
    SqlStateRow{SqlState::k42S01, "42S01", "Base table or view already exists"},
    SqlStateRow{SqlState::k42S02, "42S02", "Base table or view not found"},
    SqlStateRow{SqlState::k42S11, "42S11", "Index already exists"},
    SqlStateRow{SqlState::k42S12, "42S12", "Index not found"},
    SqlStateRow{SqlState::k42S21, "42S21", "Column already exists"},
    SqlStateRow{SqlState::k42S22, "42S22", "Column not found"},
    SqlStateRow{SqlState::k44000, "44000", "WITH CHECK OPTION violation"},
    SqlStateRow{SqlState::kHY000, "HY000", "General error"},
    SqlStateRow{SqlState::kHY001, "HY001", "Memory allocation error"},
    SqlStateRow{SqlState::kHY003, "HY003", "Invalid application buffer type"},
    SqlStateRow{SqlState::kHY004, "HY004", "Invalid SQL data type"},
    SqlStateRow{SqlState::kHY007, "HY007", "Associated statement is not prepared"},
    SqlStateRow{SqlState::kHY008, "HY008", "Operation canceled"},
    SqlStateRow{SqlState::kHY009, "HY009", "Invalid use of null pointer"},
    SqlStateRow{SqlState::kHY010, "HY010", "Function sequence error"},
    SqlStateRow{SqlState::kHY011, "HY011", "Attribute cannot be set now"},
    SqlStateRow{SqlState::kHY012, "HY012", "Invalid transaction operation code"},
    SqlStateRow{SqlState::kHY013, "HY013", "Memory management error"},
    SqlStateRow{SqlState::kHY014, "HY014", "Limit on the number of handles exceeded"},
    SqlStateRow{SqlState::kHY015, "HY015", "No cursor name available"},
    SqlStateRow{SqlState::kHY016, "HY016", "Cannot modify an implementation row descriptor"},
    SqlStateRow{SqlState::kHY017, "HY017",
                "Invalid use of an automatically allocated descriptor handle"},
    SqlStateRow{SqlState::kHY018, "HY018", "Server declined cancel request"},
    SqlStateRow{SqlState::kHY019, "HY019", "Non-character and non-binary data sent in pieces"},
    SqlStateRow{SqlState::kHY020, "HY020", "Attempt to concatenate a null value"},
    SqlStateRow{SqlState::kHY021, "HY021", "Inconsistent descriptor information"},
    SqlStateRow{SqlState::kHY024, "HY024", "Invalid attribute value"},
    SqlStateRow{SqlState::kHY090, "HY090", "Invalid string or buffer length"},
    SqlStateRow{SqlState::kHY091, "HY091", "Invalid descriptor field identifier"},
    SqlStateRow{SqlState::kHY092, "HY092", "Invalid attribute/option identifier"},
    SqlStateRow{SqlState::kHY095, "HY095", "Function type out of range"},
    SqlStateRow{SqlState::kHY096, "HY096", "Invalid information type"},
    SqlStateRow{SqlState::kHY097, "HY097", "Column type out of range"},
    SqlStateRow{SqlState::kHY098, "HY098", "Scope type out of range"},
    SqlStateRow{SqlState::kHY099, "HY099", "Nullable type out of range"},
    SqlStateRow{SqlState::kHY100, "HY100", "Uniqueness option type out of range"},
    SqlStateRow{SqlState::kHY101, "HY101", "Accuracy option type out of range"},
    SqlStateRow{SqlState::kHY103, "HY103", "Invalid retrieval code"},
    SqlStateRow{SqlState::kHY104, "HY104", "Invalid precision or scale value"},
    SqlStateRow{SqlState::kHY105, "HY105", "Invalid parameter type"},
    SqlStateRow{SqlState::kHY106, "HY106", "Fetch type out of range"},
    SqlStateRow{SqlState::kHY107, "HY107", "Row value out of range"},
    SqlStateRow{SqlState::kHY109, "HY109", "Invalid cursor position"},
    SqlStateRow{SqlState::kHY110, "HY110", "Invalid driver completion"},
    SqlStateRow{SqlState::kHY111, "HY111", "Invalid bookmark value"},
    SqlStateRow{SqlState::kHYC00, "HYC00", "Optional feature not implemented"},
    SqlStateRow{SqlState::kHYT00, "HYT00", "Timeout expired"},
    SqlStateRow{SqlState::kHYT01, "HYT01", "Connection timeout expired"},
    SqlStateRow{SqlState::kIM001, "IM001", "Driver does not support this function"},
    SqlStateRow{SqlState::kIM002, "IM002",
                "Data source name not found and no default driver specified"}};

/// Row i describes enumerator i, all codes have five characters and rise, so that one is found by
/// index from the state and by bisection from the code.
constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kSqlStates.size(); ++i) {
    if (static_cast<std::size_t>(kSqlStates[i].state) != i) return false;
    if (kSqlStates[i].code.size() != 5) return false;
    if (i > 0 && !(kSqlStates[i - 1].code < kSqlStates[i].code)) return false;
  }
  return kSqlStates.back().state == SqlState::kIM002;
}
static_assert(in_enum_order());

// Own states: the five characters as a number to the base 36.
constexpr std::uint32_t kFirstOwn = 0x10000000;
constexpr std::string_view kOwnDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kCodeLength = 5;

constexpr bool is_own(SqlState state) { return static_cast<std::uint32_t>(state) >= kFirstOwn; }

const SqlStateRow& row_of(SqlState state) {
  return kSqlStates[static_cast<std::size_t>(is_own(state) ? SqlState::kHY000 : state)];
}

}  // namespace

std::string code_of(SqlState state) {
  if (!is_own(state)) return std::string(row_of(state).code);
  std::string code(kCodeLength, '0');
  auto rest = static_cast<std::uint32_t>(state) - kFirstOwn;
  for (auto place = code.rbegin(); place != code.rend(); ++place) {
    *place = kOwnDigits[rest % kOwnDigits.size()];
    rest /= static_cast<std::uint32_t>(kOwnDigits.size());
  }
  return code;
}

std::string_view text_of(SqlState state) { return row_of(state).text; }

SqlState state_from_code(std::string_view code) {
  const auto row = std::ranges::lower_bound(kSqlStates, code, {}, &SqlStateRow::code);
  return row != kSqlStates.end() && row->code == code ? row->state : SqlState::kHY000;
}

SqlState own_state(std::string_view code) {
  const SqlState known = state_from_code(code);
  if (known != SqlState::kHY000 || code.size() != kCodeLength) return known;
  std::uint32_t number = 0;
  for (const char c : code) {
    const std::size_t digit = kOwnDigits.find(c);
    if (digit == kOwnDigits.npos) return SqlState::kHY000;
    number =
        number * static_cast<std::uint32_t>(kOwnDigits.size()) + static_cast<std::uint32_t>(digit);
  }
  return code == "HY000" ? SqlState::kHY000 : static_cast<SqlState>(kFirstOwn + number);
}

}  // namespace fabric::base
