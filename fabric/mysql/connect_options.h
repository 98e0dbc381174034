// What is needed to open a session with one server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fabric/base/endpoint.h"
#include "fabric/mysql/liveness.h"

namespace fabric::mysql {

/// The five levels of MySQL's --ssl-mode.
enum class TlsMode : std::uint8_t { kDisabled, kPreferred, kRequired, kVerifyCa, kVerifyIdentity };

struct TlsOptions {
  TlsMode mode = TlsMode::kPreferred;
  std::string ca, ca_path, certificate, key, cipher, versions;
  friend auto operator<=>(const TlsOptions&, const TlsOptions&) = default;
};

struct Credentials {
  std::string user;
  std::string password;
  TlsOptions tls;
  friend auto operator<=>(const Credentials&, const Credentials&) = default;
};

struct ConnectOptions {
  base::Endpoint server;
  Credentials credentials;
  std::string database;    ///< wanted at login; empty: none
  bool found_rows = true;  ///< row counts are rows matched, not rows changed
  bool multi_statements = false;
  bool fabric_node = false;  ///< a node's MySQL-RPC port: quick acknowledgements, no TLS wish,
                             ///< no setting of any session variable
  std::shared_ptr<Liveness> liveness;  ///< may be null: only deadlines end calls
};

}  // namespace fabric::mysql
