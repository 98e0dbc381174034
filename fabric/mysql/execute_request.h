// What COM_STMT_EXECUTE and MariaDB's COM_STMT_BULK_EXECUTE carry. Pure; internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fabric/mysql/parameter.h"
#include "fabric/mysql/wire_bytes.h"

namespace fabric::mysql {

/// It lies in `room`.
std::string_view execute_request(std::uint32_t statement, std::span<const Parameter> parameters,
                                 WireBytes& room);
/// The same of several rows, which lie behind each other. Those values of a parameter that are
/// not of its first one's kind are sent as NULL.
std::string_view bulk_request(std::uint32_t statement, std::span<const Parameter> values,
                              std::size_t rows, WireBytes& room);

}  // namespace fabric::mysql
