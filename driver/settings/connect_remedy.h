// What to do about errors of a connect in which a server says only what is wrong. Pure.
#pragma once

#include <string>
#include <string_view>

#include "driver/settings/connection_settings.h"

namespace driver::settings {

/// To follow the error's text `said`, from its first character on; empty when that says it already.
std::string connect_remedy(const ConnectionSettings& settings, int native, std::string_view said);

/// 'user'@'host' as SQL wants it, of a refusal that tells which host that is; else empty.
std::string account_in(unsigned native, const std::string& user, std::string_view said);
/// What it stands for where a refusal does not tell: 'user'@'HOST', and the query that tells HOST.
std::string account_anywhere(const std::string& user);
std::string hosts_query(const std::string& user);

}  // namespace driver::settings
