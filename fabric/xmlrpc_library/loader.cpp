// Loads XML-RPC, and with it Poco, for a process that asks a node by it: most need neither.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

#include "fabric/base/process_end.h"
#include "fabric/xmlrpc_library/exported.h"

namespace fabric {

namespace {

/// libPocoFoundation blocks SIGPIPE, when it is loaded, in the thread that loads it.
class KeptSignals {
 public:
  KeptSignals() { pthread_sigmask(SIG_SETMASK, nullptr, &mask_); }
  ~KeptSignals() { pthread_sigmask(SIG_SETMASK, &mask_, nullptr); }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

 private:
  sigset_t mask_{};
};

/// The driver may have been named by a symbolic link.
std::string beside_this_library() {
  Dl_info own{};
  dladdr(reinterpret_cast<void*>(&xmlrpc_link), &own);
  std::error_code unknown;
  std::filesystem::path path = std::filesystem::canonical(own.dli_fname, unknown);
  if (unknown) path = own.dli_fname;
  return path.replace_filename("libfabricodbc_xmlrpc.so");
}

/// Looked for while the driver is loaded: later its path may lead elsewhere, after a chdir() or an
/// upgrade. Never destroyed, as entry points may run while the process ends.
const std::string& kPath = *new std::string(beside_this_library());

void* load() {
  const KeptSignals kept;
  void* const library = dlopen(kPath.c_str(), RTLD_NOW | RTLD_LOCAL);
  static std::once_flag loaded;
  if (library != nullptr) std::call_once(loaded, base::at_exit_before_libraries);
  return library;
}

class UnloadedLink final : public NodeLink {
 public:
  explicit UnloadedLink(std::string why) : why_(std::move(why)) {}
  RpcAnswer call(const RpcCall& /*call*/, base::Deadline /*deadline*/) override {
    throw NodeFailure(NodeFailure::Kind::kRefused,
                      "XML-RPC is not available: " + why_ +
                          "; install fabric-odbc again, or use the node's MySQL-RPC port");
  }

 private:
  const std::string why_;
};

}  // namespace

std::unique_ptr<NodeLink> xmlrpc_link(const base::Endpoint& node, const mysql::Credentials& login,
                                      mysql::Watchdog& watchdog) {
  void* const library = load();
  if (library == nullptr) return std::make_unique<UnloadedLink>(dlerror());
  const auto* found = static_cast<const XmlRpcLibrary*>(dlsym(library, "fabric_odbc_xmlrpc"));
  if (found == nullptr || std::string_view(found->version) != FABRIC_ODBC_VERSION) {
    return std::make_unique<UnloadedLink>(kPath + " is not of this driver's version, " +
                                          FABRIC_ODBC_VERSION);
  }
  return found->link(node, login, watchdog);
}

}  // namespace fabric
