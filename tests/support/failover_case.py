"""What tests of failovers on the farm's Galera group share: loops that note each call, the roles, every row counted."""

import collections
import os
import pathlib
import sys
import threading
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from farm_case import MEMBERS, Farm  # noqa: E402  (the path above comes first)
from mysql_session import SqlError  # noqa: E402

WRITE_EVERY = 0.010
ALLOWED = {"08007", "08S01", "08S02", "40001", "25S03"}  # design: what a failure says, for autocommit writes: 08007
TABLE = "demo.failover_log"

pyodbc.pooling = False  # unixODBC's own


def state_of(error):
    return error.args[0]


class Loop(threading.Thread):
    """Calls step() every `pause` seconds until stopped; keeps (start, end, outcome)."""

    def __init__(self, step, pause):
        super().__init__(daemon=True)
        self.step, self.pause = step, pause
        self.calls = []
        self.stop = threading.Event()

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            start = time.monotonic()
            try:
                self.step(number)
                outcome = None
            except pyodbc.Error as error:
                outcome = error
            self.calls.append((start, time.monotonic(), number, outcome))
            time.sleep(self.pause)

    def finish(self):
        self.stop.set()
        self.join(60)
        assert not self.is_alive(), "a call hangs"

    def good(self):
        return [call for call in self.calls if call[3] is None]

    def bad(self):
        return [call for call in self.calls if call[3] is not None]

    def back_after(self, when):
        """The end of the first successful call behind the longest pause between successes after `when`."""
        ends = [end for _, end, _, _ in self.good()]
        return max(zip(ends, ends[1:]), key=lambda pair: pair[1] - pair[0] if pair[1] > when else 0)[1]

    def longest(self, since):
        return max(end - start for start, end, _, _ in self.calls if end > since)


class FailoverCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.farm = Farm()
        cls.addClassCleanup(cls.farm.close)
        ini = cls.farm.directory / "odbc"
        os.environ["ODBCSYSINI"], os.environ["ODBCINI"] = str(ini), str(ini / "odbc.ini")

    def setUp(self):
        for name in MEMBERS:
            self.farm.bring_back(name)
        with pyodbc.connect("DSN=fabric_rw", autocommit=True) as connection:
            connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
            connection.execute(f"CREATE TABLE {TABLE} (writer INT NOT NULL, n INT NOT NULL)")

    def primary(self):
        return self.farm.primary()

    def check_rows(self, writer):
        with pyodbc.connect("DSN=fabric_rw", autocommit=True) as connection:
            # The reader waits until it has applied what the cluster has committed.
            connection.execute("SET SESSION wsrep_sync_wait = 1")
            stored = collections.Counter(
                row[0] for row in connection.execute(f"SELECT n FROM {TABLE} WHERE writer = 1"))
            connection.execute(f"DELETE FROM {TABLE}")
        lost = [number for _, _, number, _ in writer.good() if stored[number] == 0]
        twice = [number for number, count in stored.items() if count > 1]
        strangers = [number for number in stored if number > len(writer.calls)]
        self.assertEqual((lost, twice, strangers), ([], [], []))

    def check_errors(self, *loops):
        for loop in loops:
            for _, _, _, error in loop.bad():
                self.assertIn(state_of(error), ALLOWED, str(error))
