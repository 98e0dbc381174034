#!/usr/bin/python3
"""Networks that fall silent: the kernel drops packets, acknowledges none and sends no RST, as behind a pulled cable. The
farm and the program run in a network namespace of their own, where nothing else of the machine is touched.

FABRIC_ODBC_DRIVER names the driver. Needs root and nftables; exits 77 where the machine does not give them.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from failover_case import MEMBERS, TABLE, WRITE_EVERY, FailoverCase, Loop, state_of  # noqa: E402  (the path above first)

INSIDE = "FABRIC_TEST_NAMESPACE"
SKIPPED = 77
DETECTION = 1  # seconds
# Pools belong to (server, user, TLS options), and of two settings for one pool the larger counts: TLS options of their own.
QUICK = f"FAILURE_DETECTION_TIME={DETECTION}s;FAILOVER_TIMEOUT=3s;SSLMODE=DISABLED"


def nft(*rules):
    subprocess.run(["nft", "-f", "-"], input="\n".join(rules) + "\n", text=True, check=True)


def established(pid):
    """The (local, remote) ports of a process's connections."""
    listed = subprocess.run(["ss", "-Htnp", "state", "established"], capture_output=True, text=True, check=True).stdout
    return [tuple(re.findall(r":(\d+)\s", line)[:2]) for line in listed.splitlines() if f"pid={pid}," in line]


class Partition(FailoverCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        super().setUpClass()

    def plain(self, options=""):
        return f"DRIVER={{MySQL Fabric ODBC}};SERVER=127.0.0.1;PORT={self.farm.port('global1')};UID=app;PWD=apppw;" + options

    @contextlib.contextmanager
    def silence(self, name, from_cluster=False):
        """No packet reaches or leaves the server's port for clients; nor, from_cluster, any of its others."""
        entry = self.farm.data["servers"][name]
        ports = [entry["port"]]
        pairs = []
        if from_cluster:
            ports += entry["galera"].values()
            pairs = established(entry["process"]["pid"])
            # It would knock at the others from new ports.
            others = [str(self.farm.data["servers"][one]["galera"]["group"]) for one in MEMBERS if one != name]
            pairs += [("1-65535", other) for other in others]
        listed = ", ".join(map(str, ports))
        drops = [f"tcp dport {{ {listed} }} drop", f"tcp sport {{ {listed} }} drop"]
        for local, remote in pairs:
            begins = "tcp flags & (syn | ack) == syn " if local == "1-65535" else ""
            drops += [f"tcp sport {local} tcp dport {remote} {begins}drop", f"tcp dport {local} tcp sport {remote} {begins}drop"]
        nft("add table inet cut", "add chain inet cut in { type filter hook input priority 0 ; }",
            *(f"add rule inet cut in {drop}" for drop in drops))
        try:
            yield
        finally:
            nft("delete table inet cut")

    def timed(self, act):
        """How long it took, and the error's state."""
        began = time.monotonic()
        try:
            act()
            state = None
        except pyodbc.Error as error:
            state = state_of(error)
        return time.monotonic() - began, state

    def write_loop(self, connection):
        return Loop(lambda number: connection.execute(f"INSERT INTO {TABLE} VALUES (1, ?)", number), WRITE_EVERY)

    def test_a_short_silence_is_not_noticed(self):
        held = pyodbc.connect("DSN=fabric_rw", autocommit=True)
        writer = self.write_loop(held)
        writer.start()
        time.sleep(0.3)
        primary = self.primary()
        with self.silence(primary):
            time.sleep(0.8)
        time.sleep(1)
        writer.finish()
        held.close()
        self.assertEqual([str(error) for _, _, _, error in writer.bad()], [])
        self.check_rows(writer)
        self.assertEqual(self.primary(), primary)

    def test_a_primary_cut_from_its_cluster_too_is_replaced(self):
        held = pyodbc.connect("DSN=fabric_rw;" + QUICK, autocommit=True)
        writer = self.write_loop(held)
        writer.start()
        time.sleep(0.5)
        victim = self.primary()
        self.addCleanup(self.farm.bring_back, victim)
        when = time.monotonic()
        with self.silence(victim, from_cluster=True):
            time.sleep(DETECTION + 3)
            writer.finish()
            self.assertNotEqual(self.primary(), victim)
        held.close()
        print(f"cut of {victim}: first write after {writer.back_after(when) - when:.2f} s, longest call"
              f" {writer.longest(when):.2f} s, errors {[state_of(error) for _, _, _, error in writer.bad()]}", flush=True)
        self.assertLess(writer.longest(when), DETECTION + 1)
        self.check_errors(writer)
        self.check_rows(writer)

    def test_a_primary_that_only_the_clients_miss_is_no_fault(self):
        held = pyodbc.connect("DSN=fabric_rw;" + QUICK, autocommit=True)
        held.execute(f"INSERT INTO {TABLE} VALUES (2, 0)")
        primary = self.primary()
        with self.silence(primary):
            took, state = self.timed(lambda: held.execute(f"INSERT INTO {TABLE} VALUES (2, 1)"))
            self.assertEqual(state, "08007")
            self.assertLess(took, DETECTION + 1)
            took, state = self.timed(lambda: held.execute(f"INSERT INTO {TABLE} VALUES (2, 2)"))
            self.assertEqual(state, "08001")
            self.assertLess(took, 3 + DETECTION + 1)
            reader = pyodbc.connect("DSN=fabric_ro;" + QUICK, autocommit=True)
            self.assertGreaterEqual(reader.execute("SELECT COUNT(*) FROM demo.items").fetchval(), 0)
            reader.close()
        held.execute(f"INSERT INTO {TABLE} VALUES (2, 3)")
        stored = [row[0] for row in held.execute(f"SELECT n FROM {TABLE} WHERE writer = 2 ORDER BY n")]
        held.close()
        self.assertEqual(stored, [0, 3], "the first was sent into the silence, and is not sent again when that ends")
        self.assertEqual(self.primary(), primary)

    def test_a_login_into_silence_ends_in_time(self):
        with self.silence("global1"):
            took, state = self.timed(lambda: pyodbc.connect(self.plain("POOLING=0"), timeout=2))
            self.assertEqual(state, "HYT00")
            self.assertLess(took, 2 * 2 + 2)  # pyodbc tries SQLDriverConnectW, then SQLDriverConnect
        pyodbc.connect(self.plain("POOLING=0"), timeout=2).close()

    def test_pooled_connections_of_before_the_silence_harm_nobody(self):
        kept = [pyodbc.connect(self.plain(QUICK)) for _ in range(4)]
        for connection in kept:
            connection.close()
        with self.silence("global1"):
            took, state = self.timed(lambda: pyodbc.connect(self.plain(QUICK), timeout=2).execute("SELECT 1"))
            self.assertIn(state, ("HYT00", "08001", "08S01"))
            self.assertLess(took, 2 * 2 + DETECTION + 2)
        took, state = self.timed(lambda: pyodbc.connect(self.plain(QUICK), timeout=5).execute("SELECT 1"))
        self.assertIsNone(state)
        self.assertLess(took, 5)

    def test_an_answer_that_never_comes_ends_the_call(self):
        connection = pyodbc.connect(self.plain(QUICK), autocommit=True)
        timers = []

        def ask():
            timers.append(self.timed(lambda: connection.execute("DO SLEEP(3)")))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        time.sleep(0.2)
        with self.silence("global1"):
            deadline = time.monotonic() + DETECTION + 8
            while not timers and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertTrue(timers, "the call hangs")
        asking.join()
        took, state = timers[0]
        self.assertIn(state, ("08007", "08S01"))
        self.assertLess(took, DETECTION + 3 + 1)
        self.assertEqual(connection.execute("SELECT 1").fetchval(), 1)
        connection.close()


def enter_namespace():
    """Goes on in a namespace of its own; returns why not."""
    if os.geteuid() != 0:
        return "needs root"
    probe = subprocess.run(["unshare", "--net", "nft", "add", "table", "inet", "probe"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        return probe.stderr.strip()
    os.environ[INSIDE] = "1"
    os.environ.pop("FABRIC_FARM_DIR", None)
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


if __name__ == "__main__":
    if INSIDE not in os.environ:
        try:
            reason = enter_namespace()
        except FileNotFoundError as error:
            reason = str(error)
        print(f"skipped: no network namespace with a filter to be had ({reason})")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
