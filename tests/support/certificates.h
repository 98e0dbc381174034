// A throw-away certificate authority and a server certificate for the name "localhost" (not for
// 127.0.0.1), made by the openssl program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace test_support {

class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string ca() const { return (folder_ / "ca.pem").string(); }
  /// An authority that has signed nothing here.
  [[nodiscard]] std::string foreign_ca() const { return (folder_ / "foreign.pem").string(); }
  [[nodiscard]] std::string client_certificate() const { return (folder_ / "client.pem").string(); }
  [[nodiscard]] std::string client_key() const { return (folder_ / "client.key").string(); }
  [[nodiscard]] std::string encrypted_client_key() const {
    return (folder_ / "client.enc.key").string();
  }
  [[nodiscard]] static std::string key_password() { return "opens the key"; }
  /// Says that the server's certificate is revoked.
  [[nodiscard]] std::string revocations() const { return (folder_ / "revoked.pem").string(); }
  /// SHA-1 of the server's certificate: AB:CD:...
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] std::string certificate() const { return (folder_ / "server.pem").string(); }
  [[nodiscard]] std::string key() const { return (folder_ / "server.key").string(); }
  [[nodiscard]] std::string foreign_key() const { return (folder_ / "foreign.key").string(); }
  /// key() with a passphrase.
  [[nodiscard]] std::string locked_key() const { return (folder_ / "locked.key").string(); }
  /// Options for a server of either kind.
  [[nodiscard]] std::vector<std::string> server_options() const;

 private:
  void openssl(std::vector<std::string> arguments);
  void make_client_certificate();
  void make_revocation_list();
  std::filesystem::path folder_;
};

}  // namespace test_support
