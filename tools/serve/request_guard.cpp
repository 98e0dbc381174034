#include "tools/serve/request_guard.h"

#include <arpa/inet.h>

#include <algorithm>

#include "driver/sql/scan.h"
#include "fabric/base/net.h"

namespace tools::serve {
namespace {

/// Without the port, and without the brackets of an IPv6 address. Empty when it is no host.
std::string host_in(const std::string& header) {
  if (header.starts_with('[')) {
    const std::size_t end = header.find(']');
    const std::string rest = end == std::string::npos ? "?" : header.substr(end + 1);
    return rest.empty() || rest.starts_with(':') ? header.substr(1, end - 1) : std::string();
  }
  return header.substr(0, header.find(':'));
}

}  // namespace

bool loopback_address(const std::string& address) {
  constexpr unsigned kLoopbackNet = 127;
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) {
    return ntohl(four.s_addr) >> 24U == kLoopbackNet;
  }
  in6_addr six{};
  return inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool Guard::takes(const std::string& header) const {
  const std::string host = host_in(header);
  // An address in digits is no name that somebody else could point here.
  if (fabric::base::is_numeric_host(host)) return remote || loopback_address(host);
  return driver::sql::equals_ignoring_case(host, "localhost") ||
         std::ranges::any_of(names, [&host](const std::string& name) {
           return driver::sql::equals_ignoring_case(host, name);
         });
}

}  // namespace tools::serve
