// The parts of a connection's settings that are agreed upon at login: TLS, LinkOptions.
// Pure functions.
#pragma once

#include "driver/settings/given_values.h"
#include "fabric/mysql/connect_options.h"

namespace driver::settings {

/// TLS to the servers. Throws HY000 for keywords that contradict each other, HY024 for bad values.
fabric::mysql::TlsOptions tls_options(const GivenValues& given);
fabric::mysql::LinkOptions link_options(const GivenValues& given);

}  // namespace driver::settings
