#!/usr/bin/python3
"""The catalog functions in a database of 10,000 tables: all are listed, and asking for one asks the server for one."""

import unittest

import pyodbc

from odbc_server import OdbcServer

TABLES = 10_000


class ManyTables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)
        cls.server.use()
        with cls.server.session() as session:
            for number in range(TABLES):
                session.query(f"CREATE TABLE test.table_{number:05} (a INT, b INT, PRIMARY KEY (b, a)) ENGINE = MyISAM")
        cls.connection = pyodbc.connect("DSN=plain", timeout=60)
        cls.addClassCleanup(cls.connection.close)

    def cursor(self):
        return self.connection.cursor()

    def opened(self):
        return int(self.cursor().execute("SHOW GLOBAL STATUS LIKE 'Opened_table_definitions'").fetchone()[1])

    def test_lists_all_of_them_in_order(self):
        names = [row.table_name for row in self.cursor().tables(catalog="test", tableType="TABLE")]
        self.assertEqual(names, [f"table_{number:05}" for number in range(TABLES)])

    def test_finds_those_of_a_pattern(self):
        names = [row.table_name for row in self.cursor().tables(table="table\\_0123_")]
        self.assertEqual(names, [f"table_0123{digit}" for digit in range(10)])

    def test_opens_one_table_for_what_is_asked_of_one(self):
        before = self.opened()
        columns = [row.column_name for row in self.cursor().columns(table="table_07777")]
        key = [(row.column_name, row.key_seq) for row in self.cursor().primaryKeys(table="table_08888")]
        self.assertEqual((columns, key), (["a", "b"], [("b", 1), ("a", 2)]))
        self.assertLess(self.opened() - before, 10)


if __name__ == "__main__":
    unittest.main()
