#include "tests/support/certificates.h"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>
#include <utility>

#include "tests/support/child_process.h"

namespace test_support {

namespace fs = std::filesystem;

Certificates::Certificates() {
  std::string pattern = (fs::temp_directory_path() / "fabric-tls-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  folder_ = pattern;
  const auto in = [&](const char* name) { return (folder_ / name).string(); };
  const auto authority = [&](const char* name, const char* key, const char* certificate) {
    openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "2", "-subj",
             std::string("/CN=") + name, "-keyout", in(key), "-out", in(certificate)});
  };
  authority("fabric test authority", "ca.key", "ca.pem");
  authority("another authority", "foreign.key", "foreign.pem");
  openssl({"req", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", "/CN=localhost", "-keyout",
           in("server.pkcs8"), "-out", in("server.csr")});
  std::ofstream(in("names")) << "subjectAltName=DNS:localhost\n";
  openssl({"x509", "-req", "-in", in("server.csr"), "-CA", in("ca.pem"), "-CAkey", in("ca.key"),
           "-set_serial", "2", "-days", "2", "-sha256", "-extfile", in("names"), "-out",
           in("server.pem")});
  // The form that MySQL 5.6's own TLS library reads.
  openssl({"rsa", "-traditional", "-in", in("server.pkcs8"), "-out", in("server.key")});
  make_client_certificate();
  make_revocation_list();
  openssl({"rsa", "-aes128", "-passout", "pass:word", "-in", in("server.pkcs8"), "-out",
           in("locked.key")});
  fs::permissions(folder_, fs::perms(0755));
  for (const auto& entry : fs::directory_iterator(folder_)) {
    fs::permissions(entry.path(), fs::perms(0644));  // the server is another user
  }
}

void Certificates::make_client_certificate() {
  const auto in = [&](const char* name) { return (folder_ / name).string(); };
  openssl({"req", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", "/CN=fabric client",
           "-keyout", client_key(), "-out", in("client.csr")});
  openssl({"x509", "-req", "-in", in("client.csr"), "-CA", in("ca.pem"), "-CAkey", in("ca.key"),
           "-set_serial", "3", "-days", "2", "-sha256", "-out", client_certificate()});
  openssl({"rsa", "-aes128", "-in", client_key(), "-passout", "pass:" + key_password(), "-out",
           encrypted_client_key()});
}

/// The server's certificate, serial 2, is on the list.
void Certificates::make_revocation_list() {
  const auto in = [&](const char* name) { return (folder_ / name).string(); };
  std::ofstream(in("index")) << "R\t350101000000Z\t240101000000Z\t02\tunknown\t/CN=localhost\n";
  std::ofstream(in("number")) << "01\n";
  std::ofstream(in("ca.conf")) << "[ca]\ndefault_ca=here\n[here]\ndatabase=" << in("index")
                               << "\ncrlnumber=" << in("number")
                               << "\ndefault_md=sha256\ndefault_crl_days=2\n";
  openssl({"ca", "-config", in("ca.conf"), "-gencrl", "-keyfile", in("ca.key"), "-cert",
           in("ca.pem"), "-out", revocations()});
}

std::string Certificates::fingerprint() const {
  const std::string out = (folder_ / "fingerprint").string();
  const Account account;
  std::vector<std::string> arguments{
      "/usr/bin/openssl", "x509",         "-in",  (folder_ / "server.pem").string(),
      "-noout",           "-fingerprint", "-sha1"};
  run_process(arguments, account, out);
  std::string text;
  std::getline(std::ifstream(out), text);
  text.erase(0, text.find('=') + 1);
  return text;
}

Certificates::~Certificates() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> Certificates::server_options() const {
  return {"--ssl-ca=" + ca(), "--ssl-cert=" + certificate(), "--ssl-key=" + key()};
}

void Certificates::openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/openssl");
  run_process(arguments, Account(), folder_ / "openssl.log");
}

}  // namespace test_support
