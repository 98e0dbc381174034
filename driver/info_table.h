// SQLGetInfo answers as rows: every information type of ODBC 3.8 with the value this driver
// stands for, and a few that depend on the connection. Stateless; thread-safe.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>
#include <string>
#include <variant>

namespace driver {

/// The name of the current database where there is none, as programs know it from other drivers.
inline constexpr const char* kNoDatabase = "null";

/// What the connection knows; everything else is constant.
struct InfoContext {
  std::string data_source_name;  ///< DSN, empty when there was none
  std::string server_name;       ///< host of the server in use
  std::string user_name;
  std::string database_name;   ///< current database; empty: none
  bool ansi_quotes = false;    ///< of the session's sql_mode
  std::string server_version;  ///< e.g. "10.11.19-MariaDB"
  bool is_mariadb = false;
  bool named_mariadb = false;   ///< SQL_DBMS_NAME
  unsigned version_number = 0;  ///< e.g. 101119
  bool read_only = false;       ///< FABRIC_MODE=RO
  bool multi_statements = false;
  bool no_transactions = false;                             ///< NO_TRANSACTIONS
  bool no_catalog = false;                                  ///< NO_CATALOG
  bool no_schema = true;                                    ///< NO_SCHEMA
  bool forward_only = false;                                ///< FORWARD_CURSOR
  bool dynamic_cursor = false;                              ///< DYNAMIC_CURSOR
  std::string collation{};                                  ///< the server's default
  unsigned lower_case_table_names = 0;                      ///< the server's variable
  SQLUINTEGER default_isolation = SQL_TXN_REPEATABLE_READ;  ///< of new sessions of the server
};

/// A string in UTF-8, or a number in the C type the standard gives the information type.
using InfoValue = std::variant<std::string, SQLUSMALLINT, SQLUINTEGER>;

/// Throws base::Error HY096 for a type that ODBC 3.8 does not know.
InfoValue info_value(SQLUSMALLINT type, const InfoContext& context);

/// All information types that are answered, in ascending order.
std::span<const SQLUSMALLINT> info_types();

}  // namespace driver
