#include "tools/node/table_json.h"

namespace tools::node {

using Poco::JSON::Object;

std::vector<Object> objects_of(const fabric::RpcTable& table) {
  std::vector<Object> objects;
  for (const auto& row : table.rows) {
    Object& object = objects.emplace_back(Poco::JSON_PRESERVE_KEY_ORDER);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i]) object.set(table.names[i], *row[i]);
    }
  }
  return objects;
}

Poco::JSON::Array array_of(const std::vector<Object>& objects) {
  Poco::JSON::Array array;
  for (const Object& object : objects) array.add(object);
  return array;
}

}  // namespace tools::node
