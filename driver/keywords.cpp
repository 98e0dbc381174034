#include "driver/keywords.h"

#include <algorithm>
#include <vector>

namespace driver {
namespace {

using K = Keyword;
using V = ValueKind;
using U = KeywordUse;

constexpr std::array<KeywordRow, kKeywordCount> kKeywords{{
    {.keyword = K::kDsn, .name = "DSN", .help = "name of the data source in odbc.ini"},
    {.keyword = K::kDriver, .name = "DRIVER", .help = "name or path of the driver"},
    {.keyword = K::kFileDsn, .name = "FILEDSN", .use = U::kAccepted},
    {.keyword = K::kSaveFile, .name = "SAVEFILE", .use = U::kAccepted},
    {.keyword = K::kDescription, .name = "DESCRIPTION", .use = U::kAccepted},
    {.keyword = K::kTrace, .name = "TRACE", .use = U::kAccepted},
    {.keyword = K::kTraceFile, .name = "TRACEFILE", .use = U::kAccepted},

    {.keyword = K::kServer,
     .name = "SERVER",
     .aliases = {"SERVERNAME", "HOST"},
     .standard = "localhost",
     .help = "host[:port],...: MySQL servers without a farm, tried in order"},
    {.keyword = K::kPort,
     .name = "PORT",
     .kind = V::kCount,
     .standard = "3306",
     .help = "of servers named without one"},
    {.keyword = K::kSocket, .name = "SOCKET", .help = "path of the server's Unix socket"},
    {.keyword = K::kUid,
     .name = "UID",
     .aliases = {"USER", "USERNAME"},
     .help = "user of the servers"},
    {.keyword = K::kPwd,
     .name = "PWD",
     .aliases = {"PASSWORD", "PWD1", "PASSWORD1"},
     .kind = V::kSecret,
     .help = "its password; never shown"},
    {.keyword = K::kDatabase,
     .name = "DATABASE",
     .aliases = {"DB"},
     .help = "the default database"},
    {.keyword = K::kInitStmt, .name = "INITSTMT", .help = "statement run on each new session"},
    {.keyword = K::kCharset,
     .name = "CHARSET",
     .standard = "utf8mb4",
     .help = "accepted for compatibility: text is utf8mb4 on the wire"},
    {.keyword = K::kOption,
     .name = "OPTION",
     .aliases = {"OPTIONS"},
     .kind = V::kCount,
     .standard = "0",
     .help = "bits as in the other MySQL drivers: 2 FOUND_ROWS, 67108864 MULTI_STATEMENTS"},
    {.keyword = K::kMultiStatements,
     .name = "MULTI_STATEMENTS",
     .kind = V::kBool,
     .standard = "0",
     .help = "several statements in one text"},
    {.keyword = K::kFoundRows,
     .name = "FOUND_ROWS",
     .kind = V::kBool,
     .standard = "1",
     .help = "row counts are rows matched, not rows changed"},
    {.keyword = K::kConnTimeout,
     .name = "CONN_TIMEOUT",
     .aliases = {"CONNECT_TIMEOUT", "LOGIN_TIMEOUT"},
     .kind = V::kTime,
     .standard = "10s",
     .help = "one physical connect and login"},
    {.keyword = K::kReadTimeout,
     .name = "READ_TIMEOUT",
     .kind = V::kTime,
     .use = U::kNotYet,
     .standard = "0",
     .help = "longest wait for the server's answer; 0: none"},
    {.keyword = K::kWriteTimeout,
     .name = "WRITE_TIMEOUT",
     .kind = V::kTime,
     .use = U::kNotYet,
     .standard = "0",
     .help = "longest wait while sending; 0: none"},
    {.keyword = K::kMultiHost, .name = "MULTI_HOST", .kind = V::kBool, .use = U::kAccepted},
    {.keyword = K::kNoPrompt, .name = "NO_PROMPT", .kind = V::kBool, .use = U::kAccepted},

    {.keyword = K::kSslMode,
     .name = "SSLMODE",
     .kind = V::kChoice,
     .standard = "PREFERRED",
     .choices = "DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY",
     .help = "TLS to the servers; with SSLCA the default is VERIFY_CA"},
    {.keyword = K::kSslVerify,
     .name = "SSLVERIFY",
     .kind = V::kBool,
     .standard = "0",
     .help = "1: as SSLMODE=VERIFY_IDENTITY"},
    {.keyword = K::kSslCa, .name = "SSLCA", .help = "file of trusted certificates"},
    {.keyword = K::kSslCaPath, .name = "SSLCAPATH", .help = "directory of trusted certificates"},
    {.keyword = K::kSslCert, .name = "SSLCERT", .help = "client certificate"},
    {.keyword = K::kSslKey, .name = "SSLKEY", .help = "the client certificate's key"},
    {.keyword = K::kSslCipher, .name = "SSLCIPHER", .help = "ciphers allowed"},
    {.keyword = K::kTlsVersions,
     .name = "TLS_VERSIONS",
     .aliases = {"TLSVERSION"},
     .help = "protocol versions allowed, e.g. TLSv1.2,TLSv1.3"},

    {.keyword = K::kFabricNodes,
     .name = "FABRIC_NODES",
     .aliases = {"FABRIC_HOST", "FABRIC_NODE"},
     .help = "host[:port],...: the farm's nodes; no port: 32274; or file:PATH"},
    {.keyword = K::kFabricPort,
     .name = "FABRIC_PORT",
     .kind = V::kCount,
     .help = "port of nodes named without one"},
    {.keyword = K::kFabricProtocol,
     .name = "FABRIC_PROTOCOL",
     .kind = V::kChoice,
     .choices = "XMLRPC|MYSQL",
     .help = "how nodes are asked; by port: 32274 xmlrpc, else mysql"},
    {.keyword = K::kFabricUser,
     .name = "FABRIC_USER",
     .aliases = {"FABRIC_USERNAME"},
     .help = "who asks the node; UID for mysql"},
    {.keyword = K::kFabricPassword,
     .name = "FABRIC_PASSWORD",
     .aliases = {"FABRIC_PWD"},
     .kind = V::kSecret,
     .help = "PWD for mysql"},
    {.keyword = K::kFabricSslMode,
     .name = "FABRIC_SSL_MODE",
     .kind = V::kChoice,
     .standard = "DISABLED",
     .choices = "DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY",
     .help = "TLS to the node; with FABRIC_SSL_CA the default is VERIFY_CA"},
    {.keyword = K::kFabricSslCa, .name = "FABRIC_SSL_CA", .help = "file of trusted certificates"},
    {.keyword = K::kFabricSslCert, .name = "FABRIC_SSL_CERT", .help = "client certificate"},
    {.keyword = K::kFabricSslKey, .name = "FABRIC_SSL_KEY", .help = "the client certificate's key"},
    {.keyword = K::kFabricGroup,
     .name = "FABRIC_GROUP",
     .aliases = {"FABRIC_SERVER_GROUP", "GROUP"},
     .help = "the default group"},
    {.keyword = K::kFabricTables,
     .name = "FABRIC_TABLES",
     .aliases = {"FABRIC_SHARD_TABLE", "FABRIC_TABLE"},
     .help = "sharded tables, db.table,..."},
    {.keyword = K::kFabricKey,
     .name = "FABRIC_KEY",
     .aliases = {"FABRIC_SHARD_KEY"},
     .help = "the sharding key"},
    {.keyword = K::kFabricScope,
     .name = "FABRIC_SCOPE",
     .kind = V::kChoice,
     .standard = "LOCAL",
     .choices = "LOCAL|GLOBAL",
     .help = "LOCAL: the key's shard; GLOBAL: the mapping's global group"},
    {.keyword = K::kFabricMode,
     .name = "FABRIC_MODE",
     .aliases = {"APPLICATION_INTENT"},
     .kind = V::kChoice,
     .standard = "RW",
     .choices = "RW|RO|AUTO|READWRITE|READONLY",
     .help = "RW: the primary; RO: a secondary by weight"},
    {.keyword = K::kReadAfterWrite,
     .name = "READ_AFTER_WRITE",
     .kind = V::kTime,
     .use = U::kNotYet,
     .standard = "2s",
     .help = "AUTO: how long reads stay on the primary after a write"},
    {.keyword = K::kFabricTtl,
     .name = "FABRIC_TTL",
     .kind = V::kTime,
     .standard = "60s",
     .help = "upper bound on the age of the cached topology"},
    {.keyword = K::kFabricReportErrors,
     .name = "FABRIC_REPORT_ERRORS",
     .kind = V::kChoice,
     .standard = "AUTO",
     .choices = "OFF|ERROR|FAILURE|AUTO",
     .help = "faults told to the node; AUTO: by the evidence"},
    {.keyword = K::kFabricAttempts,
     .name = "FABRIC_ATTEMPTS",
     .kind = V::kCount,
     .standard = "3",
     .help = "rounds over the nodes before the first answer"},
    {.keyword = K::kFabricAttemptDelay,
     .name = "FABRIC_ATTEMPT_DELAY",
     .kind = V::kTime,
     .standard = "1s",
     .help = "pause between them"},
    {.keyword = K::kFabricTimeout,
     .name = "FABRIC_TIMEOUT",
     .kind = V::kTime,
     .standard = "5s",
     .help = "per call to a node"},
    {.keyword = K::kFailoverTimeout,
     .name = "FAILOVER_TIMEOUT",
     .kind = V::kTime,
     .standard = "30s",
     .help = "how long a statement may wait for a new primary"},
    {.keyword = K::kFailoverRetry,
     .name = "FAILOVER_RETRY",
     .kind = V::kChoice,
     .standard = "SAFE",
     .choices = "SAFE|OFF",
     .help = "SAFE: run again unseen what surely was not executed"},
    {.keyword = K::kFailureDetectionTime,
     .name = "FAILURE_DETECTION_TIME",
     .kind = V::kTime,
     .standard = "5s",
     .help = "silence of a server after which calls waiting on it end"},

    {.keyword = K::kPooling,
     .name = "POOLING",
     .kind = V::kBool,
     .standard = "1",
     .help = "0: a new connection each time"},
    {.keyword = K::kPoolMode,
     .name = "POOL_MODE",
     .kind = V::kChoice,
     .standard = "SESSION",
     .choices = "SESSION|TRANSACTION",
     .help = "SESSION: a connection is held from connect to disconnect"},
    {.keyword = K::kMaxPoolSize,
     .name = "MAX_POOL_SIZE",
     .kind = V::kCount,
     .standard = "16",
     .help = "physical connections per server and user"},
    {.keyword = K::kMinPoolSize,
     .name = "MIN_POOL_SIZE",
     .kind = V::kCount,
     .standard = "0",
     .help = "idle connections kept"},
    {.keyword = K::kPoolTimeout,
     .name = "POOL_TIMEOUT",
     .kind = V::kTime,
     .standard = "30s",
     .help = "wait for a free connection"},
    {.keyword = K::kPoolIdleTimeout,
     .name = "POOL_IDLE_TIMEOUT",
     .kind = V::kTime,
     .standard = "10min",
     .help = "idle connections are closed after it"},
    {.keyword = K::kPoolMaxLifetime,
     .name = "POOL_MAX_LIFETIME",
     .kind = V::kTime,
     .standard = "30min",
     .help = "connections are closed after it, with jitter"},
    {.keyword = K::kPoolValidateAfter,
     .name = "POOL_VALIDATE_AFTER",
     .kind = V::kTime,
     .standard = "500ms",
     .help = "idle time after which a connection is checked before use"},
    {.keyword = K::kConnectionReset,
     .name = "CONNECTION_RESET",
     .kind = V::kChoice,
     .standard = "AUTO",
     .choices = "AUTO|ALWAYS|NEVER",
     .help = "AUTO: where a session may have left something"},
    {.keyword = K::kPoolLeakWarn,
     .name = "POOL_LEAK_WARN",
     .kind = V::kTime,
     .use = U::kNotYet,
     .standard = "0",
     .help = "warn of a connection held longer; 0: off"},

    {.keyword = K::kSpoolMemory,
     .name = "SPOOL_MEMORY",
     .kind = V::kSize,
     .standard = "64M",
     .help = "of one kept result, before it goes to a temporary file"},
    {.keyword = K::kLog, .name = "LOG", .use = U::kNotYet, .help = "log file"},
    {.keyword = K::kLogLevel,
     .name = "LOG_LEVEL",
     .kind = V::kChoice,
     .use = U::kNotYet,
     .standard = "WARNING",
     .choices = "OFF|ERROR|WARNING|INFO|DEBUG"},
    {.keyword = K::kStatsFile, .name = "STATS_FILE", .use = U::kNotYet},
}};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kKeywords.size(); ++i) {
    if (kKeywords[i].keyword != static_cast<Keyword>(i) || kKeywords[i].name.empty()) return false;
  }
  return true;
}
static_assert(in_enum_order());

/// What MySQL Connector/ODBC and MariaDB Connector/ODBC know and this driver does not use yet.
constexpr std::array<std::string_view, 76> kPeerKeywords{"ATTR",
                                                         "AUTHENTICATIONKERBEROSMODE",
                                                         "AUTO_IS_NULL",
                                                         "AUTO_RECONNECT",
                                                         "BIG_PACKETS",
                                                         "CAN_HANDLE_EXP_PWD",
                                                         "CLIENT_INTERACTIVE",
                                                         "COLUMN_SIZE_S32",
                                                         "COMPRESSED_PROTO",
                                                         "DEBUG",
                                                         "DEFAULT_AUTH",
                                                         "DFLT_BIGINT_BIND_STR",
                                                         "DYNAMIC_CURSOR",
                                                         "EDSERVER",
                                                         "ENABLE_CLEARTEXT_PLUGIN",
                                                         "ENABLE_DNS_SRV",
                                                         "ENABLE_LOCAL_INFILE",
                                                         "FIELD_LENGTH",
                                                         "FORCETLS",
                                                         "FORWARDONLY",
                                                         "FORWARD_CURSOR",
                                                         "FULL_COLUMN_NAMES",
                                                         "GET_SERVER_PUBLIC_KEY",
                                                         "IGNORE_SPACE",
                                                         "INTERACTIVE",
                                                         "LOAD_DATA_LOCAL_DIR",
                                                         "LOG_QUERY",
                                                         "MAXCACHEKEY",
                                                         "MIN_DATE_TO_ZERO",
                                                         "NAMED_PIPE",
                                                         "NOBIGINT",
                                                         "NOLOCALINFILE",
                                                         "NO_BIGINT",
                                                         "NO_BINARY_RESULT",
                                                         "NO_CACHE",
                                                         "NO_CATALOG",
                                                         "NO_DATE_OVERFLOW",
                                                         "NO_DEFAULT_CURSOR",
                                                         "NO_LOCALE",
                                                         "NO_SCHEMA",
                                                         "NO_SSPS",
                                                         "NO_TLS_1_2",
                                                         "NO_TLS_1_3",
                                                         "NO_TRANSACTIONS",
                                                         "NULLISCURRENT",
                                                         "OCI_CONFIG_FILE",
                                                         "OCI_CONFIG_PROFILE",
                                                         "OPENID_TOKEN_FILE",
                                                         "OPENTELEMETRY",
                                                         "PAD_SPACE",
                                                         "PASSWORD2",
                                                         "PASSWORD3",
                                                         "PCALLBACK",
                                                         "PLUGIN_DIR",
                                                         "PREFETCH",
                                                         "PREPONCLIENT",
                                                         "PSCACHESIZE",
                                                         "PWD2",
                                                         "PWD3",
                                                         "RCALLBACK",
                                                         "RSAKEY",
                                                         "SAFE",
                                                         "SCHEMANOERROR",
                                                         "SERVERKEY",
                                                         "SSLCRL",
                                                         "SSLCRLPATH",
                                                         "SSLFP",
                                                         "SSLFPLIST",
                                                         "STREAMRS",
                                                         "TCPIP",
                                                         "TLSKEYPWD",
                                                         "TLSPEERFP",
                                                         "TLSPEERFPLIST",
                                                         "TRUNCDT",
                                                         "USE_MYCNF",
                                                         "ZERO_DATE_TO_MIN"};

/// Entries of odbc.ini that the driver manager reads itself.
constexpr std::array<std::string_view, 8> kManagerKeywords{
    "CPREUSE", "CPTIMEOUT", "DISABLEGETFUNCTIONS", "DMENVATTR", "DMSTMTATTR", "DRIVER64",
    "SETUP",   "THREADING"};

constexpr bool is_filler(char c) { return c == '_' || c == '-' || c == ' ' || c == '\t'; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_keyword(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    while (i < a.size() && is_filler(a[i])) ++i;
    while (j < b.size() && is_filler(b[j])) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (upper(a[i++]) != upper(b[j++])) return false;
  }
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

const KeywordRow& row_of(Keyword keyword) { return kKeywords[static_cast<std::size_t>(keyword)]; }

const KeywordRow* find_keyword(std::string_view name) {
  for (const KeywordRow& row : kKeywords) {
    if (same_keyword(row.name, name)) return &row;
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty() && same_keyword(alias, name)) return &row;
    }
  }
  return nullptr;
}

bool is_manager_keyword(std::string_view name) {
  return std::ranges::any_of(kManagerKeywords,
                             [name](std::string_view known) { return same_keyword(known, name); });
}

bool is_peer_keyword(std::string_view name) {
  return std::ranges::any_of(kPeerKeywords,
                             [name](std::string_view peer) { return same_keyword(peer, name); });
}

std::string_view nearest_keyword(std::string_view name) {
  constexpr std::size_t kLongest = 40;  // no keyword is longer; the distance costs length squared
  const std::string wanted = normalized_keyword(name);
  if (wanted.size() > kLongest) return {};
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 4) + 1;
  std::string_view nearest;
  for (const KeywordRow& row : kKeywords) {
    const std::size_t far = distance(wanted, normalized_keyword(row.name));
    if (far < best) {
      best = far;
      nearest = row.name;
    }
  }
  return nearest;
}

std::string normalized_keyword(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (!is_filler(c)) result += upper(c);
  }
  return result;
}

}  // namespace driver
