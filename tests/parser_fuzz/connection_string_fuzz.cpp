// A connection string, to the settings it makes. Only base::Error may come out, and what is told of
// the settings holds no password.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "driver/settings/connection_settings.h"
#include "fabric/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    driver::settings::GivenAttributes given;
    std::vector<driver::settings::Warning> warnings;
    given.add(driver::settings::parse_connection_string(text),
              driver::settings::GivenBy::kApplication, warnings);
    const driver::settings::ConnectionSettings settings =
        driver::settings::settings_from(std::move(given), warnings);
    static_cast<void>(
        driver::settings::parse_connection_string(driver::settings::completed_string(settings)));
  } catch (const fabric::base::Error&) {
  }
  return 0;
}
