#include "fabric/md5.h"

#include <openssl/evp.h>
#include <openssl/provider.h>

#include <array>
#include <span>
#include <stdexcept>

namespace fabric {

namespace {

/// In a library context of our own, since the application's may be one in which FIPS forbids MD5.
/// Kept until the process ends, as the application may take OpenSSL down before us.
const EVP_MD* md5() {
  static const EVP_MD* const fetched = [] {
    OSSL_LIB_CTX* own = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(own, "default");
    return EVP_MD_fetch(own, "MD5", nullptr);
  }();
  return fetched;
}

std::string hex(std::span<const unsigned char> bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

}  // namespace

std::string md5_hex(std::string_view text) {
  std::array<unsigned char, 16> digest{};
  if (md5() == nullptr ||
      EVP_Digest(text.data(), text.size(), digest.data(), nullptr, md5(), nullptr) != 1) {
    throw std::runtime_error(
        "OpenSSL has no MD5, without which no shard of a HASH mapping is found");
  }
  return hex(digest);
}

}  // namespace fabric
