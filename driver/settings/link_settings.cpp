#include "driver/settings/link_settings.h"

#include <algorithm>
#include <array>

#include "driver/sql/scan.h"

namespace driver::settings {
namespace {

using fabric::mysql::LinkOptions;
using fabric::mysql::TlsMode;
using fabric::mysql::TlsOptions;

constexpr std::array<std::string_view, 5> kTlsVersions{"TLSv1", "TLSv1.0", "TLSv1.1", "TLSv1.2",
                                                       "TLSv1.3"};

/// The list of TLS_VERSIONS without what NO_TLS_1_x takes away; empty: the library's own.
std::string tls_versions(const GivenValues& given) {
  const std::string* list = given.find_filled(Keyword::kTlsVersions);
  const bool no_12 = given.flag(Keyword::kNoTls12);
  const bool no_13 = given.flag(Keyword::kNoTls13);
  if (list == nullptr && !no_12 && !no_13) return {};
  std::string allowed;
  for (const std::string& version : list_value(list == nullptr ? "TLSv1.2,TLSv1.3" : *list)) {
    const auto* known = std::ranges::find_if(kTlsVersions, [&](std::string_view name) {
      return sql::equals_ignoring_case(name, version);
    });
    if (known == kTlsVersions.end()) {
      refuse_value(row_of(Keyword::kTlsVersions), *list, "use TLSv1.2,TLSv1.3 or one of them");
    }
    if ((no_12 && *known == "TLSv1.2") || (no_13 && *known == "TLSv1.3")) continue;
    allowed += (allowed.empty() ? "" : ",") + std::string(*known == "TLSv1" ? "TLSv1.0" : *known);
  }
  if (allowed.empty()) {
    GivenValues::refuse(
        "TLS_VERSIONS, NO_TLS_1_2 and NO_TLS_1_3 leave no version of TLS: drop one");
  }
  return allowed;
}

/// The strongest of what is asked for; SSLMODE has the last word where it does not contradict.
TlsMode tls_mode(const GivenValues& given, const TlsOptions& tls) {
  TlsMode mode = given.flag(Keyword::kDisableTls) ? TlsMode::kDisabled : TlsMode::kPreferred;
  const bool force = given.flag(Keyword::kForceTls);
  const bool verify = given.flag(Keyword::kSslVerify);
  const bool fingerprint = !tls.peer_fingerprint.empty() || !tls.peer_fingerprints.empty();
  if (force || fingerprint) mode = TlsMode::kRequired;
  if (!tls.ca.empty() || !tls.ca_path.empty()) mode = TlsMode::kVerifyCa;
  if (verify) mode = TlsMode::kVerifyIdentity;
  if (!given.read_choice(Keyword::kSslMode, mode)) return mode;
  const auto contradicts = [&](const std::string& what) {
    GivenValues::refuse(what + " contradicts SSLMODE=" + given.text(Keyword::kSslMode) +
                        ": drop one of them");
  };
  if (verify && mode < TlsMode::kVerifyCa) contradicts("SSLVERIFY=1");
  if (force && mode < TlsMode::kRequired) contradicts("FORCETLS=1");
  if (fingerprint && mode < TlsMode::kRequired) contradicts("TLSPEERFP");
  return mode;
}

std::vector<std::pair<std::string, std::string>> attributes(const GivenValues& given) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& item : list_value(given.text(Keyword::kAttributes))) {
    const std::size_t equals = item.find('=');
    if (equals == 0 || equals == std::string::npos || item.starts_with('_')) {
      refuse_value(row_of(Keyword::kAttributes), item,
                   "write name=value,... in braces; names do not begin with '_'");
    }
    all.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return all;
}

}  // namespace

TlsOptions tls_options(const GivenValues& given) {
  TlsOptions tls;
  tls.ca = given.text(Keyword::kSslCa);
  tls.ca_path = given.text(Keyword::kSslCaPath);
  tls.certificate = given.text(Keyword::kSslCert);
  tls.key = given.text(Keyword::kSslKey);
  tls.key_password = given.text(Keyword::kSslKeyPassword);
  tls.cipher = given.text(Keyword::kSslCipher);
  tls.crl = given.text(Keyword::kSslCrl);
  tls.crl_path = given.text(Keyword::kSslCrlPath);
  tls.peer_fingerprint = given.text(Keyword::kPeerFingerprint);
  tls.peer_fingerprints = given.text(Keyword::kPeerFingerprints);
  tls.versions = tls_versions(given);
  tls.mode = tls_mode(given, tls);
  if ((!tls.crl.empty() || !tls.crl_path.empty()) && tls.mode < TlsMode::kVerifyCa) {
    GivenValues::refuse(
        "SSLCRL says which certificates are revoked, but none is checked: add SSLCA, or drop "
        "SSLCRL");
  }
  return tls;
}

LinkOptions link_options(const GivenValues& given) {
  LinkOptions link;
  given.read_bool(Keyword::kFoundRows, link.found_rows);
  given.read_bool(Keyword::kMultiStatements, link.multi_statements);
  given.read_bool(Keyword::kCompressed, link.compress);
  given.read_bool(Keyword::kInteractive, link.interactive);
  given.read_bool(Keyword::kIgnoreSpace, link.ignore_space);
  given.read_bool(Keyword::kCleartext, link.clear_password);
  given.read_bool(Keyword::kExpiredPassword, link.expired_password);
  link.local_infile_folder = given.text(Keyword::kLocalInfileDir);
  link.local_infile = (given.flag(Keyword::kLocalInfile) || !link.local_infile_folder.empty()) &&
                      !given.flag(Keyword::kNoLocalInfile);
  link.plugin_folder = given.text(Keyword::kPluginDir);
  link.default_plugin = given.text(Keyword::kDefaultAuth);
  link.server_key = given.text(Keyword::kServerKey);
  link.attributes = attributes(given);
  given.read_time(Keyword::kReadTimeout, link.read_timeout);
  given.read_time(Keyword::kWriteTimeout, link.write_timeout);
  return link;
}

}  // namespace driver::settings
