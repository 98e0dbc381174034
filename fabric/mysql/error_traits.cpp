#include "fabric/mysql/error_traits.h"

#include <algorithm>
#include <array>

namespace fabric::mysql {
namespace {

using base::SqlState;

struct TraitsRow {
  unsigned number;
  ErrorTraits traits;
};

constexpr TraitsRow says(unsigned number, SqlState state) { return {number, {.state = state}}; }
constexpr TraitsRow denies(unsigned number, SqlState state) {
  return {number, {.denied = true, .state = state}};
}
constexpr TraitsRow loses_link(unsigned number) {
  return {number, {.connection_lost = true, .state = SqlState::k08S01}};
}
constexpr TraitsRow cannot_connect(unsigned number) {
  return {number, {.connection_lost = true, .cannot_connect = true, .state = SqlState::k08001}};
}
/// The statement was refused before any of it ran.
constexpr TraitsRow refuses(unsigned number, SqlState state) {
  return {number, {.refused_whole = true, .state = state}};
}
constexpr TraitsRow read_only(unsigned number) {
  return {number, {.refused_whole = true, .read_only_server = true, .state = SqlState::kHY000}};
}

// Ascending numbers. 1000-1999 are common to MySQL and MariaDB (1900 up: MariaDB), 2000-2999 the
// client library's, 3000 up differ by server.
constexpr std::array kErrors{
    says(1020, SqlState::k40001),  // record has changed since last read
    says(1022, SqlState::k23000),
    says(1037, SqlState::kHY001),
    says(1038, SqlState::kHY001),
    says(1040, SqlState::k08004),  // too many connections: busy, not dead
    says(1041, SqlState::kHY001),
    cannot_connect(1042),  // bad host
    cannot_connect(1043),  // bad handshake
    denies(1044, SqlState::k42000),
    denies(1045, SqlState::k28000),
    says(1046, SqlState::k3D000),
    refuses(1047, SqlState::k08S01),  // unknown command; Galera without quorum
    says(1048, SqlState::k23000),
    says(1049, SqlState::k3D000),
    says(1050, SqlState::k42S01),
    says(1051, SqlState::k42S02),
    says(1052, SqlState::k42000),  // ambiguous column; the server's own 23000 would mislead
    TraitsRow{1053, {.connection_lost = true, .refused_whole = true, .state = SqlState::k08S01}},
    says(1054, SqlState::k42S22),
    says(1060, SqlState::k42S21),
    says(1061, SqlState::k42S11),
    says(1062, SqlState::k23000),
    says(1064, SqlState::k42000),
    says(1072, SqlState::k42S22),
    says(1091, SqlState::k42000),
    says(1095, SqlState::k42000),
    says(1099, SqlState::kHY000),
    says(1109, SqlState::k42S02),
    denies(1129, SqlState::k08004),  // host blocked after many failed connects
    denies(1130, SqlState::k08004),  // host not allowed
    says(1136, SqlState::k21S01),
    says(1142, SqlState::k42000),
    says(1143, SqlState::k42000),
    says(1146, SqlState::k42S02),
    loses_link(1152),
    says(1153, SqlState::k08S01),  // packet larger than max_allowed_packet; the link falls later
    loses_link(1158),
    loses_link(1159),
    loses_link(1160),
    loses_link(1161),
    says(1169, SqlState::k23000),
    says(1176, SqlState::k42S12),
    loses_link(1184),
    says(1203, SqlState::k08004),  // max_user_connections
    says(1205, SqlState::kHYT00),
    says(1207, SqlState::k25000),
    says(1213, SqlState::k40001),
    says(1216, SqlState::k23000),
    says(1217, SqlState::k23000),
    says(1226, SqlState::k08004),  // max_user_connections of the account, or its hourly limits
    denies(1227, SqlState::k42000),
    denies(1251, SqlState::k08004),  // authentication protocol not supported
    says(1264, SqlState::k22003),
    says(1265, SqlState::k22001),
    says(1292, SqlState::k22007),
    says(1305, SqlState::k42000),
    says(1317, SqlState::kHY008),  // KILL QUERY
    says(1318, SqlState::k42000),
    says(1353, SqlState::k21S02),  // a view's column list
    says(1365, SqlState::k22012),
    says(1366, SqlState::k22018),
    says(1367, SqlState::k22007),
    says(1369, SqlState::k44000),
    denies(1370, SqlState::k42000),
    says(1406, SqlState::k22001),
    says(1411, SqlState::k22007),
    says(1416, SqlState::k22003),
    says(1441, SqlState::k22008),
    says(1451, SqlState::k23000),
    says(1452, SqlState::k23000),
    says(1461, SqlState::kHY014),  // max_prepared_stmt_count
    says(1557, SqlState::k23000),
    says(1568, SqlState::k25000),
    says(1586, SqlState::k23000),
    says(1614, SqlState::k40001),
    says(1690, SqlState::k22003),
    denies(1698, SqlState::k28000),
    says(1761, SqlState::k23000),
    says(1762, SqlState::k23000),
    refuses(1792, SqlState::k25000),  // read-only transaction
    denies(1820, SqlState::k28000),
    read_only(1836),
    says(1859, SqlState::k23000),
    denies(1862, SqlState::k28000),
    denies(1873, SqlState::k28000),
    loses_link(1927),              // MariaDB: connection was killed
    says(1969, SqlState::kHYT00),  // MariaDB: max_statement_time
    says(2000, SqlState::kHY000),
    cannot_connect(2001),
    cannot_connect(2002),
    cannot_connect(2003),
    cannot_connect(2004),
    cannot_connect(2005),
    loses_link(2006),
    denies(2007, SqlState::k08001),  // protocol version
    says(2008, SqlState::kHY001),
    cannot_connect(2009),
    cannot_connect(2012),
    loses_link(2013),
    loses_link(2014),
    says(2020, SqlState::kHY000),
    // TLS: a matter of settings on one side, no sign of a dead server.
    TraitsRow{2026, {.connection_lost = true, .denied = true, .state = SqlState::k08001}},
    loses_link(2027),
    loses_link(2048),
    denies(2049, SqlState::k28000),
    loses_link(2055),
    denies(2058, SqlState::k08001),
    denies(2059, SqlState::k08001),
    denies(2061, SqlState::k28000),
    says(3024, SqlState::kHYT00),  // MySQL: max_execution_time
    TraitsRow{3032,                // offline_mode: demoted, or being taken down
              {.connection_lost = true,
               .refused_whole = true,
               .read_only_server = true,
               .state = SqlState::k08S01}},
    refuses(3100, SqlState::kHY000),  // refused by replication plugin at commit
    says(3572, SqlState::kHYT00),     // NOWAIT
    says(3819, SqlState::k23000),
};

constexpr bool ascending() {
  for (std::size_t i = 1; i < kErrors.size(); ++i) {
    if (kErrors[i - 1].number >= kErrors[i].number) return false;
  }
  return true;
}
static_assert(ascending());

/// Galera's, of a member that loses the quorum while it commits: it serves nobody any more.
constexpr unsigned kErrorDuringCommit = 1180;
constexpr unsigned kOptionPreventsStatement = 1290;
constexpr unsigned kIdleDisconnect = 4031;  // of MySQL; MariaDB has another error of this number

bool names_read_only(std::string_view text) {
  return text.find("--read-only") != text.npos || text.find("--super-read-only") != text.npos ||
         text.find("--read_only") != text.npos || text.find("--super_read_only") != text.npos;
}

/// What SIGNAL gives a state of a program's own, unless it says otherwise.
constexpr unsigned kSignalled = 1644;

/// A state this driver does not have falls back to the general state of its class. "45" is the
/// class that SQL/PSM leaves to programs, and of "21" (21000: more rows or columns than one value
/// has room for) ODBC has no general state.
SqlState state_of_server(unsigned number, std::string_view code) {
  const SqlState exact = base::state_from_code(code);
  if (exact != SqlState::kHY000 && exact != SqlState::k00000) return exact;
  const std::string_view kind = code.substr(0, 2);
  if (kind == "08") return SqlState::k08S01;
  if (kind == "23") return SqlState::k23000;
  if (kind == "25") return SqlState::k25000;
  if (kind == "28") return SqlState::k28000;
  if (kind == "40") return SqlState::k40001;
  if (kind == "42") return SqlState::k42000;
  if (number == kSignalled || kind == "45" || kind == "21") return base::own_state(code);
  return SqlState::kHY000;
}

}  // namespace

ErrorTraits traits_of(unsigned number, std::string_view text, std::string_view server_state) {
  if (number == kErrorDuringCommit && text.find("replication fragment") != text.npos) {
    return {.connection_lost = true, .state = SqlState::k08S01};
  }
  if (number == kOptionPreventsStatement && names_read_only(text)) {
    return {.refused_whole = true, .read_only_server = true, .state = SqlState::kHY000};
  }
  if (number == kIdleDisconnect && text.find("inactivity") != text.npos) {
    return {.connection_lost = true, .refused_whole = true, .state = SqlState::k08S01};
  }
  const auto row = std::ranges::lower_bound(kErrors, number, {}, &TraitsRow::number);
  if (row != kErrors.end() && row->number == number) return row->traits;
  return {.state = state_of_server(number, server_state)};
}

}  // namespace fabric::mysql
