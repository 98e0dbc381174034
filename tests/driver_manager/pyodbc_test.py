#!/usr/bin/python3
"""pyodbc on a plain DSN: what its users do every day."""

import datetime
import decimal
import os
import pathlib
import signal
import unittest

import pyodbc

from odbc_server import OdbcServer

EMOJI = "h\u00e9llo \U0001F600"

VALUES = [("TINYINT", -128), ("BIGINT", -2 ** 63), ("MEDIUMINT UNSIGNED", 2 ** 24 - 1),
          ("DOUBLE", 1.7976931348623157e308), ("DOUBLE", -0.1), ("FLOAT", 1.5),
          ("DECIMAL(30,10)", decimal.Decimal("-12345678901234567890.0123456789")),
          ("DATE", datetime.date(9999, 12, 31)), ("TIME", datetime.time(23, 59, 59)),
          ("DATETIME(6)", datetime.datetime(2024, 2, 29, 23, 59, 59, 123456)),
          ("VARCHAR(200)", EMOJI), ("VARCHAR(10)", ""), ("TEXT", "\U0001F600" * 1000), ("CHAR(7)", EMOJI),
          ("LONGTEXT", "\u00e9" * 100000), ("VARBINARY(10)", b"\x00\xff"), ("LONGBLOB", bytes(range(256)) * 1000),
          ("BIT(1)", True), ("YEAR", 2155), ("ENUM('a','b')", "b"), ("SET('a','b')", "a,b")]


class Pyodbc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)
        cls.server.use()

        # Before the first connect, when the driver's C library has not been started yet.
        cls.broken_pipes = []
        signal.signal(signal.SIGPIPE, lambda number, _: cls.broken_pipes.append(number))

    def setUp(self):
        self.connection = self.connect(autocommit=True)
        self.cursor = self.connection.cursor()

    def connect(self, **options):
        connection = pyodbc.connect("DSN=plain", **options)
        self.addCleanup(self.close, connection)
        return connection

    @staticmethod
    def close(connection):
        try:
            connection.close()
        except pyodbc.ProgrammingError:  # closed by the test
            pass

    def make_table(self, columns):
        self.cursor.execute("DROP TABLE IF EXISTS t")
        self.cursor.execute(f"CREATE TABLE t ({columns}) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4")

    def one(self, sql, *parameters):
        return self.cursor.execute(sql, *parameters).fetchone()[0]

    def assert_fails(self, state, call, *arguments):
        with self.assertRaises(pyodbc.Error) as failure:
            call(*arguments)
        self.assertEqual(failure.exception.args[0], state, failure.exception)

    def test_types_come_back_as_they_went(self):
        for declared, value in VALUES:
            with self.subTest(declared=declared, value=str(value)[:40]):
                self.make_table(f"i INT, v {declared}")
                self.cursor.execute("INSERT INTO t VALUES (1, ?)", value)
                self.cursor.execute("INSERT INTO t VALUES (2, ?)", None)
                self.assertEqual(self.one("SELECT v FROM t WHERE i = 1"), value)
                self.assertEqual(self.one("SELECT v FROM t WHERE i = ?", 1), value)
                self.assertIsNone(self.one("SELECT v FROM t WHERE i = 2"))

    def test_reads_the_largest_unsigned_number(self):
        self.make_table("v BIGINT UNSIGNED")  # as a parameter pyodbc has no room for it
        self.cursor.execute("INSERT INTO t VALUES (18446744073709551615)")
        self.assertEqual(self.one("SELECT v FROM t"), 2 ** 64 - 1)

    def test_a_thousand_parameters(self):
        values = list(range(1000))
        row = self.cursor.execute("SELECT " + ", ".join("?" * 1000), values).fetchone()
        self.assertEqual(list(row), values)

    def test_executemany(self):
        rows = [(i, f"{EMOJI} {i}" if i % 7 else None, i / 4) for i in range(1000)]
        for fast in (False, True):
            with self.subTest(fast=fast):
                self.make_table("i INT PRIMARY KEY, t VARCHAR(50), d DOUBLE")
                self.cursor.fast_executemany = fast
                self.cursor.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
                self.assertEqual([tuple(row) for row in self.cursor.execute("SELECT * FROM t ORDER BY i")], rows)
                self.assert_fails("23000", self.cursor.executemany, "INSERT INTO t VALUES (?, ?, ?)", rows[:2])

    def test_fast_executemany_of_long_texts(self):
        rows = [("x" * 500, "y" * 70000), (None, None), ("h\u00e9" * 250, "z")]
        self.make_table("v VARCHAR(600), t LONGTEXT")
        self.cursor.fast_executemany = True
        self.cursor.executemany("INSERT INTO t VALUES (?, ?)", rows)
        self.assertEqual([tuple(row) for row in self.cursor.execute("SELECT * FROM t")], rows)

    def test_fast_executemany_of_declared_sizes(self):
        rows = [(decimal.Decimal("-22.25"), EMOJI * 300, datetime.datetime(2024, 2, 29, 23, 59, 59, 123456)),
                (None, None, None)]
        self.make_table("n DECIMAL(20,5), t TEXT, d DATETIME(6)")
        self.cursor.fast_executemany = True
        self.cursor.setinputsizes([(pyodbc.SQL_DECIMAL, 20, 5), (pyodbc.SQL_VARCHAR, 4000, 0),
                                   (pyodbc.SQL_TYPE_TIMESTAMP, 26, 6)])
        self.cursor.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        self.assertEqual([tuple(row) for row in self.cursor.execute("SELECT * FROM t")], rows)

    def test_reads_what_pyodbc_has_no_room_for(self):
        self.make_table("u INT UNSIGNED, t TIME(6)")
        self.cursor.execute("INSERT INTO t VALUES (4294967295, '-838:59:59.5')")
        self.assertEqual(self.one("SELECT u + 0 FROM t"), 2 ** 32 - 1)
        self.assertEqual(self.one("SELECT CAST(t AS CHAR) FROM t"), "-838:59:59.500000")
        self.assertEqual(self.one("SELECT t FROM t"), datetime.time(1, 0, 0))  # of 35 days before today

    def test_transactions(self):
        self.make_table("i INT")
        connection = self.connect()
        connection.execute("INSERT INTO t VALUES (1)")
        self.assertEqual(self.one("SELECT COUNT(*) FROM t"), 0)
        connection.rollback()
        connection.execute("INSERT INTO t VALUES (2)")
        connection.commit()
        self.assertEqual(self.one("SELECT COUNT(*) FROM t"), 1)
        connection.execute("INSERT INTO t VALUES (3)")
        connection.close()  # rolls back
        self.assertEqual(self.one("SELECT COUNT(*) FROM t"), 1)
        self.cursor.execute("INSERT INTO t VALUES (4)")
        self.assertEqual(self.connect().execute("SELECT COUNT(*) FROM t").fetchone()[0], 2)

    def test_errors_by_sqlstate(self):
        self.make_table("i INT PRIMARY KEY, v VARCHAR(2)")
        self.cursor.execute("INSERT INTO t VALUES (1, 'a')")
        for sql, state in (("SELEC", "42000"), ("SELECT * FROM nowhere", "42S02"), ("SELECT nothing", "42S22"),
                           ("INSERT INTO t VALUES (1, 'b')", "23000"), ("INSERT INTO t VALUES (2, 'abc')", "22001")):
            with self.subTest(sql=sql):
                self.assert_fails(state, self.cursor.execute, sql)
        self.assert_fails("28000", pyodbc.connect, "DSN=plain;PWD=wrong")
        with self.assertRaises(pyodbc.IntegrityError):
            self.cursor.execute("INSERT INTO t VALUES (1, 'b')")

    def test_several_results(self):
        self.cursor.execute("DROP PROCEDURE IF EXISTS p")
        self.cursor.execute("CREATE PROCEDURE p(n INT) BEGIN SELECT n; SELECT n + 1, 'x'; END")
        self.cursor.execute("{CALL p(?)}", 5)
        self.assertEqual([tuple(row) for row in self.cursor.fetchall()], [(5,)])
        self.assertTrue(self.cursor.nextset())
        self.assertEqual([tuple(row) for row in self.cursor.fetchall()], [(6, "x")])
        while self.cursor.nextset():
            self.assertIsNone(self.cursor.description)

    def test_row_counts_and_description(self):
        self.make_table("i INT NOT NULL, v DECIMAL(8,3)")
        self.assertEqual(self.cursor.execute("INSERT INTO t VALUES (1, 1), (2, 2)").rowcount, 2)
        self.assertEqual(self.cursor.execute("UPDATE t SET v = 9 WHERE i > 5").rowcount, 0)
        self.cursor.execute("SELECT i, v AS label FROM t")
        self.assertEqual([(c[0], c[1], c[4], c[5], c[6]) for c in self.cursor.description],
                         [("i", int, 10, 0, False), ("label", decimal.Decimal, 8, 3, True)])

    def test_catalog(self):
        self.cursor.execute("DROP TABLE IF EXISTS catalogued")
        self.cursor.execute("CREATE TABLE catalogued (a INT NOT NULL, b VARCHAR(20), PRIMARY KEY (a), "
                            "UNIQUE KEY by_b (b)) ENGINE=InnoDB")
        self.assertEqual([(row.table_cat, row.table_name, row.table_type)
                          for row in self.cursor.tables(table="catalogued")], [("test", "catalogued", "TABLE")])
        self.assertEqual([(row.column_name, row.type_name, row.column_size, row.ordinal_position)
                          for row in self.cursor.columns(table="catalogued")],
                         [("a", "int", 10, 1), ("b", "varchar", 20, 2)])
        self.assertEqual([(row.column_name, row.key_seq) for row in self.cursor.primaryKeys("catalogued")],
                         [("a", 1)])
        indexes = {(row.index_name, row.column_name, row.non_unique)
                   for row in self.cursor.statistics("catalogued") if row.index_name}
        self.assertEqual(indexes, {("PRIMARY", "a", 0), ("by_b", "b", 0)})

    def test_the_application_keeps_its_handler_of_broken_pipes(self):
        self.assertEqual(self.one("SELECT 1"), 1)
        # So that Poco is loaded, which blocks the signal.
        self.assert_fails("08001", pyodbc.connect, "DRIVER=fabric;UID=app;FABRIC_NODES=127.0.0.1:1;FABRIC_PROTOCOL=xmlrpc;"
                          "FABRIC_GROUP=g;FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=1s;FAILOVER_TIMEOUT=1s")
        self.assertIn("libPocoFoundation", pathlib.Path("/proc/self/maps").read_text(encoding="ascii"))
        self.broken_pipes.clear()
        self.assertEqual(signal.pthread_sigmask(signal.SIG_BLOCK, ()), set())
        os.kill(os.getpid(), signal.SIGPIPE)
        self.assertEqual(self.broken_pipes, [signal.SIGPIPE])

    def test_shows_what_the_driver_knows(self):
        pool = self.cursor.execute("SHOW FABRIC POOLS").fetchone()
        self.assertEqual((pool.user, pool.pooled, pool.max_size), ("app", "YES", 100))
        self.assertGreaterEqual(pool.leased, 1)
        self.assertEqual([column[0] for column in self.cursor.description][:4], ["server", "user", "pooled", "max_size"])
        self.assertEqual(dict(self.cursor.execute("SHOW FABRIC STATUS").fetchall())["scope"], "LOCAL")
        self.assertEqual(self.cursor.execute("SHOW FABRIC SHARDS").fetchall(), [])
        self.cursor.execute("SET FABRIC mode = AUTO")
        self.assertEqual(dict(self.cursor.execute("SHOW FABRIC STATUS").fetchall())["mode"], "AUTO")
        self.assert_fails("HY000", self.cursor.execute, "SET FABRIC key = 1")
        self.assert_fails("42000", self.cursor.execute, "SHOW FABRIC COLOURS")

    def test_two_cursors_at_a_time(self):
        self.make_table("i INT PRIMARY KEY")
        self.cursor.fast_executemany = True
        self.cursor.executemany("INSERT INTO t VALUES (?)", [(i,) for i in range(2000)])
        inner = self.connection.cursor()
        seen = 0
        for row in self.cursor.execute("SELECT i FROM t ORDER BY i"):
            self.assertEqual(row[0], seen)
            if seen % 500 == 0:
                self.assertEqual(inner.execute("SELECT COUNT(*) FROM t WHERE i > ?", 0).fetchone()[0], 1999)
            seen += 1
        self.assertEqual(seen, 2000)


if __name__ == "__main__":
    unittest.main()
