#include "fabric/mysql/login.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "fabric/base/name_lookup.h"
#include "fabric/base/net.h"
#include "fabric/mysql/local_infile.h"

namespace fabric::mysql {
namespace {

constexpr unsigned kConnectTimeoutSeconds = 24 * 60 * 60;  // the watchdog is the one that counts
/// All that do not send the password in the clear.
constexpr char kAuthenticationForPlainLinks[] =
    "mysql_native_password,mysql_old_password,sha256_password,caching_sha2_password,"
    "client_ed25519,auth_gssapi_client,parsec";
constexpr std::size_t kMaxPacket = std::size_t{1} << 30;
constexpr unsigned kAccessDenied = 1045;
constexpr unsigned kAccessDeniedWithoutPassword = 1698;
constexpr unsigned kTlsError = CR_SSL_CONNECTION_ERROR;

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

void set_text(MYSQL* mysql, mysql_option option, const std::string& text) {
  if (!text.empty()) mysql_optionsv(mysql, option, text.c_str());
}

/// The TLS the session shall have, after the transport has had its say.
TlsMode effective_tls(const ConnectOptions& options) {
  const TlsMode wished = options.credentials.tls.mode;
  // A real node's port offers none, so nothing is tried there that nobody asked for.
  if (options.fabric_node && wished == TlsMode::kPreferred) return TlsMode::kDisabled;
  // As MySQL's own clients do: nobody can listen on a Unix socket.
  if (!options.server.socket.empty() && wished == TlsMode::kPreferred) return TlsMode::kDisabled;
  return wished;
}

/// Libraries from here on check the authority only together with the name.
constexpr unsigned long kVerifiesInOneStep = 30400;

void set_tls_options(MYSQL* mysql, const TlsOptions& tls, TlsMode mode) {
  const my_bool wish = mode != TlsMode::kDisabled;
  // The authority is checked when one is given; this adds the name.
  const my_bool check_name =
      mode == TlsMode::kVerifyIdentity ||
      (mode == TlsMode::kVerifyCa && mysql_get_client_version() >= kVerifiesInOneStep);
  if (wish != 0) {
    const bool check = mode >= TlsMode::kVerifyCa;
    mysql_ssl_set(mysql, or_null(tls.key), or_null(tls.certificate),
                  check ? or_null(tls.ca) : nullptr, check ? or_null(tls.ca_path) : nullptr,
                  or_null(tls.cipher));
    set_text(mysql, MARIADB_OPT_TLS_VERSION, tls.versions);
    set_text(mysql, MARIADB_OPT_TLS_PASSPHRASE, tls.key_password);
    set_text(mysql, MARIADB_OPT_TLS_PEER_FP, tls.peer_fingerprint);
    set_text(mysql, MARIADB_OPT_TLS_PEER_FP_LIST, tls.peer_fingerprints);
    if (check) set_text(mysql, MYSQL_OPT_SSL_CRL, tls.crl);
    if (check) set_text(mysql, MYSQL_OPT_SSL_CRLPATH, tls.crl_path);
  }
  mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &wish);
  mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &check_name);
}

void set_common_options(MYSQL* mysql, const ConnectOptions& options) {
  const my_bool off = 0;
  const LinkOptions& link = options.credentials.link;
  const unsigned infile = link.local_infile ? 1 : 0;
  const unsigned protocol =
      options.server.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &kConnectTimeoutSeconds);
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &off);
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &infile);
  mysql_optionsv(mysql, MYSQL_REPORT_DATA_TRUNCATION, &off);
  mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &kMaxPacket);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "_connector_name", "fabric-odbc");
  for (const auto& [name, value] : link.attributes) {
    mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, name.c_str(), value.c_str());
  }
  set_text(mysql, MYSQL_PLUGIN_DIR, link.plugin_folder);
  set_text(mysql, MYSQL_DEFAULT_AUTH, link.default_plugin);
  set_text(mysql, MYSQL_SERVER_PUBLIC_KEY, link.server_key);
  if (link.compress) mysql_optionsv(mysql, MYSQL_OPT_COMPRESS, nullptr);
}

unsigned long client_flags(const LinkOptions& link) {
  unsigned long flags = CLIENT_MULTI_RESULTS;
  if (link.found_rows) flags |= CLIENT_FOUND_ROWS;
  if (link.multi_statements) flags |= CLIENT_MULTI_STATEMENTS;
  if (link.interactive) flags |= CLIENT_INTERACTIVE;
  if (link.ignore_space) flags |= CLIENT_IGNORE_SPACE;
  if (link.expired_password) flags |= CLIENT_CAN_HANDLE_EXPIRED_PASSWORDS;
  return flags;
}

/// The errno that the library puts in brackets at the end of 2002, or 0.
int errno_in(std::string_view text) {
  const std::size_t open = text.rfind('(');
  int number = 0;
  if (open != text.npos) std::from_chars(text.data() + open + 1, text.data() + text.size(), number);
  return number;
}

std::string unreachable_sentence(const ConnectOptions& options, unsigned number,
                                 std::string_view text, int connect_error = 0) {
  const std::string start = "Cannot connect to " + options.server.text() + ": ";
  const int reason = connect_error != 0 ? connect_error : errno_in(text);
  if (number == CR_UNKNOWN_HOST) {
    return start + "the host name is not known; check its spelling and the name service";
  }
  if (reason == ECONNREFUSED || reason == ENOENT) {
    return start + "nobody listens there (" + std::strerror(reason) + "); check " +
           (options.server.socket.empty() ? "host and port" : "SOCKET") +
           ", and that the server runs";
  }
  if (reason == ENETUNREACH || reason == EHOSTUNREACH) {
    return start + "no route to it (" + std::strerror(reason) + "); check host and network";
  }
  return start + std::string(text);
}

/// "Authentication plugin 'x' ..." or "Plugin x could not be loaded: ...".
std::string plugin_sentence(const ConnectOptions& options, std::string_view text) {
  return "The server " + options.server.text() + " asks user '" + options.credentials.user +
         "' for an authentication plugin that this machine's MariaDB client library does not " +
         "have; install the plugin or give the user another one (" + std::string(text) + ")";
}

std::string clear_password_sentence(const ConnectOptions& options) {
  return "The server " + options.server.text() + " asks user '" + options.credentials.user +
         "' for an authentication plugin that is not used on a link without TLS, since it may " +
         "show the password; set SSLMODE=REQUIRED, give the user another plugin, or, where "
         "nobody " +
         "listens, set ENABLE_CLEARTEXT_PLUGIN=1";
}

/// Of a node the same settings have names of their own.
std::string keyword_of(const ConnectOptions& options, const std::string& keyword) {
  if (!options.fabric_node) return keyword;
  return keyword == "SSLMODE" ? "FABRIC_SSL_MODE" : "FABRIC_SSL_" + keyword.substr(3);
}

/// A server does not tell a wrong password from an account that is for other hosts.
std::string login_remedy(unsigned number) {
  if (number == kAccessDeniedWithoutPassword) {
    return "; this account takes no password (unix_socket?): name another one in UID";
  }
  return "; check UID and PWD, and that the account is for this host";
}

/// OpenSSL tells what is wrong, and not what mends it.
std::string tls_remedy(const ConnectOptions& options, std::string_view text) {
  const auto says = [text](std::string_view part) { return text.find(part) != text.npos; };
  if (says("Validation of SSL server certificate failed")) {
    return "; its certificate does not name '" + options.server.host +
           "': name the server as the certificate does, or give it one with that name";
  }
  if (says("certificate has expired")) return "; give the server a new one";
  if (says("self-signed") || says("self signed") || says("unable to get")) {
    return "; " + keyword_of(options, "SSLCA") +
           " must be the certificate of the authority that signed the server's";
  }
  if (says("key values mismatch")) {
    return "; " + keyword_of(options, "SSLKEY") + " is not the key of " +
           keyword_of(options, "SSLCERT");
  }
  if (says("protocol version") || says("unsupported protocol")) {
    return "; leave TLS_VERSIONS out, or name one that the server speaks";
  }
  return {};
}

MysqlError no_tls_error(const ConnectOptions& options) {
  return {kTlsError, "HY000",
          "The server " + options.server.text() +
              " offers no TLS, but the connection's settings require it; give it a certificate "
              "(ssl_cert and ssl_key in its configuration); " +
              (options.fabric_node ? "FABRIC_SSL_MODE=DISABLED" : "SSLMODE=PREFERRED") +
              " instead lets whoever listens read it all",
          LinkLoss::kBeforeSend};
}

/// A server that has no room says so before TLS begins. Libraries that wished for TLS wrap that:
/// "Received error packet before completion of TLS handshake. ...: 1040 - Too many connections".
std::optional<std::pair<unsigned, std::string>> said_before_tls(std::string_view text) {
  constexpr std::string_view kBeforeTls = "before completion of TLS handshake";
  const std::size_t colon = text.find(": ");
  if (text.find(kBeforeTls) == text.npos || colon == text.npos) return std::nullopt;
  text.remove_prefix(colon + 2);
  unsigned number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(parsed.ptr - text.data()));
  if (number == 0 || !rest.starts_with(" - ")) return std::nullopt;
  return std::pair(number, std::string(rest.substr(3)));
}

/// The library's number, but where that says something else than its text.
unsigned number_of(const Session& session, const ConnectOptions& options, std::string_view text) {
  const auto says = [text](std::string_view part) { return text.find(part) != text.npos; };
  if (text.starts_with("Plugin ") && says("not be loaded")) return CR_AUTH_PLUGIN_CANNOT_LOAD;
  const unsigned number = mysql_errno(session.handle());
  // A server that dies in the handshake. With PREFERRED it may be one that cannot do TLS.
  const bool gone = says("unexpected eof") || says("reset by peer");
  const bool must = effective_tls(options) >= TlsMode::kRequired;
  return number == CR_SSL_CONNECTION_ERROR && gone && must ? CR_SERVER_LOST : number;
}

/// A MySQL server speaks first, at once.
std::string late_sentence(const Session& session, const ConnectOptions& options) {
  const std::string start = "Cannot connect to " + options.server.text() + ": ";
  if (!session.met_silence()) {
    return start +
           "no answer before the deadline; check host, port and network, or raise CONN_TIMEOUT";
  }
  return start +
         "something takes connections there, but says nothing, as a server that hangs does, or a "
         "program that is no MySQL server (HTTP?); check host and port";
}

MysqlError login_error(const Session& session, const ConnectOptions& options) {
  MYSQL* mysql = session.handle();
  const std::string state = mysql_sqlstate(mysql);
  const std::string text = mysql_error(mysql);
  if (const auto refused = said_before_tls(text)) return {refused->first, state, refused->second};
  const unsigned number = number_of(session, options, text);
  const std::string where = options.server.text();
  const auto say = [&](const std::string& sentence, Ended ended = Ended::kNo) {
    const bool from_server = number < CR_MIN_ERROR || number > CR_MAX_ERROR;
    return MysqlError(number, state, sentence,
                      from_server ? LinkLoss::kNone : LinkLoss::kBeforeSend, ended);
  };
  if (session.ended() != Ended::kNo) return say(late_sentence(session, options), session.ended());
  if (session.tls_missing()) return no_tls_error(options);
  if (number == CR_PLUGIN_NOT_ALLOWED) {
    return {CR_AUTH_PLUGIN_CANNOT_LOAD, state, clear_password_sentence(options),
            LinkLoss::kBeforeSend};
  }
  switch (number) {
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_IPSOCK_ERROR:
    case CR_UNKNOWN_HOST:
      return say(unreachable_sentence(options, number, text, session.connect_error()));
    case CR_SERVER_LOST:
    case CR_SERVER_GONE_ERROR:
      return say("Cannot connect to " + where + ": the link broke during login; is that a MySQL " +
                 "server? (" + text + ")");
    case CR_SSL_CONNECTION_ERROR:
      return say("Cannot connect to " + where + " with TLS: " + text + tls_remedy(options, text));
    case kAccessDenied:
    case kAccessDeniedWithoutPassword:
      if (options.fabric_node) return say(text);
      return say(where + " refused the login: " + text + login_remedy(number));
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
    case CR_AUTH_PLUGIN_ERR:
      return say(plugin_sentence(options, text));
    default:
      return say(text);
  }
}

/// The library's own words would not name the file.
void require_readable(const ConnectOptions& options) {
  struct File {
    const char* keyword;
    const std::string& path;
  };
  const TlsOptions& tls = options.credentials.tls;
  for (const File& file :
       {File{"SSLCA", tls.ca}, File{"SSLCAPATH", tls.ca_path}, File{"SSLCERT", tls.certificate},
        File{"SSLKEY", tls.key}, File{"SSLCRL", tls.crl}, File{"SSLCRLPATH", tls.crl_path},
        File{"TLSPEERFPLIST", tls.peer_fingerprints}}) {
    if (file.path.empty() || access(file.path.c_str(), R_OK) == 0) continue;
    const int reason = errno;
    throw MysqlError(kTlsError, "HY000",
                     keyword_of(options, file.keyword) + "=" + file.path +
                         " cannot be read: " + std::strerror(reason),
                     LinkLoss::kBeforeSend);
  }
}

/// Without an authority the library would check nothing at all.
void require_authority(const ConnectOptions& options, TlsMode mode) {
  const TlsOptions& tls = options.credentials.tls;
  if (mode != TlsMode::kVerifyCa || !tls.ca.empty() || !tls.ca_path.empty()) return;
  throw MysqlError(kTlsError, "HY000",
                   "Cannot connect to " + options.server.text() + ": " +
                       keyword_of(options, "SSLMODE") +
                       "=VERIFY_CA needs the authority's certificate; name it in " +
                       keyword_of(options, "SSLCA"),
                   LinkLoss::kBeforeSend);
}

/// While it connects the library naps for a microsecond, which the kernel's slack makes fifty of.
class ShortNaps {
 public:
  ShortNaps() { prctl(PR_SET_TIMERSLACK, 1UL); }
  ~ShortNaps() {
    if (before_ > 0) prctl(PR_SET_TIMERSLACK, before_);
  }
  ShortNaps(const ShortNaps&) = delete;
  ShortNaps& operator=(const ShortNaps&) = delete;

 private:
  const long before_ = prctl(PR_GET_TIMERSLACK);
};

struct Attempt {
  std::string host;  ///< numeric, unless TLS must check the name
  TlsMode tls = TlsMode::kDisabled;
  base::Deadline deadline = base::Deadline::never();
};

std::shared_ptr<Session> try_login(const ConnectOptions& options, Watchdog& watchdog,
                                   const Attempt& attempt) {
  auto session = std::make_shared<Session>(options, watchdog);
  MYSQL* mysql = session->handle();
  set_common_options(mysql, options);
  set_tls_options(mysql, options.credentials.tls, attempt.tls);
  if (options.credentials.link.local_infile) {
    guard_local_infile(mysql, session->options().credentials.link.local_infile_folder);
  }
  const bool may_show_password = options.credentials.link.clear_password;
  if (attempt.tls < TlsMode::kRequired && options.server.socket.empty() && !may_show_password) {
    // Whoever answers on such a link might be anybody, asking for the password itself.
    mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, kAuthenticationForPlainLinks);
  }
  session->expect_tls(attempt.tls != TlsMode::kDisabled, attempt.tls >= TlsMode::kRequired);
  const Credentials& who = options.credentials;
  const Session::Waiting waiting(*session, attempt.deadline);
  const ShortNaps short_naps;
  if (mysql_real_connect(mysql, or_null(attempt.host), who.user.c_str(), who.password.c_str(),
                         or_null(options.database), options.server.port,
                         or_null(options.server.socket), client_flags(who.link)) == nullptr) {
    throw login_error(*session, options);
  }
  session->logged_in();
  if (attempt.tls >= TlsMode::kRequired && !session->encrypted()) throw no_tls_error(options);
  return session;
}

/// PREFERRED means that TLS which cannot be agreed upon (an old server's TLS 1.0) is done without.
std::shared_ptr<Session> try_with_fallback(const ConnectOptions& options, Watchdog& watchdog,
                                           Attempt attempt) {
  try {
    return try_login(options, watchdog, attempt);
  } catch (const MysqlError& error) {
    if (attempt.tls != TlsMode::kPreferred || error.number() != kTlsError) throw;
  }
  attempt.tls = TlsMode::kDisabled;
  return try_login(options, watchdog, attempt);
}

std::vector<std::string> addresses_of(const ConnectOptions& options, TlsMode tls,
                                      Watchdog& watchdog, base::Deadline deadline) {
  if (!options.server.socket.empty()) return {std::string()};
  if (base::is_numeric_host(options.server.host)) return {options.server.host};
  base::NameLookup lookup(options.server.host);
  Watchdog::Call watched = watchdog.arm(lookup.fd(), deadline);
  std::vector<std::string> found = lookup.wait(deadline);
  // To check the name the library must be given it; its own lookup comes second, so that a dead
  // name service has been met within the deadline.
  if (!found.empty() && tls == TlsMode::kVerifyIdentity) return {options.server.host};
  if (!found.empty()) return found;
  const bool late = watched.finish() != Watchdog::Verdict::kInTime ||
                    deadline.passed(std::chrono::steady_clock::now());
  throw MysqlError(CR_UNKNOWN_HOST, "HY000",
                   late ? "Cannot connect to " + options.server.text() +
                              ": the name service did not answer before the deadline"
                        : unreachable_sentence(options, CR_UNKNOWN_HOST, {}),
                   LinkLoss::kBeforeSend, late ? Ended::kDeadline : Ended::kNo);
}

/// An equal share of what is left for each address still to try.
base::Deadline share(base::Deadline whole, const base::Clock& clock, std::size_t addresses_left) {
  if (whole.is_never() || addresses_left <= 1) return whole;
  const auto left = whole.left(clock.now());
  return base::Deadline::after(clock, left / static_cast<base::Duration::rep>(addresses_left));
}

}  // namespace

std::shared_ptr<Session> log_in(const ConnectOptions& options, Watchdog& watchdog,
                                base::Deadline deadline) {
  const TlsMode tls = effective_tls(options);
  if (tls != TlsMode::kDisabled) require_readable(options);
  require_authority(options, tls);
  const std::vector<std::string> addresses = addresses_of(options, tls, watchdog, deadline);
  for (std::size_t i = 0;; ++i) {
    const std::size_t left = addresses.size() - i;
    try {
      return try_with_fallback(options, watchdog,
                               {addresses[i], tls, share(deadline, watchdog.clock(), left)});
    } catch (const MysqlError& error) {
      const bool no_session = error.loss() != LinkLoss::kNone && error.number() != kTlsError;
      if (left == 1 || !no_session) throw;
    }
  }
}

}  // namespace fabric::mysql
