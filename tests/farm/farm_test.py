#!/usr/bin/python3
"""The farm's claims, on a farm of its own: python3 tests/farm/farm_test.py"""

import configparser
import contextlib
import json
import os
import pathlib
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "packaging" / "farm"))

from farmlib import commands, report  # noqa: E402  (the path above comes first)

FARM = str(REPOSITORY / "packaging" / "farm" / "farm")
GALERA = ("g1a", "g1b", "g1c")
# As in a locale of one byte a character, in which Python could not write the demo's names.
ASCII_ONLY = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@contextlib.contextmanager
def acting_as(user):
    before = os.geteuid()
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(before)


class FarmTest(unittest.TestCase):
    """One farm for all tests; each leaves it whole."""

    @classmethod
    def setUpClass(cls):
        # Nothing in the name may trouble servers and their scripts.
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="farm's \"$test\" #", dir="/tmp"))
        os.chmod(cls.folder, 0o755)
        cls.directory = cls.folder / "farm"
        cls.addClassCleanup(cls._remove)
        cls.farm("up", timeout=120)

    @classmethod
    def _remove(cls):
        subprocess.run([FARM, "down", str(cls.directory)], capture_output=True, timeout=60, check=False)
        shutil.rmtree(cls.folder)

    @classmethod
    def farm(cls, command, *more, fails=False, timeout=60):
        done = subprocess.run([FARM, command, str(cls.directory), *more], capture_output=True, text=True,
                              timeout=timeout, check=False, env=ASCII_ONLY)
        if (done.returncode != 0) != fails:
            raise AssertionError(f"farm {command} {more} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stderr if fails else done.stdout

    def state(self):
        return json.loads((self.directory / "farm.json").read_text(encoding="utf-8"))

    def server(self, name):
        return self.state()["servers"][name]

    def sql(self, name, text, user="app", password="apppw", fails=False):
        """Rows, or the error's text, of statements sent over TCP."""
        done = subprocess.run(["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={self.server(name)['port']}",
                               f"--user={user}", f"--password={password}", "--batch", "--skip-column-names",
                               "--connect-timeout=5"],
                              input=text, capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode != 0, fails, done.stderr)
        return done.stderr if fails else [line.split("\t") for line in done.stdout.splitlines()]

    def admin(self, name, text):
        sock = pathlib.Path(self.state()["alias"] or self.directory) / "run" / f"{name}.sock"
        done = subprocess.run(["mariadb", "--no-defaults", f"--socket={sock}", "--batch", "--skip-column-names"],
                              input=text, capture_output=True, text=True, timeout=60, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def status(self):
        """{server: row of `farm status` as a dict}."""
        names, *rows = [line.split(None, 8) for line in self.farm("status").splitlines()]
        return {row[0]: dict(zip(names, row)) for row in rows}

    def follow(self, replica, source):
        """Returns when `replica` has applied what `source` has."""
        position = self.admin(source, "SELECT @@gtid_binlog_pos")[0][0]
        self.assertEqual(self.admin(replica, f"SELECT MASTER_GTID_WAIT('{position}', 20)"), [["0"]])

    def within(self, seconds, true, what):
        """Polls an outside process's state, which tells nobody when it changes."""
        deadline = time.monotonic() + seconds
        while not true():
            self.assertLess(time.monotonic(), deadline, f"after {seconds} s still not: {what}")
            time.sleep(0.1)

    def processes(self):
        """Command lines, of any process, that name this farm's folder or that of its alias."""
        alias = self.state()["alias"]
        marks = [str(self.directory).encode(), *([os.path.dirname(alias).encode()] if alias else [])]
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    words = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                found += [words] if any(mark in words for mark in marks) else []
        return found

    def test_second_up_changes_nothing(self):
        before = self.state()
        began = time.monotonic()
        self.assertIn("was up already", self.farm("up"))
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.state(), before)

    def test_servers_run_as_an_ordinary_user_on_loopback(self):
        for name, entry in self.state()["servers"].items():
            self.assertNotEqual(os.stat(f"/proc/{entry['process']['pid']}").st_uid, 0, name)
            self.assertEqual(self.sql(name, "SELECT @@bind_address, CURRENT_USER()"), [["127.0.0.1", "app@%"]])

    def test_cluster_has_three_nodes_under_their_real_addresses(self):
        expected = {f"127.0.0.1:{self.server(name)['port']}" for name in GALERA}
        for name in GALERA:
            rows = dict(self.sql(name, "SHOW STATUS WHERE Variable_name IN"
                                       " ('wsrep_cluster_size', 'wsrep_incoming_addresses')"))
            self.assertEqual(rows["wsrep_cluster_size"], "3")
            self.assertEqual(set(rows["wsrep_incoming_addresses"].split(",")), expected)

    def test_global_row_reaches_the_replicas_of_the_shards(self):
        mark = str(time.time_ns())
        self.sql("global1", f"INSERT INTO demo.items (name, price, added) VALUES ('{mark}', 1, NOW())")
        for primary, secondary in (("shard1a", "shard1b"), ("shard2a", "shard2b")):
            self.follow(primary, "global1")
            self.follow(secondary, primary)
            self.assertEqual(self.sql(secondary, f"SELECT COUNT(*) FROM demo.items WHERE name = '{mark}'"), [["1"]])

    def test_shards_are_semi_synchronous_after_sync(self):
        for name in ("shard1a", "shard2a"):
            self.make_marks(name)
            self.assertEqual(self.admin(name, "SHOW STATUS LIKE 'Rpl_semi_sync_master_status';"
                                              "SELECT @@rpl_semi_sync_master_wait_point"),
                             [["Rpl_semi_sync_master_status", "ON"], ["AFTER_SYNC"]])
            before = int(self.admin(name, "SHOW STATUS LIKE 'Rpl_semi_sync_master_yes_tx'")[0][1])
            self.sql(name, "INSERT INTO test.marks VALUES (1)")
            self.assertEqual(int(self.admin(name, "SHOW STATUS LIKE 'Rpl_semi_sync_master_yes_tx'")[0][1]), before + 1)

    def make_marks(self, name):
        """Returns when the server `name` has the table test.marks."""
        self.sql("global1", "CREATE TABLE IF NOT EXISTS test.marks (mark INT)")
        self.follow(name, "global1")

    def test_secondaries_of_shards_refuse_writes(self):
        self.assertIn("ERROR 1290", self.sql("shard1b", "DELETE FROM shop.orders", fails=True))

    def test_rows_lie_where_the_node_looks_for_them(self):
        keys = {"shop.orders": "order_id", "shop.users": "user_id", "shop.names": "name", "shop.events": "happened"}
        addresses = {f"127.0.0.1:{self.server(name)['port']}": name for name in ("shard1a", "shard2a")}
        for table, column in keys.items():
            rows = [(name, row[0]) for name in addresses.values()
                    for row in self.sql(name, f"SELECT {column} FROM {table}")]
            self.assertEqual({name for name, _ in rows}, set(addresses.values()), table)
            calls = "".join(f"CALL sharding.lookup_servers('{table}', '{key}', 'LOCAL');" for _, key in rows)
            primaries = [addresses[row[1]] for row in self.admin("g1b", calls) if len(row) == 5 and row[2] == "PRIMARY"]
            self.assertEqual(primaries, [name for name, _ in rows], table)

    def test_node_lists_the_servers_to_its_own_user_only(self):
        rows = self.sql("g1c", "CALL dump.servers(0, '')", "fabric", "fabricpw")[1:]
        self.assertEqual({row[0] for row in rows}, {entry["uuid"] for entry in self.state()["servers"].values()})
        weights = {int(row[3]): float(row[6]) for row in rows}
        self.assertEqual([weights[self.server(name)["port"]] for name in ("g1b", "g1c")], [1.0, 2.0])
        self.assertIn("ERROR 1370", self.sql("g1c", "CALL `group`.demote('g1', 'false', 'true')", "fabric", "fabricpw",
                                             fails=True))

    def test_application_has_no_right_to_write_past_read_only(self):
        grants = " ".join(row[0] for row in self.sql("shard1b", "SHOW GRANTS"))
        self.assertIn("GRANT PROCESS ON *.*", grants)
        for right in ("SUPER", "READ ONLY ADMIN", "READ_ONLY ADMIN"):
            self.assertNotIn(right, grants)

    def test_private_odbc_configuration(self):
        lines = dict(shlex.split(line)[1].split("=", 1) for line in self.farm("env").splitlines())
        odbc = configparser.ConfigParser(interpolation=None)
        odbc.read([lines["ODBCINI"], os.path.join(lines["ODBCSYSINI"], "odbcinst.ini")])
        nodes = ",".join(f"127.0.0.1:{self.server(name)['port']}" for name in GALERA)
        for name, mode in (("fabric_rw", "RW"), ("fabric_ro", "RO")):
            self.assertEqual((odbc[name]["FABRIC_NODES"], odbc[name]["FABRIC_GROUP"], odbc[name]["FABRIC_MODE"]),
                             (nodes, "g1", mode))
        self.assertNotIn("FABRIC_GROUP", odbc["fabric_shards"])
        self.assertNotIn("FABRIC_NODES", odbc["plain"])
        self.assertEqual(odbc["plain"]["PORT"], str(self.server("global1")["port"]))
        self.assertEqual(odbc[odbc["plain"]["Driver"]]["Threading"], "0")

    def test_killed_node_comes_back_as_secondary_with_what_it_missed(self):
        victim = next(name for name, row in self.status().items() if row["GROUP"] == "g1" and row["ROLE"] == "PRIMARY")
        other = next(name for name in GALERA if name != victim)
        self.farm("kill", victim)
        self.assertEqual(self.status()[victim]["STATE"], "dead")
        self.within(10, lambda: ["wsrep_cluster_size", "2"] in self.sql(other, "SHOW STATUS LIKE 'wsrep_cluster_size'"),
                    "two nodes go on")
        self.sql(other, f"INSERT INTO demo.items (name, price, added) VALUES ('missed by {victim}', 1, NOW())")
        self.sql(other, f"CALL threat.report_failure('{self.server(victim)['uuid']}', 'test-1', '2013', NULL, 'false')",
                 "fabric", "fabricpw")
        self.assertEqual(self.status()[victim]["ROLE"], "FAULTY")
        self.farm("start", victim)
        after = self.status()
        self.assertEqual((after[victim]["STATE"], after[victim]["ROLE"]), ("running", "SECONDARY"))
        self.assertEqual(after[victim]["GALERA"], "Synced, Primary, size 3")
        self.assertEqual([after[name]["ROLE"] for name in GALERA].count("PRIMARY"), 1)
        self.assertEqual(self.sql(victim, f"SELECT COUNT(*) FROM demo.items WHERE name = 'missed by {victim}'"), [["1"]])

    def test_primary_whose_death_nobody_reported_comes_back_as_secondary(self):
        victim = next(name for name, row in self.status().items() if row["GROUP"] == "g1" and row["ROLE"] == "PRIMARY")
        self.farm("kill", victim)
        self.assertEqual(self.status()[victim]["ROLE"], "PRIMARY")
        self.assertIn("its status is SECONDARY", self.farm("start", victim))
        after = self.status()
        self.assertEqual(after[victim]["ROLE"], "SECONDARY")
        self.assertEqual([after[name]["ROLE"] for name in GALERA].count("PRIMARY"), 1)

    def test_lone_survivor_goes_on_with_the_node_that_is_started(self):
        for victim in ("g1a", "g1b"):
            self.farm("kill", victim)
            self.within(10, lambda: "Primary, size 3" not in self.status()["g1c"]["GALERA"], f"{victim} voted out")
        self.within(10, lambda: "non-Primary" in self.status()["g1c"]["GALERA"], "no majority")
        self.farm("start", "g1a")
        self.farm("start", "g1b")
        self.assertEqual({self.status()[name]["GALERA"] for name in GALERA}, {"Synced, Primary, size 3"})

    def test_killed_primary_of_a_shard_comes_back_replicating(self):
        self.farm("kill", "shard1a")
        self.farm("start", "shard1a")
        self.make_marks("shard1a")
        self.sql("global1", "INSERT INTO test.marks VALUES (2)")
        self.follow("shard1a", "global1")
        self.follow("shard1b", "shard1a")
        self.assertEqual(self.status()["shard1a"]["ROLE"], "PRIMARY")

    def test_start_goes_on_when_its_sessions_are_killed(self):
        """As `fabricctl watch` does to an old primary that comes back."""
        self.make_marks("shard1b")
        self.admin("shard1b", "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = 600; START SLAVE")  # what it waits for
        self.sql("shard1a", "INSERT INTO test.marks VALUES (3)")
        self.farm("kill", "shard1b")
        starting = subprocess.Popen([FARM, "start", str(self.directory), "shard1b"], stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, env=ASCII_ONLY)
        killed = set()
        while len(killed) < 3:
            self.assertIsNone(starting.poll(), f"it ended after {len(killed)} of its sessions were killed")
            with contextlib.suppress(subprocess.CalledProcessError):  # not up yet, or gone before the KILL
                for (number,) in self.admin("shard1b", "SELECT ID FROM information_schema.PROCESSLIST"
                                                       " WHERE INFO LIKE 'SELECT MASTER_GTID_WAIT%'"):
                    self.admin("shard1b", f"KILL {number}")
                    killed.add(number)
        self.admin("shard1b", "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = 0; START SLAVE")
        said = starting.communicate(timeout=60)[0]
        self.assertEqual(starting.returncode, 0, said)
        self.assertEqual(self.sql("shard1b", "SELECT COUNT(*) FROM test.marks WHERE mark = 3"), [["1"]])

    def test_frozen_node_is_shown_and_thaws(self):
        self.farm("freeze", "g1c")
        self.assertEqual(self.status()["g1c"]["STATE"], "frozen")
        self.assertIn("frozen", self.farm("start", "g1c", fails=True))
        self.within(10, lambda: "size 2" in self.status()["g1a"]["GALERA"], "g1c voted out")
        self.assertIn(f"farm start {shlex.quote(str(self.directory))} g1c", self.farm("thaw", "g1c"))
        self.within(30, lambda: self.status()["g1c"]["GALERA"] == "Synced, Primary, size 3", "g1c is back")

    def test_stolen_port_is_named(self):
        port = self.server("shard2b")["port"]
        self.farm("kill", "shard2b")
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(("127.0.0.1", port))
            thief.listen()
            self.assertIn(f"port {port}", self.farm("start", "shard2b", fails=True))
        self.farm("start", "shard2b")
        self.assertEqual(self.status()["shard2b"]["STATE"], "running")

    def test_unknown_server_and_foreign_folder_are_refused(self):
        self.assertIn("g1a, g1b, g1c", self.farm("kill", "g1z", fails=True))
        for command, folder, reason in (("up", REPOSITORY, "is no farm"), ("up", __file__, "cannot be used"),
                                        ("status", __file__, "cannot be read")):
            done = subprocess.run([FARM, command, str(folder)], capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual((done.returncode, reason in done.stderr), (1, True), done.stderr)

    def test_user_or_folder_that_will_not_do_is_refused(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="farm-test-", dir="/tmp"))
        self.addCleanup(folder.rmdir)
        folder.chmod(0)
        ordinary, nameless = (pwd.getpwnam("nobody").pw_uid, 54321) if os.geteuid() == 0 else (os.geteuid(), None)
        for user, reason in ((ordinary, "may not enter"), (nameless, "User number 54321 has no name")):
            if user is not None:  # only root may become another
                with self.subTest(user=user), acting_as(user), self.assertRaisesRegex(report.FarmError, reason):
                    commands.up(folder / "farm", report.Waits())

    def test_why_a_server_ended_is_told_though_its_log_goes_on(self):
        log = self.folder / "error.log"
        log.write_text("[ERROR] of old\n--- farm starts g1b\n" + "[Note] a\n" * 9 + "[ERROR] no space is left\n" + "[Note] b\n" * 99)
        told = report.tail(log).splitlines()
        self.assertEqual((told[0].strip(), told[1].strip(), len(told)), ("[ERROR] no space is left", "[Note] b", 16))

    def test_missing_driver_is_named(self):
        before = self.state()["driver"]
        self.assertIn("no driver is at /nowhere/driver.so", self.farm("up", "--driver", "/nowhere/driver.so"))
        self.farm("up", *(["--driver", before] if before else []))

    def test_all_killed_come_back_with_their_rows(self):
        self.sql("g1a", "INSERT INTO demo.items (name, price, added) VALUES ('before the end', 1, NOW())")
        for name, entry in self.state()["servers"].items():
            os.kill(entry["process"]["pid"], signal.SIGKILL)
        self.farm("up")
        after = self.status()
        self.assertEqual({row["STATE"] for row in after.values()}, {"running"})
        self.assertEqual({after[name]["GALERA"] for name in GALERA}, {"Synced, Primary, size 3"})
        for name in GALERA:
            self.assertEqual(self.sql(name, "SELECT COUNT(*) FROM demo.items WHERE name = 'before the end'"), [["1"]])

    def interrupt_up(self):
        """It ends at once, though a thread of it waits for the cluster, and says how to stop what it has started."""
        going = subprocess.Popen([FARM, "up", str(self.directory)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.within(20, lambda: self.server("g1a")["process"], "g1a is started")
        going.send_signal(signal.SIGINT)
        self.assertIn(f"farm down {shlex.quote(str(self.directory))}", going.communicate(timeout=3)[1])
        self.assertEqual(going.returncode, 130)

    def test_down_leaves_no_process_and_up_starts_it_again(self):
        self.farm("freeze", "g1b")
        self.assertEqual(len(self.processes()), 8)
        self.farm("down")
        self.assertEqual(self.processes(), [])
        self.assertEqual({row["STATE"] for row in self.status().values()}, {"dead"})
        self.assertIn("its status is PRIMARY", self.farm("start", "g1a"))
        self.farm("down")
        self.interrupt_up()
        began = time.monotonic()
        self.farm("up")
        self.assertLess(time.monotonic() - began, 40)
        self.assertEqual({row["STATE"] for row in self.status().values()}, {"running"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
