#include "driver/connection_settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "driver/dsn.h"
#include "driver/keyword_values.h"
#include "driver/sql_scan.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Duration;
using fabric::base::Endpoint;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::TlsMode;

constexpr std::string_view kFilePrefix = "file:";

/// Fills typed fields from given values; a field whose keyword was not given keeps its default.
class SettingsReader {
 public:
  SettingsReader(GivenAttributes given, std::vector<Warning>& warnings) : warnings_(warnings) {
    settings_.given = std::move(given);
    settings_.dsn = settings_.given.dsn();
  }

  ConnectionSettings read() {
    read_login();
    read_option_bits();
    read_tls();
    read_timeouts();
    read_pool();
    read_results_and_logs();
    read_nodes();
    read_routing();
    if (!settings_.has_fabric()) read_servers();
    return std::move(settings_);
  }

 private:
  const std::string* find(Keyword keyword) const { return settings_.given.find(keyword); }
  /// Null when not given or given empty.
  const std::string* find_filled(Keyword keyword) const {
    const std::string* value = find(keyword);
    return value != nullptr && value->empty() ? nullptr : value;
  }
  std::string text(Keyword keyword) const {
    const std::string* value = find(keyword);
    return value == nullptr ? std::string() : *value;
  }
  void read_time(Keyword keyword, Duration& into) const {
    if (const auto* value = find_filled(keyword)) into = time_value(row_of(keyword), *value);
  }
  void read_bool(Keyword keyword, bool& into) const {
    if (const auto* value = find_filled(keyword)) into = bool_value(row_of(keyword), *value);
  }
  template <class Number>
  void read_count(Keyword keyword, CountRange range, Number& into) const {
    if (const auto* value = find_filled(keyword)) {
      into = static_cast<Number>(count_value(row_of(keyword), *value, range));
    }
  }
  /// The enumeration's order is that of the row's choices.
  template <class Choice>
  bool read_choice(Keyword keyword, Choice& into) const {
    const auto* value = find_filled(keyword);
    if (value != nullptr) into = static_cast<Choice>(choice_value(row_of(keyword), *value));
    return value != nullptr;
  }
  void warn(std::string text) { warnings_.emplace_back().text = std::move(text); }
  [[noreturn]] static void refuse(const std::string& text, SqlState state = SqlState::kHY000) {
    throw Error(state, text);
  }

  void read_login() {
    settings_.credentials.user = text(Keyword::kUid);
    settings_.credentials.password = text(Keyword::kPwd);
    settings_.database = text(Keyword::kDatabase);
    settings_.init_statement = text(Keyword::kInitStmt);
    const std::string charset = text(Keyword::kCharset);
    if (!charset.empty() && !equals_ignoring_case(charset, "utf8mb4") &&
        !equals_ignoring_case(charset, "utf8mb3") && !equals_ignoring_case(charset, "utf8")) {
      warn("CHARSET='" + charset.substr(0, 64) + "' is not used: text is always utf8mb4");
    }
  }

  void read_option_bits() {
    constexpr std::uint64_t kFoundRows = 2;
    constexpr std::uint64_t kMultiStatements = 1U << 26U;
    // Old wishes that always hold here: any packet size, no prompt, no locale, results that stream.
    constexpr std::uint64_t kAlways = 1U | 8U | 16U | 256U | (1U << 20U) | (1U << 21U);
    std::uint64_t option = 0;
    read_count(Keyword::kOption, {0, 0xFFFFFFFFU}, option);
    if ((option & kMultiStatements) != 0) settings_.multi_statements = true;
    if (const auto unused = option & ~(kFoundRows | kMultiStatements | kAlways); unused != 0) {
      warn("OPTION: of its bits, " + std::to_string(unused) + " is not used by this driver yet");
    }
    read_bool(Keyword::kMultiStatements, settings_.multi_statements);
    read_bool(Keyword::kFoundRows, settings_.found_rows);
  }

  void read_tls() {
    auto& tls = settings_.credentials.tls;
    tls.ca = text(Keyword::kSslCa);
    tls.ca_path = text(Keyword::kSslCaPath);
    tls.certificate = text(Keyword::kSslCert);
    tls.key = text(Keyword::kSslKey);
    tls.cipher = text(Keyword::kSslCipher);
    tls.versions = text(Keyword::kTlsVersions);
    if (!tls.ca.empty() || !tls.ca_path.empty()) tls.mode = TlsMode::kVerifyCa;
    const bool mode_given = read_choice(Keyword::kSslMode, tls.mode);
    bool verify = false;
    read_bool(Keyword::kSslVerify, verify);
    if (verify && mode_given && tls.mode < TlsMode::kVerifyCa) {
      refuse("SSLVERIFY=1 contradicts SSLMODE=" + text(Keyword::kSslMode) + ": drop one of them");
    }
    if (verify && !mode_given) tls.mode = TlsMode::kVerifyIdentity;
  }

  void read_timeouts() {
    Duration connect{};
    read_time(Keyword::kConnTimeout, connect);
    if (connect > Duration::zero()) settings_.pool.connect_timeout = connect;
    read_time(Keyword::kReadTimeout, settings_.read_timeout);
    read_time(Keyword::kWriteTimeout, settings_.write_timeout);
    read_time(Keyword::kFailoverTimeout, settings_.failover_timeout);
    read_choice(Keyword::kFailoverRetry, settings_.failover_retry);
    read_time(Keyword::kReadAfterWrite, settings_.read_after_write);
    read_time(Keyword::kFailureDetectionTime, settings_.pool.detection_time);
    if (settings_.pool.detection_time < std::chrono::milliseconds(100)) {
      refuse_value(row_of(Keyword::kFailureDetectionTime), text(Keyword::kFailureDetectionTime),
                   "it must be 100ms at least");
    }
  }

  void read_pool() {
    constexpr CountRange kSizes{0, 100'000};
    pool::PoolOptions& pool = settings_.pool;
    read_bool(Keyword::kPooling, pool.pooling);
    read_count(Keyword::kMaxPoolSize, {1, kSizes.most}, pool.max_size);
    read_count(Keyword::kMinPoolSize, kSizes, pool.min_idle);
    if (pool.min_idle > pool.max_size) {
      refuse("MIN_POOL_SIZE (" + std::to_string(pool.min_idle) +
             ") is larger than MAX_POOL_SIZE (" + std::to_string(pool.max_size) + ")");
    }
    read_time(Keyword::kPoolTimeout, settings_.pool_timeout);
    read_time(Keyword::kPoolIdleTimeout, pool.idle_timeout);
    read_time(Keyword::kPoolMaxLifetime, pool.max_lifetime);
    read_time(Keyword::kPoolValidateAfter, pool.validate_after);
    read_time(Keyword::kPoolLeakWarn, settings_.pool_leak_warn);
    read_choice(Keyword::kConnectionReset, pool.reset);
    bool by_transaction = false;
    read_choice(Keyword::kPoolMode, by_transaction);
    if (by_transaction) warn("POOL_MODE=TRANSACTION is not there yet: it acts as SESSION");
  }

  void read_results_and_logs() {
    if (const auto* value = find_filled(Keyword::kSpoolMemory)) {
      settings_.spool_memory = size_value(row_of(Keyword::kSpoolMemory), *value);
    }
    settings_.log_file = text(Keyword::kLog);
    read_choice(Keyword::kLogLevel, settings_.log_level);
    settings_.stats_file = text(Keyword::kStatsFile);
  }

  void read_nodes() {
    const std::string* nodes = find_filled(Keyword::kFabricNodes);
    if (nodes == nullptr) return refuse_farm_keywords();
    for (const Keyword plain : {Keyword::kServer, Keyword::kSocket}) {
      if (find_filled(plain) == nullptr) continue;
      const std::string name(row_of(plain).name);
      refuse("FABRIC_NODES and " + name + " are both given: drop " + name +
             " to reach the farm, or drop FABRIC_NODES to reach that one server");
    }
    if (nodes->starts_with(kFilePrefix)) {
      read_topology_file(nodes->substr(kFilePrefix.size()));
    } else {
      read_node_addresses(*nodes);
    }
    read_node_login();
    fabric::FarmOptions& farm = settings_.fabric.farm;
    read_time(Keyword::kFabricTtl, farm.ttl_limit);
    read_time(Keyword::kFabricTimeout, farm.node_timeout);
    if (farm.node_timeout <= Duration::zero()) {
      refuse_value(row_of(Keyword::kFabricTimeout), text(Keyword::kFabricTimeout),
                   "it must be longer than 0");
    }
    read_count(Keyword::kFabricAttempts, {1, 1000}, farm.attempts);
    read_time(Keyword::kFabricAttemptDelay, farm.attempt_delay);
    read_choice(Keyword::kFabricReportErrors, farm.reports);
  }

  void read_topology_file(const std::string& path) {
    for (const Keyword of_nodes : {Keyword::kFabricPort, Keyword::kFabricProtocol}) {
      if (find_filled(of_nodes) == nullptr) continue;
      const std::string name(row_of(of_nodes).name);
      refuse(name + " is of Fabric nodes, but FABRIC_NODES names a file: drop " + name);
    }
    if (!path.starts_with('/')) {
      refuse_value(row_of(Keyword::kFabricNodes), std::string(kFilePrefix) + path,
                   "use file: and an absolute path");
    }
    settings_.fabric.topology_file = path;
  }

  void read_node_addresses(const std::string& nodes) {
    auto protocol = fabric::RpcProtocol::kXmlRpc;
    if (read_choice(Keyword::kFabricProtocol, protocol)) settings_.fabric.protocol = protocol;
    std::uint16_t port =
        protocol == fabric::RpcProtocol::kMysql ? fabric::kMysqlRpcPort : fabric::kXmlRpcPort;
    read_count(Keyword::kFabricPort, {1, 65535}, port);
    settings_.fabric.nodes = endpoints_value(row_of(Keyword::kFabricNodes), nodes, port);
  }

  void read_node_login() {
    auto& login = settings_.fabric.credentials;
    const std::string* user = find_filled(Keyword::kFabricUser);
    const std::string* password = find(Keyword::kFabricPassword);
    settings_.fabric.user_of_servers = user == nullptr;
    login.user = user != nullptr ? *user : settings_.credentials.user;
    login.password = password != nullptr ? *password : settings_.credentials.password;
    login.tls.ca = text(Keyword::kFabricSslCa);
    login.tls.certificate = text(Keyword::kFabricSslCert);
    login.tls.key = text(Keyword::kFabricSslKey);
    login.tls.mode = login.tls.ca.empty() ? TlsMode::kDisabled : TlsMode::kVerifyCa;
    read_choice(Keyword::kFabricSslMode, login.tls.mode);
    if (login.tls.mode == TlsMode::kPreferred) {
      refuse_value(row_of(Keyword::kFabricSslMode), "PREFERRED",
                   "a node's port speaks TLS or does not: use REQUIRED, VERIFY_CA, "
                   "VERIFY_IDENTITY or DISABLED");
    }
  }

  void refuse_farm_keywords() const {
    for (const Keyword keyword :
         {Keyword::kFabricGroup, Keyword::kFabricTables, Keyword::kFabricKey, Keyword::kFabricScope,
          Keyword::kFabricPort, Keyword::kFabricProtocol}) {
      if (find_filled(keyword) == nullptr) continue;
      const std::string name(row_of(keyword).name);
      refuse(name + " is given without FABRIC_NODES: add FABRIC_NODES, or drop " + name);
    }
  }

  void read_routing() {
    FabricSettings& fabric = settings_.fabric;
    fabric.group = text(Keyword::kFabricGroup);
    fabric.key = text(Keyword::kFabricKey);
    fabric.key_given = find(Keyword::kFabricKey) != nullptr;
    read_choice(Keyword::kFabricScope, fabric.scope);
    if (const auto* tables = find_filled(Keyword::kFabricTables)) {
      fabric.tables = qualified_tables(*tables, settings_.database);
    }
    if (fabric.key_given && fabric.tables.empty() && settings_.has_fabric()) {
      refuse(
          "FABRIC_KEY is given without FABRIC_TABLES: add the sharded tables, or drop FABRIC_KEY");
    }
    if (fabric.key_given && fabric.scope == ShardScope::kGlobal) {
      refuse("FABRIC_KEY contradicts FABRIC_SCOPE=GLOBAL: drop one of them");
    }
    enum Mode : std::uint8_t { kRw, kRo, kAuto, kReadWrite, kReadOnly } mode = kRw;
    read_choice(Keyword::kFabricMode, mode);
    if (mode == kRo || mode == kReadOnly) fabric.mode = fabric::RequestMode::kReadOnly;
    if (mode == kAuto) warn("FABRIC_MODE=AUTO is not there yet: it acts as RW");
  }

  void read_servers() {
    constexpr std::uint16_t kMysqlPort = 3306;
    std::uint16_t port = kMysqlPort;
    read_count(Keyword::kPort, {1, 65535}, port);
    const std::string* servers = find_filled(Keyword::kServer);
    if (const std::string* socket = find_filled(Keyword::kSocket)) {
      settings_.servers.push_back({servers != nullptr ? *servers : "localhost", port, *socket});
    } else {
      settings_.servers =
          endpoints_value(row_of(Keyword::kServer),
                          servers != nullptr ? *servers : row_of(Keyword::kServer).standard, port);
    }
  }

  ConnectionSettings settings_;
  std::vector<Warning>& warnings_;
};

void add_dsn_entries(GivenAttributes& given, std::vector<Warning>& warnings) {
  const std::string dsn = given.dsn();
  if (!dsn.empty()) given.add(dsn_entries(dsn), GivenBy::kDsn, warnings);
}

}  // namespace

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

}  // namespace driver
