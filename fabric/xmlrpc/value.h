// An XML-RPC response as a tree of values. Read with limits on depth, size and kind of what is
// accepted (no DOCTYPE, so no entities); never recursive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fabric::xmlrpc {

struct Value {
  enum class Kind : std::uint8_t {
    kText,
    kInteger,
    kDouble,
    kBoolean,
    kNil,
    kOther,
    kArray,
    kStruct
  };
  Kind kind = Kind::kText;
  std::string text;                ///< of what is no array and no struct
  std::vector<Value> items;        ///< of an array or a struct
  std::vector<std::string> names;  ///< of a struct's items

  /// Null when this is no struct, or has no such member.
  [[nodiscard]] const Value* member(std::string_view name) const;
};

struct Response {
  bool fault = false;
  Value value;
};

constexpr std::size_t kDeepestValue = 16;    ///< a node's answers go down to 6
constexpr std::size_t kMostValues = 250000;  ///< some 30000 servers

/// Throws NodeFailure (malformed).
Response parse_response(std::string_view body);

}  // namespace fabric::xmlrpc
