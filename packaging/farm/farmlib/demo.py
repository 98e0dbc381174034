"""Demo data: a plain table in g1, sharded tables in the shards, reference data in the global group."""

import hashlib

from . import plan, replication, server, sql

PLAIN = """\
CREATE DATABASE IF NOT EXISTS demo;
CREATE DATABASE IF NOT EXISTS test;
CREATE TABLE IF NOT EXISTS demo.items (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(60) NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  added DATETIME NOT NULL
) ENGINE = InnoDB;
"""

# Sharded tables are made in the global group, whose changes reach every shard; their rows are not.
SHOP = """\
CREATE DATABASE IF NOT EXISTS shop;
CREATE TABLE IF NOT EXISTS shop.countries (
  code CHAR(2) NOT NULL PRIMARY KEY, name VARCHAR(60) NOT NULL) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS shop.orders (
  order_id BIGINT NOT NULL PRIMARY KEY, user_id INT NOT NULL, total DECIMAL(10,2) NOT NULL) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS shop.users (
  user_id INT NOT NULL PRIMARY KEY, name VARCHAR(60) NOT NULL, country CHAR(2) NOT NULL) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS shop.names (
  name VARCHAR(40) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, meaning VARCHAR(60) NOT NULL) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS shop.parts (
  part_no INT NOT NULL PRIMARY KEY, what VARCHAR(60) NOT NULL) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS shop.events (
  event_id INT NOT NULL PRIMARY KEY, happened DATETIME NOT NULL, what VARCHAR(60) NOT NULL,
  KEY by_time (happened)) ENGINE = InnoDB;
"""

ITEMS = [(1, "Teapot", "24.50", "2024-01-05 09:30:00"), (2, "Brass lamp", "61.00", "2024-02-11 14:00:00"),
         (3, "Crème brûlée", "6.80", "2024-03-17 20:15:00"), (4, "茶碗", "33.00", "2024-04-02 08:00:00"),
         (5, "Kite 🪁", "12.25", "2024-05-30 16:45:00")]
COUNTRIES = [("DE", "Deutschland"), ("EE", "Eesti"), ("FR", "France"), ("JP", "日本"), ("KE", "Kenya")]
NAMES = [("Ada", "noble"), ("Bruno", "brown"), ("Greta", "pearl"), ("Lars", "laurel"), ("Mira", "wonder"),
         ("Otto", "wealth"), ("Tove", "thunder"), ("Zoë", "life")]
EVENTS = [(1, "2000-01-01 00:00:00", "first of all"), (2, "2012-02-29 12:00:00", "leap day"),
          (3, "2020-05-31 23:59:59", "last of shard1"), (4, "2020-06-01 00:00:00", "first of shard2"),
          (5, "2024-02-29 08:15:30", "another leap day")]
PARTS = [(number, f"part {number}") for number in (-1000, -20, -3, -1, 0, 1, 3, 20, 100)]
ORDERS = [(number, number % 40 + 1, f"{(number * 37) % 900 + 5}.{number % 100:02d}")
          for first in (1, 1000) for number in range(first, first + 20)]
USERS = [(number, f"user{number}", COUNTRIES[number % len(COUNTRIES)][0]) for number in range(1, 41)]


def owner(kind, key):
    """The group that owns a key, by Fabric's rule: the greatest lower bound not above it. A HASH key below
    all bounds belongs to the greatest."""
    shards = [part.partition("/")[::2] for part in plan.SHARDED[kind][2].split(",")]
    if kind == "HASH":
        shards = [(group, _md5(group)) for group, _ in shards]
        key = _md5(key)
    elif kind in ("RANGE", "RANGE_INTEGER"):
        shards = [(group, int(bound)) for group, bound in shards]
    shards.sort(key=lambda shard: shard[1])
    owners = [group for group, bound in shards if bound <= key]
    return owners[-1] if owners else shards[-1][0]


def fill_cluster(farm, one):
    """The plain table, on a node of g1. May be repeated."""
    server.query(farm, one, PLAIN + _replace("demo.items", ITEMS))


def fill_shards(farm, waits):
    """The plain table, reference data and sharded tables in the global group, their rows in the shards.
    May be repeated."""
    server.query(farm, plan.server("global1"), PLAIN + _replace("demo.items", ITEMS) + SHOP
                 + _replace("shop.countries", COUNTRIES))
    for group in plan.SHARD_GROUPS:
        primary, secondary = plan.members(group)
        replication.wait_caught_up(farm, waits, primary.name)
        server.query(farm, primary, _rows_of(group))
        replication.wait_caught_up(farm, waits, secondary.name)


def _rows_of(group):
    tables = {"RANGE": (ORDERS, 0), "HASH": (USERS, 0), "RANGE_INTEGER": (PARTS, 0), "RANGE_STRING": (NAMES, 0),
              "RANGE_DATETIME": (EVENTS, 1)}
    return "".join(_replace(plan.SHARDED[kind][0], [row for row in rows if owner(kind, row[key]) == group])
                   for kind, (rows, key) in tables.items())


def _replace(table, rows):
    values = ", ".join("(" + ", ".join(sql.literal(value) for value in row) + ")" for row in rows)
    return f"REPLACE INTO {table} VALUES {values};\n"


def _md5(key):
    return hashlib.md5(str(key).encode(), usedforsecurity=False).hexdigest().upper()
