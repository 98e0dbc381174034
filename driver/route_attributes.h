// The connection attributes of fabric_odbc.h that steer a session, as the application sets and
// reads them: one value each, applied to the settings its DSN gave. Plain values; guarded by the
// connection's mutex.
#pragma once

#include <map>
#include <string>

#include "driver/odbc.h"
#include "driver/settings/connection_settings.h"
#include "fabric_odbc.h"

namespace driver {

/// One of SQL_ATTR_FABRIC_*, without regard to the encoding of its text.
struct RouteAttribute {
  SQLINTEGER id;  ///< of the UTF-8 form
  bool utf16;     ///< asked for in its _W form
  bool text;      ///< else an SQLUINTEGER
  bool settable;
};

/// Null when `id` is none of them.
const RouteAttribute* find_route_attribute(SQLINTEGER id);

/// The value passed to SQLSetConnectAttr as text (numbers in decimals). Throws HY009, HY024, HY090,
/// HY092.
std::string route_value(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length);

/// What an application has set, by id of the UTF-8 form; holds from one connect to the next.
using RouteValues = std::map<SQLINTEGER, std::string>;

/// `fabric` with that one value. Tables named without a database are in `database`; HY024 if it is
/// empty.
settings::RouteSettings with_route_value(settings::RouteSettings route,
                                         const RouteValues::value_type& value,
                                         const std::string& database);
/// `fabric` with that one value as it is in `other`.
settings::RouteSettings with_route_of(settings::RouteSettings route,
                                      const settings::RouteSettings& other, SQLINTEGER id);
[[nodiscard]] bool same_route(const settings::RouteSettings& one,
                              const settings::RouteSettings& other);
/// HY000, for a connection without FABRIC_NODES.
[[noreturn]] void refuse_route_without_farm();
/// All but the mode, which a plain list of servers has as well.
[[nodiscard]] bool needs_farm(SQLINTEGER id);

/// For SQLGetConnectAttr: the part of the route that `id` names.
std::string route_text(const settings::RouteSettings& route, SQLINTEGER id);
SQLUINTEGER route_number(const settings::RouteSettings& route, SQLINTEGER id);

}  // namespace driver
