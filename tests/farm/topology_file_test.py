#!/usr/bin/python3
"""A Galera group by a topology file, without any Fabric node: through unixODBC and pyodbc, a kill included.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import os
import pathlib
import signal
import sys
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from farm_case import FarmCase  # noqa: E402  (the path above comes first)

MEMBERS = ("g1a", "g1b", "g1c")

pyodbc.pooling = False  # unixODBC's own


class TopologyFile(FarmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ini = cls.farm.directory / "odbc"
        os.environ["ODBCSYSINI"], os.environ["ODBCINI"] = str(ini), str(ini / "odbc.ini")
        cls.file = cls.farm.directory / "topology.ini"
        cls.write(MEMBERS)

    @classmethod
    def write(cls, members):
        lines = "".join(f"server = 127.0.0.1:{cls.farm.port(name)}\n" for name in members)
        fresh = cls.file.with_suffix(".new")
        fresh.write_text(f"[farm]\nttl = 1s\n[group g1]\n{lines}", encoding="utf-8")
        os.replace(fresh, cls.file)

    def connect(self, options=""):
        connection = pyodbc.connect(f"DRIVER={{MySQL Fabric ODBC}};FABRIC_NODES=file:{self.file};FABRIC_GROUP=g1;UID=app;"
                                    f"PWD=apppw;DATABASE=demo;{options}", autocommit=True)
        self.addCleanup(connection.close)
        return connection

    @staticmethod
    def port_of(connection):
        return connection.execute("SELECT @@port").fetchone()[0]

    def setUp(self):
        self.await_primary("g1a")

    def await_primary(self, name):
        """A server that comes back leads again once the process has asked anew: within the file's ttl and a probe."""
        deadline = time.monotonic() + 15
        while self.port_of(self.connect()) != self.farm.port(name):
            self.assertLess(time.monotonic(), deadline, f"{name} does not lead")
            time.sleep(0.1)

    def test_writes_go_to_the_first_server_and_reads_elsewhere(self):
        self.assertEqual(self.port_of(self.connect()), self.farm.port("g1a"))
        self.assertIn(self.port_of(self.connect("FABRIC_MODE=RO")), [self.farm.port("g1b"), self.farm.port("g1c")])

    def test_auto_reads_elsewhere_and_sees_its_own_writes(self):
        connection = self.connect("FABRIC_MODE=AUTO;READ_AFTER_WRITE=1min")
        self.assertIn(self.port_of(connection), [self.farm.port("g1b"), self.farm.port("g1c")])
        connection.execute("CREATE OR REPLACE TABLE automatic (n INT PRIMARY KEY AUTO_INCREMENT, x INT)")
        for count in range(1, 51):
            connection.execute("INSERT INTO automatic (x) VALUES (?)", count)
            self.assertEqual(connection.execute("SELECT COUNT(*) FROM automatic").fetchone()[0], count)
        self.assertEqual(self.port_of(connection), self.farm.port("g1a"))
        connection.autocommit = False
        connection.execute("SET TRANSACTION READ ONLY")
        self.assertEqual(self.port_of(connection), self.farm.port("g1a"))  # it has written lately
        connection.commit()
        reader = self.connect("FABRIC_MODE=AUTO;READ_AFTER_WRITE=0")  # a COMMIT counts as a write
        reader.autocommit = False
        self.assertEqual(self.port_of(reader), self.farm.port("g1a"))
        reader.commit()
        reader.execute("SET TRANSACTION READ ONLY")
        self.assertIn(self.port_of(reader), [self.farm.port("g1b"), self.farm.port("g1c")])
        reader.commit()

    def test_writes_go_on_when_the_primary_is_killed(self):
        connection = self.connect()
        connection.execute("CREATE OR REPLACE TABLE by_file (n INT NOT NULL)")
        self.addCleanup(self.farm.run, "start", "g1a")
        self.assertEqual(self.port_of(connection), self.farm.port("g1a"))
        self.farm.signal("g1a", signal.SIGKILL)
        start = time.monotonic()
        connection.execute("SELECT 1").fetchone()  # a pure read is run again unseen
        connection.execute("INSERT INTO by_file VALUES (1)")
        print(f"written {time.monotonic() - start:.3f} s after the kill")
        self.assertEqual(self.port_of(connection), self.farm.port("g1b"))
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM by_file").fetchone()[0], 1)

    def test_a_file_that_is_wrong_is_named_with_its_line(self):
        wrong = self.file.with_name("wrong.ini")
        wrong.write_text("[group g1]\nhost = h\n", encoding="utf-8")
        with self.assertRaises(pyodbc.Error) as failure:
            pyodbc.connect(f"DRIVER={{MySQL Fabric ODBC}};FABRIC_NODES=file:{wrong};FABRIC_GROUP=g1;UID=app;PWD=apppw")
        self.assertEqual(failure.exception.args[0], "08001")
        self.assertIn(f"{wrong}:2: 'host' is not known in a group: use server", failure.exception.args[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
