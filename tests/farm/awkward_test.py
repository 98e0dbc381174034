#!/usr/bin/python3
"""Statements that are hard to read (tests/data/routing/awkward.txt), each run on a farm's shards and on one server with
all rows: it is answered alike, with the same effect and every row in its own shard, or refused with a reason.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import contextlib
import datetime
import pathlib
import sys
import unittest

import pyodbc

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

from routing_case import RoutingCase  # noqa: E402  (the path above comes first)

SCHEMA = (
    "CREATE DATABASE odd CHARACTER SET utf8mb4",
    "CREATE TABLE odd.a (k INT PRIMARY KEY, v INT, t VARCHAR(20)) PARTITION BY HASH (k) PARTITIONS 2",
    "CREATE TABLE odd.b (id INT PRIMARY KEY, k INT, v INT)",
    "CREATE TABLE odd.c (ck INT, k INT, note VARCHAR(20), PRIMARY KEY (ck, k))",
    "CREATE TABLE odd.h (id BIGINT PRIMARY KEY, v INT)",
    "CREATE TABLE odd.names (name VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, n INT)",
    "CREATE TABLE odd.days (d DATETIME PRIMARY KEY, n INT)",
    "CREATE TABLE odd.ref (k INT PRIMARY KEY, v INT, label VARCHAR(20))",
    "GRANT ALL ON odd.* TO app@'%'")
KEYS = (1, 2, 5, 6, 1000, 1001, 1003, 1005)
ROWS = {
    "a": [(k, k % 997 * 10, f"a{k}") for k in KEYS],
    "b": [(10 * place + i, k, k % 997 * 10 + i) for place, k in enumerate(KEYS) if k != 6 for i in range(3)],
    "c": [(k, other, f"c{k}") for k in KEYS for other in (5, 1000)],
    "h": [(i, 2 * i) for i in range(20)],
    "names": [(name, len(name)) for name in ("Ada", "Bruno", "Lars", "Mira", "O'Hara", "Otto", "Zoë")],
    "days": [("2000-01-01 00:00:00", 1), ("2012-02-29 12:00:00", 2), ("2020-05-31 23:59:59", 3), ("2021-01-01 00:00:00", 4)],
    "ref": [(k, k + 1, f"ref{k}") for k in (1, 5, 1000)]}
OWNERS = {
    "a": lambda row: "shard1" if row[0] < 1000 else "shard2",
    "b": lambda row: "shard1" if row[1] < 1000 else "shard2",
    "c": lambda row: "shard1" if row[0] < 1000 else "shard2",
    "h": lambda row: RoutingCase.hash_owner(row[0]),
    "names": lambda row: "shard1" if row[0] < "M" else "shard2",
    "days": lambda row: "shard1" if str(row[0]) < "2020-06-01" else "shard2"}
PRIMARIES = {"shard1": "shard1a", "shard2": "shard2a"}


def literal(value):
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def insert(table, rows):
    return f"INSERT INTO odd.{table} VALUES " + ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in rows)


def statements():
    """(line's number, words of the refusal or None, SQL, parameters)."""
    for number, line in enumerate((TESTS / "data" / "routing" / "awkward.txt").read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        words, sql = (None, line[2:]) if line.startswith("= ") else line[2:].split(" | ", 1)
        sql, _, parameters = sql.partition(" ?? ")
        yield number, words, sql.replace("\\n", "\n"), eval(parameters, {"datetime": datetime}) if parameters else ()


class Awkward(RoutingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("global1", "g1a"):
            with cls.farm.session(name) as session:
                for sql in ("DROP DATABASE IF EXISTS odd", *SCHEMA):
                    session.query(sql)
        cls.addClassCleanup(cls.drop)
        with cls.farm.session("g1a") as session:
            for table, rows in ROWS.items():
                session.query(insert(table, rows))
        with cls.farm.session("global1") as session:
            session.query(insert("ref", ROWS["ref"]))
            done = session.rows("SELECT @@gtid_binlog_pos")[0][0]
        for group, name in PRIMARIES.items():
            with cls.farm.session(name) as session:
                session.rows(f"SELECT MASTER_GTID_WAIT('{done}', 15)")
                for table, owner in OWNERS.items():
                    session.query(insert(table, [row for row in ROWS[table] if owner(row) == group]))
        cls.add_mapping("RANGE", (("odd.a", "k"), ("odd.b", "k"), ("odd.c", "ck")), "shard1/1,shard2/1000")
        cls.add_mapping("HASH", (("odd.h", "id"),), "shard1,shard2")
        cls.add_mapping("RANGE_STRING", (("odd.names", "name"),), "shard1/A,shard2/M")
        cls.add_mapping("RANGE_DATETIME", (("odd.days", "d"),), "shard1/2000-01-01,shard2/2020-06-01")

    @classmethod
    def drop(cls):
        for name in ("global1", "g1a"):
            with cls.farm.session(name) as session:
                session.query("DROP DATABASE odd")

    def on_farm(self):
        return contextlib.closing(pyodbc.connect("DSN=fabric_shards;FABRIC_TTL=1s;DATABASE=odd", autocommit=False))

    def on_one_server(self):
        return contextlib.closing(pyodbc.connect(
            f"DRIVER={{MySQL Fabric ODBC}};SERVER=127.0.0.1;PORT={self.farm.port('g1a')};UID=app;PWD=apppw;DATABASE=odd",
            autocommit=False))

    @staticmethod
    def contents(connection, hint=""):
        return {table: sorted(tuple(map(str, row)) for row in connection.execute(f"{hint}SELECT * FROM odd.{table}"))
                for table in ROWS}

    @staticmethod
    def answer(connection, sql, parameters):
        """Its rows, or how many it changed."""
        cursor = connection.execute(sql, *parameters)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else cursor.rowcount

    def test_are_answered_as_by_one_server_or_refused(self):
        self.until(self.all_mappings_are_known)
        with self.on_farm() as farm:
            before = {}
            for group in PRIMARIES:
                before[group] = self.contents(farm, f"/*fabric: group={group} */ ")
                farm.rollback()
        for number, words, sql, parameters in statements():
            with self.subTest(line=number, sql=sql), self.on_farm() as farm:
                if words is not None:
                    state = "42000" if words == "before the first word" else "HY000"
                    self.refused(state, words, lambda: self.answer(farm, sql, parameters))  # noqa: B023
                    continue
                with self.on_one_server() as one:
                    self.assertEqual(self.answer(farm, sql, parameters), self.answer(one, sql, parameters))
                    if sql.startswith(("INSERT", "REPLACE", "UPDATE", "DELETE")):
                        group = self.group_of(farm)
                        here = self.contents(farm, f"/*fabric: group={group} */ ")
                        self.check_effect(group, here, before, self.contents(one))

    def all_mappings_are_known(self):
        with self.on_farm() as farm:
            self.assertEqual(farm.execute("SELECT n FROM days WHERE d = '2021-01-01'").fetchval(), 4)  # of the last one

    def check_effect(self, group, here, before, whole):
        """What is in the shard where it ran, and untouched in the others, is together what one server has."""
        self.assertEqual(here["ref"], whole["ref"])
        for table, owner in OWNERS.items():
            together = []
            for shard, contents in before.items():
                rows = (here if shard == group else contents)[table]
                together += rows
                for row in rows:
                    self.assertEqual(owner([int(cell) if cell.isdigit() else cell for cell in row]), shard, (table, row))
            self.assertEqual(sorted(together), whole[table], table)


if __name__ == "__main__":
    unittest.main(verbosity=2)
