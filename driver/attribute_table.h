// Every attribute of environments, connections and statements that ODBC 3.8 documents, and two of
// another driver, as rows: its width, the values it takes, and when it may be set. Setters and
// getters check against it first. Constant data and pure functions, any thread.
#pragma once

#include <span>
#include <string_view>

#include "driver/odbc.h"

namespace driver {

// MariaDB Connector/ODBC's, from 3.2.5 on: of statements, and of connections for new statements.
inline constexpr SQLINTEGER kExecDirectOnServer = 25100;
inline constexpr SQLINTEGER kPrepareOnClient = 25101;

enum class AttributeOwner : std::uint8_t { kEnvironment, kConnection, kStatement };

enum class AttributeShape : std::uint8_t {
  kInteger,  ///< SQLINTEGER or SQLUINTEGER
  kLength,   ///< SQLULEN
  kPointer,
  kText,
};

/// When an attribute may be set.
enum class AttributeTime : std::uint8_t {
  kAlways,
  kUnconnected,  ///< else HY011
  kConnected,    ///< else 08003
  kNoCursor,     ///< 24000 while a cursor is open, HY011 on a prepared statement
  kNever,        ///< read-only: HY092
  kRefused,      ///< an optional feature that this driver does not have: HYC00
  kManager,      ///< the driver manager's own; a driver that is asked all the same: HYC00
};

struct AttributeRow {
  SQLINTEGER id;
  std::string_view name;
  AttributeShape shape = AttributeShape::kInteger;
  AttributeTime time = AttributeTime::kAlways;
  SQLULEN least = 0;    ///< HY024 below it
  SQLULEN most = kAny;  ///< HY024 above it

  static constexpr SQLULEN kAny = ~SQLULEN{0};
};

std::span<const AttributeRow> attributes(AttributeOwner owner);
/// Null for an attribute that is not known.
const AttributeRow* find_attribute(AttributeOwner owner, SQLINTEGER id);
/// The row of an attribute that may be read: throws HY092 for an unknown one, HYC00.
const AttributeRow& readable_attribute(AttributeOwner owner, SQLINTEGER id);
/// The row of an attribute that may be set, to this value if it is a number: throws HY092 for an
/// unknown or read-only one, HYC00, HY024.
const AttributeRow& settable_attribute(AttributeOwner owner, SQLINTEGER id, SQLPOINTER value);

}  // namespace driver
