"""The Fabric node in SQL on one server: schema `sharding`."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from mysql_session import command, literal  # noqa: E402
from node_case import NodeCase  # noqa: E402
from one_server import data_file  # noqa: E402

TABLE_COLUMNS = ["mapping_id", "type_name", "table_name", "global_group", "column_name"]


class ShardingCase(NodeCase):
    def setUp(self):
        super().setUp()
        for group in ("global", "shard1", "shard2"):
            self.done("group.create", group, None, "true")
            self.done("group.add", group, f"{group}:3306", 5, None, None)

    def mapping(self, kind, shards=None, table=None):
        found = self.done("sharding.create_definition", kind, "global", "true")
        if shards:
            self.done("sharding.add_shard", found, shards, "ENABLED", "true")
        if table:
            self.done("sharding.add_table", found, table, "id", "true")
        return found

    def bounds(self, mapping):
        return [row[0] for row in self.lookup("dump.shard_index", 0, mapping)]

    def owner(self, table, key):
        return self.lookup("sharding.lookup_servers", table, key, "LOCAL")[0][1].split(":")[0]


class Definitions(ShardingCase):
    def test_a_definition_answers_its_number(self):
        first = self.mapping("range")
        self.assertEqual(int(self.mapping("HASH")), int(first) + 1)
        rows = self.answer("sharding.list_definitions")[0]
        self.assertEqual(rows.names, ["mapping_id", "type_name", "global_group_id"])
        self.assertEqual([row[1:] for row in rows.rows], [["RANGE", "global"], ["HASH", "global"]])
        self.assertIn("Unknown sharding type (LIST)", self.refused("sharding.create_definition", "LIST", "global", None))
        self.assertIn("Group (zz) does not exist", self.refused("sharding.create_definition", "HASH", "zz", None))

    def test_numbers_are_not_given_out_twice(self):
        first = self.mapping("RANGE")
        self.done("sharding.remove_definition", first, "true")
        self.assertGreater(int(self.mapping("RANGE")), int(first))

    def test_a_table_is_sharded_once(self):
        mapping = self.mapping("RANGE", table="shop.orders")
        self.assertIn("is sharded already", self.refused("sharding.add_table", mapping, "SHOP.orders", "id", None))
        for name in (None, "orders", "a.b.c", ".x", "x.", ""):
            self.assertIn("use schema.table", self.refused("sharding.add_table", mapping, name, "id", None))
        self.assertIn("column name", self.refused("sharding.add_table", mapping, "shop.lines", "", None))
        self.assertIn("does not exist", self.refused("sharding.add_table", "9999", "shop.lines", "id", None))
        self.assertIn("does not exist", self.refused("sharding.add_table", "one", "shop.lines", "id", None))
        self.done("sharding.remove_table", "shop.orders", "true")
        self.assertIn("is not sharded", self.refused("sharding.remove_table", "shop.orders", "true"))

    def test_tables_are_looked_up(self):
        mapping = self.mapping("RANGE", table="shop.orders")
        found = self.answer("sharding.lookup_table", "shop.orders")[0]
        self.assertEqual((found.names, found.rows), (TABLE_COLUMNS, [[mapping, "RANGE", "shop.orders", "global", "id"]]))
        self.assertEqual(self.lookup("sharding.lookup_table", "shop.nonesuch"), [[""] * 5])
        found = self.answer("sharding.list_tables", "range")[0]
        self.assertEqual((found.names, found.rows), (TABLE_COLUMNS, [[mapping, "RANGE", "shop.orders", "global", "id"]]))
        self.assertEqual(self.lookup("sharding.list_tables", "HASH"), [])

    def test_what_is_in_use_is_not_removed(self):
        mapping = self.mapping("RANGE", "shard1/1", "shop.orders")
        self.assertIn("still has tables or shards", self.refused("sharding.remove_definition", mapping, "true"))
        for group in ("global", "shard1"):
            self.done("group.remove", group, f"{group}:3306", "true")
            self.assertIn("is used by a shard map", self.refused("group.destroy", group, "true"))
        shard = self.lookup("dump.shard_index", 0, mapping)[0][2]
        self.assertIn("is enabled", self.refused("sharding.remove_shard", shard, "true"))
        self.done("sharding.disable_shard", shard, "true")
        self.assertIn("disabled already", self.refused("sharding.disable_shard", shard, "true"))
        self.done("sharding.remove_shard", shard, "true")
        self.done("sharding.remove_table", "shop.orders", "true")
        self.done("sharding.remove_definition", mapping, "true")
        self.done("group.destroy", "shard1", "true")
        self.assertEqual(self.refused("sharding.enable_shard", shard, "true"),
                         f"ShardingError: Shard ({shard}) does not exist.")


class Shards(ShardingCase):
    def test_bounds_become_one_text_for_one_value(self):
        for kind, given, kept in (
                ("RANGE", "shard1/ -007 , shard2/+1000", ["-7", "1000"]),
                ("RANGE_INTEGER", "shard1/-9223372036854775808,shard2/9223372036854775807",
                 ["-9223372036854775808", "9223372036854775807"]),
                ("RANGE_STRING", "shard1/M,shard2/m", ["M", "m"]),
                ("RANGE_STRING", "shard1/O'Brien \"x\",shard2/éé/éé", ["O'Brien \"x\"", "éé/éé"]),
                ("RANGE_DATETIME", "shard1/2000-01-01 00:00,shard2/2020-02-29T10:30", ["2000-01-01", "2020-02-29 10:30:00"]),
                ("RANGE_DATETIME", "shard1/2000-01-01 00:00:00.5", ["2000-01-01 00:00:00.500000"]),
                ("HASH", "shard1 , shard2", ["C783BBB72B956E3F1818E9D4A59D76CB", "E6C81F2F91025F5719B5D173C6E330B7"])):
            with self.subTest(kind, given=given):
                self.assertEqual(self.bounds(self.mapping(kind, given)), kept)

    def test_what_is_no_bound_is_refused_and_nothing_is_kept(self):
        for kind, given, reason in (
                ("RANGE", "shard1/x", "64 bits"), ("RANGE", "shard1/9223372036854775808", "64 bits"),
                ("RANGE", "shard1/1.5", "64 bits"), ("RANGE", "shard1/", "64 bits"),
                ("RANGE", "shard1/1,shard2/01", "Two shards"), ("RANGE", "shard1", "group/bound"),
                ("RANGE", "", "group/bound"), ("RANGE", "shard1/1,", "group/bound"), ("RANGE", None, "group/bound"),
                ("RANGE", "shard1/1,nonesuch/2", "does not exist"),
                ("RANGE_STRING", "shard1/12345678901234567", "16 bytes"), ("RANGE_STRING", "shard1/ééééééééé", "16 bytes"),
                ("RANGE_STRING", "shard1/a😀", "U+FFFF"), ("RANGE_STRING", "shard1/a,shard2/a ", "Two shards"),
                ("RANGE_DATETIME", "shard1/2020-02-30", "YYYY-MM-DD"), ("RANGE_DATETIME", "shard1/2020-13-01", "YYYY-MM-DD"),
                ("RANGE_DATETIME", "shard1/yesterday", "YYYY-MM-DD"), ("RANGE_DATETIME", "shard1/20200101", "YYYY-MM-DD"),
                ("RANGE_DATETIME", "shard1/2020-01-01,shard2/2020-01-01 00:00", "Two shards"),
                ("HASH", "shard1/1", "group,group"), ("HASH", "shard1,SHARD1", "Two shards")):
            with self.subTest(kind, given=given):
                mapping = self.mapping(kind)
                self.assertIn(reason, self.refused("sharding.add_shard", mapping, given, "ENABLED", "true"))
                self.assertEqual(self.session.rows("SELECT * FROM fabric.shards"), [])

    def test_shards_are_added_once(self):
        mapping = self.mapping("RANGE", "shard1/1")
        self.assertIn("has shards already", self.refused("sharding.add_shard", mapping, "shard2/9", "ENABLED", "true"))
        self.assertIn("Unknown state", self.refused("sharding.add_shard", mapping, "shard2/9", "ON", "true"))

    def test_a_disabled_shard_leaves_a_hole_the_lookup_names(self):
        mapping = self.done("sharding.create_definition", "RANGE", "global", "true")
        self.done("sharding.add_shard", mapping, "shard1/1,shard2/100", None, "true")
        self.done("sharding.add_table", mapping, "shop.orders", "id", "true")
        self.assertEqual(self.bounds(mapping), [])
        shards = [row[0] for row in self.session.rows("SELECT shard_id FROM fabric.shards ORDER BY shard_id")]
        self.done("sharding.enable_shard", shards[0], "true")
        self.assertIn("enabled already", self.refused("sharding.enable_shard", shards[0], "true"))
        self.assertEqual(self.owner("shop.orders", 99), "shard1")
        self.assertEqual(self.refused("sharding.lookup_servers", "shop.orders", 100, "LOCAL"), "Shard not enabled")


class Lookups(ShardingCase):
    def test_hints(self):
        mapping = self.mapping("RANGE", "shard1/1,shard2/100", "shop.orders")
        self.assertEqual(self.owner("SHOP.orders", " 100 "), "shard2")
        self.assertEqual(self.lookup("sharding.lookup_servers", "shop.orders", 1, "local")[0][1], "shard1:3306")
        self.assertEqual(self.lookup("sharding.lookup_servers", "shop.orders", 1, None)[0][1], "shard1:3306")
        self.assertEqual(self.lookup("sharding.lookup_servers", mapping, None, "GLOBAL")[0][1], "global:3306")
        self.assertEqual(self.refused("sharding.lookup_servers", "shop.orders", 1, "SIDEWAYS"), "Unknown lookup hint")
        self.assertEqual(self.refused("sharding.lookup_servers", "shop.orders", 0, "LOCAL"), "Invalid Key 0")
        self.assertEqual(self.refused("sharding.lookup_servers", "shop.orders", None, "LOCAL"), "Invalid Key NULL")
        self.assertEqual(self.refused("sharding.lookup_servers", "shop.none", 1, "LOCAL"), "Table name shop.none not found")
        self.assertIn("mapping (shop.orders) does not exist",
                      self.refused("sharding.lookup_servers", "shop.orders", 1, "GLOBAL"))

    def test_what_is_no_key_of_the_type_is_invalid(self):
        self.mapping("RANGE_DATETIME", "shard1/2000-01-01", "shop.events")
        self.mapping("RANGE", "shard1/-9", "shop.orders")
        for table, key in (("shop.events", "yesterday"), ("shop.events", "2020-02-30"), ("shop.events", None),
                           ("shop.orders", "1.5"), ("shop.orders", "x")):
            self.assertEqual(self.refused("sharding.lookup_servers", table, key, "LOCAL"),
                             f"Invalid Key {'NULL' if key is None else key}")

    def test_every_vector_finds_its_shard(self):
        vectors = json.loads(data_file("shard-vectors.json").read_text())
        self.assertGreater(len(vectors), 300)
        by_bounds = {}
        for vector in vectors:
            by_bounds.setdefault((vector["type"], json.dumps(vector["bounds"])), []).append(vector)
        for (kind, bounds), same in by_bounds.items():
            self.session.query("DELETE FROM fabric.shards; DELETE FROM fabric.shard_maps; DELETE FROM fabric.shard_tables")
            self.session.query(f"INSERT INTO fabric.shard_maps VALUES (1, '{kind}', 'global');"
                               "INSERT INTO fabric.shard_tables VALUES ('s', 't', 1, 'k')")
            for bound in json.loads(bounds):
                self.session.query(f"INSERT INTO fabric.shards VALUES ({bound['shard']}, 1,"
                                   f" {literal(bound['lower_bound'])}, 'g{bound['shard']}', TRUE);"
                                   f"INSERT IGNORE INTO fabric.servers (server_uuid, host, port, group_id, status_since)"
                                   f" VALUES ('{bound['shard']}', 'h', {bound['shard']}, 'g{bound['shard']}', NOW())")
            for vector in same:
                with self.subTest(vector["id"], kind=kind, key=vector["key"]):
                    sets = self.session.query(command("sharding.lookup_servers", "s.t", str(vector["key"]), "LOCAL"))
                    found = int(sets[1].rows[0][0]) if len(sets) > 1 else None
                    self.assertEqual(found, vector["expect_shard"], sets[0].rows[0][2])


if __name__ == "__main__":
    unittest.main()
