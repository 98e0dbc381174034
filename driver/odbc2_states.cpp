#include "driver/odbc2_states.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace driver {
namespace {

struct Mapping {
  std::string_view odbc3, odbc2;
};
/// What the two rules below do not give.
constexpr std::array kMappings{
    Mapping{"01S07", "01004"}, Mapping{"07002", "07001"}, Mapping{"07005", "24000"},
    Mapping{"07009", "S1002"}, Mapping{"22007", "22008"}, Mapping{"22018", "22005"},
    Mapping{"42000", "37000"}, Mapping{"HY018", "70100"}, Mapping{"HY019", "22003"},
    Mapping{"HY024", "S1009"}, Mapping{"HYT01", "S1T00"}};

}  // namespace

std::string odbc2_state(fabric::base::SqlState state) {
  const std::string code = fabric::base::code_of(state);
  const auto* const found =
      std::ranges::find_if(kMappings, [&code](const Mapping& row) { return row.odbc3 == code; });
  if (found != kMappings.end()) return std::string(found->odbc2);
  if (code.starts_with("HY")) return "S1" + code.substr(2);
  if (code.starts_with("42S")) return "S00" + code.substr(3);
  return code;
}

}  // namespace driver
