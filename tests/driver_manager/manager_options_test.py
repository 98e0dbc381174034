#!/usr/bin/python3
"""What unixODBC may be told to do with a driver in odbcinst.ini: unload it after the last disconnect, and keep its
connections in a pool of the manager's own. Each in a process of its own, since the manager reads that once."""

import os
import pathlib
import subprocess
import sys
import unittest

from odbc_server import PASSWORD, OdbcServer

CYCLES = 300

PROGRAM = """
import os, sys
import pyodbc
pyodbc.pooling = False  # the attribute; odbcinst.ini has the last word
connection_string, cycles, mysql = sys.argv[1], int(sys.argv[2]), sys.argv[3]

def ask(sql):
    connection = pyodbc.connect(connection_string, autocommit=True)
    value = connection.execute(sql).fetchval()
    connection.close()
    return value

def open_things():
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))

first = ask("SELECT CONNECTION_ID()")
before = open_things()
ids = {ask("SELECT CONNECTION_ID()") for _ in range(cycles)}
after = open_things()
print(len(ids | {first}), after[0] - before[0], after[1] - before[1])
if mysql:
    import subprocess
    subprocess.run([*mysql.split("|"), f"KILL {first}"], check=True)
    print(ask("SELECT CONNECTION_ID()") != first)
"""


class ManagerOptions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)

    def run_with(self, options, manager="", more="", client=""):
        """What a process prints that connects and disconnects again and again."""
        folder = pathlib.Path(self.server.settings["ODBCSYSINI"])
        (folder / "odbcinst.ini").write_text(f"{manager}[optional]\nDriver = {os.environ['FABRIC_ODBC_DRIVER']}\n{options}\n")
        text = f"DRIVER={{optional}};SERVER=localhost;SOCKET={self.server.socket};UID=app;PWD={PASSWORD};{more}"
        done = subprocess.run([sys.executable, "-c", PROGRAM, text, str(CYCLES), client], env=self.server.environment,
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def test_unloads_the_driver_again_and_again(self):
        connections, threads, descriptors = map(int, self.run_with("DontDLClose = 0"))
        self.assertEqual((connections, descriptors), (1, 0), "our pool outlives it")
        self.assertLessEqual(threads, 2, "a look at the pool may need one meanwhile")

    def test_pools_connections_and_no_dead_ones(self):
        client = "|".join(["mariadb", "--no-defaults", "-uroot", "-S", str(self.server.socket), "-e"])
        printed = self.run_with("CPTimeout = 60", "[ODBC]\nPooling = Yes\n", "POOLING=0", client)
        self.assertEqual(printed, ["1", "0", "0", "True"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
