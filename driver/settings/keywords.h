// Every keyword of a DSN or connection string, as one table: name, aliases, kind, default, help.
// Case, `_`, `-` and blanks do not matter when reading. Constant data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace driver::settings {

enum class Keyword : std::uint8_t {
  // who is asked for
  kDsn,
  kDriver,
  kFileDsn,
  kSaveFile,
  kDescription,
  kTrace,
  kTraceFile,
  // a plain MySQL server
  kServer,
  kPort,
  kSocket,
  kUid,
  kPwd,
  kPassword2,
  kPassword3,
  kDatabase,
  kInitStmt,
  kCharset,
  kMultiHost,
  kDnsSrv,
  kTcpIp,
  kNamedPipe,
  // the link
  kConnTimeout,
  kReadTimeout,
  kWriteTimeout,
  kCompressed,
  kInteractive,
  kAttributes,
  kMyCnf,
  kLocalInfile,
  kLocalInfileDir,
  kNoLocalInfile,
  // authentication
  kPluginDir,
  kDefaultAuth,
  kCleartext,
  kExpiredPassword,
  kServerKey,
  kGetServerKey,
  kOciConfig,
  kOciProfile,
  kKerberosMode,
  kOpenIdToken,
  kOpenTelemetry,
  // TLS to the servers
  kSslMode,
  kSslVerify,
  kSslCa,
  kSslCaPath,
  kSslCert,
  kSslKey,
  kSslKeyPassword,
  kSslCipher,
  kSslCrl,
  kSslCrlPath,
  kPeerFingerprint,
  kPeerFingerprints,
  kTlsVersions,
  kForceTls,
  kDisableTls,
  kNoTls12,
  kNoTls13,
  // options of the other drivers
  kOption,
  kFieldLength,
  kFoundRows,
  kDebug,
  kBigPackets,
  kNoPrompt,
  kDynamicCursor,
  kNoSchema,
  kNoDefaultCursor,
  kNoLocale,
  kPadSpace,
  kFullColumnNames,
  kIgnoreSpace,
  kNoBigint,
  kNoCatalog,
  kSafe,
  kNoTransactions,
  kLogQuery,
  kNoCache,
  kForwardOnly,
  kAutoReconnect,
  kAutoIsNull,
  kZeroDateToMin,
  kMinDateToZero,
  kMultiStatements,
  kColumnSizeS32,
  kNoBinaryResult,
  kBigintAsText,
  kNoDateOverflow,
  kNoSsps,
  kEdServer,
  kSchemaNoError,
  kNullIsCurrent,
  kDbmsName,
  kPrefetch,
  kPsCacheSize,
  kMaxCacheKey,
  kPrepareCallback,
  kResultCallback,
  // the farm
  kFabricNodes,
  kFabricPort,
  kFabricProtocol,
  kFabricUser,
  kFabricPassword,
  kFabricSslMode,
  kFabricSslCa,
  kFabricSslCert,
  kFabricSslKey,
  kFabricGroup,
  kFabricTables,
  kFabricKey,
  kFabricScope,
  kFabricMode,
  kReadAfterWrite,
  kLoadBalance,
  kFabricTtl,
  kFabricReportErrors,
  kFabricAttempts,
  kFabricAttemptDelay,
  kFabricTimeout,
  kFailoverTimeout,
  kFailoverRetry,
  kFailureDetectionTime,
  // the pool
  kPooling,
  kPoolMode,
  kMaxPoolSize,
  kMinPoolSize,
  kPoolTimeout,
  kPoolIdleTimeout,
  kPoolMaxLifetime,
  kPoolValidateAfter,
  kPoolKeepalive,
  kConnectionReset,
  kPoolLeakWarn,
  kStatementCacheSize,
  // results and logs
  kSpoolMemory,
  kLog,
  kLogLevel,
  kStatsFile,
  kCount_
};

inline constexpr std::size_t kKeywordCount = static_cast<std::size_t>(Keyword::kCount_);

enum class ValueKind : std::uint8_t { kText, kFile, kSecret, kBool, kCount, kTime, kSize, kChoice };

enum class KeywordUse : std::uint8_t {
  kUsed,
  kAccepted,  ///< nothing to do: the help says why
  kIgnored,   ///< not done: the help says why, and so does 01S00 when something is asked for
};

struct CountRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0xFFFFFFFF;
};

struct KeywordRow {
  Keyword keyword;
  std::string_view name;                      ///< canonical
  std::array<std::string_view, 3> aliases{};  ///< others, empty when unused
  ValueKind kind = ValueKind::kText;
  KeywordUse use = KeywordUse::kUsed;
  std::string_view standard{};   ///< the value when none is given, as one would write it
  std::string_view choices{};    ///< for kChoice: upper case, separated by '|'
  CountRange range{};            ///< for kCount; of kTime the least, in milliseconds
  std::uint32_t option_bit = 0;  ///< its bit in OPTION
  std::string_view help{};
};

/// Of a keyword's name these do not matter.
constexpr bool is_filler(char c) { return c == '_' || c == '-' || c == ' ' || c == '\t'; }
/// They differ in nothing that matters.
bool same_keyword(std::string_view a, std::string_view b);

std::span<const KeywordRow> all_keywords();
const KeywordRow& row_of(Keyword keyword);
/// Null when no keyword of this driver has that name or alias.
const KeywordRow* find_keyword(std::string_view name);
/// The name of an entry of odbc.ini that the driver manager reads itself, as it looks for it; empty
/// when it is none.
std::string_view manager_keyword(std::string_view name);
/// The known name or alias nearest to a mistyped one; empty when none is near.
std::string_view nearest_keyword(std::string_view name);
/// Levenshtein's.
std::size_t edit_distance(std::string_view a, std::string_view b);
/// `Ssl-Ca` -> `SSLCA`.
std::string normalized_keyword(std::string_view name);

}  // namespace driver::settings
