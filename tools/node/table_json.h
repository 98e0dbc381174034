// Tables of a node as JSON. Pure.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>
#include <string>
#include <vector>

#include "fabric/rpc_call.h"

namespace tools::node {

/// A row each; what is NULL is left out.
std::vector<Poco::JSON::Object> objects_of(const fabric::RpcTable& table);
Poco::JSON::Array array_of(const std::vector<Poco::JSON::Object>& objects);

/// An object's or array's lines, ended by \n.
template <class Value>
std::string written(const Value& value) {
  std::ostringstream text;
  value.stringify(text, 2);
  return text.str() + "\n";
}

}  // namespace tools::node
