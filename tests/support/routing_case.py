"""What tests of routing on a farm share: connections through pyodbc, refusals, sharded tables of their own."""

import hashlib
import os
import time

import pyodbc

from farm_case import FarmCase

pyodbc.pooling = False  # unixODBC's own


class RoutingCase(FarmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ini = cls.farm.directory / "odbc"
        os.environ["ODBCSYSINI"], os.environ["ODBCINI"] = str(ini), str(ini / "odbc.ini")

    def connect(self, options="", dsn="fabric_shards", autocommit=True):
        connection = pyodbc.connect(f"DSN={dsn};FABRIC_TTL=1s;{options}", autocommit=autocommit)
        self.addCleanup(connection.close)
        return connection

    def group_of(self, connection):
        """Where the session is now: a statement without tables stays there."""
        port = connection.execute("SELECT @@port").fetchone()[0]
        return next(entry["group"] for entry in self.farm.data["servers"].values() if entry["port"] == port)

    def refused(self, state, words, run):
        with self.assertRaises(pyodbc.Error) as caught:
            run()
        self.assertEqual(caught.exception.args[0], state, caught.exception.args[1])
        self.assertIn(words, caught.exception.args[1])

    @staticmethod
    def until(run):
        """A shard applies what the global group did, and a driver learns what a node was told, a moment later."""
        deadline = time.monotonic() + 15
        while True:
            try:
                return run()
            except (pyodbc.Error, AssertionError):
                if time.monotonic() > deadline:
                    raise

    @classmethod
    def call(cls, *commands):
        """The Fabric node's procedures, as its administrator."""
        with cls.farm.session("g1b") as node:
            for command in commands:
                node.query(f"CALL {command}")

    @classmethod
    def shard_ids(cls, mapping):
        with cls.farm.session("g1b") as node:
            return [row[2] for row in node.rows("CALL dump.shard_index(0, '')") if row[1] == str(mapping)]

    @classmethod
    def add_mapping(cls, kind, tables, shards):
        """Sharded tables ((table, column), ...) with their shards, until the class is done. The mapping's number."""
        with cls.farm.session("g1b") as node:
            node.query(f"CALL sharding.create_definition('{kind}', 'global', 'true')")
            mapping = max(int(row[0]) for row in node.rows("CALL sharding.list_definitions()"))
        cls.addClassCleanup(cls.remove_mapping, mapping, tables)
        cls.call(*(f"sharding.add_table({mapping}, '{table}', '{column}', 'true')" for table, column in tables),
                 f"sharding.add_shard({mapping}, '{shards}', 'ENABLED', 'true')")
        return mapping

    @classmethod
    def remove_mapping(cls, mapping, tables):
        for shard in cls.shard_ids(mapping):
            cls.call(f"sharding.disable_shard({shard}, 'true')", f"sharding.remove_shard({shard}, 'true')")
        cls.call(*(f"sharding.remove_table('{table}', 'true')" for table, _ in tables),
                 f"sharding.remove_definition({mapping}, 'true')")

    @staticmethod
    def hash_owner(key, groups=("shard1", "shard2")):
        """Of a HASH mapping with these groups, whose bounds are their names' hashes."""
        def md5(text):
            return hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest().upper()

        bounds = sorted((md5(group), group) for group in groups)
        return ([group for bound, group in bounds if bound <= md5(key)] or [bounds[-1][1]])[-1]
