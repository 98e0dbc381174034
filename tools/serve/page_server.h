// The HTTP server of the status page: GET / and GET /snapshot.json, nothing else. Its threads end
// with it. Knows no farm: it asks for the snapshot's text.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tools/serve/request_guard.h"

namespace tools::serve {

struct PageServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any that is free
  Guard guard{};
};

class PageServer {
 public:
  /// `snapshot` is called by several threads at once. Throws base::Error when the port cannot be
  /// had.
  PageServer(const PageServerOptions& options, std::function<std::string()> snapshot);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  /// "http://127.0.0.1:8306/"
  [[nodiscard]] std::string url() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tools::serve
