// The statement's own word about its route: the leading comment
//   /*fabric: key=42 tables=shop.orders mode=ro scope=global group=g1 */
// or the same items as statement attributes. Plain values and pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "driver/odbc.h"
#include "driver/settings/connection_settings.h"
#include "driver/sql/scan.h"

namespace driver::routing {

/// By the attribute of fabric_odbc.h (UTF-8 form) that does the same, with values as route_value()
/// gives them.
using Wishes = std::map<SQLINTEGER, std::string>;

/// Items are name=value with blanks or commas between them; a value with blanks stands in quotes
/// ('', "" or ``), which are doubled inside. Throws base::Error 42000: an item that is unknown,
/// given twice, without a value, or contradicts another; a comment that does not lead the
/// statement.
Wishes wishes_of(const sql::FabricComment& comment);

/// What is asked for together: a group is stronger than the tables and the key that the connection
/// has set, and the other way round. Tables named without a database are in `database`.
/// Throws base::Error HY000 when the wishes contradict each other.
settings::RouteSettings with_wishes(settings::RouteSettings settings, const Wishes& wishes,
                                    const std::string& database);

/// A hint cut around the value of its first `key=`, which has neither quotes nor '='.
struct KeyedHint {
  std::string_view before, key, behind;
  /// The value is that of an item, here and in each hint with the same texts around it.
  [[nodiscard]] bool plain() const;
};
std::optional<KeyedHint> keyed_hint(std::string_view hint);
/// The key of a hint that has these texts of a plain one around it; empty: it has others.
std::string_view key_between(std::string_view before, std::string_view behind,
                             std::string_view hint);

/// Whether they decide the group, not the mode alone.
[[nodiscard]] bool decide_group(const Wishes& wishes);

}  // namespace driver::routing
