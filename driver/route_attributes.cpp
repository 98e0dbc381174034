#include "driver/route_attributes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "driver/pointers.h"
#include "driver/text/application_text.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

struct AttributeId {
  SQLINTEGER id;
  RouteAttribute attribute;
};

constexpr RouteAttribute text_of(SQLINTEGER id, bool utf16, bool settable = true) {
  return {.id = id, .utf16 = utf16, .text = true, .settable = settable};
}

constexpr std::array kRows{
    AttributeId{SQL_ATTR_FABRIC_GROUP, text_of(SQL_ATTR_FABRIC_GROUP, false)},
    AttributeId{SQL_ATTR_FABRIC_GROUP_W, text_of(SQL_ATTR_FABRIC_GROUP, true)},
    AttributeId{SQL_ATTR_FABRIC_TABLES, text_of(SQL_ATTR_FABRIC_TABLES, false)},
    AttributeId{SQL_ATTR_FABRIC_TABLES_W, text_of(SQL_ATTR_FABRIC_TABLES, true)},
    AttributeId{SQL_ATTR_FABRIC_KEY, text_of(SQL_ATTR_FABRIC_KEY, false)},
    AttributeId{SQL_ATTR_FABRIC_KEY_W, text_of(SQL_ATTR_FABRIC_KEY, true)},
    AttributeId{SQL_ATTR_FABRIC_SCOPE, {SQL_ATTR_FABRIC_SCOPE, false, false, true}},
    AttributeId{SQL_ATTR_FABRIC_MODE, {SQL_ATTR_FABRIC_MODE, false, false, true}},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_SERVER,
                text_of(SQL_ATTR_FABRIC_CURRENT_SERVER, false, false)},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_SERVER_W,
                text_of(SQL_ATTR_FABRIC_CURRENT_SERVER, true, false)},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_GROUP,
                text_of(SQL_ATTR_FABRIC_CURRENT_GROUP, false, false)},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_GROUP_W,
                text_of(SQL_ATTR_FABRIC_CURRENT_GROUP, true, false)},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_MAPPING,
                text_of(SQL_ATTR_FABRIC_CURRENT_MAPPING, false, false)},
    AttributeId{SQL_ATTR_FABRIC_CURRENT_MAPPING_W,
                text_of(SQL_ATTR_FABRIC_CURRENT_MAPPING, true, false)},
};

std::string number_value(const RouteAttribute& attribute, SQLULEN given) {
  const bool mode = attribute.id == SQL_ATTR_FABRIC_MODE;
  if (given <= (mode ? SQL_FABRIC_MODE_AUTO : SQL_FABRIC_SCOPE_GLOBAL)) {
    return std::to_string(given);
  }
  throw Error(SqlState::kHY024,
              mode ? "SQL_ATTR_FABRIC_MODE is SQL_FABRIC_MODE_RW, SQL_FABRIC_MODE_RO or "
                     "SQL_FABRIC_MODE_AUTO"
                   : "SQL_ATTR_FABRIC_SCOPE is SQL_FABRIC_SCOPE_LOCAL or SQL_FABRIC_SCOPE_GLOBAL");
}

std::string utf16_value(SQLPOINTER value, SQLINTEGER length) {
  if (length < 0) {
    throw Error(
        SqlState::kHY090,
        "A UTF-16 text of a FABRIC attribute needs its length in bytes: unixODBC cuts it at "
        "SQL_NTS");
  }
  if (length % static_cast<SQLINTEGER>(sizeof(SQLWCHAR)) != 0) {
    throw Error(SqlState::kHY090, "The length in bytes of a UTF-16 text is odd");
  }
  // May lie at an odd address, as a driver manager's copy.
  std::u16string units(static_cast<std::size_t>(length) / sizeof(char16_t), u'\0');
  if (length > 0) std::memcpy(units.data(), value, static_cast<std::size_t>(length));
  return text::to_utf8(units);
}

std::string utf8_value(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length) {
  if (attribute.id == SQL_ATTR_FABRIC_KEY && length == SQL_IS_INTEGER) {
    return std::to_string(static_cast<SQLINTEGER>(number(value)));
  }
  if (attribute.id == SQL_ATTR_FABRIC_KEY && length == SQL_IS_UINTEGER) {
    return std::to_string(static_cast<SQLUINTEGER>(number(value)));
  }
  std::string text =
      text::from_application(static_cast<const SQLCHAR*>(value), length).value_or(std::string());
  if (attribute.id == SQL_ATTR_FABRIC_KEY && length == SQL_NTS && text.size() == 1) {
    throw Error(SqlState::kHY090,
                "A key of one byte needs its length, 1: with SQL_NTS it could be UTF-16, for which "
                "there is SQL_ATTR_FABRIC_KEY_W");
  }
  return text;
}

bool by_value(const RouteAttribute& attribute, SQLINTEGER length) {
  return attribute.id == SQL_ATTR_FABRIC_KEY && !attribute.utf16 &&
         (length == SQL_IS_INTEGER || length == SQL_IS_UINTEGER);
}

}  // namespace

const RouteAttribute* find_route_attribute(SQLINTEGER id) {
  const auto found = std::ranges::find(kRows, id, &AttributeId::id);
  return found == kRows.end() ? nullptr : &found->attribute;
}

std::string route_value(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length) {
  if (!attribute.settable) {
    throw Error(SqlState::kHY092,
                "This FABRIC attribute is read-only: it tells where the session is");
  }
  if (!attribute.text) return number_value(attribute, number(value));
  if (value == nullptr && !by_value(attribute, length)) {
    throw Error(SqlState::kHY009, "The attribute's value is a null pointer: give an empty text");
  }
  std::string text =
      attribute.utf16 ? utf16_value(value, length) : utf8_value(attribute, value, length);
  if (text.find('\0') != std::string::npos || !text::valid_utf8(text)) {
    throw Error(SqlState::kHY024,
                "The attribute's text is not UTF-8; UTF-16 is for the attribute of the same name "
                "with _W");
  }
  return text;
}

settings::RouteSettings with_route_value(settings::RouteSettings route,
                                         const RouteValues::value_type& value,
                                         const std::string& database) {
  const auto& [id, text] = value;
  switch (id) {
    case SQL_ATTR_FABRIC_GROUP:
      route.group = text;
      route.group_of_session = !text.empty();
      break;
    case SQL_ATTR_FABRIC_TABLES:
      route.tables = settings::qualified_tables(text, database);
      break;
    case SQL_ATTR_FABRIC_KEY:
      route.key = text;
      route.key_given = !text.empty();
      break;
    case SQL_ATTR_FABRIC_SCOPE:
      route.scope = text == "0" ? settings::ShardScope::kLocal : settings::ShardScope::kGlobal;
      break;
    default:
      route.mode = static_cast<settings::FabricMode>(text.front() - '0');
      break;
  }
  return route;
}

settings::RouteSettings with_route_of(settings::RouteSettings route,
                                      const settings::RouteSettings& other, SQLINTEGER id) {
  switch (id) {
    case SQL_ATTR_FABRIC_GROUP:
      route.group = other.group;
      route.group_of_session = other.group_of_session;
      break;
    case SQL_ATTR_FABRIC_TABLES:
      route.tables = other.tables;
      break;
    case SQL_ATTR_FABRIC_KEY:
      route.key = other.key;
      route.key_given = other.key_given;
      break;
    case SQL_ATTR_FABRIC_SCOPE:
      route.scope = other.scope;
      break;
    default:
      route.mode = other.mode;
      break;
  }
  return route;
}

bool same_route(const settings::RouteSettings& one, const settings::RouteSettings& other) {
  return one.group == other.group && one.tables == other.tables && one.key == other.key &&
         one.key_given == other.key_given && one.scope == other.scope && one.mode == other.mode;
}

void refuse_route_without_farm() {
  throw Error(SqlState::kHY000,
              "The connection has no farm to be steered through: give FABRIC_NODES");
}

bool needs_farm(SQLINTEGER id) { return id != SQL_ATTR_FABRIC_MODE; }

std::string route_text(const settings::RouteSettings& route, SQLINTEGER id) {
  if (id == SQL_ATTR_FABRIC_GROUP) return route.group;
  if (id == SQL_ATTR_FABRIC_KEY) return route.key_given ? route.key : std::string();
  std::string names;
  for (const std::string& table : route.tables) names += (names.empty() ? "" : ",") + table;
  return names;
}

SQLUINTEGER route_number(const settings::RouteSettings& route, SQLINTEGER id) {
  return id == SQL_ATTR_FABRIC_SCOPE ? static_cast<SQLUINTEGER>(route.scope)
                                     : static_cast<SQLUINTEGER>(route.mode);
}

}  // namespace driver
