// What is needed to open a session with one server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/mysql/liveness.h"

namespace fabric::mysql {

/// The five levels of MySQL's --ssl-mode.
enum class TlsMode : std::uint8_t { kDisabled, kPreferred, kRequired, kVerifyCa, kVerifyIdentity };

struct TlsOptions {
  TlsMode mode = TlsMode::kPreferred;
  std::string ca, ca_path, certificate, key, cipher, versions;
  std::string crl, crl_path;      ///< revoked certificates: a file, a directory
  std::string key_password;       ///< of an encrypted key
  std::string peer_fingerprint;   ///< SHA-1 of the server's certificate, in hexadecimal
  std::string peer_fingerprints;  ///< file with one such fingerprint a line
  friend auto operator<=>(const TlsOptions&, const TlsOptions&) = default;
};

/// What is agreed upon at login and holds for the connection's life.
struct LinkOptions {
  bool found_rows = true;  ///< row counts are rows matched, not rows changed
  bool multi_statements = false;
  bool compress = false;
  bool interactive = false;         ///< the server counts interactive_timeout, not wait_timeout
  bool ignore_space = false;        ///< blanks between a function's name and its bracket
  bool clear_password = false;      ///< sends a readable password even on a link without TLS
  bool expired_password = false;    ///< an expired password may log in, to set a new one
  bool local_infile = false;        ///< LOAD DATA LOCAL may read the application's files
  std::string local_infile_folder;  ///< empty: all of them, else those below it only
  std::string plugin_folder;        ///< of authentication plugins; empty: the library's own
  std::string default_plugin;       ///< of authentication; empty: what the server proposes
  std::string server_key;           ///< file of the server's RSA key; empty: the server is asked
  std::vector<std::pair<std::string, std::string>> attributes;  ///< shown by the server
  base::Duration read_timeout{};   ///< of one wait for the server's bytes; zero: none
  base::Duration write_timeout{};  ///< of one wait until the server takes bytes; zero: none
  friend auto operator<=>(const LinkOptions&, const LinkOptions&) = default;
};

/// Who logs in, and how: connections that differ in any of it are never exchanged for each other.
struct Credentials {
  std::string user;
  std::string password;
  TlsOptions tls{};
  LinkOptions link{};
  friend auto operator<=>(const Credentials&, const Credentials&) = default;
};

struct ConnectOptions {
  base::Endpoint server;
  Credentials credentials;
  std::string database;      ///< wanted at login; empty: none
  bool fabric_node = false;  ///< a node's MySQL-RPC port: quick acknowledgements, no TLS wish,
                             ///< no setting of any session variable
  std::shared_ptr<Liveness> liveness;  ///< may be null: only deadlines end calls
};

}  // namespace fabric::mysql
