"""A Fabric node for a farm of any size: answers the dumps over XML-RPC, without a login, from texts made once."""

import threading
import xmlrpc.client
from socketserver import ThreadingMixIn
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

TTL = 3600
PRIMARY, SECONDARY = 3, 2
READ_ONLY, READ_WRITE = 1, 3


def answer(names, rows):
    sets = [{"info": {"names": names}, "rows": rows}]
    return xmlrpc.client.dumps(([1, "5ca1ab1e-a007-feed-f00d-cab3fe13249e", TTL, "", sets],), methodresponse=True).encode()


def servers(count, port):
    """Groups g1, g2, ... of a primary and two secondaries; the primary of g1 is at `port`, the others nowhere."""
    rows = []
    for n in range(count):
        role, group = n % 3, f"g{n // 3 + 1}"
        rows.append([f"uuid-{n}", group, "127.0.0.1", port if n == 0 else n % 60000 + 1, READ_ONLY if role else READ_WRITE,
                     SECONDARY if role else PRIMARY, 1.0])
    return answer(["server_uuid", "group_id", "host", "port", "mode", "status", "weight"], rows)


def shards(count):
    """Of bench.rows, one for each id from 1 on, all in g1: keys differ in their shards, not in their servers. Where there are
    several, the keys below lie in g2, since a mapping of one group is not a common one."""
    rows = [[str(n + 1), 1, n + 1, "g1"] for n in range(count)]
    if count > 1:
        rows[1:1] = [["0", 1, count + 1, "g2"]]
    return answer(["lower_bound", "mapping_id", "shard_id", "group_id"], rows)


class _Requests(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/", "/RPC2")
    protocol_version = "HTTP/1.1"


class SyntheticNode(ThreadingMixIn, SimpleXMLRPCServer):
    """With `shard_count` 0 nothing is sharded."""

    daemon_threads = True

    def __init__(self, server_count, shard_count, port):
        super().__init__(("127.0.0.1", 0), _Requests, logRequests=False)
        maps = [[1, "RANGE", "None"]] if shard_count else []
        tables = [["bench", "rows", "id", 1]] if shard_count else []
        self._answers = {
            "dump.servers": servers(server_count, port),
            "dump.shard_maps": answer(["mapping_id", "type_name", "global_group_id"], maps),
            "dump.shard_tables": answer(["schema_name", "table_name", "column_name", "mapping_id"], tables),
            "dump.shard_index": shards(shard_count),
        }
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def _marshaled_dispatch(self, data, *_):
        return self._answers[xmlrpc.client.loads(data)[1]]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
