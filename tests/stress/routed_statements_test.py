#!/usr/bin/python3
"""Statements at random, routed by what their text says: what the shard answers is what one database with all rows does.
In the environment: SEED (default 7), STATEMENTS (default 6000): how many are tried.

FABRIC_ODBC_DRIVER names the driver. A wrong shard would be silent in production; here it is a row too many or too few.
"""

import collections
import os
import pathlib
import random
import sys
import unittest

import pyodbc

from random_statements import COLUMNS, KEYS, TOP_KEY, Statements

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from mysql_session import SqlError, literal  # noqa: E402  (the path above comes first)
from one_server import OneServer  # noqa: E402

DATABASE = "odd"
SHARDS = ("first", "second")
LONGEST = 1500  # letters of a statement: longer ones repeat themselves
ENOUGH_WRONG = 5

pyodbc.pooling = False  # unixODBC's own


def rows_of(seed):
    """Of each table: keys come up to twice, and some columns are NULL."""
    some = random.Random(seed)
    any_value = range(TOP_KEY)
    tables = {"a": [(key, some.choice(any_value), some.choice((None, 1, 5))) for key in any_value for _ in range(some.randint(0, 2))],
              "b": [(number, some.choice(any_value), some.choice((None, *any_value))) for number in range(18)],
              "c": [(key, some.choice(any_value), some.choice(any_value)) for key in any_value for _ in range(some.randint(0, 2))],
              "ref": [(key, some.choice(any_value), key) for key in any_value]}
    return {table: [dict(zip(COLUMNS[table], row)) for row in rows] for table, rows in tables.items()}


def shard_of(table, row):
    return SHARDS[int(row[KEYS[table]]) >= TOP_KEY // 2]


def sorted_texts(rows):
    return sorted(str([None if value is None else str(value) for value in row]) for row in rows)


class Database:
    """One server with the tables; `rows` fills them."""

    def __init__(self, rows):
        self.server = OneServer()
        self.session = self.server.session()
        self.session.query(f"CREATE DATABASE {DATABASE}; USE {DATABASE}; GRANT ALL ON *.* TO app@localhost IDENTIFIED BY 'apppw'; "
                           "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
        for table, columns in COLUMNS.items():
            self.session.query(f"CREATE TABLE {table} ({', '.join(f'{name} INT' for name in columns)}) ENGINE = InnoDB")
            for row in rows[table]:
                self.session.query(f"INSERT INTO {table} VALUES ({', '.join(literal(row[name]) for name in columns)})")

    def tables(self):
        """What an open transaction has made of them counts."""
        return {table: self.session.rows(f"SELECT {', '.join(COLUMNS[table])} FROM {table}") for table in COLUMNS}


class RoutedStatements(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rows = rows_of(7)
        cls.whole = cls.database(rows)
        cls.shards = {name: cls.database({table: [row for row in rows[table] if table == "ref" or shard_of(table, row) == name]
                                          for table in COLUMNS}) for name in SHARDS}
        folder = cls.whole.server.folder
        os.chmod(folder, 0o755)
        (folder / "odbcinst.ini").write_text(f"[fabric]\nDriver = {os.environ['FABRIC_ODBC_DRIVER']}\nThreading = 0\n")
        os.environ["ODBCSYSINI"] = str(folder)
        cls.file = folder / "farm.ini"
        cls.file.write_text("[group global]\n" + f"server = {cls.whole.server.socket}\n" +
                            "".join(f"[group {name}]\nserver = {shard.server.socket}\n" for name, shard in cls.shards.items()) +
                            "[mapping 1]\ntype = RANGE\nglobal = global\n" +
                            "".join(f"table = {DATABASE}.{table} {key}\n" for table, key in KEYS.items()) +
                            f"shard = first from -1000\nshard = second from {TOP_KEY // 2}\n", encoding="utf-8")

    @classmethod
    def database(cls, rows):
        made = Database(rows)
        cls.addClassCleanup(made.server.stop)
        return made

    def connect(self):
        return pyodbc.connect(f"DRIVER=fabric;FABRIC_NODES=file:{self.file};UID=app;PWD=apppw;DATABASE={DATABASE}")

    def test_answer_as_one_database_does(self):
        statements = Statements(int(os.environ.get("SEED", "7")))
        self.count = collections.Counter()
        wrong = []
        for _ in range(int(os.environ.get("STATEMENTS", "6000"))):
            statement = statements.next()
            if len(statement) <= LONGEST and (difference := self.difference(statement)):
                wrong.append(f"{statement}\n  {difference}")
            if len(wrong) == ENOUGH_WRONG:
                break
        print(dict(self.count))
        if wrong:
            self.fail("\n".join(wrong))
        self.assertGreater(self.count["compared"], self.count["tried"] // 10)

    def difference(self, statement):
        """Of the routed statement's effect from the whole database's; nothing where it is refused, or needs no shard."""
        self.count["tried"] += 1
        connection = self.connect()
        try:
            group = connection.execute(f"EXPLAIN FABRIC {statement}").fetchone().group_name
            if group not in SHARDS:
                return ""
            reads = statement.startswith(("SELECT", "WITH"))
            got = self.read(connection, statement) if reads else self.written(connection, statement)
            expected = self.whole_read(statement) if reads else self.whole_written(statement)
            self.count["failed everywhere" if expected is None and got is None else "compared"] += 1
            return "" if got == expected else f"{group}: {got}\n  whole: {expected}"
        finally:
            connection.rollback()
            connection.close()

    @staticmethod
    def read(connection, statement):
        try:
            return sorted_texts(connection.execute(statement).fetchall())
        except pyodbc.Error:
            return None

    def written(self, connection, statement):
        try:
            connection.execute(statement)
        except pyodbc.Error:
            return None
        first, second = (self.shards[name].tables() for name in SHARDS)
        for name, tables in zip(SHARDS, (first, second)):
            for table in KEYS:
                self.assertEqual({shard_of(table, dict(zip(COLUMNS[table], row))) for row in tables[table]} - {name}, set(), statement)
        self.assertEqual(first["ref"], second["ref"], statement)
        return {table: sorted_texts(first[table] + (second[table] if table in KEYS else [])) for table in COLUMNS}

    def whole_read(self, statement):
        try:
            return sorted_texts(self.whole.session.rows(statement))
        except SqlError:
            return None

    def whole_written(self, statement):
        session = self.whole.session
        try:
            session.query(f"BEGIN; {statement}")
            return {table: sorted_texts(rows) for table, rows in self.whole.tables().items()}
        except SqlError:
            return None
        finally:
            session.query("ROLLBACK")


if __name__ == "__main__":
    unittest.main()
