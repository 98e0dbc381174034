#!/usr/bin/python3
"""`fabricctl route`, `topology --watch`, `top`, `init` and `node` on the farm. The farm is left as it was.

FABRICCTL names the program; FABRIC_FARM_DIR lends a farm that runs already."""

import contextlib
import json
import os
import pathlib
import pty
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from farm_case import FarmCase  # noqa: E402  (the path above comes first)

FABRICCTL = os.environ.get("FABRICCTL", "fabricctl")
LIMIT = 60  # seconds for what should take one or two
SHOW_CURSOR = "\x1b[?25h"

pyodbc.pooling = False  # unixODBC's own


class CtlCase(FarmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ini = cls.farm.directory / "odbc"
        os.environ["ODBCSYSINI"], os.environ["ODBCINI"] = str(ini), str(ini / "odbc.ini")

    def ctl(self, *arguments, code=0, text=None, **environment):
        done = subprocess.run([FABRICCTL, *arguments], capture_output=True, text=True, timeout=LIMIT, check=False,
                              input=text, stdin=subprocess.DEVNULL if text is None else None,
                              env={**os.environ, **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr if code and not done.stdout else done.stdout

    def primary(self, group):
        """Its address and uuid; earlier tests may have moved it."""
        groups = json.loads(self.ctl("topology", "fabric_shards", "--json"))["groups"]
        servers = next(one["servers"] for one in groups if one["group"] == group)
        return next((one["address"], one["uuid"]) for one in servers if one["status"] == "PRIMARY")

    def node(self):
        return f"127.0.0.1:{self.farm.port('g1a')}"

    def weigh(self, name, weight):
        with self.farm.session("g1a") as session:
            session.query(f"CALL server.set_weight('{self.farm.uuid(name)}', {weight}, 'true')")


class Route(CtlCase):
    def test_finds_the_shard_of_a_key(self):
        answer = json.loads(self.ctl("route", "fabric_shards", "SELECT * FROM shop.orders WHERE order_id = 1000", "--json"))
        self.assertEqual((answer["group"], answer["level"], answer["mode"]), ("shard2", 3, "RW"))
        self.assertEqual(answer["servers"], [self.primary("shard2")[0]])
        self.assertIn("order_id", answer["reason"])

    def test_takes_values_of_parameters(self):
        said = self.ctl("route", "fabric_shards", "DELETE FROM shop.orders WHERE order_id = ?", "--param", "5")
        self.assertIn("group    shard1\n", said)

    def test_reads_the_statement_from_stdin(self):
        said = self.ctl("route", "fabric_ro", "--file", "-", text="SELECT 1 FROM demo.x\n")
        self.assertIn("group    g1\nmode     RO\n", said)
        self.assertIn("the data source's group", said)

    def test_shows_why_a_statement_is_refused(self):
        said = self.ctl("route", "fabric_shards", "SELECT * FROM shop.orders", code=1)
        self.assertRegex(said, "^refused  .*nothing fixes its sharding column order_id")

    def test_says_what_cannot_be_asked(self):
        self.assertIn("it has no FABRIC_NODES", self.ctl("route", "plain", "SELECT 1", code=1))
        self.assertIn("'nosuch' is not a data source in odbc.ini", self.ctl("route", "nosuch", "SELECT 1", code=1))
        self.assertIn("--param VALUE", self.ctl("route", "fabric_shards", "SELECT ?", code=1))
        self.assertIn("--file", self.ctl("route", "fabric_shards", code=2))


class Relay:
    """A port that is a node's until it is closed."""

    def __init__(self, port):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.target, self.ends = port, []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.ends += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=pair, daemon=True).start()

    @staticmethod
    def _copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    def close(self):
        for end in (self.server, *self.ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, *arguments):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            termios.tcsetwinsize(0, (24, 100))
            os.execvp(FABRICCTL, [FABRICCTL, *arguments])

    def wait(self, *words):
        deadline = time.monotonic() + LIMIT
        while not all(word in self.text for word in words):
            if not select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"{words} did not come:\n{self.text}")
            self.text += os.read(self.fd, 65536).decode()

    def answer(self, question, text):
        self.wait(question)
        self.text = ""
        os.write(self.fd, text.encode() + b"\n")

    def end(self, number=None):
        """Its exit code; what it said last is in `text`."""
        if number is not None:
            os.kill(self.pid, number)
        with contextlib.suppress(OSError):  # EIO: the terminal is closed
            while data := os.read(self.fd, 65536):
                self.text += data.decode()
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class TopologyWatch(CtlCase):
    def lines(self, *arguments):
        process = subprocess.Popen([FABRICCTL, "topology", *arguments, "--watch", "100ms"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def line_with(self, process, words):
        for line in process.stdout:
            if words in line:
                return line
        self.fail(f"it ended before it said {words}")

    def test_writes_a_line_of_json_for_each_change(self):
        process = self.lines("fabric_shards", "--json")
        first = json.loads(process.stdout.readline())
        self.assertEqual({group["group"] for group in first["groups"]}, {"g1", "global", "shard1", "shard2"})
        self.weigh("g1c", 3)
        try:
            change = json.loads(self.line_with(process, '"weight"'))
        finally:
            self.weigh("g1c", 2)
        self.assertEqual((change["change"], change["from"], change["to"]), ("weight", "2", "3"))
        self.assertEqual(change["uuid"], self.farm.uuid("g1c"))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(LIMIT), 0)

    def test_says_when_a_node_is_gone(self):
        relay = Relay(self.farm.port("g1a"))
        self.addCleanup(relay.close)
        process = self.lines(f"FABRIC_NODES=127.0.0.1:{relay.port};FABRIC_PROTOCOL=mysql;UID=fabric;PWD=fabricpw")
        self.line_with(process, "mapping")
        relay.close()
        self.assertIn(str(relay.port), self.line_with(process, "node 127.0.0.1"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(LIMIT), 0)

    def test_draws_on_a_terminal_and_marks_what_changed(self):
        terminal = Terminal("topology", "fabric_shards", "--watch", "100ms")
        terminal.wait("group shard2", "Ctrl-C ends")
        self.weigh("g1c", 3)
        try:
            terminal.wait("\x1b[1m* ", ": weight 2 -> 3")
        finally:
            self.weigh("g1c", 2)
        self.assertEqual(terminal.end(signal.SIGINT), 0)
        self.assertTrue(terminal.text.endswith(SHOW_CURSOR))

    def test_fails_without_any_node(self):
        said = self.ctl("topology", "FABRIC_NODES=127.0.0.1:1;FABRIC_PROTOCOL=mysql;UID=u", "--watch", code=1)
        self.assertIn("No Fabric node answers: 127.0.0.1:1", said)


class Top(CtlCase):
    def test_shows_servers_and_pools(self):
        with tempfile.TemporaryDirectory() as folder:
            stats = f"{folder}/app-%p.prom"
            connection = pyodbc.connect(f"DSN=fabric_rw;STATS_FILE={stats}")
            self.addCleanup(connection.close)
            connection.execute("SELECT 1").fetchall()
            # The file is written when the connection is opened, and each 5 s.
            picture = json.loads(self.ctl("top", "fabric_rw", "--once", "--json", "--timeout", "30", "--stats-file", stats))
        servers = {server["uuid"]: server for server in picture["servers"]}
        self.assertEqual(len(servers), 8)
        self.assertTrue(all(server["up"] and "queries_per_second" in server for server in servers.values()), servers)
        primary = servers[self.primary("g1")[1]]
        self.assertEqual(primary["replication"], "Synced, 3 members")
        self.assertGreaterEqual(primary["our_connections"], 1)
        self.assertGreaterEqual(primary["connections"], primary["our_connections"])
        replicas = [server for server in servers.values() if server["group"] == "shard1" and server["status"] == "SECONDARY"]
        self.assertEqual([" behind" in server["replication"] for server in replicas], [True])
        self.assertEqual([process["pid"] for process in picture["processes"]], [os.getpid()])

    def test_shows_why_a_server_cannot_be_asked(self):
        said = self.ctl("top", "fabric_rw", "--once", "--user", "nobody", "--password", "wrong")
        self.assertRegex(said, r"PRIMARY +down .*nobody")
        self.assertIn("give the data source a STATS_FILE", said)

    def test_ends_when_its_reader_has_gone(self):
        process = subprocess.Popen([FABRICCTL, "top", "fabric_rw", "--json"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(LIMIT), 0)

    def test_draws_until_it_is_ended(self):
        terminal = Terminal("top", "fabric_rw", "--interval", "200ms")
        terminal.wait("QUERIES/S", "Synced, 3 members")
        self.assertEqual(terminal.end(signal.SIGINT), 0)
        self.assertTrue(terminal.text.endswith(SHOW_CURSOR))


class Init(CtlCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ini = pathlib.Path(folder.name) / "odbc.ini"

    def init(self, *arguments, code=0, **environment):
        return self.ctl("init", *arguments, "--ini", str(self.ini), code=code, **environment)

    def farm_options(self):
        return ["new", "--nodes", self.node(), "--user", "app", "--node-user", "fabric", "--group", "g1", "--database", "demo",
                "--set", "FABRIC_PROTOCOL=mysql"]

    def test_writes_what_options_say_and_tests_it(self):
        said = self.init(*self.farm_options(), FABRICCTL_PASSWORD="apppw", FABRICCTL_NODE_PASSWORD="fabricpw")
        self.assertIn(f"wrote [new] to {self.ini}\n", said)
        self.assertIn("it works", said)
        self.assertEqual(self.ini.stat().st_mode & 0o777, 0o600)
        written = self.ini.read_text()
        self.assertRegex(written, r"FABRIC_GROUP *= *g1\n")
        self.assertRegex(written, r"PWD *= *apppw\n")
        environment = {**os.environ, "ODBCINI": str(self.ini)}
        rows = subprocess.run(["isql", "new", "-b"], input="SELECT @@port\n", capture_output=True, text=True, env=environment,
                              timeout=LIMIT, check=True).stdout
        self.assertIn(self.primary("g1")[0].split(":")[1], rows)

    def test_says_what_does_not_work_and_how_to_mend_it(self):
        said = self.init(*self.farm_options(), FABRICCTL_PASSWORD="wrong", FABRICCTL_NODE_PASSWORD="fabricpw", code=1)
        self.assertIn("PWD = ...", said)
        self.assertIn("fabricctl doctor new", said)
        self.assertNotIn("wrong", said)

    def test_replaces_nothing_unasked(self):
        options = ["old", "--server", "127.0.0.1", "--user", "app", "--no-test"]
        self.init(*options)
        before = self.ini.read_text()
        self.assertIn("--replace", self.init(*options, "--database", "demo", code=1))
        self.assertEqual(self.ini.read_text(), before)
        self.init(*options, "--database", "demo", "--replace")
        self.assertEqual(self.ini.read_text().count("[old]"), 1)
        self.assertIn("demo", self.ini.read_text())

    def test_refuses_what_the_driver_refuses(self):
        self.assertIn("did you mean FABRIC_GROUP?", self.init("x", "--server", "h", "--user", "u", "--set", "FABRIC_GRUP=g", code=1))
        self.assertIn("--user is missing", self.init("x", "--server", "h", code=1))
        self.assertFalse(self.ini.exists() and self.ini.read_text())

    def test_asks_at_a_terminal_and_shows_no_password(self):
        terminal = Terminal("init", "--ini", str(self.ini), "--set", "FABRIC_PROTOCOL=mysql")
        for question, text in (("Name of the data source", "asked"), ("Fabric nodes", self.node()), ("Account at the servers", "app"),
                               ("Its password", "apppw"), ("Account at the nodes", "fabric"), ("Its password", "fabricpw"),
                               ("groups g1, global, shard1, shard2", "g1"), ("RW (the primary)", ""), ("Database", "demo")):
            terminal.answer(question, text)
        terminal.wait("Write this to")
        shown = terminal.text
        terminal.answer("(Y/n)", "")
        self.assertEqual(terminal.end(), 0, terminal.text)
        self.assertIn("it works", terminal.text)
        for secret in ("apppw", "fabricpw"):
            self.assertNotIn(secret, shown + terminal.text)
            self.assertIn(secret, self.ini.read_text())


class Node(CtlCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.farm.session("g1a") as session:
            session.query("CREATE USER IF NOT EXISTS farmer@'%' IDENTIFIED BY 'farmpw'; GRANT fabric_admin TO farmer@'%';"
                          "SET DEFAULT ROLE fabric_admin FOR farmer@'%'")
        cls.addClassCleanup(cls.leave)

    @classmethod
    def leave(cls):
        with cls.farm.session("g1a") as session:
            session.query("DROP USER IF EXISTS farmer@'%'")

    def admin(self, *words, code=0):
        *verb, rest = words if isinstance(words[-1], tuple) else (*words, ())
        return self.ctl("node", *verb, "fabric_rw", *rest, "--node-user", "farmer", code=code, FABRICCTL_NODE_PASSWORD="farmpw")

    def test_administers_a_group(self):
        new = ("ctl",)
        self.addCleanup(self.forget)
        self.assertEqual(self.admin("group", "create", (*new, "it's a test, only")), "done\n")
        self.assertEqual(self.admin("group", "add", (*new, "127.0.0.1:9")), "done\n")
        self.assertEqual(self.admin("group", "promote", new), "done\n")
        self.admin("server", "set-weight", ("127.0.0.1:9", "2.5"))
        self.assertIn("it's a test, only", self.admin("list"))
        found = json.loads(self.admin("group", "lookup-servers", (*new, "--json")))
        self.assertEqual([(one["address"], one["status"], float(one["weight"])) for one in found],
                         [("127.0.0.1:9", "PRIMARY", 2.5)])
        self.assertIn("is the PRIMARY", self.admin("group", "remove", (*new, "127.0.0.1:9"), code=1))
        self.admin("group", "demote", new)
        self.admin("group", "remove", (*new, "127.0.0.1:9"))
        self.admin("server", "unregister", ("127.0.0.1:9",))
        self.admin("group", "destroy", new)
        self.assertNotIn("ctl", self.admin("list"))

    def forget(self):
        """What a test that failed has left."""
        with self.farm.session("g1a") as session:
            session.query("DELETE FROM fabric.servers WHERE group_id = 'ctl'; DELETE FROM fabric.groups WHERE group_id = 'ctl'")

    def test_lists_all_that_the_node_knows(self):
        listing = json.loads(self.admin("list", ("--json",)))
        self.assertEqual([(group["group_id"], len(group["servers"])) for group in listing["groups"]],
                         [("g1", 3), ("global", 1), ("shard1", 2), ("shard2", 2)])
        self.assertTrue(listing["mappings"])

    def test_says_what_the_account_may_not(self):
        said = self.ctl("node", "group", "create", "fabric_rw", "x", code=1)
        self.assertIn("with the role fabric_admin", said)

    def test_installs_the_node_again(self):
        place = pathlib.Path(self.farm.data["alias"] or self.farm.directory) / "run" / "g1a.sock"
        files = pathlib.Path(__file__).resolve().parents[2] / "fabric" / "node"
        before = self.ctl("topology", "fabric_rw")
        done = json.loads(self.ctl("node", "install", str(place), "--user", self.farm.data["account"]["admin"], "--files", str(files),
                                   "--json"))
        self.assertEqual(done["files"], len(list(files.glob("*.sql"))))
        self.assertEqual(self.ctl("topology", "fabric_rw"), before)


if __name__ == "__main__":
    unittest.main()
