#!/usr/bin/python3
"""Failovers on the farm's Galera group through unixODBC and pyodbc: 10 kills and 3 freezes of the primary under a
write loop, every row counted.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already; FAILOVER_KILLS changes the 10.
"""

import collections
import os
import pathlib
import signal
import statistics
import sys
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from failover_case import MEMBERS, TABLE, WRITE_EVERY, FailoverCase, Loop, state_of  # noqa: E402  (the path above first)

KILLS = int(os.environ.get("FAILOVER_KILLS", "10"))
MEDIAN_LIMIT = 0.150  # of the driver's first write behind the engine's own


class Failover(FailoverCase):
    def run_failover(self, act, seconds, options=""):
        """Runs the loops, calls act(primary) in their midst; what they saw."""
        victim = self.primary()
        survivor = next(name for name in MEMBERS if name != victim)
        direct_port = self.farm.port(survivor)
        held = pyodbc.connect("DSN=fabric_rw;" + options, autocommit=True)
        direct = pyodbc.connect(f"DRIVER={{MySQL Fabric ODBC}};SERVER=127.0.0.1;PORT={direct_port};UID=app;PWD=apppw;"
                                "POOLING=0", autocommit=True)

        def write(number):
            held.execute(f"INSERT INTO {TABLE} VALUES (1, ?)", number)

        def write_at_survivor(number):
            direct.execute(f"INSERT INTO {TABLE} VALUES (2, ?)", number)

        def connect(_number):
            connection = pyodbc.connect("DSN=fabric_rw;" + options, autocommit=True)
            connection.execute("SELECT 1").fetchone()
            connection.close()

        loops = [Loop(write, WRITE_EVERY), Loop(write_at_survivor, 0.002), Loop(connect, WRITE_EVERY)]
        for loop in loops:
            loop.start()
        time.sleep(0.7)
        when = time.monotonic()
        act(victim)
        time.sleep(seconds)
        for loop in loops:
            loop.finish()
        held.close()
        direct.close()
        return when, victim, loops

    def check_told(self, writer, newcomers):
        self.check_errors(writer, newcomers)
        # A new connection only ever reads, which is retried unseen.
        self.assertEqual([str(error) for _, _, _, error in newcomers.bad()], [])

    def test_kills_of_the_primary(self):
        lags, stalls, connects, told = [], [], [], collections.Counter()
        for number in range(1, KILLS + 1):
            when, victim, loops = self.run_failover(
                lambda name: self.farm.signal(name, signal.SIGKILL), seconds=2.0)
            writer, engine, newcomers = loops
            # The engine stalls until it has voted the dead node out: the longest call of the direct writer.
            stalled = max(engine.good(), key=lambda call: call[1] - call[0])
            engine_back = stalled[1] if stalled[1] > when and stalled[1] - stalled[0] > 0.05 else when
            back = writer.back_after(when)
            lags.append(back - engine_back)
            stalls.append(engine_back - when)
            connects.append(newcomers.longest(when))
            told.update(state_of(error) for _, _, _, error in writer.bad())
            self.check_told(writer, newcomers)
            self.check_rows(writer)
            self.assertNotEqual(self.primary(), victim)
            print(f"kill {number:2}: {victim} -> {self.primary()}; engine back after {stalls[-1]:.3f} s, the driver's first"
                  f" write {lags[-1] * 1000:+.0f} ms after it; longest new connection {connects[-1]:.3f} s", flush=True)
            self.farm.run("start", victim)
        print(f"{KILLS} kills: engine's stall {statistics.median(stalls):.3f} s (median), driver's first write"
              f" {statistics.median(lags) * 1000:+.0f} ms after it (median, worst {max(lags) * 1000:+.0f} ms), longest new"
              f" connection {statistics.median(connects):.3f} s (median, worst {max(connects):.3f} s);"
              f" errors told: {dict(told)}", flush=True)
        self.assertLessEqual(statistics.median(lags), MEDIAN_LIMIT)

    def freeze(self, detection, options):
        when, victim, loops = self.run_failover(
            lambda name: self.farm.signal(name, signal.SIGSTOP), seconds=detection + 3.0, options=options)
        writer, _, newcomers = loops
        self.farm.run("thaw", victim)
        back = writer.back_after(when) - when
        print(f"freeze of {victim}, FAILURE_DETECTION_TIME {detection} s: first write after {back:.2f} s, longest call"
              f" {writer.longest(when):.2f} s, longest new connection {newcomers.longest(when):.2f} s, errors"
              f" {[state_of(error) for _, _, _, error in writer.bad()]}", flush=True)
        self.assertLess(writer.longest(when), detection + 1)
        self.assertLess(newcomers.longest(when), detection + 1)
        self.check_told(writer, newcomers)
        self.check_rows(writer)
        self.assertNotEqual(self.primary(), victim)
        self.farm.bring_back(victim)

    def test_a_frozen_primary_at_the_default_detection_time(self):
        self.freeze(5, "")

    def test_frozen_primaries_at_a_short_detection_time(self):
        for _ in range(2):
            # Pools belong to (server, user, TLS options), and of two settings for one pool the larger counts: other
            # TLS options make a pool of their own.
            self.freeze(1, "FAILURE_DETECTION_TIME=1s;SSLMODE=DISABLED")

    def test_the_first_read_on_a_new_primary_sees_what_was_written(self):
        held = pyodbc.connect("DSN=fabric_rw", autocommit=True)
        victim = self.primary()
        # Long to apply: the others have it when it is acknowledged, and still work on it.
        held.execute(f"INSERT INTO {TABLE} SELECT 3, seq FROM test.seq_1_to_100000")
        self.addCleanup(self.farm.run, "start", victim)
        self.farm.signal(victim, signal.SIGKILL)
        self.assertEqual(held.execute(f"SELECT COUNT(*) FROM {TABLE}").fetchval(), 100000)
        self.assertNotEqual(held.execute("SELECT @@port").fetchval(), self.farm.port(victim))
        held.close()

    def test_reads_go_on_when_a_secondary_is_killed(self):
        reader = pyodbc.connect("DSN=fabric_ro", autocommit=True)
        loop = Loop(lambda _: reader.execute("SELECT COUNT(*) FROM demo.items").fetchone(), WRITE_EVERY)
        port = reader.execute("SELECT @@port").fetchval()
        victim = next(name for name in MEMBERS if self.farm.port(name) == port)
        self.assertNotEqual(victim, self.primary())
        loop.start()
        time.sleep(0.5)
        when = time.monotonic()
        self.addCleanup(self.farm.run, "start", victim)
        self.farm.signal(victim, signal.SIGKILL)
        time.sleep(2)
        loop.finish()
        self.assertEqual([str(error) for _, _, _, error in loop.bad()], [])
        print(f"kill of the secondary {victim}: no error, longest read {loop.longest(when):.3f} s", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
