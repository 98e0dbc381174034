#include "fabric/xmlrpc/http_tls.h"

#include <Poco/Crypto/OpenSSLInitializer.h>
#include <Poco/Crypto/X509Certificate.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <fstream>
#include <mutex>

#include "fabric/xmlrpc/http.h"

namespace fabric::xmlrpc {

namespace {

using mysql::TlsMode;
using Poco::Net::Context;

HttpError tls_error(const std::string& text) { return {HttpError::Trouble::kTls, text}; }

/// Never undone: Poco counts its users and would take OpenSSL down, which the application may use.
void start_tls_library() {
  static std::once_flag once;
  std::call_once(once, [] { Poco::Crypto::OpenSSLInitializer::initialize(); });
}

void require_readable(const std::string& path, const char* keyword) {
  if (path.empty() || std::ifstream(path).good()) return;
  throw tls_error(std::string(keyword) + "='" + path + "' cannot be read");
}

/// Without it, OpenSSL would ask the application's terminal for the passphrase of a key.
int no_passphrase(char*, int, int, void*) { return 0; }

/// By OpenSSL itself: Poco's EVPPKey leaks where it throws.
void use_key(Context& context, const std::string& path) {
  SSL_CTX* raw = context.sslContext();
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  ERR_clear_error();
  if (SSL_CTX_use_PrivateKey_file(raw, path.c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(raw) == 1) {
    return;
  }
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  throw Poco::Net::SSLException(reason == nullptr ? "the key was refused" : reason);
}

void use_client_certificate(Context& context, const mysql::TlsOptions& tls) {
  if (tls.certificate.empty() && tls.key.empty()) return;
  if (tls.certificate.empty() || tls.key.empty()) {
    throw tls_error("FABRIC_SSL_CERT and FABRIC_SSL_KEY go together: give both, or neither");
  }
  try {
    context.useCertificate(Poco::Crypto::X509Certificate(tls.certificate));
    use_key(context, tls.key);
  } catch (const Poco::Exception& error) {
    throw tls_error("FABRIC_SSL_CERT='" + tls.certificate + "' and FABRIC_SSL_KEY='" + tls.key +
                    "' cannot be used: they must be a PEM certificate and its own key without a "
                    "passphrase (" +
                    error.displayText() + ")");
  }
}

}  // namespace

Context::Ptr tls_context(const mysql::TlsOptions& tls) {
  start_tls_library();
  require_readable(tls.ca, "FABRIC_SSL_CA");
  require_readable(tls.certificate, "FABRIC_SSL_CERT");
  require_readable(tls.key, "FABRIC_SSL_KEY");
  Context::Params wanted;
  wanted.caLocation = tls.ca;
  wanted.cipherList = "DEFAULT";
  // Poco leaves the name of a local host unchecked in any mode but the strict one.
  wanted.verificationMode =
      tls.mode >= TlsMode::kVerifyCa ? Context::VERIFY_STRICT : Context::VERIFY_NONE;
  wanted.loadDefaultCAs = tls.mode == TlsMode::kVerifyIdentity && tls.ca.empty();
  if (tls.mode == TlsMode::kVerifyCa && tls.ca.empty()) {
    throw tls_error(
        "FABRIC_SSL_MODE=VERIFY_CA needs the authority's certificate: name it in "
        "FABRIC_SSL_CA");
  }
  Context::Ptr context;
  try {
    context = new Context(Context::TLS_CLIENT_USE, wanted);
  } catch (const Poco::Exception& error) {
    throw tls_error("FABRIC_SSL_CA='" + tls.ca + "' is no file of PEM certificates (" +
                    error.displayText() + ")");
  }
  context->enableExtendedCertificateVerification(tls.mode == TlsMode::kVerifyIdentity);
  use_client_certificate(*context, tls);
  return context;
}

Poco::Net::StreamSocket start_tls(const Poco::Net::StreamSocket& plain, const std::string& host,
                                  const Context::Ptr& context) {
  return Poco::Net::SecureStreamSocket::attach(plain, host, context);
}

}  // namespace fabric::xmlrpc
