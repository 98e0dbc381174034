// The body of a node's reply, through everything that reads it. Only NodeFailure may come out.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fabric/rpc_tables.h"
#include "fabric/xmlrpc/codec.h"

namespace {

template <class Read>
void may_be_refused(Read read) {
  try {
    read();
  } catch (const fabric::NodeFailure&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  may_be_refused([&] {
    const fabric::RpcAnswer answer = fabric::xmlrpc::decode_reply(body, "dump.servers");
    may_be_refused([&] { fabric::servers_of(answer); });
    may_be_refused([&] {
      std::vector<fabric::ShardMap> maps = fabric::shard_maps_of(answer);
      fabric::add_shards(maps, answer);
      fabric::add_tables(maps, answer);
      fabric::add_tables_by_shard(maps, answer);
    });
  });
  return 0;
}
