#!/usr/bin/python3
"""Sessions with unixODBC's own isql and iusql, as a user types them."""

import re
import subprocess
import unittest

from odbc_server import OdbcServer

EMOJI = "h\u00e9llo \U0001F600"
LIMIT = 60  # seconds


class Isql(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)

    def session(self, *lines, program="isql", options=("-b", "-d|"), locale="C.UTF-8", dsn="plain", more=()):
        environment = {**self.server.environment, "LC_ALL": locale}
        return subprocess.run([program, dsn, *more, *options], input=("\n".join(lines) + "\n").encode(),
                              capture_output=True, env=environment, timeout=LIMIT, check=False)

    def lines(self, *lines, **options):
        done = self.session(*lines, **options)
        self.assertEqual(done.returncode, 0, done)
        return [line for line in done.stdout.decode().splitlines()
                if line and not line.startswith("SQLRowCount")]

    def test_shows_rows_of_every_kind(self):
        self.assertEqual(
            self.lines("SELECT -1, 18446744073709551615, 1.50, CAST(1e10 AS DOUBLE), 'text', NULL, "
                       "DATE '2024-02-29', TIME '23:59:59', TIMESTAMP '2024-02-29 23:59:59'"),
            ["-1|18446744073709551615|1.50|10000000000|text||2024-02-29|23:59:59|2024-02-29 23:59:59"])

    def test_shows_whole_texts_whatever_the_locale(self):
        for locale in ("C", "C.UTF-8"):
            with self.subTest(locale=locale):
                self.assertEqual(self.lines(f"SELECT '{EMOJI}'", locale=locale), [EMOJI])
                drawn = self.session(f"SELECT '{EMOJI}' AS a", locale=locale, options=()).stdout
                self.assertIn(EMOJI.encode(), drawn)
                self.assertEqual(self.lines(f"SELECT CHAR_LENGTH('{EMOJI}')", locale=locale), ["7"])
                self.assertEqual(self.lines(f"SELECT '{EMOJI * 3}', 'x'", locale=locale), [EMOJI * 3 + "|x"])

    def test_talks_to_the_server_alone_where_standard_input_is_closed(self):
        done = subprocess.run(["sh", "-c", "exec isql plain -b <&-"], capture_output=True, timeout=LIMIT, check=False,
                              env=self.server.environment)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_shows_the_same_through_iusql(self):
        self.assertEqual(self.lines("SELECT 1, 'text', NULL", program="iusql"), ["1|text|"])

    def test_writes_and_reads_back(self):
        self.assertEqual(
            self.lines("CREATE TABLE written (i INT PRIMARY KEY, t VARCHAR(50))",
                       f"INSERT INTO written VALUES (1, '{EMOJI}'), (2, '')",
                       "UPDATE written SET i = 3 WHERE i = 2", "SELECT * FROM written ORDER BY i",
                       "DROP TABLE written"),
            [f"1|{EMOJI}", "3|"])

    def test_counts_rows(self):
        done = self.session("CREATE TABLE counted (i INT)", "INSERT INTO counted VALUES (1), (2)",
                            "DELETE FROM counted", "DROP TABLE counted", options=())
        self.assertEqual(re.findall(r"SQLRowCount returns (\d+)", done.stdout.decode()), ["0", "2", "2", "0"])

    def test_shows_what_the_driver_knows(self):
        servers = self.lines("show fabric servers;")
        self.assertEqual(len(servers), 1)
        self.assertRegex(servers[0], r"^\|[^|]+\|PRIMARY\|READ_WRITE\|1\|[^|]+\|YES$")
        status = dict(line.split("|") for line in self.lines("SHOW FABRIC STATUS"))
        self.assertEqual((status["mode"], status["pinned_by"]), ("RW", ""))
        drawn = self.session("SHOW FABRIC POOLS", options=()).stdout.decode()
        self.assertIn("| connect_failures", drawn)
        self.assertIn("give FABRIC_NODES", self.session("SET FABRIC key = 1", options=("-b", "-v")).stdout.decode())

    def test_tells_errors_by_sqlstate(self):
        for statement, odbc3, odbc2 in (("SELEC 1", "42000", "37000"), ("SELECT * FROM nowhere", "42S02", "S0002"),
                                        ("SELECT nothing", "42S22", "S0022")):
            for option, state in (("-3", odbc3), ("-v", odbc2)):  # isql is an ODBC 2 program unless told
                with self.subTest(statement=statement, option=option):
                    done = self.session(statement, options=("-b", "-v", option))
                    self.assertIn(f"[{state}]", (done.stdout + done.stderr).decode())

    def test_tells_why_a_connect_fails(self):
        for arguments, state in ((("app", "wrong-secret"), "28000"), (("nobody", "x"), "28000")):
            done = self.session("SELECT 1", options=("-b", "-v"), more=arguments)
            said = (done.stdout + done.stderr).decode()
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(f"[{state}]", said)
            self.assertNotIn("wrong-secret", said)
        done = self.session("SELECT 1", options=("-b", "-v"), dsn="nowhere")
        self.assertIn("[IM002]", (done.stdout + done.stderr).decode())

    def test_lists_tables_and_columns(self):
        self.lines("CREATE TABLE listed (i INT, word VARCHAR(5))")
        self.assertTrue(any("listed" in line for line in self.lines("help")))
        columns = self.lines("help listed")
        self.assertTrue(any("word" in line for line in columns), columns)
        self.lines("DROP TABLE listed")

    def test_draws_a_table_without_batch_mode(self):
        done = self.session("SELECT 1 AS number", "quit", options=())
        self.assertIn("number", done.stdout.decode())
        self.assertIn("1 rows fetched", done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
