// TLS of the HTTP client: a context from FABRIC_SSL_*, and the handshake on a connected socket.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <string>

#include "fabric/mysql/connect_options.h"

namespace fabric::xmlrpc {

/// Throws HttpError (kTls) that names the keyword whose file cannot be used.
Poco::Net::Context::Ptr tls_context(const mysql::TlsOptions& tls);

/// The socket, encrypted; the peer's certificate has been checked as the context says. Throws
/// Poco::Exception.
Poco::Net::StreamSocket start_tls(const Poco::Net::StreamSocket& plain, const std::string& host,
                                  const Poco::Net::Context::Ptr& context);

}  // namespace fabric::xmlrpc
