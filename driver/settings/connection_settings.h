// What a connection was asked to be, typed, defaulted and checked. Made once per connect from a
// connection string or a DSN; a plain value afterwards. Holds secrets: never logged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/settings/connection_string.h"
#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/log.h"
#include "fabric/farm.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/rpc_protocol.h"
#include "fabric/types.h"
#include "pool/options.h"

namespace driver::settings {

enum class FailoverRetry : std::uint8_t { kSafe, kOff };
enum class FabricMode : std::uint8_t { kReadWrite, kReadOnly, kAuto };  ///< as SQL_FABRIC_MODE_*
enum class ShardScope : std::uint8_t { kLocal, kGlobal };

/// Where a session or a statement goes.
struct RouteSettings {
  std::string group;                ///< the default group; empty: none
  bool group_of_session = false;    ///< set while connected: stronger than what the SQL says
  std::vector<std::string> tables;  ///< `db.table`
  std::string key;
  bool key_given = false;  ///< an empty key is a key
  ShardScope scope = ShardScope::kLocal;
  FabricMode mode = FabricMode::kReadWrite;
  friend bool operator==(const RouteSettings&, const RouteSettings&) = default;
};

struct FabricSettings : RouteSettings {
  [[nodiscard]] RouteSettings& route() { return *this; }
  [[nodiscard]] const RouteSettings& route() const { return *this; }
  /// "host:port,...", or "file:" and the topology file's path.
  [[nodiscard]] std::string nodes_text() const;

  std::vector<fabric::base::Endpoint> nodes;    ///< empty: a topology file or a plain MySQL DSN
  std::string topology_file;                    ///< FABRIC_NODES=file:...
  std::optional<fabric::RpcProtocol> protocol;  ///< nothing: each node by its port
  fabric::mysql::Credentials credentials;
  bool user_of_servers = false;  ///< the credentials are UID and PWD
  fabric::FarmOptions farm;
};

enum class DbmsName : std::uint8_t { kMariaDb, kMySql, kOfTheServer };  ///< DBMS_NAME

/// Named options of the other MySQL drivers; docs/keywords.md says what each does.
struct PeerOptions {
  // what results look like
  bool no_bigint = false;
  bool full_column_names = false;
  bool pad_space = false;
  bool no_binary_result = false;
  bool bigint_as_text = false;
  bool zero_date_to_min = false;
  bool min_date_to_zero = false;
  bool no_date_overflow = false;
  // statements and cursors
  bool forward_only = false;
  bool dynamic_cursor = false;
  bool no_cache = false;
  bool client_side_prepare = false;
  bool direct_on_server = false;
  bool no_transactions = false;
  bool auto_is_null = false;
  // catalog functions
  bool no_catalog = false;
  bool no_schema = true;
  bool ignore_schema = false;
  bool null_is_current = true;
  DbmsName dbms_name = DbmsName::kOfTheServer;
};

struct ConnectionSettings {
  GivenAttributes given;                        ///< for completed_string()
  std::string dsn;                              ///< empty: connected by DRIVER=
  std::vector<fabric::base::Endpoint> servers;  ///< of a plain DSN, in order; else empty
  fabric::mysql::Credentials credentials;
  std::string database;
  std::string init_statement;  ///< run once on each new session
  PeerOptions options;

  FabricSettings fabric;
  fabric::base::Duration failover_timeout = std::chrono::seconds(30);
  FailoverRetry failover_retry = FailoverRetry::kSafe;
  fabric::base::Duration read_after_write = std::chrono::seconds(2);

  pool::PoolOptions pool;
  fabric::base::Duration pool_timeout = std::chrono::seconds(30);
  bool lease_per_transaction = false;  ///< POOL_MODE=TRANSACTION

  std::size_t spool_memory = std::size_t{64} << 20U;  ///< bytes
  std::string log_file;                               ///< empty: off
  fabric::base::LogLevel log_level = fabric::base::LogLevel::kWarning;
  std::string stats_file;  ///< empty: off

  [[nodiscard]] bool has_fabric() const {
    return !fabric.nodes.empty() || !fabric.topology_file.empty();
  }
};

/// Adds the entries of the data source that is named, which are weaker than what was given; those
/// of DEFAULT when odbc.ini does not have it. Throws IM002 when it has neither.
void add_dsn_entries(GivenAttributes& given, std::vector<Warning>& warnings);

/// SQLDriverConnect. Reads the DSN's entries when the string names one; the string is stronger.
/// Throws base::Error: HY000 malformed text, HY024 a value that is not accepted, HYC00 what this
/// driver cannot do yet, HY000 keywords that contradict each other. Each sentence names the
/// keyword.
ConnectionSettings settings_from_connection_string(std::string_view text,
                                                   std::vector<Warning>& warnings);

/// SQLConnect. Null `user` or `password`: the DSN's own count. Throws as above.
ConnectionSettings settings_from_dsn(const std::string& dsn, const std::string* user,
                                     const std::string* password, std::vector<Warning>& warnings);

/// The same from a list of what was given, without reading any file.
ConnectionSettings settings_from(GivenAttributes given, std::vector<Warning>& warnings);

/// The elements of FABRIC_TABLES, those without a database in `database`; HY024 if it is empty.
std::vector<std::string> qualified_tables(std::string_view given, const std::string& database);

/// SQLDriverConnect's completed string, see GivenAttributes.
inline std::string completed_string(const ConnectionSettings& settings) {
  return settings.given.completed_string();
}

}  // namespace driver::settings
