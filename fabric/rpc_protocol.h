// The two protocols of a Fabric node, and the ports by which they are told apart.
#pragma once

#include <cstdint>

namespace fabric {

enum class RpcProtocol : std::uint8_t { kXmlRpc, kMysql };

constexpr std::uint16_t kXmlRpcPort = 32274;
constexpr std::uint16_t kMysqlRpcPort = 32275;

}  // namespace fabric
