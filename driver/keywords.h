// Every keyword of a DSN or connection string, as one table: name, aliases, kind, default, help.
// Case, `_`, `-` and blanks do not matter when reading. Constant data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace driver {

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
  kDatabase,
  kInitStmt,
  kCharset,
  kOption,
  kMultiStatements,
  kFoundRows,
  kConnTimeout,
  kReadTimeout,
  kWriteTimeout,
  kMultiHost,
  kNoPrompt,
  // TLS to the servers
  kSslMode,
  kSslVerify,
  kSslCa,
  kSslCaPath,
  kSslCert,
  kSslKey,
  kSslCipher,
  kTlsVersions,
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
  kConnectionReset,
  kPoolLeakWarn,
  // results and logs
  kSpoolMemory,
  kLog,
  kLogLevel,
  kStatsFile,
  kCount_
};

inline constexpr std::size_t kKeywordCount = static_cast<std::size_t>(Keyword::kCount_);

enum class ValueKind : std::uint8_t { kText, kSecret, kBool, kCount, kTime, kSize, kChoice };

/// kNotYet: known, but it has no effect (01S00 says so).
enum class KeywordUse : std::uint8_t { kUsed, kAccepted, kNotYet };

struct KeywordRow {
  Keyword keyword;
  std::string_view name;                      ///< canonical
  std::array<std::string_view, 3> aliases{};  ///< others, empty when unused
  ValueKind kind = ValueKind::kText;
  KeywordUse use = KeywordUse::kUsed;
  std::string_view standard{};  ///< the value when none is given, as one would write it
  std::string_view choices{};   ///< for kChoice: upper case, separated by '|'
  std::string_view help{};
};

const KeywordRow& row_of(Keyword keyword);
/// Null when no keyword of this driver has that name or alias.
const KeywordRow* find_keyword(std::string_view name);
/// An entry of odbc.ini that the driver manager reads itself.
bool is_manager_keyword(std::string_view name);
/// A keyword of the other MySQL drivers that this one does not use yet.
bool is_peer_keyword(std::string_view name);
/// The known name nearest to a mistyped one; empty when none is near.
std::string_view nearest_keyword(std::string_view name);
/// `Ssl-Ca` -> `SSLCA`.
std::string normalized_keyword(std::string_view name);

}  // namespace driver
