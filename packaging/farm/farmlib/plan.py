"""What a farm consists of: its servers, groups, accounts and weights. Facts only, no behaviour."""

import dataclasses
import uuid

# Every server's UUID is derived from its name, so that it is the same in each farm and after each rebuild.
UUID_SPACE = uuid.UUID("6f0d8f0a-5d0b-5c1e-9d53-2f1c5a1e7a10")


@dataclasses.dataclass(frozen=True)
class Server:
    """One mariadbd of the plan. `primary` tells the role it is created with, not the one it has now."""

    name: str
    group: str
    server_id: int
    primary: bool
    weight: float = 1.0

    @property
    def uuid(self):
        return str(uuid.uuid5(UUID_SPACE, self.name))

    @property
    def galera(self):
        return self.group == GALERA_GROUP


GALERA_GROUP = "g1"
GLOBAL_GROUP = "global"
SHARD_GROUPS = ("shard1", "shard2")

SERVERS = (
    Server("g1a", "g1", 11, True),
    Server("g1b", "g1", 12, False, 1.0),
    Server("g1c", "g1", 13, False, 2.0),
    Server("global1", "global", 21, True),
    Server("shard1a", "shard1", 31, True),
    Server("shard1b", "shard1", 32, False),
    Server("shard2a", "shard2", 41, True),
    Server("shard2b", "shard2", 42, False),
)

GROUPS = {
    "g1": "Galera cluster of three nodes",
    "global": "global group of the sharded tables",
    "shard1": "shard 1, semi-synchronous replica",
    "shard2": "shard 2, semi-synchronous replica",
}

# One GTID domain per group: each has one writer, so that what a shard writes itself and what it receives
# from the global group are two independent sequences and a replica's position names both.
GTID_DOMAINS = {"g1": 1, "global": 2, "shard1": 3, "shard2": 4}

# Who replicates from whom: replica -> source.
SOURCES = {"shard1a": "global1", "shard2a": "global1", "shard1b": "shard1a", "shard2b": "shard2a"}

APP_USER, APP_PASSWORD = "app", "apppw"
NODE_USER, NODE_PASSWORD = "fabric", "fabricpw"
WATCH_USER, WATCH_PASSWORD = "watch", "watchpw"  # of fabricctl watch, at the servers and the node
DATABASES = ("demo", "test", "shop")


def server(name):
    """The server called `name`, or None."""
    return next((one for one in SERVERS if one.name == name), None)


def members(group):
    return [one for one in SERVERS if one.group == group]

# Type of the mapping -> (table, sharding column, shards as sharding.add_shard takes them).
SHARDED = {
    "RANGE": ("shop.orders", "order_id", "shard1/1,shard2/1000"),
    "HASH": ("shop.users", "user_id", "shard1,shard2"),
    "RANGE_STRING": ("shop.names", "name", "shard1/A,shard2/M"),
    "RANGE_INTEGER": ("shop.parts", "part_no", "shard1/-1000,shard2/0"),
    "RANGE_DATETIME": ("shop.events", "happened", "shard1/2000-01-01,shard2/2020-06-01"),
}
