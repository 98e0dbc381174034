#!/usr/bin/python3
"""`fabricctl watch` and `fabricctl promote` on the farm's replicated shards: the primary killed under a write loop
through the driver, a returned primary, switch-overs, two instances, a node that dies. The farm is left as it was.

FABRICCTL names the program, FABRIC_ODBC_DRIVER the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from farm_case import FarmCase  # noqa: E402  (the path above comes first)

FABRICCTL = os.environ.get("FABRICCTL", "fabricctl")
DSN = "fabric_watch"
QUICK = ["--dead-after", "1s", "--interval", "100ms", "--probe-timeout", "500ms", "--lease", "3s"]
LIMIT = 30  # seconds for what should take a few
KEYS = {"shard1": 1, "shard2": 1000}
TABLE = "shop.watch_log"

pyodbc.pooling = False  # unixODBC's own


class Watch:
    """One instance, its log read as it comes."""

    def __init__(self, *options):
        self.lines = []
        self.more = threading.Condition()
        self.process = subprocess.Popen([FABRICCTL, "watch", DSN, *QUICK, *options], stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.more:
                self.lines.append(line)
                self.more.notify_all()

    def said(self, *words):
        with self.more:
            return any(all(word in line for word in words) for line in self.lines)

    def wait(self, *words):
        deadline = time.monotonic() + LIMIT
        with self.more:
            while not any(all(word in line for word in words) for line in self.lines):
                if not self.more.wait(deadline - time.monotonic()):
                    raise AssertionError(f"the watch did not say {words}:\n{''.join(self.lines)}")

    def epoch(self):
        with self.more:
            return int(next(line for line in reversed(self.lines) if "active, epoch" in line).split()[-1])

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        self.process.stdout.close()


class Writer(threading.Thread):
    """Numbers into a shard's table, one statement each, through one connection of the driver. A call is made with the
    writer between two statements by between()."""

    def __init__(self, group, start=0):
        super().__init__(daemon=True)
        self.connection = pyodbc.connect(f"DSN=fabric_shards;FABRIC_TABLES=shop.orders;FABRIC_KEY={KEYS[group]};FABRIC_TTL=1s",
                                         autocommit=True)
        self.next = start
        self.acknowledged, self.unknown, self.errors, self.ends = [], [], [], []
        self.stop, self.pause = threading.Event(), threading.Lock()

    def run(self):
        while not self.stop.is_set():
            with self.pause:
                self.next += 1
                try:
                    self.connection.execute(f"INSERT INTO {TABLE} (n) VALUES (?)", self.next)
                    self.acknowledged.append(self.next)
                    self.ends.append(time.monotonic())
                except pyodbc.Error as error:
                    (self.unknown if error.args[0] == "08007" else self.errors).append((self.next, *error.args))
            time.sleep(0.005)

    def between(self, act):
        with self.pause:
            act()

    def wait_for(self, count):
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + LIMIT
        while len(self.acknowledged) < wanted:
            if time.monotonic() > deadline:
                raise AssertionError(f"writes do not go on: {self.errors[-3:]}")
            time.sleep(0.01)

    def finish(self):
        if not self.stop.is_set():
            self.stop.set()
            self.join(60)
            self.connection.close()

    def longest_pause(self):
        return max(after - before for before, after in zip(self.ends, self.ends[1:]))


class WatchTest(FarmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ini = cls.farm.directory / "odbc"
        os.environ["ODBCSYSINI"], os.environ["ODBCINI"] = str(ini), str(ini / "odbc.ini")
        for group in KEYS:
            with cls.farm.session(cls.primary(group)) as session:
                session.query(f"CREATE TABLE IF NOT EXISTS {TABLE} (id BIGINT AUTO_INCREMENT PRIMARY KEY, n BIGINT);"
                              f"DELETE FROM {TABLE}")

    @classmethod
    def tearDownClass(cls):
        for group in KEYS:
            with cls.farm.session(cls.primary(group)) as session:
                session.query(f"DROP TABLE {TABLE}")

    @classmethod
    def topology(cls):
        done = subprocess.run([FABRICCTL, "topology", DSN, "--json"], capture_output=True, text=True, check=True)
        names = {entry["uuid"]: name for name, entry in cls.farm.data["servers"].items()}
        # A node does not list what is FAULTY.
        return {group["group"]: {names[one["uuid"]]: one["status"] for one in group["servers"]}
                for group in json.loads(done.stdout)["groups"]}

    @classmethod
    def primary(cls, group):
        return next(name for name, status in cls.topology()[group].items() if status == "PRIMARY")

    def wait_status(self, group, name, status):
        deadline = time.monotonic() + LIMIT
        while (now := self.topology()[group].get(name, "FAULTY")) != status:
            self.assertLess(time.monotonic(), deadline, f"{name} is {now}, not {status}")
            time.sleep(0.1)

    def watch(self, *options):
        watch = Watch(*options)
        self.addCleanup(watch.end)
        return watch

    def writer(self, group):
        writer = Writer(group)
        writer.start()
        self.addCleanup(writer.finish)
        writer.wait_for(20)
        return writer

    def promote(self, group, server, *options):
        """Exit code and all it said."""
        done = subprocess.run([FABRICCTL, "promote", DSN, group, f"127.0.0.1:{self.farm.port(server)}", *QUICK, *options],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def check_rows(self, group, *writers):
        """Each acknowledged row is on the primary once, each other one that is there had an unknown outcome."""
        with self.farm.session(self.primary(group)) as session:
            found = sorted(int(row[0]) for row in session.rows(f"SELECT n FROM {TABLE}"))
        self.assertEqual(len(found), len(set(found)), "rows were doubled")
        acknowledged = {n for writer in writers for n in writer.acknowledged}
        unknown = {entry[0] for writer in writers for entry in writer.unknown}
        self.assertEqual(acknowledged - set(found), set(), "acknowledged rows were lost")
        self.assertLessEqual(set(found) - acknowledged, unknown)
        self.assertEqual([error for writer in writers for error in writer.errors], [])

    def read_only(self, name):
        with self.farm.session(name) as session:
            return session.rows("SELECT @@read_only")[0][0] == "1"

    def source_of(self, name):
        with self.farm.session(name) as session:
            answer = session.query("SHOW SLAVE STATUS")[0]
            return dict(zip(answer.names, answer.rows[0]))["Master_Port"] if answer.rows else None

    def clear(self, group):
        with self.farm.session(self.primary(group)) as session:
            session.query(f"DELETE FROM {TABLE}")

    def test_1_primary_killed_under_writes(self):
        watch = self.watch()
        watch.wait("active, epoch")
        writer = self.writer("shard1")
        killed = []
        writer.between(lambda: (self.farm.signal("shard1a", signal.SIGKILL), killed.append(time.monotonic())))
        watch.wait("shard1", str(self.farm.port("shard1b")), "is the primary: published")
        writer.wait_for(50)
        print(f"shard1: writes went on {min(end for end in writer.ends if end > killed[0]) - killed[0]:.2f} s after the kill")
        self.assertEqual(self.topology()["shard1"], {"shard1b": "PRIMARY"})
        # It replicates from the global group as the old one did, so the old one's tables go on being fed.
        self.assertEqual(self.source_of("shard1b"), str(self.farm.port("global1")))

        self.farm.run("start", "shard1a")  # its configuration lets it write
        self.wait_status("shard1", "shard1a", "SECONDARY")
        self.assertTrue(self.read_only("shard1a"))
        self.assertFalse(self.read_only("shard1b"))
        self.assertEqual(self.source_of("shard1a"), str(self.farm.port("shard1b")))
        writer.wait_for(20)

        code, said = self.promote("shard1", "shard1a")  # the running watch does it
        self.assertEqual(code, 0, said)
        writer.wait_for(20)
        writer.finish()
        self.check_rows("shard1", writer)
        self.wait_status("shard1", "shard1b", "SECONDARY")
        self.assertEqual(self.topology()["shard1"], {"shard1a": "PRIMARY", "shard1b": "SECONDARY"})
        self.clear("shard1")

    def test_2_active_instance_stopped_in_the_middle(self):
        first = self.watch("--fence-command", "kill -STOP $PPID")  # stops the watch itself, before it promotes
        first.wait("active, epoch")
        second = self.watch()
        second.wait("standing by")
        writer = self.writer("shard2")
        writer.between(lambda: self.farm.signal("shard2a", signal.SIGKILL))
        first.wait("shard2", "is dead:")
        second.wait("active, epoch")
        self.wait_status("shard2", "shard2b", "PRIMARY")
        writer.wait_for(20)
        first.process.send_signal(signal.SIGCONT)
        first.wait("nothing more is done: the lease is lost")
        first.wait("standing by")
        self.assertFalse(first.said("published") or first.said("takes over"))
        second.end(signal.SIGKILL)
        first.wait("active, epoch", f"{second.epoch() + 1}")
        self.farm.run("start", "shard2a")
        self.wait_status("shard2", "shard2a", "SECONDARY")
        code, said = self.promote("shard2", "shard2a")
        self.assertEqual(code, 0, said)
        writer.wait_for(20)
        writer.finish()
        self.check_rows("shard2", writer)
        self.wait_status("shard2", "shard2b", "SECONDARY")
        self.clear("shard2")

    def test_3_switch_over_without_a_watch_and_with_a_dead_node(self):
        writer = self.writer("shard1")
        self.farm.signal("g1a", signal.SIGKILL)  # the node that is asked first
        try:
            for server in ("shard1b", "shard1a"):
                code, said = self.promote("shard1", server)
                self.assertEqual(code, 0, said)
                writer.wait_for(20)
        finally:
            self.farm.run("start", "g1a")
        writer.finish()
        print(f"shard1: the longest pause of a writer in two switch-overs was {writer.longest_pause():.2f} s")
        self.check_rows("shard1", writer)
        self.assertEqual(self.topology()["shard1"], {"shard1a": "PRIMARY", "shard1b": "SECONDARY"})
        self.clear("shard1")

    def test_4_refusals_change_nothing(self):
        before = self.topology()
        with self.farm.session("shard1b") as session:
            session.query("STOP SLAVE SQL_THREAD")
        try:
            code, said = self.promote("shard1", "shard1b")
        finally:
            with self.farm.session("shard1b") as session:
                session.query("START SLAVE SQL_THREAD")
        self.assertEqual(code, 1, said)
        self.assertIn("does not follow the primary", said)
        code, said = self.promote("g1", "g1b")
        self.assertEqual(code, 1)
        self.assertIn("no REPLICATED group 'g1'", said)
        self.assertEqual(self.topology(), before)
        for words in (["watch"], ["watch", DSN, "--interval", "soon"], ["topology", "nowhere"], ["nothing"]):
            done = subprocess.run([FABRICCTL, *words], capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (1, 2), words)
            self.assertNotEqual(done.stderr, "", words)


if __name__ == "__main__":
    unittest.main()
