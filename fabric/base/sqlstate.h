// The SQLSTATEs this driver can answer, as an enumeration and one table (ODBC 3.8, appendix A).
// States that programs make up (SIGNAL SQLSTATE '45000') are values beyond the enumerators.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fabric::base {

enum class SqlState : std::uint32_t {
  k00000,
  k01000,
  k01001,
  k01002,
  k01003,
  k01004,
  k01006,
  k01007,
  k01S00,
  k01S01,
  k01S02,
  k01S06,
  k01S07,
  k01S08,
  k01S09,
  k07001,
  k07002,
  k07005,
  k07006,
  k07007,
  k07009,
  k07S01,
  k08001,
  k08002,
  k08003,
  k08004,
  k08007,
  k08S01,
  k08S02,
  k21S01,
  k21S02,
  k22001,
  k22002,
  k22003,
  k22007,
  k22008,
  k22012,
  k22015,
  k22018,
  k22019,
  k22025,
  k22026,
  k23000,
  k24000,
  k25000,
  k25S01,
  k25S02,
  k25S03,
  k28000,
  k34000,
  k3C000,
  k3D000,
  k3F000,
  k40001,
  k40002,
  k40003,
  k42000,
  k42S01,
  k42S02,
  k42S11,
  k42S12,
  k42S21,
  k42S22,
  k44000,
  kHY000,
  kHY001,
  kHY003,
  kHY004,
  kHY007,
  kHY008,
  kHY009,
  kHY010,
  kHY011,
  kHY012,
  kHY013,
  kHY014,
  kHY015,
  kHY016,
  kHY017,
  kHY018,
  kHY019,
  kHY020,
  kHY021,
  kHY024,
  kHY090,
  kHY091,
  kHY092,
  kHY095,
  kHY096,
  kHY097,
  kHY098,
  kHY099,
  kHY100,
  kHY101,
  kHY103,
  kHY104,
  kHY105,
  kHY106,
  kHY107,
  kHY109,
  kHY110,
  kHY111,
  kHYC00,
  kHYT00,
  kHYT01,
  kIM001,
  kIM002
};

struct SqlStateRow {
  SqlState state;
  std::string_view code;
  std::string_view text;
};

/// The five characters, e.g. "08S01".
std::string code_of(SqlState state);
/// The standard's own wording for a state; of a program's own state that of kHY000.
std::string_view text_of(SqlState state);
/// The state a server's five characters name; kHY000 when this driver has no such state.
SqlState state_from_code(std::string_view code);
/// The same for a state that a program has made up; kHY000 when they are not five digits or
/// capitals.
SqlState own_state(std::string_view code);

}  // namespace fabric::base
