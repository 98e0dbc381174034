// HTTP Digest authentication as a Fabric node wants it: MD5, qop=auth, always for POST /RPC2. Pure.
// Source: fabric-protocol reference, section 1.3; RFC 2617.
#pragma once

#include <optional>
#include <string>

namespace fabric::xmlrpc {

/// The realm that a node computes with, whatever its challenge says.
inline constexpr const char* kFabricRealm = "MySQL Fabric";

struct DigestChallenge {
  std::string realm, nonce, opaque;
};

/// The value of WWW-Authenticate; nothing when it asks for anything but Digest, MD5, qop=auth.
std::optional<DigestChallenge> parse_digest_challenge(const std::string& header);

struct DigestLogin {
  std::string user, password;
};

/// The value of Authorization. `count` is how often the nonce has been used, this time included: a
/// node leaves a count that is repeated or skipped without an answer.
std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 unsigned count, const std::string& cnonce);

}  // namespace fabric::xmlrpc
