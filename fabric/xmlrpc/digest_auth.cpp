#include "fabric/xmlrpc/digest_auth.h"

#include <Poco/MD5Engine.h>
#include <Poco/Net/HTTPAuthenticationParams.h>
#include <Poco/String.h>

#include <array>
#include <cstdio>

namespace fabric::xmlrpc {

namespace {

constexpr std::string_view kScheme = "Digest ";
constexpr const char* kUri = "/RPC2";

std::string md5(const std::string& text) {
  Poco::MD5Engine engine;
  engine.update(text);
  return Poco::DigestEngine::digestToHex(engine.digest());
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string eight_digits(unsigned count) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", count);
  return text.data();
}

/// `qop` is a list: "auth,auth-int".
bool offers_auth(const std::string& qop) {
  return ("," + Poco::remove(qop, ' ') + ",").find(",auth,") != std::string::npos;
}

}  // namespace

std::optional<DigestChallenge> parse_digest_challenge(const std::string& header) {
  if (Poco::icompare(header.substr(0, kScheme.size()), std::string(kScheme)) != 0) return {};
  try {
    const Poco::Net::HTTPAuthenticationParams given(header.substr(kScheme.size()));
    if (Poco::icompare(given.get("algorithm", "MD5"), "MD5") != 0) return {};
    if (!offers_auth(given.get("qop", ""))) return {};
    return DigestChallenge{given.get("realm"), given.get("nonce"), given.get("opaque", "")};
  } catch (const Poco::Exception&) {  // malformed, or without realm or nonce
    return {};
  }
}

std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 unsigned count, const std::string& cnonce) {
  const std::string ha1 = md5(login.user + ":" + challenge.realm + ":" + login.password);
  const std::string ha2 = md5(std::string("POST:") + kUri);
  const std::string nc = eight_digits(count);
  const std::string response =
      md5(ha1 + ":" + challenge.nonce + ":" + nc + ":" + cnonce + ":auth:" + ha2);
  // A node refuses every attribute but these.
  std::string header = std::string(kScheme) + "username=" + quoted(login.user) +
                       ", realm=" + quoted(challenge.realm) + ", nonce=" + quoted(challenge.nonce) +
                       ", uri=\"" + kUri + "\", response=\"" + response + "\", algorithm=\"MD5\"";
  if (!challenge.opaque.empty()) header += ", opaque=" + quoted(challenge.opaque);
  return header + ", qop=auth, nc=" + nc + ", cnonce=" + quoted(cnonce);
}

}  // namespace fabric::xmlrpc
