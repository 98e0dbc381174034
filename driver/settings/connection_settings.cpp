#include "driver/settings/connection_settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "driver/settings/dsn.h"
#include "driver/settings/given_values.h"
#include "driver/settings/link_settings.h"
#include "driver/sql/charsets.h"
#include "driver/sql/scan.h"
#include "fabric/base/error.h"

namespace driver::settings {
namespace {

using fabric::base::Duration;
using fabric::base::Endpoint;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::TlsMode;

/// A node's port speaks TLS or does not: there is no PREFERRED.
TlsMode node_tls_mode(std::string_view value) {
  const std::size_t choice = choice_value(row_of(Keyword::kFabricSslMode), value);
  return static_cast<TlsMode>(choice == 0 ? 0 : choice + 1);
}

struct OptionField {
  Keyword keyword;
  bool PeerOptions::*field;
};
constexpr OptionField kOptionFields[] = {
    {Keyword::kNoBigint, &PeerOptions::no_bigint},
    {Keyword::kFullColumnNames, &PeerOptions::full_column_names},
    {Keyword::kPadSpace, &PeerOptions::pad_space},
    {Keyword::kNoBinaryResult, &PeerOptions::no_binary_result},
    {Keyword::kBigintAsText, &PeerOptions::bigint_as_text},
    {Keyword::kZeroDateToMin, &PeerOptions::zero_date_to_min},
    {Keyword::kMinDateToZero, &PeerOptions::min_date_to_zero},
    {Keyword::kNoDateOverflow, &PeerOptions::no_date_overflow},
    {Keyword::kForwardOnly, &PeerOptions::forward_only},
    {Keyword::kDynamicCursor, &PeerOptions::dynamic_cursor},
    {Keyword::kNoCache, &PeerOptions::no_cache},
    {Keyword::kNoSsps, &PeerOptions::client_side_prepare},
    {Keyword::kEdServer, &PeerOptions::direct_on_server},
    {Keyword::kNoCatalog, &PeerOptions::no_catalog},
    {Keyword::kNoSchema, &PeerOptions::no_schema},
    {Keyword::kSchemaNoError, &PeerOptions::ignore_schema},
    {Keyword::kNullIsCurrent, &PeerOptions::null_is_current},
    {Keyword::kNoTransactions, &PeerOptions::no_transactions},
    {Keyword::kAutoIsNull, &PeerOptions::auto_is_null},
};

/// Fills typed fields from given values; a field whose keyword was not given keeps its default.
class SettingsReader {
 public:
  SettingsReader(GivenAttributes given, std::vector<Warning>& warnings)
      : settings_(holding(std::move(given))), given_(settings_.given), warnings_(warnings) {}

  ConnectionSettings read() {
    read_login();
    read_options();
    warn_of_ignored();
    read_timeouts();
    read_pool();
    read_results_and_logs();
    read_nodes();
    read_routing();
    if (!settings_.has_fabric()) read_servers();
    return std::move(settings_);
  }

 private:
  static ConnectionSettings holding(GivenAttributes given) {
    ConnectionSettings settings;
    settings.dsn = given.dsn();
    settings.given = std::move(given);
    return settings;
  }
  void warn(std::string text) { warnings_.emplace_back().text = std::move(text); }

  void read_login() {
    settings_.credentials.tls = tls_options(given_);
    settings_.credentials.link = link_options(given_);
    settings_.credentials.user = given_.text(Keyword::kUid);
    settings_.credentials.password = given_.text(Keyword::kPwd);
    settings_.database = given_.text(Keyword::kDatabase);
    settings_.init_statement = given_.text(Keyword::kInitStmt);
    read_charset();
  }

  void read_charset() {
    const std::string name = given_.text(Keyword::kCharset);
    if (name.empty()) return;
    const sql::Charset* const charset = sql::find_charset(name);
    if (charset == nullptr) {
      refuse_value(row_of(Keyword::kCharset), name,
                   "no server has this character set: drop it, text is always utf8mb4");
    }
    if (!charset->is_utf8()) {
      warn("CHARSET='" + name + "' is not used: text is always utf8mb4");
    }
  }

  /// Of what was given, that which is not done here.
  void warn_of_ignored() {
    std::uint32_t unknown = given_.option();
    for (const KeywordRow& row : all_keywords()) {
      unknown &= ~row.option_bit;
      if (row.use == KeywordUse::kIgnored && asks_for_something(row)) {
        warn(std::string(row.name) + " is not used: " + std::string(row.help));
      }
    }
    if (unknown != 0) warn("OPTION: of its bits, " + std::to_string(unknown) + " is not known");
  }

  [[nodiscard]] bool asks_for_something(const KeywordRow& row) const {
    if (row.kind == ValueKind::kBool) return given_.flag(row.keyword);
    const std::string* value = given_.find_filled(row.keyword);
    return value != nullptr && !sql::equals_ignoring_case(*value, row.standard);
  }

  void read_options() {
    PeerOptions& options = settings_.options;
    for (const auto& [keyword, field] : kOptionFields) {
      given_.read_bool(keyword, options.*field);
    }
    given_.read_choice(Keyword::kDbmsName, options.dbms_name);
  }

  void read_timeouts() {
    Duration connect{};
    given_.read_time(Keyword::kConnTimeout, connect);
    if (connect > Duration::zero()) settings_.pool.connect_timeout = connect;
    given_.read_time(Keyword::kFailoverTimeout, settings_.failover_timeout);
    given_.read_choice(Keyword::kFailoverRetry, settings_.failover_retry);
    given_.read_time(Keyword::kReadAfterWrite, settings_.read_after_write);
    given_.read_time(Keyword::kFailureDetectionTime, settings_.pool.detection_time);
  }

  void read_pool() {
    pool::PoolOptions& pool = settings_.pool;
    given_.read_bool(Keyword::kPooling, pool.pooling);
    given_.read_count(Keyword::kMaxPoolSize, pool.max_size);
    given_.read_count(Keyword::kMinPoolSize, pool.min_idle);
    if (pool.min_idle > pool.max_size) {
      GivenValues::refuse("MIN_POOL_SIZE (" + std::to_string(pool.min_idle) +
                          ") is larger than MAX_POOL_SIZE (" + std::to_string(pool.max_size) + ")");
    }
    given_.read_time(Keyword::kPoolTimeout, settings_.pool_timeout);
    given_.read_time(Keyword::kPoolIdleTimeout, pool.idle_timeout);
    given_.read_time(Keyword::kPoolMaxLifetime, pool.max_lifetime);
    given_.read_time(Keyword::kPoolValidateAfter, pool.validate_after);
    given_.read_time(Keyword::kPoolKeepalive, pool.keepalive);
    given_.read_time(Keyword::kPoolLeakWarn, pool.leak_warn);
    given_.read_count(Keyword::kStatementCacheSize, pool.statement_cache);
    given_.read_choice(Keyword::kConnectionReset, pool.reset);
    given_.read_choice(Keyword::kLoadBalance, pool.load_balance);
    given_.read_choice(Keyword::kPoolMode, settings_.lease_per_transaction);
  }

  void read_results_and_logs() {
    if (const auto* value = given_.find_filled(Keyword::kSpoolMemory)) {
      settings_.spool_memory = size_value(row_of(Keyword::kSpoolMemory), *value);
    }
    settings_.log_file = given_.text(Keyword::kLog);
    given_.read_choice(Keyword::kLogLevel, settings_.log_level);
    settings_.stats_file = given_.text(Keyword::kStatsFile);
  }

  void read_nodes() {
    const std::string* nodes = given_.find_filled(Keyword::kFabricNodes);
    if (nodes == nullptr) return refuse_farm_keywords();
    for (const Keyword plain : {Keyword::kServer, Keyword::kSocket}) {
      if (given_.find_filled(plain) == nullptr) continue;
      const std::string name(row_of(plain).name);
      GivenValues::refuse("FABRIC_NODES and " + name + " are both given: drop " + name +
                          " to reach the farm, or drop FABRIC_NODES to reach that one server");
    }
    if (nodes->starts_with(kFilePrefix)) {
      read_topology_file(topology_file_value(row_of(Keyword::kFabricNodes), *nodes));
    } else {
      read_node_addresses(*nodes);
    }
    read_node_login();
    fabric::FarmOptions& farm = settings_.fabric.farm;
    given_.read_time(Keyword::kFabricTtl, farm.ttl_limit);
    given_.read_time(Keyword::kFabricTimeout, farm.node_timeout);
    given_.read_count(Keyword::kFabricAttempts, farm.attempts);
    given_.read_time(Keyword::kFabricAttemptDelay, farm.attempt_delay);
    given_.read_choice(Keyword::kFabricReportErrors, farm.reports);
  }

  void read_topology_file(const std::string& path) {
    for (const Keyword of_nodes : {Keyword::kFabricPort, Keyword::kFabricProtocol}) {
      if (given_.find_filled(of_nodes) == nullptr) continue;
      const std::string name(row_of(of_nodes).name);
      GivenValues::refuse(name + " is of Fabric nodes, but FABRIC_NODES names a file: drop " +
                          name);
    }
    settings_.fabric.topology_file = path;
  }

  void read_node_addresses(const std::string& nodes) {
    auto protocol = fabric::RpcProtocol::kXmlRpc;
    if (given_.read_choice(Keyword::kFabricProtocol, protocol)) {
      settings_.fabric.protocol = protocol;
    }
    std::uint16_t port =
        protocol == fabric::RpcProtocol::kMysql ? fabric::kMysqlRpcPort : fabric::kXmlRpcPort;
    given_.read_count(Keyword::kFabricPort, port);
    settings_.fabric.nodes = endpoints_value(row_of(Keyword::kFabricNodes), nodes, port);
  }

  void read_node_login() {
    auto& login = settings_.fabric.credentials;
    const std::string* user = given_.find_filled(Keyword::kFabricUser);
    const std::string* password = given_.find(Keyword::kFabricPassword);
    settings_.fabric.user_of_servers = user == nullptr;
    login.user = user != nullptr ? *user : settings_.credentials.user;
    login.password = password != nullptr ? *password : settings_.credentials.password;
    login.tls.ca = given_.text(Keyword::kFabricSslCa);
    login.tls.certificate = given_.text(Keyword::kFabricSslCert);
    login.tls.key = given_.text(Keyword::kFabricSslKey);
    login.tls.mode = login.tls.ca.empty() ? TlsMode::kDisabled : TlsMode::kVerifyCa;
    if (const std::string* mode = given_.find_filled(Keyword::kFabricSslMode)) {
      login.tls.mode = node_tls_mode(*mode);
    }
  }

  void refuse_farm_keywords() const {
    for (const Keyword keyword :
         {Keyword::kFabricGroup, Keyword::kFabricTables, Keyword::kFabricKey, Keyword::kFabricScope,
          Keyword::kFabricPort, Keyword::kFabricProtocol}) {
      if (given_.find_filled(keyword) == nullptr) continue;
      const std::string name(row_of(keyword).name);
      GivenValues::refuse(name + " is given without FABRIC_NODES: add FABRIC_NODES, or drop " +
                          name);
    }
  }

  void read_routing() {
    FabricSettings& fabric = settings_.fabric;
    fabric.group = given_.text(Keyword::kFabricGroup);
    fabric.key = given_.text(Keyword::kFabricKey);
    fabric.key_given = given_.find(Keyword::kFabricKey) != nullptr;
    given_.read_choice(Keyword::kFabricScope, fabric.scope);
    if (const auto* tables = given_.find_filled(Keyword::kFabricTables)) {
      fabric.tables = qualified_tables(*tables, settings_.database);
    }
    if (fabric.key_given && fabric.tables.empty() && settings_.has_fabric()) {
      GivenValues::refuse(
          "FABRIC_KEY is given without FABRIC_TABLES: add the sharded tables, or drop FABRIC_KEY");
    }
    if (fabric.key_given && fabric.scope == ShardScope::kGlobal) {
      GivenValues::refuse("FABRIC_KEY contradicts FABRIC_SCOPE=GLOBAL: drop one of them");
    }
    enum Mode : std::uint8_t { kRw, kRo, kAuto, kReadWrite, kReadOnly } mode = kRw;
    given_.read_choice(Keyword::kFabricMode, mode);
    if (mode == kRo || mode == kReadOnly) fabric.mode = FabricMode::kReadOnly;
    if (mode == kAuto) fabric.mode = FabricMode::kAuto;
  }

  void read_servers() {
    constexpr std::uint16_t kMysqlPort = 3306;
    std::uint16_t port = kMysqlPort;
    given_.read_count(Keyword::kPort, port);
    const std::string* servers = given_.find_filled(Keyword::kServer);
    if (const std::string* socket = given_.find_filled(Keyword::kSocket)) {
      settings_.servers.push_back({servers != nullptr ? *servers : "localhost", port, *socket});
    } else {
      settings_.servers =
          endpoints_value(row_of(Keyword::kServer),
                          servers != nullptr ? *servers : row_of(Keyword::kServer).standard, port);
    }
  }

  ConnectionSettings settings_;
  const GivenValues given_;
  std::vector<Warning>& warnings_;
};

}  // namespace

void add_dsn_entries(GivenAttributes& given, std::vector<Warning>& warnings) {
  const std::string dsn = given.dsn();
  if (dsn.empty()) return;
  std::vector<GivenPair> entries = dsn_entries(dsn);
  if (entries.empty()) entries = dsn_entries("DEFAULT");
  if (entries.empty()) {
    throw Error(SqlState::kIM002, "There is no data source '" + dsn.substr(0, 64) +
                                      "' in odbc.ini: check its name, or name the driver and the "
                                      "server in the connection string");
  }
  given.add(entries, GivenBy::kDsn, warnings);
}

std::vector<std::string> qualified_tables(std::string_view given, const std::string& database) {
  std::vector<std::string> tables = list_value(given);
  for (std::string& table : tables) {
    if (table.find('.') != std::string::npos) continue;
    if (database.empty()) {
      refuse_value(row_of(Keyword::kFabricTables), given, "write db.table,... or give DATABASE");
    }
    table.insert(0, database + ".");
  }
  return tables;
}

ConnectionSettings settings_from_connection_string(std::string_view text,
                                                   std::vector<Warning>& warnings) {
  GivenAttributes given;
  given.add(parse_connection_string(text), GivenBy::kApplication, warnings);
  add_dsn_entries(given, warnings);
  return settings_from(std::move(given), warnings);
}

ConnectionSettings settings_from_dsn(const std::string& dsn, const std::string* user,
                                     const std::string* password, std::vector<Warning>& warnings) {
  GivenAttributes given;
  given.add(Keyword::kDsn, dsn);
  if (user != nullptr) given.add(Keyword::kUid, *user);
  if (password != nullptr) given.add(Keyword::kPwd, *password);
  add_dsn_entries(given, warnings);
  return settings_from(std::move(given), warnings);
}

ConnectionSettings settings_from(GivenAttributes given, std::vector<Warning>& warnings) {
  return SettingsReader(std::move(given), warnings).read();
}

std::string FabricSettings::nodes_text() const {
  if (!topology_file.empty()) return "file:" + topology_file;
  std::string names;
  for (const auto& node : nodes) names += (names.empty() ? "" : ",") + node.text();
  return names;
}

}  // namespace driver::settings
